"""Who may urge whom about a duty or a blocker, by the dated rule ``urge.rights``.

The rule lists, for each thing and its states, which relation may urge which. Beside it one thing
always holds: nobody urges upward.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from guatu.loop.blocker_rights import CLERKS, speaks_for
from guatu.loop.enums import BlockerState, DutyState
from guatu.loop.models import Blocker, Duty
from guatu.loop.queries.blockers import Turn
from guatu.loop.queries.sight import working_posts
from guatu.loop.removers import Remover
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Post
from guatu.register.policies import Standing
from guatu.register.rules import Holding, rule_on

RULE = "urge.rights"
Thing = Duty | Blocker


@dataclass(frozen=True)
class Urging:
    """One urge that may be made: in which post, to whom."""

    post: Post
    whom: Remover


def urging(standing: Standing, thing: Thing, rights: Holding) -> Urging:
    """Find whom the officer may urge by ``urge.rights``. Raises Invalid, saying why nobody."""
    upward = False
    for post, whom in _permitted(standing, thing, rights):
        if is_upward(post, whom):
            upward = True
        else:
            return Urging(post, whom)
    if upward:
        raise Invalid("不能催办上级，请用「提请上级协调」，或向专班反映。")
    raise Invalid(f"「{thing.title}」现在是{_state(thing)}，您没有可以催办的对象。")


def rights_on(day: dt.date) -> Holding:
    """Return the rule of ``day``; one query."""
    return rule_on(RULE, day)


def may_urge(standing: Standing, thing: Thing, rights: Holding) -> Urging | None:
    """Whom the officer may urge now, None for nobody."""
    try:
        return urging(standing, thing, rights)
    except Invalid:
        return None


def turns_to_urge(standing: Standing, turns: Iterable[Turn], rights: Holding) -> list[Turn]:
    """Tell of what climbed to the officer whether they may urge who has it; no query."""
    return [
        replace(turn, may_urge=may_urge(standing, turn.blocker, rights) is not None)
        if turn.part == "climbed"
        else turn
        for turn in turns
    ]


def is_upward(post: Post, whom: Remover) -> bool:
    """Tell whether an urge would go up: to a leader, a unit above, a post before one's own."""
    unit, to = whom
    led, leads = post.role == Role.LEADER, to is not None and to.role == Role.LEADER
    if leads and led:
        return to is not None and to.rank < post.rank
    if leads or led:
        return leads
    own = post.organisation
    if own.pk != unit.pk:
        return own.path.startswith(unit.path)
    return to is not None and to.rank < post.rank


def _permitted(standing: Standing, thing: Thing, rights: Holding) -> Iterator[tuple[Post, Remover]]:
    kind = "duty" if isinstance(thing, Duty) else "blocker"
    for row in rights.value:
        if row["thing"] != kind or thing.state not in row["states"]:
            continue
        post, whom = _who(standing, thing, row["who"]), _place(thing, row["whom"])
        if post is not None and whom is not None and not _is_self(standing, whom):
            yield post, whom


def _who(standing: Standing, thing: Thing, relation: str) -> Post | None:
    """Post of the officer that has the relation to the thing."""
    roles = {"leader": Role.LEADER, "office": Role.OFFICE}
    if relation in roles:
        return next((post for post in standing.posts if post.role == roles[relation]), None)
    if relation == "above":
        return _above(standing, thing)
    place = _place(thing, relation)
    if place is None:
        return None
    return speaks_for(standing, place.unit.pk, place.post.pk if place.post else None)


def _above(standing: Standing, thing: Thing) -> Post | None:
    """Post of the officer in a unit above the one that is to remove a blocker."""
    place = _place(thing, "remover")
    if place is None:
        return None
    return next(
        (
            post
            for post in standing.posts
            if post.role in CLERKS
            and post.organisation_id != place.unit.pk
            and place.unit.path.startswith(post.organisation.path)
        ),
        None,
    )


def _place(thing: Thing, relation: str) -> Remover | None:
    """Unit and post that have the relation to the thing."""
    if isinstance(thing, Duty):
        found = {"owner": (thing.owner_unit, thing.owner_post)}
    else:
        found = {
            "remover": (thing.remover_unit, thing.remover_post),
            "upper": (thing.upper_unit, thing.upper_post),
            "raiser": (thing.raised_unit, thing.raised_post),
        }
    unit, post = found.get(relation, (None, None))
    return None if unit is None else Remover(unit, post)


def _is_self(standing: Standing, whom: Remover) -> bool:
    if whom.post is not None:
        return whom.post.pk in working_posts(standing)
    return speaks_for(standing, whom.unit.pk, None) is not None


def _state(thing: Thing) -> str:
    states = DutyState if isinstance(thing, Duty) else BlockerState
    return str(states(thing.state).label)
