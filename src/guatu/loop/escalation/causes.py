"""Causes a ladder is climbed for, with their facts. A further kind is one more function here."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet

from guatu.engines.escalation import Facts, Halt, Term
from guatu.loop.enums import OPEN_BLOCKERS, BlockerState, DutyState
from guatu.loop.escalation.ladders import BLOCKER, DUTY
from guatu.loop.models import Blocker, Duty
from guatu.register.enums import Effect, PartyRole
from guatu.register.models import Event, Party

DAY = dt.timedelta(days=1)
RUNNING = (DutyState.ISSUED, DutyState.DOING)
WAITING = (DutyState.PAUSED, DutyState.REVIEW)
"""While it is paused, or waits for whoever reviews it, nobody is late with it."""
UNANSWERED = (BlockerState.RAISED, BlockerState.WORKING, BlockerState.UPPER)
"""States in which somebody was asked to remove a blocker and has not answered yet."""
HOLDERS = ("remover_unit_id", "remover_post_id", "upper_unit_id", "upper_post_id")


@dataclass(frozen=True)
class Cause:
    """What a ladder is climbed for: the rule, the row, its facts, and whom its steps may name.

    The row is ``duty`` or ``blocker``. The owner of a blocker is whoever has it now: who was asked
    to remove it, or who it was sent up to. ``named`` are the leaders named on its subject.
    """

    rule: str
    subject: int
    facts: Facts
    duty: int | None = None
    owner_post: int | None = None
    owner_unit: int | None = None
    leader_post: int | None = None
    blocker: int | None = None
    named: tuple[int, ...] = ()


class Past(NamedTuple):
    """What once changed about a duty on a campaign day: ``due`` and ``state`` as (old, new).

    ``given``: its ``given_on`` from then on, where somebody else was made to owe it.
    """

    day: dt.date
    due: tuple[dt.date | None, dt.date | None] | None
    state: tuple[str, str] | None
    given: dt.date | None = None


def duty_causes() -> Iterator[Cause]:
    """Duties that somebody owes, by a day; two queries.

    A duty that was closed before the timer ran is left as it was: nobody need be told any more.
    """
    living = Duty.objects.filter(state__in=[*RUNNING, *WAITING])
    past = changes_of(living.values("pk"))
    columns = ("pk", "subject_id", "due", "state", "issued_on")
    whom = ("owner_post_id", "owner_unit_id", "leader_post_id")
    for key, subject, due, state, issued, *named in living.order_by("pk").values_list(
        *columns, *whom
    ):
        changes = past.get(key, ())
        if due is not None or changes:
            yield Cause(DUTY, subject, facts_of(due, state, issued, changes), key, *named)


def blocker_causes() -> Iterator[Cause]:
    """Blockers nobody has answered yet, and those that came back; three queries."""
    living = Blocker.objects.filter(state__in=OPEN_BLOCKERS)
    past = turns_of_blockers(living.values("pk"))
    leaders = _leaders_named(living.values("subject_id"))
    columns = ("pk", "subject_id", "raised_on", "state", "halted")
    whom = (*HOLDERS, "duty__leader_post_id")
    for key, subject, raised, state, halted, *holders, leader in living.order_by("pk").values_list(
        *columns, *whom
    ):
        unit, post = holders[2:] if state == BlockerState.UPPER else holders[:2]
        named = leaders.get(subject, ())
        yield Cause(
            BLOCKER,
            subject,
            blocker_facts(raised, state, past.get(key, ()), halted=halted),
            owner_post=post,
            owner_unit=unit,
            leader_post=leader or next(iter(named), None),
            blocker=key,
            named=named,
        )


def _leaders_named(subjects: QuerySet) -> dict[int, tuple[int, ...]]:
    """The leaders named on each subject, the first named first; one query."""
    named = Party.objects.filter(
        role=PartyRole.LEADER, ended=False, post__isnull=False, subject_id__in=subjects
    )
    found: dict[int, tuple[int, ...]] = {}
    for subject, post in named.order_by("pk").values_list("subject_id", "post_id"):
        if post is not None:
            found[subject] = (*found.get(subject, ()), post)
    return found


SOURCES: tuple[Callable[[], Iterable[Cause]], ...] = (duty_causes, blocker_causes)


class Turned(NamedTuple):
    """What once changed about a blocker on a campaign day.

    ``state`` and ``halted`` as (old, new); ``moved``: somebody else has it.
    """

    day: dt.date
    state: tuple[str, str] | None
    halted: tuple[bool, bool] | None
    moved: bool


def turns_of_blockers(
    blockers: Iterable[int] | QuerySet, before: dt.datetime | None = None
) -> Mapping[int, Sequence[Turned]]:
    """Changes of state, holder and pause by blocker, in order; one query."""
    events = Event.objects.filter(
        changes__has_any_keys=["state", "halted", *HOLDERS],
        model=Blocker._meta.label,
        row__in=blockers,
        effect=Effect.CHANGED,
    )
    if before is not None:
        events = events.filter(at__lt=before)
    rows = events.order_by("row", "pk").values_list("row", "business_date", "changes")
    return {
        row: [_turned(day, changes) for _, day, changes in group]
        for row, group in groupby(rows, key=lambda told: told[0])
        if row is not None
    }


def turned_of(events: Iterable[tuple[dt.date, Mapping[str, Any]]]) -> list[Turned]:
    """Take from events (campaign day, changes), in order, what bears on a blocker's ladder."""
    names = {"state", "halted", *HOLDERS}
    return [_turned(day, changes) for day, changes in events if names & {*changes}]


