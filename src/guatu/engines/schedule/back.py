"""The backward schedule: early and late dates, floats, drivers, and why a deadline cannot hold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.calendar_stack import OFFICE
from guatu.engines.schedule.conflict import Broken, Item, broken_limits, conflict
from guatu.engines.schedule.critical_path import Dates, backward, forward
from guatu.engines.schedule.driving import early_driving, free_finish, late_driving
from guatu.engines.schedule.horizon import settle
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.plan import NONE, Flags, Plan
from guatu.engines.schedule.provisional import provisional_early, provisional_late
from guatu.engines.schedule.reasons import Driver, Reasons


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
    and floats are None while the plan is infeasible, early ones where a day never comes.
    """

    early_start: date | None
    early_finish: date | None
    late_start: date | None
    late_finish: date | None
    total_float_own: int | None
    total_float_office: int | None
    total_float_calendar_days: int | None
    free_float_own: int | None
    critical: bool
    provisional: bool
    drivers: Drivers


@dataclass(frozen=True, slots=True)
class ConflictItem:
    """One item of the conflict set, with the sentence that explains it."""

    kind: str
    id: str
    reason: str


@dataclass(frozen=True)
class BackSchedule:
    """The answer; ``infeasible_by_calendar_days`` is None when a date can never come."""

    feasible: bool
    infeasible_by_calendar_days: int | None
    conflict: tuple[ConflictItem, ...]
    provisional: bool
    activities: Mapping[str, ActivityDates]


def back_schedule(network: Network, table: DayTable | None = None) -> BackSchedule:
    """Schedule a network backward from its deadlines.

    ``table`` tells the working days of China, by default the one shipped.
    """
    plan, early = settle(network, table or shipped_table())
    broken = broken_limits(plan, early)
    group = alone(plan)
    late = None if broken else backward(plan, last_finish(plan, early, group))
    reasons = Reasons(plan, early)
    items = conflict(plan, early, broken) if broken else []
    rows = Rows(plan, early, late, reasons, group).all()
    return BackSchedule(
        feasible=not broken,
        infeasible_by_calendar_days=late_by(broken),
        conflict=tuple(ConflictItem(item.kind, item.id, reasons.conflict(item)) for item in items),
        provisional=any(row.provisional for row in rows.values()),
        activities=rows,
    )


def late_by(broken: list[Broken]) -> int | None:
    """Return by how many days the worst deadline breaks, or the worst limit when no deadline does.

    0 when nothing breaks, None when a date can never come.
    """
    counted = [limit for limit in broken if limit.kind == "deadline"] or broken
    days = [limit.days for limit in counted]
    known = [day for day in days if day is not None]
    return None if len(known) < len(days) else max(known, default=0)


def alone(plan: Plan) -> Ints:
    """Return the group of each node when the whole plan is one: all in group 0."""
    return np.zeros(len(plan.duration), dtype=np.int64)


def last_finish(plan: Plan, early: Dates, group: Ints) -> Ints:
    """Return the last day each node may finish: its deadline, else the end of its group.

    A group ends with its last deadline or its last early finish, whichever is later.  Where the
    network lets work follow on, what leads to no deadline ends as soon as the latest course of
    what it waits for lets it.
    """
    ends = _last_of_group(plan, np.maximum(early.finish, plan.deadline), group)
    if not plan.network.follow_on:
        return np.where(plan.deadline == NONE, ends, plan.deadline)
    bound = _leading(plan, plan.deadline != NONE)
    free = ~bound & _bounded(plan, group)
    limited = np.where(
        plan.deadline != NONE, plan.deadline, np.where(free, plan.stack.beyond, ends)
    )
    begun = np.where(bound, backward(plan, limited).start, plan.earliest)
    after = forward(replace(plan, earliest=np.maximum(plan.earliest, begun)))
    return np.where(free, after.finish, limited)


def _leading(plan: Plan, marked: Flags) -> Flags:
    """Return which nodes are marked or lead to a marked one."""
    sweep = plan.backward
    leads = marked[sweep.order]
    nodes, starts = sweep.node_starts, sweep.link_starts
    for level in range(1, len(nodes) - 1):
        a, b, la, lb = nodes[level], nodes[level + 1], starts[level], starts[level + 1]
        leads[a:b] |= np.logical_or.reduceat(leads[sweep.sources[la:lb]], sweep.first_link[a:b])
    found = np.zeros_like(marked)
    found[sweep.order] = leads
    return found


def _bounded(plan: Plan, group: Ints) -> Flags:
    """Return for each node whether its group has a deadline."""
    bounded: Flags = _last_of_group(plan, (plan.deadline != NONE).astype(np.int64), group) == 1
    return bounded


def _last_of_group(plan: Plan, days: Ints, group: Ints) -> Ints:
    """Return for each node the latest day among the rows of its group."""
    last = np.full(int(group.max(initial=0)) + 1, NONE)
    rows = len(plan.rows)
    np.maximum.at(last, group[:rows], days[:rows])
    return last[group]


