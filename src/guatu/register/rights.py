"""Who may do what in the register.

The three administrators check each other: the system administrator keeps the organisation tree
and the accounts, the security administrator keeps posts and who holds them, the audit administrator
reads the log and withdraws payloads. None of them sees business.
"""

from guatu.register.enums import ADMINISTRATORS, APART, OrganisationKind, Role
from guatu.register.models import ApiToken, SavedView, Subject
from guatu.register.models.organisations import Officer, Organisation, Post
from guatu.register.policies import Standing, policy, sees

WRITERS = (Role.UNIT, Role.ATTRACTION)
INSIDERS = (
    Role.LEADER,
    Role.OFFICE,
    Role.UNIT,
    Role.SPECIALIST,
    Role.STATISTICIAN,
    Role.ATTRACTION,
)


@policy("organisation.view")
def _see_organisations(standing: Standing, _thing: object) -> bool:
    return standing.has(*INSIDERS, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


@policy("organisation.edit")
def _edit_organisation(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.SYSTEM_ADMIN)


@policy("post.edit")
def _edit_post(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.SECURITY_ADMIN)


@policy("officer.list")
def _see_accounts(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


@policy("officer.edit")
def _edit_account(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.SYSTEM_ADMIN)


@policy("event.list")
def _read_log(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.AUDIT_ADMIN)


@policy("event.withdraw")
def _withdraw(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.AUDIT_ADMIN)


@policy("enterprise.list")
def _list_enterprises(standing: Standing, _thing: object) -> bool:
    return standing.has(*INSIDERS, Role.ENTERPRISE)


@policy("enterprise.view")
def _see_enterprise(standing: Standing, thing: object) -> bool:
    return isinstance(thing, Subject) and sees(standing, thing)


@policy("enterprise.add")
def _add_enterprise(standing: Standing, thing: object) -> bool:
    """``thing`` is the unit that is to be responsible; None asks about the page."""
    if standing.has(Role.OFFICE):
        return True
    if not standing.has(*WRITERS):
        return False
    return thing is None or (isinstance(thing, Organisation) and standing.sees_unit(thing))


@policy("enterprise.edit")
def _edit_enterprise(standing: Standing, thing: object) -> bool:
    """The office edits all; a unit what belongs to its subtree, not what it is only named on."""
    if not isinstance(thing, Subject):
        return False
    if standing.has(Role.OFFICE):
        return sees(standing, thing)
    return standing.has(*WRITERS) and standing.sees_unit(thing.unit)


@policy("industry.load")
def _load_industries(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.OFFICE)


@policy("observation.add")
def _observe(standing: Standing, thing: object) -> bool:
    return _edit_enterprise(standing, thing)


@policy("observation.list")
def _list_figures(standing: Standing, _thing: object) -> bool:
    """Everyone who does business; what is listed is what is in sight."""
    return standing.has(*INSIDERS, Role.ENTERPRISE)


@policy("place.edit")
def _edit_place(standing: Standing, thing: object) -> bool:
    return _edit_enterprise(standing, thing)


@policy("campaign.view")
def _see_campaign(standing: Standing, _thing: object) -> bool:
    """Its name, year and business date: an installation's settings rather than business."""
    return standing.has(Role.OFFICE, Role.SYSTEM_ADMIN)


@policy("campaign.edit")
def _edit_campaign(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.OFFICE)


@policy("view.save")
def _save_view(standing: Standing, _thing: object) -> bool:
    """Everyone who does business keeps views of their own."""
    return bool(standing.roles - ADMINISTRATORS)


@policy("view.share")
def _share_view(standing: Standing, thing: object) -> bool:
    """Office and leaders share with any unit, the district too; a clerk with their own unit."""
    if not isinstance(thing, Organisation) or thing.kind == OrganisationKind.AREA:
        return False
    if standing.has(Role.OFFICE, Role.LEADER):
        return standing.sees_unit(thing)
    return standing.has(*WRITERS) and thing.pk in standing.spoken_for_ids


@policy("view.use")
def _use_view(standing: Standing, view: SavedView) -> bool:
    """Its owner, and whoever belongs to the unit it is shared with."""
    if not _save_view(standing, None) or view.ended:
        return False
    return view.officer_id == standing.officer.pk or view.audience_id in standing.above_ids


@policy("view.edit")
def _edit_view(standing: Standing, view: SavedView) -> bool:
    """Its owner alone."""
    return _use_view(standing, view) and view.officer_id == standing.officer.pk


@policy("absence.list")
def _list_absences(standing: Standing, _thing: object) -> bool:
    """Colleagues know who is away and who acts for whom; so do those who keep posts."""
    return _see_organisations(standing, None)


@policy("absence.edit")
def _edit_absence(standing: Standing, thing: object) -> bool:
    """Who holds the post, and the security administrator; None asks about the page.

    For a business post below leaders also the campaign office, and whoever stands before it in its
    own unit. A deputy passes nothing on: only posts held count.
    """
    own = standing.own_posts
    security = any(post.role == Role.SECURITY_ADMIN for post in own)
    if thing is None:
        return any(post.role != Role.ENTERPRISE for post in own)
    if not isinstance(thing, Post) or thing.role == Role.ENTERPRISE:
        return False
    if security or any(post.pk == thing.pk for post in own):
        return True
    if thing.role in {*APART, Role.LEADER}:
        return False
    return any(
        post.role == Role.OFFICE
        or (
            post.role in WRITERS
            and post.organisation_id == thing.organisation_id
            and post.rank <= thing.rank
        )
        for post in own
    )


@policy("token.permit")
def _permit_access(standing: Standing, thing: object) -> bool:
    """The security administrator, for others than themselves; None asks about the page."""
    if not standing.has(Role.SECURITY_ADMIN):
        return False
    return thing is None or (isinstance(thing, Officer) and thing.pk != standing.officer.pk)


@policy("token.make")
def _make_token(standing: Standing, _thing: object) -> bool:
    """Everyone who does business, for themselves; within which bounds is the permit's affair."""
    return bool(standing.roles - ADMINISTRATORS)


@policy("token.revoke")
def _revoke_token(standing: Standing, token: ApiToken) -> bool:
    """Its owner, and the security administrator."""
    return token.officer_id == standing.officer.pk or standing.has(Role.SECURITY_ADMIN)
