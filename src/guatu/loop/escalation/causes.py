"""Causes a ladder is climbed for, with their facts. A further kind is one more function here."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from guatu.engines.escalation import Facts, Halt, Term
from guatu.loop.enums import DutyState
from guatu.loop.escalation.ladders import DUTY
from guatu.loop.models import Duty
from guatu.register.enums import Effect
from guatu.register.models import Event

DAY = dt.timedelta(days=1)
RUNNING = (DutyState.ISSUED, DutyState.DOING)
WAITING = (DutyState.PAUSED, DutyState.REVIEW)
"""While it is paused, or waits for whoever reviews it, nobody is late with it."""


@dataclass(frozen=True)
class Cause:
    """What a ladder is climbed for: the rule, the row, its facts, and whom its steps may name."""

    rule: str
    subject: int
    facts: Facts
    duty: int | None = None
    owner_post: int | None = None
    owner_unit: int | None = None
    leader_post: int | None = None


class Past(NamedTuple):
    """What once changed about a duty on a campaign day: ``due`` and ``state`` as (old, new)."""

    day: dt.date
    due: tuple[dt.date | None, dt.date | None] | None
    state: tuple[str, str] | None


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


SOURCES: tuple[Callable[[], Iterable[Cause]], ...] = (duty_causes,)


def changes_of(
    duties: Iterable[int] | QuerySet, before: dt.datetime | None = None
) -> Mapping[int, Sequence[Past]]:
    """Changes of due day, and of state into or out of waiting, by duty in order; one query.

    ``duties`` are keys or a query of keys. ``before``: only what was recorded until then.
    """
    told = (
        Q(changes__has_key="due")
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


def past_of(events: Iterable[tuple[dt.date, Mapping[str, Any]]]) -> list[Past]:
    """Take from events (campaign day, changes), in order, what bears on the ladder."""
    found = []
    for day, changes in events:
        due, state = changes.get("due"), changes.get("state")
        moved = state is not None and {*state} & {*WAITING}
        if due is not None or moved:
            found.append(
                Past(
                    day,
                    (_day(due[0]), _day(due[1])) if due else None,
                    (str(state[0]), str(state[1])) if state else None,
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

    Each due day begins a term. A change counts from its campaign day, or from that of the change
    before it where the campaign's day was set back in between.
    """
    since = issued_on or due or next(one.day for one in past)
    first = next((one.due[0] for one in past if one.due), due)
    terms, spans, day, waiting = [Term(since, first)], list[Halt](), since, None
    for one in past:
        day = max(day, one.day)
        if one.due:
            terms.append(Term(day, one.due[1]))
        if one.state is None:
            continue
        if one.state[1] in WAITING:
            waiting = waiting or day
        elif waiting is not None:
            spans += [Halt(waiting, day - DAY)] if waiting < day else []
            waiting = None
    if terms[-1].due != due:
        terms.append(Term(day, due))
    if state in WAITING:
        # Without an event that tells since when, it never ran.
        spans = [*spans, Halt(waiting, None)] if waiting is not None else [Halt(since, None)]
    return Facts(tuple(terms), tuple(spans), closed_on=closed_on)
