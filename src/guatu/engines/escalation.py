"""Escalation: which steps of a dated ladder one cause has reached, and on which day each fell due.

A cause runs in terms. A term counts from one due day (or from the day something was asked or
raised) and ends when the next begins: an approved extension starts the ladder anew from the new
due, and what is given to somebody else starts it anew for them. While a cause is halted its days
do not count. A fact of a day never changes what fell before it, so running day by day and running
once after a week find the same steps on the same days.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from guatu.engines.calendars import WorkCalendar

Anchor = Literal["due", "asked", "raised"]
Unit = Literal["day", "workday"]
To = Literal["owner", "unit_head", "leader", "office", "parent"]
Deed = Literal["remind", "copy", "letter"]

DAY = dt.timedelta(days=1)
FURTHEST = 366
"""Most days a step may lie from its anchor."""
BEYOND: tuple[To, ...] = ("parent", "leader")
"""To whom a step meant for the head of a unit goes where the head is who has it, in this order."""


class BadLadder(ValueError):
    """A ladder that cannot be climbed; the message is a sentence for whoever keeps the rule."""


@dataclass(frozen=True)
class Step:
    """One rung: so many days before (below 0) or after a day of the cause, somebody is told.

    ``beyond``: to whom it goes instead, the first there is, where the head of the unit is nobody
    else than who has the matter.
    """

    key: str
    anchor: Anchor
    offset: int
    unit: Unit
    to: To
    act: Deed
    beyond: tuple[To, ...] = BEYOND

    def __post_init__(self) -> None:
        words = ((self.anchor, Anchor), (self.unit, Unit), (self.to, To), (self.act, Deed))
        for value, known in (*words, *((to, To) for to in self.beyond)):
            if value not in get_args(known):
                raise BadLadder(f"升级步骤「{self.key}」的「{value}」不是约定的写法。")
        if not abs(self.offset) <= FURTHEST:
            raise BadLadder(f"升级步骤「{self.key}」离起算日不能超过 {FURTHEST} 天。")
        if self.offset < 0 and self.anchor != "due":
            raise BadLadder(f"升级步骤「{self.key}」只能定在请求或提出之后。")


@dataclass(frozen=True)
class Ladder:
    """The rungs of one dated rule, in force from ``first`` to ``last`` (None: still), inclusive."""

    rule: str
    steps: tuple[Step, ...]
    first: dt.date
    last: dt.date | None = None

    def __post_init__(self) -> None:
        if len({step.key for step in self.steps}) != len(self.steps):
            raise BadLadder(f"规则「{self.rule}」中升级步骤的代码重复。")

    def holds(self, day: dt.date) -> bool:
        """Tell whether what falls on ``day`` follows this ladder."""
        return self.first <= day and (self.last is None or day <= self.last)


def read_steps(rule: str, rows: object) -> tuple[Step, ...]:
    """Read the rungs of a rule as its value lists them. Raises BadLadder.

    >>> when = {"from": "due", "offset": -3, "unit": "day"}
    >>> read_steps("示例", [{"key": "near", "when": when, "to": "owner", "act": "remind"}])
    (Step(key='near', anchor='due', offset=-3, unit='day', to='owner', act='remind', \
beyond=('parent', 'leader')),)
    """
    if not isinstance(rows, list) or not rows:
        raise BadLadder(f"规则「{rule}」没有列出升级步骤。")
    return tuple(_step(rule, row) for row in rows)


def _step(rule: str, row: Any) -> Step:  # noqa: ANN401 -- whatever JSON holds
    when = row.get("when") if isinstance(row, Mapping) else None
    if not isinstance(when, Mapping):
        raise BadLadder(f"规则「{rule}」有一个升级步骤没有写明时间。")
    told = (row.get("key"), when.get("from"), when.get("unit"), row.get("to"), row.get("act"))
    offset = when.get("offset")
    if type(offset) is not int or not all(isinstance(word, str) and word for word in told):
        raise BadLadder(f"规则「{rule}」有一个升级步骤缺少代码、时间、对象或方式。")
    beyond = row.get("beyond", [*BEYOND])
    if not isinstance(beyond, list) or not all(isinstance(word, str) for word in beyond):
        raise BadLadder(f"规则「{rule}」的升级步骤「{row['key']}」没有写明转给谁。")
    key, anchor, unit, to, act = told
    return Step(key, anchor, offset, unit, to, act, tuple(beyond))  # type: ignore[arg-type]  # it checks itself


@dataclass(frozen=True)
class Term:
    """The days one run of the ladder counts from; it began on ``since``.

    ``due`` is the day of the promise, ``asked`` that on which somebody was asked for something,
    ``raised`` that on which it was raised. A step whose day is None does not come. ``given`` is the
    day on which what is promised went to who owes it now, None where they always did.
    """

    since: dt.date
    due: dt.date | None = None
    asked: dt.date | None = None
    raised: dt.date | None = None
    given: dt.date | None = None

    @property
    def cycle(self) -> dt.date | None:
        """Day the term is known by: a step is taken once a cycle. None: nothing to count from.

        A promise that is late when it is given to somebody else is known by that day.
        """
        if self.due is not None and self.given is not None:
            return max(self.due, self.given)
        return self.due or self.asked or self.raised

    def day_of(self, anchor: Anchor) -> dt.date | None:
        """Day that steps with this anchor count from."""
        return {"due": self.due, "asked": self.asked, "raised": self.raised}[anchor]


@dataclass(frozen=True)
class Halt:
    """Days that do not count, both inclusive; ``last`` None: it has not ended."""

    first: dt.date
    last: dt.date | None

    def covers(self, day: dt.date) -> bool:
        """Tell whether ``day`` is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Facts:
    """What is known of one cause.

    ``terms`` stand in the order they began, ``halts`` in order and apart. From the day it is
    answered or closed nothing more falls due.
    """

    terms: tuple[Term, ...]
    halts: tuple[Halt, ...] = ()
    answered_on: dt.date | None = None
    closed_on: dt.date | None = None

    def __post_init__(self) -> None:
        if any(after.since < before.since for before, after in pairwise(self.terms)):
            raise ValueError("terms out of order")
        if any(one.last is None or one.last >= two.first for one, two in pairwise(self.halts)):
            raise ValueError("halts out of order")

    @property
    def over_on(self) -> dt.date | None:
        """First day on which nobody need be told any more."""
        return min(filter(None, (self.answered_on, self.closed_on)), default=None)