def _critical(plan: Plan, early: Dates, group: Ints) -> Flags:
    """Mark what has no float left once every deadline is pulled in to its earliest finish.

    A group without deadlines is judged by its own end.
    """
    limited = plan.deadline != NONE
    free = np.where(
        _bounded(plan, group), plan.stack.beyond, _last_of_group(plan, early.finish, group)
    )
    late = backward(plan, np.where(limited, early.finish, free))
    return (late.finish <= early.finish) & ~plan.pinned & (early.finish < plan.stack.beyond)


@dataclass(frozen=True)
class Rows:
    """Turns the arrays into one row of dates per activity, summaries from their children.

    Without ``reasons`` nothing is said of what drives the dates.
    """

    plan: Plan
    early: Dates
    late: Dates | None
    reasons: Reasons | None
    group: Ints

    def all(self) -> dict[str, ActivityDates]:
        """Return the rows in the order of the network."""
        plan = self.plan
        leaves = self._leaves()
        return {
            row.id: leaves[row.id] if row.id in leaves else self._summary(row.id, leaves)
            for row in plan.network.activities
        }

    def _leaves(self) -> dict[str, ActivityDates]:
        plan, early, late = self.plan, self.early, self.late
        critical = _critical(plan, early, self.group)
        early_links = early_driving(plan, early)
        provisional = provisional_early(plan, early, early_links)
        late_links, free = None, None
        if late is not None:
            late_links, free = late_driving(plan, late), free_finish(plan, early, late)
            provisional = provisional | provisional_late(plan, late, late_links)
        found = {}
        for node, row in enumerate(plan.rows):
            late_days = None if late is None else (int(late.start[node]), int(late.finish[node]))
            begun = plan.network and row.actual_start
            start = plan.offset(begun) if begun else int(early.start[node])
            if late_days and begun:
                late_days = (start, late_days[1])
            found[row.id] = self._row(
                node,
                (start, int(early.finish[node])),
                late_days,
                free_day=None if free is None else int(free[node]),
                critical=bool(critical[node]),
                provisional=bool(provisional[node]),
                drivers=self._drivers(node, early_links, late_links),
            )
        return found

    def _drivers(self, node: int, early_links: Ints, late_links: Ints | None) -> Drivers:
        if self.reasons is None:
            return UNSAID
        begin, end = self.reasons.early(node, int(early_links[node]))
        if late_links is None or self.late is None:
            return Drivers(begin, end, None, None)
        last_begin, last_end = self.reasons.late(node, int(late_links[node]), self.late)
        return Drivers(begin, end, last_begin, last_end)

    def _row(
        self,
        node: int,
        early: tuple[int, int],
        late: tuple[int, int] | None,
        *,
        free_day: int | None,
        critical: bool,
        provisional: bool,
        drivers: Drivers,
    ) -> ActivityDates:
        plan = self.plan
        own = int(plan.calendar[node])
        finish = early[1]
        return ActivityDates(
            early_start=plan.day(early[0]),
            early_finish=plan.day(finish),
            late_start=plan.day(late[0]) if late else None,
            late_finish=plan.day(late[1]) if late else None,
            total_float_own=self._count(own, finish, late[1]) if late else None,
            total_float_office=self._count(OFFICE, finish, late[1]) if late else None,
            total_float_calendar_days=late[1] - finish if late else None,
            free_float_own=None if free_day is None else self._count(own, finish, free_day),
            critical=critical,
            provisional=provisional,
            drivers=drivers,
        )

    def _count(self, calendar: int, after: int, until: int) -> int:
        """Count working days d with after < d ≤ until."""
        before = self.plan.stack.calendars[calendar].before
        return max(int(before[until + 1] - before[after + 1]), 0)

    def _summary(self, row_id: str, leaves: Mapping[str, ActivityDates]) -> ActivityDates:
        """Take a summary's dates from the rows under it."""
        plan = self.plan
        under = {leaf: leaves[leaf] for leaf in plan.family.leaves(row_id)}
        row = next(row for row in plan.network.activities if row.id == row_id)
        calendar = plan.stack.place(row.calendar)
        first = _least({leaf: dates.early_start for leaf, dates in under.items()})
        last = _greatest({leaf: dates.early_finish for leaf, dates in under.items()})
        late_first = _least({leaf: dates.late_start for leaf, dates in under.items()})
        late_last = _greatest({leaf: dates.late_finish for leaf, dates in under.items()})
        counted = last.day is not None and late_last.day is not None
        finish = plan.offset(last.day) if last.day else 0
        until = plan.offset(late_last.day) if late_last.day else 0
        return ActivityDates(
            early_start=first.day,
            early_finish=last.day,
            late_start=late_first.day,
            late_finish=late_last.day,
            total_float_own=self._count(calendar, finish, until) if counted else None,
            total_float_office=self._count(OFFICE, finish, until) if counted else None,
            total_float_calendar_days=until - finish if counted else None,
            free_float_own=under[last.leaf].free_float_own if counted else None,
            critical=any(dates.critical for dates in under.values()),
            provisional=any(dates.provisional for dates in under.values()),
            drivers=Drivers(
                *(
                    self.reasons.child(end.leaf) if end.day and self.reasons else None
                    for end in (first, last, late_first, late_last)
                )
            ),
        )


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


__all__ = [
    "ActivityDates",
    "BackSchedule",
    "ConflictItem",
    "Drivers",
    "Item",
    "back_schedule",
]
