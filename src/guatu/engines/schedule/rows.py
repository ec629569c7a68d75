"""Rows of dates: what the arrays of both passes say of each activity, summaries included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

import numpy as np

from guatu.engines.schedule.activity import Activity
from guatu.engines.schedule.calendar_stack import OFFICE
from guatu.engines.schedule.critical_path import Dates
from guatu.engines.schedule.driving import early_driving, free_finish, late_driving
from guatu.engines.schedule.groups import critical_nodes
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import Flags, Plan
from guatu.engines.schedule.provisional import provisional_early, provisional_late
from guatu.engines.schedule.reasons import Driver, Reasons

Value = TypeVar("Value")
UNBEGUN = -(10**6)


@dataclass(frozen=True, slots=True)
class Drivers:
    """What each of the four dates comes from; None where the date itself is unknown."""

    early_start: Driver | None
    early_finish: Driver | None
    late_start: Driver | None
    late_finish: Driver | None


UNSAID = Drivers(None, None, None, None)


@dataclass(frozen=True, slots=True)
class ActivityDates:
    """First and last day worked, earliest and latest; floats in three counts, labelled.

    ``own``: working days of the activity's calendar; ``office``: of the government's.  Late dates
    and floats are None while the plan is infeasible, early ones where a day never comes.  Where
    nothing is said of what drives the dates, free float is counted in ``own`` days alone.
    ``provisional``: either pair of dates is, which ``early_provisional`` and ``late_provisional``
    tell apart.
    """

    early_start: date | None
    early_finish: date | None
    late_start: date | None
    late_finish: date | None
    total_float_own: int | None
    total_float_office: int | None
    total_float_calendar_days: int | None
    free_float_own: int | None
    free_float_office: int | None
    free_float_calendar_days: int | None
    critical: bool
    provisional: bool
    drivers: Drivers
    early_provisional: bool = False
    late_provisional: bool = False


@dataclass(frozen=True)
class Rows:
    """Turns the arrays of a plan into one row of dates per activity.

    ``late`` None, or ``failed`` marking a node: it has no late dates and no floats.  Without
    ``reasons`` nothing is said of what drives the dates.
    """

    plan: Plan
    early: Dates
    late: Dates | None
    group: Ints
    reasons: Reasons | None = None
    failed: Flags | None = None

    def leaves(self) -> list[ActivityDates]:
        """Return the row of each node, in their order; columns first, then rows."""
        plan, early = self.plan, self.early
        count = len(plan.rows)
        begun = self._begun()
        start = np.where(begun >= 0, begun, early.start[:count])
        finish = early.finish[:count]
        early_links = early_driving(plan, early)
        soon = provisional_early(plan, early, early_links)
        last = np.zeros_like(soon)
        late_links, spare = None, _Late.unknown(count)
        if self.late is not None:
            late_links = late_driving(plan, self.late)
            known = np.ones(len(early.finish), np.bool_) if self.failed is None else ~self.failed
            last = known & provisional_late(plan, self.late, late_links)
            spare = self._late(self.late, begun, known[:count])
        columns = zip(
            plan.days(start),
            plan.days(finish),
            spare.start,
            spare.finish,
            spare.own,
            spare.office,
            spare.days,
            spare.free,
            spare.free_office,
            spare.free_days,
            critical_nodes(plan, early, self.group)[:count].tolist(),
            (soon | last)[:count].tolist(),
            self._drivers(early_links, late_links),
            soon[:count].tolist(),
            last[:count].tolist(),
            strict=True,
        )
        return [ActivityDates(*column) for column in columns]

    def all(self) -> dict[str, ActivityDates]:
        """Return the rows in the order of the network, summaries from the rows under them."""
        named = {row.id: dates for row, dates in zip(self.plan.rows, self.leaves(), strict=True)}
        return with_summaries(self.plan, named, self.reasons)

    def _begun(self) -> Ints:
        """Return the offset of each row's actual start, far below 0 where it has not begun."""
        plan = self.plan
        return np.array(
            [plan.offset(row.actual_start) if row.actual_start else UNBEGUN for row in plan.rows],
            dtype=np.int64,
        )

    def _late(self, late: Dates, begun: Ints, known: Flags) -> "_Late":
        """Return late dates and floats of the nodes that have them."""
        plan, count = self.plan, len(self.plan.rows)
        start = np.where(begun >= 0, begun, late.start[:count])
        until, finish = late.finish[:count], self.early.finish[:count]
        free = free_finish(plan, self.early, late)[:count]
        own, office = plan.calendar[:count], np.full(count, OFFICE)
        unasked: list[int | None] = [None] * count
        told = self.reasons is not None
        return _Late(
            start=_where(known, plan.days(start)),
            finish=_where(known, plan.days(until)),
            own=_where(known, worked(plan, own, finish, until).tolist()),
            office=_where(known, worked(plan, office, finish, until).tolist()),
            days=_where(known, (until - finish).tolist()),
            free=_where(known, worked(plan, own, finish, free).tolist()),
            free_office=(
                _where(known, worked(plan, office, finish, free).tolist()) if told else unasked
            ),
            free_days=_where(known, (free - finish).tolist()) if told else unasked,
        )

    def _drivers(self, early_links: Ints, late_links: Ints | None) -> list[Drivers]:
        count = len(self.plan.rows)
        if self.reasons is None:
            return [UNSAID] * count
        found = []
        for node in range(count):
            begin, end = self.reasons.early(node, int(early_links[node]))
            last: tuple[Driver | None, Driver | None] = (None, None)
            if late_links is not None and self.late is not None:
                last = self.reasons.late(node, int(late_links[node]), self.late)
            found.append(Drivers(begin, end, *last))
        return found


