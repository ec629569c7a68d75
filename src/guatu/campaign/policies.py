"""Who may see what crosses chapters."""

from guatu.register.enums import ADMINISTRATORS, Role, SuggestionState
from guatu.register.models import Suggestion
from guatu.register.policies import Standing, policy


@policy("cockpit.see")
def _see(standing: Standing, _thing: object) -> bool:
    """Every role inside the government that does business; figures cover what each may see."""
    return standing.has(*(frozenset(Role) - ADMINISTRATORS - {Role.ENTERPRISE}))


@policy("search.use")
def _search(standing: Standing, _thing: object) -> bool:
    """Whoever has anything to find; each kind of thing asks its own rights and sight."""
    return bool(standing.roles - {Role.AUDIT_ADMIN})


@policy("suggestion.add")
def _suggest(standing: Standing, _thing: object) -> bool:
    """Everyone who holds a post, administrators too."""
    return bool(standing.roles)


@policy("suggestion.list")
def _list_suggestions(standing: Standing, _thing: object) -> bool:
    """Everyone who may make one: the office reads all, others their own."""
    return bool(standing.roles)


@policy("suggestion.withdraw")
def _withdraw_suggestion(standing: Standing, suggestion: Suggestion) -> bool:
    """Whoever made it, while nobody has answered."""
    waits = suggestion.state == SuggestionState.OPEN
    return bool(standing.roles) and waits and suggestion.officer_id == standing.officer.pk


@policy("suggestion.answer")
def _answer_suggestion(standing: Standing, _thing: object) -> bool:
    """The campaign office."""
    return standing.has(Role.OFFICE)


@policy("brief.see")
def _see_brief(standing: Standing, _thing: object) -> bool:
    """As the cockpit; which scopes there are depends on what one may see."""
    return _see(standing, None)


@policy("brief.remark")
def _remark(standing: Standing, scope: object) -> bool:
    """The office on any brief; a unit's clerk on that of their own unit, a leader on their own.

    ``scope`` is a `campaign.brief.Scope` whose unit or post is that of the brief.
    """
    if standing.has(Role.OFFICE):
        return True
    unit, post = getattr(scope, "unit", None), getattr(scope, "post", None)
    if post is not None:
        return standing.has(Role.LEADER) and post.pk in standing.post_ids
    clerk = standing.has(Role.UNIT, Role.ATTRACTION)
    return unit is not None and clerk and unit.pk in standing.spoken_for_ids


@policy("map.see")
def _see_map(standing: Standing, _thing: object) -> bool:
    """As the cockpit; the points are the projects one may see."""
    return _see(standing, None)


@policy("map.outline")
def _bring_outline(standing: Standing, _thing: object) -> bool:
    """The campaign office brings the district's outline and takes it away."""
    return standing.has(Role.OFFICE)


@policy("code.list")
def _list_codes(standing: Standing, _thing: object) -> bool:
    """Everyone who does business; each list asks who may read what its codes stand in."""
    return bool(standing.roles - ADMINISTRATORS)


@policy("help.read")
def _read_help(standing: Standing, _thing: object) -> bool:
    """Everyone who holds a post."""
    return bool(standing.roles)