def _turned(day: dt.date, changes: Mapping[str, Any]) -> Turned:
    state, halted = changes.get("state"), changes.get("halted")
    return Turned(
        day,
        (str(state[0]), str(state[1])) if state else None,
        (bool(halted[0]), bool(halted[1])) if halted else None,
        any(name in changes for name in HOLDERS),
    )


def blocker_facts(raised_on: dt.date, state: str, past: Sequence[Turned], *, halted: bool) -> Facts:
    """Facts of a blocker as it stands, from what changed about it.

    A term begins whenever somebody is asked anew: it was raised (again), sent up, handed back,
    passed on, or its answer was not accepted. Taking it on is no answer. No day counts while it is
    back with who raised it, answered, or its duty is paused. Days as in :func:`facts_of`.
    """
    at = next((one.state[0] for one in past if one.state), state)
    paused = next((one.halted[0] for one in past if one.halted), halted)
    terms, halts = [Term(raised_on, asked=raised_on, raised=raised_on)], list[Halt]()
    day = raised_on
    stopped = raised_on if paused or at not in UNANSWERED else None
    for one in past:
        day, before = max(day, one.day), at
        at = one.state[1] if one.state else at
        paused = one.halted[1] if one.halted else paused
        if at in UNANSWERED and (one.moved or before not in UNANSWERED):
            terms.append(Term(day, asked=day, raised=raised_on))
        if paused or at not in UNANSWERED:
            stopped = stopped or day
        elif stopped is not None:
            halts += [Halt(stopped, day - DAY)] if stopped < day else []
            stopped = None
    if stopped is not None:
        halts.append(Halt(stopped, None))
    return Facts(tuple(terms), tuple(halts))


def changes_of(
    duties: Iterable[int] | QuerySet, before: dt.datetime | None = None
) -> Mapping[int, Sequence[Past]]:
    """Changes of due day or owner, or of state into or out of waiting, by duty in order; one query.

    ``duties`` are keys or a query of keys. ``before``: only what was recorded until then.
    """
    told = (
        Q(changes__has_any_keys=["due", "given_on"])
        | Q(changes__state__0__in=WAITING)
        | Q(changes__state__1__in=WAITING)
    )
    events = Event.objects.filter(
        told, model=Duty._meta.label, row__in=duties, effect=Effect.CHANGED
    )
    if before is not None:
        events = events.filter(at__lt=before)
    rows = events.order_by("row", "pk").values_list("row", "business_date", "changes")
    return {
        row: past_of((day, changes) for _, day, changes in group)
        for row, group in groupby(rows, key=lambda told: told[0])
        if row is not None
    }


def of_cycle(cycle: dt.date | F | OuterRef, duty: str = "") -> Q:
    """Condition that the ladder of a duty runs in ``cycle``, as `Duty.cycle` has it.

    ``duty``: the way to it, as in ``duty__``.
    """
    due, given = f"{duty}due", f"{duty}given_on"
    kept = Q(**{given: None}) | Q(**{f"{given}__lte": F(due)})
    late = Q(**{f"{given}__gt": F(due)})
    return (kept & Q(**{due: cycle})) | (late & Q(**{given: cycle}))


def past_of(events: Iterable[tuple[dt.date, Mapping[str, Any]]]) -> list[Past]:
    """Take from events (campaign day, changes), in order, what bears on the ladder."""
    found = []
    for day, changes in events:
        due, state, given = (changes.get(name) for name in ("due", "state", "given_on"))
        moved = state is not None and {*state} & {*WAITING}
        if due is not None or given is not None or moved:
            found.append(
                Past(
                    day,
                    (_day(due[0]), _day(due[1])) if due else None,
                    (str(state[0]), str(state[1])) if state else None,
                    _day(given[1]) if given else None,
                )
            )
    return found


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def facts_of(
    due: dt.date | None,
    state: str,
    issued_on: dt.date | None,
    past: Sequence[Past],
    closed_on: dt.date | None = None,
) -> Facts:
    """Facts of a duty as it stands, from what changed about it.

    Each due day begins a term, and so does whoever is made to owe it. A change counts from its
    campaign day, or from that of the change before it where the campaign's day was set back in
    between.
    """
    since = issued_on or due or next(one.day for one in past)
    first = next((one.due[0] for one in past if one.due), due)
    terms, spans, day, waiting = [Term(since, first)], list[Halt](), since, None
    for one in past:
        day, last = max(day, one.day), terms[-1]
        if one.due or one.given:
            until = one.due[1] if one.due else last.due
            terms.append(Term(day, until, given=one.given or last.given))
        if one.state is None:
            continue
        if one.state[1] in WAITING:
            waiting = waiting or day
        elif waiting is not None:
            spans += [Halt(waiting, day - DAY)] if waiting < day else []
            waiting = None
    if terms[-1].due != due:
        terms.append(replace(terms[-1], since=day, due=due))
    if state in WAITING:
        # Without an event that tells since when, it never ran.
        spans = [*spans, Halt(waiting, None)] if waiting is not None else [Halt(since, None)]
    return Facts(tuple(terms), tuple(spans), closed_on=closed_on)