def worked(plan: Plan, calendar: Ints, after: Ints, until: Ints) -> Ints:
    """Count working days d of each calendar with after < d ≤ until, 0 where there are none."""
    rank, own, last = plan.stack.rank, calendar * plan.stack.span, plan.stack.beyond
    ends, begins = (np.clip(days, -1, last) + 1 + own for days in (until, after))
    days: Ints = np.maximum(rank[ends] - rank[begins], 0)
    return days


@dataclass(frozen=True)
class _Late:
    """Columns of late dates and floats; None where a node has none."""

    start: Sequence[date | None]
    finish: Sequence[date | None]
    own: Sequence[int | None]
    office: Sequence[int | None]
    days: Sequence[int | None]
    free: Sequence[int | None]
    free_office: Sequence[int | None]
    free_days: Sequence[int | None]

    @classmethod
    def unknown(cls, count: int) -> "_Late":
        none = [None] * count
        return cls(*[none] * len(fields(cls)))


def _where(known: Flags, values: Sequence[Value]) -> list[Value | None]:
    return [value if told else None for value, told in zip(values, known.tolist(), strict=True)]


def with_summaries(
    plan: Plan, leaves: Mapping[str, ActivityDates], reasons: Reasons | None = None
) -> dict[str, ActivityDates]:
    """Return rows for all activities of the network, in its order."""
    return {
        row.id: leaves[row.id] if row.id in leaves else _summary(plan, row, leaves, reasons)
        for row in plan.network.activities
    }


def _summary(
    plan: Plan, row: Activity, leaves: Mapping[str, ActivityDates], reasons: Reasons | None
) -> ActivityDates:
    """Take a summary's dates from the rows under it."""
    under = {leaf: leaves[leaf] for leaf in plan.family.leaves(row.id)}
    first = _least({leaf: dates.early_start for leaf, dates in under.items()})
    last = _greatest({leaf: dates.early_finish for leaf, dates in under.items()})
    late_first = _least({leaf: dates.late_start for leaf, dates in under.items()})
    late_last = _greatest({leaf: dates.late_finish for leaf, dates in under.items()})
    own, office, days = _floats(plan, plan.stack.place(row.calendar), last.day, late_last.day)
    return ActivityDates(
        early_start=first.day,
        early_finish=last.day,
        late_start=late_first.day,
        late_finish=late_last.day,
        total_float_own=own,
        total_float_office=office,
        total_float_calendar_days=days,
        free_float_own=None if days is None else under[last.leaf].free_float_own,
        free_float_office=None if days is None else under[last.leaf].free_float_office,
        free_float_calendar_days=(
            None if days is None else under[last.leaf].free_float_calendar_days
        ),
        critical=any(dates.critical for dates in under.values()),
        provisional=any(dates.provisional for dates in under.values()),
        drivers=Drivers(
            *(
                reasons.child(end.leaf) if end.day and reasons else None
                for end in (first, last, late_first, late_last)
            )
        ),
        early_provisional=any(dates.early_provisional for dates in under.values()),
        late_provisional=any(dates.late_provisional for dates in under.values()),
    )


def _floats(
    plan: Plan, calendar: int, after: date | None, until: date | None
) -> tuple[int | None, int | None, int | None]:
    """Count the days between in the calendar given, the government's, and as they come."""
    if after is None or until is None:
        return None, None, None
    begin, end = np.array([plan.offset(after)]), np.array([plan.offset(until)])
    own, office = (int(worked(plan, np.array([c]), begin, end)[0]) for c in (calendar, OFFICE))
    return own, office, int(end[0] - begin[0])


@dataclass(frozen=True, slots=True)
class _End:
    """A date of a summary and the row it comes from."""

    day: date | None
    leaf: str


def _least(days: Mapping[str, date | None]) -> _End:
    known = {leaf: day for leaf, day in days.items() if day is not None}
    if not known:
        return _End(None, next(iter(days)))
    leaf = min(known, key=lambda key: known[key])
    return _End(known[leaf], leaf)


def _greatest(days: Mapping[str, date | None]) -> _End:
    known = {leaf: day for leaf, day in days.items() if day is not None}
    if len(known) < len(days):
        return _End(None, next(iter(days)))
    leaf = max(known, key=lambda key: known[key])
    return _End(known[leaf], leaf)
