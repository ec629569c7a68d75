"""Plans side by side before anything is saved: what moves, what breaks and what is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.engines.calendars import DayTable
from guatu.engines.schedule.back import ActivityDates, BackSchedule, back_schedule
from guatu.engines.schedule.changes import Change, applied
from guatu.engines.schedule.network import Network


@dataclass(frozen=True, slots=True)
class Moved:
    """One activity in every plan, None where a plan does not have it.

    ``days``: by how many calendar days its earliest finish lies later than in the first plan;
    ``float_lost``: working days of its own calendar that its float is shorter.
    """

    activity: str
    dates: tuple[ActivityDates | None, ...]
    days: tuple[int | None, ...]
    float_lost: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline in every plan: the day it falls on, the finish, and days late (0: kept).

    ``late_by`` is None where the plan has no such deadline, or where the work never ends.
    """

    activity: str
    deadlines: tuple[date | None, ...]
    finishes: tuple[date | None, ...]
    late_by: tuple[int | None, ...]
    kept: tuple[bool | None, ...]

    @property
    def broken(self) -> tuple[int, ...]:
        """The plans that miss it though the first one keeps it."""
        return tuple(
            place for place, kept in enumerate(self.kept) if self.kept[0] and kept is False
        )

    @property
    def saved(self) -> tuple[int, ...]:
        """The plans that keep it though the first one misses it."""
        return tuple(
            place for place, kept in enumerate(self.kept) if self.kept[0] is False and kept
        )


@dataclass(frozen=True)
class Diff:
    """Two or more plans; ``moved`` holds the activities whose dates or floats differ."""

    networks: tuple[Network, ...]
    schedules: tuple[BackSchedule, ...]
    moved: tuple[Moved, ...]
    deadlines: tuple[Due, ...]


def what_if(network: Network, *changes: Sequence[Change], table: DayTable | None = None) -> Diff:
    """Compare a plan with itself after each set of changes.  Raises BadNetwork."""
    return compare(network, *(applied(network, each) for each in changes), table=table)


def compare(first: Network, *others: Network, table: DayTable | None = None) -> Diff:
    """Put plans side by side; all differences are counted from the first."""
    networks = (first, *others)
    schedules = tuple(back_schedule(network, table) for network in networks)
    ids = dict.fromkeys(row.id for network in networks for row in network.activities)
    due = dict.fromkeys(limit.activity for network in networks for limit in network.deadlines)
    rows = [_moved(key, schedules) for key in ids]
    return Diff(
        networks,
        schedules,
        tuple(row for row in rows if _differs(row)),
        tuple(_due(key, networks, schedules) for key in due),
    )


def _moved(key: str, schedules: Sequence[BackSchedule]) -> Moved:
    dates = tuple(schedule.activities.get(key) for schedule in schedules)
    ends = [None if one is None else one.early_finish for one in dates]
    floats = [None if one is None else one.total_float_own for one in dates]
    return Moved(
        key,
        dates,
        tuple(None if end is None or ends[0] is None else (end - ends[0]).days for end in ends),
        tuple(None if left is None or floats[0] is None else floats[0] - left for left in floats),
    )


def _differs(row: Moved) -> bool:
    return any(one is None or _dates(one) != _dates(row.dates[0]) for one in row.dates)


def _dates(one: ActivityDates | None) -> tuple[object, ...]:
    if one is None:
        return ()
    return (
        one.early_start,
        one.early_finish,
        one.late_start,
        one.late_finish,
        one.total_float_own,
        one.critical,
    )


def _due(key: str, networks: Sequence[Network], schedules: Sequence[BackSchedule]) -> Due:
    deadlines = tuple(
        min((limit.finish for limit in network.deadlines if limit.activity == key), default=None)
        for network in networks
    )
    dates = [schedule.activities.get(key) for schedule in schedules]
    finishes = tuple(None if one is None else one.early_finish for one in dates)
    pairs = list(zip(deadlines, finishes, strict=True))
    return Due(
        key,
        deadlines,
        finishes,
        tuple(
            None if day is None or end is None else max((end - day).days, 0) for day, end in pairs
        ),
        tuple(None if day is None else end is not None and end <= day for day, end in pairs),
    )
