"""Who may urge whom about a duty, a blocker or a letter, by the dated rule ``urge.rights``.

The rule lists, for each thing and its states, which relation may urge which, and how many days
after which day of the thing (``from``, ``days``). Beside it one thing always holds: nobody urges
upward.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from guatu.loop.blocker_rights import CLERKS, speaks_for
from guatu.loop.enums import LetterState
from guatu.loop.letter_people import Readers, check_reader
from guatu.loop.models import Blocker, Duty, Letter
from guatu.loop.queries.blockers import Turn
from guatu.loop.queries.sight import working_posts
from guatu.loop.removers import Remover
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post
from guatu.register.policies import Standing
from guatu.register.rules import Holding, rule_on

RULE = "urge.rights"
USUAL = "请尽快办理并反馈。"
"""What an urge says where nothing else is said."""
Thing = Duty | Blocker | Letter
PLACES = {
    "duty": {"owner": "owner"},
    "blocker": {"remover": "remover", "upper": "upper", "raiser": "raised"},
    "letter": {"addressee": "addressee", "signer": "signer"},
}
"""By kind of thing: how the rule names who has to do with it, and the columns that tell who."""
OWING = {"duty": "owner", "blocker": "remover", "letter": "addressee"}
"""Whom those in a unit above press."""
SINCE = {"sent_on": "送达日期", "reply_due": "回复期限"}


@dataclass(frozen=True)
class Urging:
    """One urge that may be made: in which post, to whom."""

    post: Post
    whom: Remover


@dataclass(frozen=True)
class Found:
    """The urge that may be made, or why none: it would go up, or its day is yet to come."""

    urging: Urging | None = None
    upward: bool = False
    begins: dt.date | None = None
    since: str = ""
    """Column of the day it waits for."""


def kind_of_thing(thing: Thing) -> str:
    """Kind of a thing, or of a past state of one: as the rule, an urge and its policy name it."""
    return str(thing._meta.model_name).removesuffix("version")


def find_urging(
    standing: Standing, thing: Thing, rights: Holding, day: dt.date | None = None
) -> Found:
    """Find whom the officer may urge on a day (theirs if none is given); no query of its own."""
    day = day or standing.today
    upward, waits = False, list[tuple[dt.date, str]]()
    for row, post, whom in _permitted(standing, thing, rights):
        if is_upward(post, whom):
            upward = True
            continue
        begins = _begins(thing, row)
        if begins <= day:
            return Found(Urging(post, whom))
        waits.append((begins, row["from"]))
    first, since = min(waits, default=(None, ""))
    return Found(upward=upward, begins=first, since=since)


def urging(
    standing: Standing,
    thing: Thing,
    rights: Holding,
    day: dt.date | None = None,
    readers: Readers | None = None,
) -> Urging:
    """Find whom the officer may urge.

    Raises Invalid, saying why nobody; of a letter also where nobody is left to read it.
    """
    found = find_urging(standing, thing, rights, day)
    if found.urging is None:
        raise Invalid(_why_nobody(thing, found))
    if isinstance(thing, Letter):
        check_reader(thing, day or standing.today, "没有人能收到催办", readers)
    return found.urging


def _why_nobody(thing: Thing, found: Found) -> str:
    name = f"「{thing.title}」"
    if found.begins is not None:
        told = SINCE.get(found.since, "起算日")
        return f"{name}{told}为 {getattr(thing, found.since)}，{found.begins} 起可以催办。"
    if found.upward:
        other_way = "" if isinstance(thing, Letter) else "，请用「提请上级协调」，或向专班反映"
        return f"不能催办上级{other_way}。"
    if isinstance(thing, Letter):
        if thing.sent_on is None:
            return f"{name}尚未送达，收件单位还看不到，不能催办。"
        if thing.state == LetterState.ANSWERED:
            return f"{name}已于 {thing.replied_on} 回复，不用再催。"
        if thing.state == LetterState.READ and thing.reply_due is None:
            return f"{name}已签收，不要求回复，不用再催。"
    return f"{name}现在是{thing.get_state_display()}，您没有可以催办的对象。"


def rights_on(day: dt.date) -> Holding:
    """Return the rule of ``day``; one query."""
    return rule_on(RULE, day)


def may_urge(standing: Standing, thing: Thing, rights: Holding) -> Urging | None:
    """Whom the officer may urge now, None for nobody."""
    return find_urging(standing, thing, rights).urging


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


def _permitted(
    standing: Standing, thing: Thing, rights: Holding
) -> Iterator[tuple[dict[str, Any], Post, Remover]]:
    """Rows of the rule that fit the thing as it stands, each with who may urge whom by it."""
    kind = kind_of_thing(thing)
    for row in rights.value:
        if row["thing"] != kind or thing.state not in row["states"]:
            continue
        if "from" in row and getattr(thing, row["from"]) is None:
            continue
        post, whom = _who(standing, thing, row["who"]), _place(thing, row["whom"])
        if post is not None and whom is not None and not _is_self(standing, whom):
            yield row, post, whom


def _begins(thing: Thing, row: dict[str, Any]) -> dt.date:
    """Day from which a row of the rule holds."""
    if "from" not in row:
        return dt.date.min
    day: dt.date = getattr(thing, row["from"])
    return day + dt.timedelta(days=row["days"])


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
    """Post of the officer in a unit above the one that owes the next step."""
    place = _place(thing, OWING[kind_of_thing(thing)])
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
    column = PLACES[kind_of_thing(thing)].get(relation)
    if column is None:
        return None
    post: Post | None = getattr(thing, f"{column}_post")
    unit: Organisation | None = getattr(thing, f"{column}_unit", None)
    if unit is None and post is not None:
        unit = post.organisation
    return None if unit is None else Remover(unit, post)


def _is_self(standing: Standing, whom: Remover) -> bool:
    if whom.post is not None:
        return whom.post.pk in working_posts(standing)
    return speaks_for(standing, whom.unit.pk, None) is not None