@dataclass(frozen=True)
class Reached:
    """A step that fell due, with why: the rule and the days that were counted.

    ``place`` is where the step stands on its ladder, from 0. ``anchor`` is the day of the cause it
    hangs on, ``base`` the day counted from: the anchor's, or the day the term began where that is
    later. ``planned`` is when the step would have come had nothing been halted.
    """

    step: Step
    place: int
    cycle: dt.date
    on: dt.date
    rule: str
    rule_first: dt.date
    anchor: dt.date
    base: dt.date
    planned: dt.date


def climb(ladders: Sequence[Ladder], facts: Facts, calendar: "WorkCalendar") -> tuple[Reached, ...]:
    """Every step of the cause, by day and then by rung, as far as the calendar goes.

    A step is taken once a cycle, on the first day it falls. What lies beyond the calendar has not
    come yet; what a halt without end keeps away does not come.
    """
    found: dict[tuple[dt.date, str], Reached] = {}
    for term, until in _windows(facts):
        for one in _reached(ladders, term, facts.halts, calendar):
            key = (one.cycle, one.step.key)
            if until is not None and one.on >= until:
                continue
            if key not in found or one.on < found[key].on:
                found[key] = one
    return tuple(sorted(found.values(), key=lambda one: (one.on, one.place)))


def reached_by(
    day: dt.date, ladders: Sequence[Ladder], facts: Facts, calendar: "WorkCalendar"
) -> tuple[Reached, ...]:
    """Steps that fell due by the end of ``day``, in order."""
    return tuple(one for one in climb(ladders, facts, calendar) if one.on <= day)


def _windows(facts: Facts) -> Iterator[tuple[Term, dt.date | None]]:
    """Terms, each with the first day that no longer belongs to it."""
    for term, following in zip_longest(facts.terms, facts.terms[1:]):
        ends = (following.since if following else None, facts.over_on)
        yield term, min(filter(None, ends), default=None)


def _reached(
    ladders: Sequence[Ladder], term: Term, halts: Sequence[Halt], calendar: "WorkCalendar"
) -> Iterator[Reached]:
    """Steps of one term on the days they fall."""
    for ladder in ladders:
        for place, step in enumerate(ladder.steps):
            anchor = term.day_of(step.anchor)
            if anchor is None or term.cycle is None:
                continue
            base = anchor if step.offset < 0 else max(anchor, term.since)
            planned = _counted(base, step.offset, step.unit, calendar)
            if planned is None:
                continue
            if step.offset < 0:
                on = _waited(planned, halts) if planned >= term.since else None
                on = on if on is not None and on <= anchor else None
            elif step.offset == 0:
                on = _waited(planned, halts)
            else:
                on = _put_off(step, base, planned, halts, calendar)
            if on is not None and ladder.holds(on):
                rule = (ladder.rule, ladder.first)
                yield Reached(step, place, term.cycle, on, *rule, anchor, base, planned)


def _waited(day: dt.date, halts: Sequence[Halt]) -> dt.date | None:
    """Return the day itself, or the first one after the halts it falls into."""
    for halt in halts:
        if halt.covers(day):
            if halt.last is None:
                return None
            day = halt.last + DAY
    return day


def _put_off(
    step: Step,
    base: dt.date,
    planned: dt.date,
    halts: Sequence[Halt],
    calendar: "WorkCalendar",
) -> dt.date | None:
    """Return the day on which as many days have counted as ``planned`` would have."""
    on: dt.date | None = planned
    for halt in halts:
        if on is None or halt.first > on:
            break
        if halt.last is None:
            return None
        if halt.last > base:
            lost = _between(max(halt.first - DAY, base), halt.last, step.unit, calendar)
            on = None if lost is None else _counted(on, lost, step.unit, calendar)
    return on


def _counted(day: dt.date, number: int, unit: Unit, calendar: "WorkCalendar") -> dt.date | None:
    """Return the ``number``-th day of the unit from ``day``; None beyond the calendar."""
    if unit == "day":
        ordinal = day.toordinal() + number
        return dt.date.fromordinal(ordinal) if _inside(ordinal, calendar) else None
    try:
        return calendar.after(day, number)
    except ValueError:
        return None


def _between(after: dt.date, until: dt.date, unit: Unit, calendar: "WorkCalendar") -> int | None:
    """Days of the unit with after < day ≤ until; None beyond the calendar."""
    if unit == "day":
        return (until - after).days
    try:
        return calendar.count(after, until)
    except ValueError:
        return None


def _inside(ordinal: int, calendar: "WorkCalendar") -> bool:
    return 0 <= ordinal - calendar.first < len(calendar.works)
