"""The backward schedule: early and late dates, floats, drivers, and why a deadline cannot hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.conflict import Broken, Conflict, Item, broken_limits, conflicts
from guatu.engines.schedule.critical_path import Dates, backward
from guatu.engines.schedule.groups import alone, last_finish
from guatu.engines.schedule.horizon import check_dates, settle
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.plan import Plan
from guatu.engines.schedule.reasons import Reasons
from guatu.engines.schedule.rows import ActivityDates, Drivers, Rows


@dataclass(frozen=True, slots=True)
class ConflictItem:
    """One item of the conflict set, with the sentence that explains it."""

    kind: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConflictSet:
    """The limits that any one of the items frees when it is removed.

    Without items no single removal frees any of them.
    """

    frees: tuple[ConflictItem, ...]
    items: tuple[ConflictItem, ...]


@dataclass(frozen=True)
class BackSchedule:
    """The answer; ``infeasible_by_calendar_days`` is None when a date can never come.

    ``conflicts``: one set whose items each make the plan feasible, or one for each limit that
    breaks independently; ``conflict`` holds the items of the first, the one broken worst.
    """

    feasible: bool
    infeasible_by_calendar_days: int | None
    conflict: tuple[ConflictItem, ...]
    provisional: bool
    activities: Mapping[str, ActivityDates]
    conflicts: tuple[ConflictSet, ...] = ()


def back_schedule(network: Network, table: DayTable | None = None) -> BackSchedule:
    """Schedule a network backward from its deadlines.

    ``table`` tells the working days of China, by default the one shipped.
    """
    return schedule_of(*settle(network, table or shipped_table()))


def schedule_of(plan: Plan, early: Dates) -> BackSchedule:
    """Schedule backward what is laid out already, with its early dates.

    Raises BadNetwork when one of them lies outside the table of working days.
    """
    check_dates(plan, early)
    broken = broken_limits(plan, early)
    group = alone(plan)
    late = None if broken else backward(plan, last_finish(plan, early, group))
    reasons = Reasons(plan, early)
    sets = [_told(one, reasons) for one in conflicts(plan, early, broken)] if broken else []
    rows = Rows(plan, early, late, group, reasons).all()
    return BackSchedule(
        feasible=not broken,
        infeasible_by_calendar_days=late_by(broken),
        conflict=sets[0].items if sets else (),
        provisional=any(row.provisional for row in rows.values()),
        activities=rows,
        conflicts=tuple(sets),
    )


def _told(found: Conflict, reasons: Reasons) -> ConflictSet:
    """Put a set into words."""
    return ConflictSet(
        frees=tuple(
            ConflictItem(limit.kind, limit.id, reasons.limit(limit)) for limit in found.frees
        ),
        items=tuple(
            ConflictItem(item.kind, item.id, reasons.conflict(item)) for item in found.items
        ),
    )


def late_by(broken: list[Broken]) -> int | None:
    """Return by how many days the worst deadline breaks, or the worst limit when no deadline does.

    0 when nothing breaks, None when a date can never come.
    """
    counted = [limit for limit in broken if limit.kind == "deadline"] or broken
    days = [limit.days for limit in counted]
    known = [day for day in days if day is not None]
    return None if len(known) < len(days) else max(known, default=0)


__all__ = [
    "ActivityDates",
    "BackSchedule",
    "ConflictItem",
    "ConflictSet",
    "Drivers",
    "Item",
    "back_schedule",
    "schedule_of",
]
