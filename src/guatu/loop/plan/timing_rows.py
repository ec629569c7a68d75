"""Computed dates of one activity as a timing keeps them: short, because there are many."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guatu.engines.schedule import ActivityDates

Stored = Mapping[str, Sequence[int | None]]
CRITICAL, PROVISIONAL = 1, 2


@dataclass(frozen=True, slots=True)
class TimingRow:
    """Earliest and latest days, floats, marks; None where the plan cannot hold or never ends.

    ``own``: working days of the activity's calendar, ``office``: of the government's, ``days``:
    calendar days; ``free`` in days of its own calendar.
    """

    early_start: dt.date | None = None
    early_finish: dt.date | None = None
    late_start: dt.date | None = None
    late_finish: dt.date | None = None
    own: int | None = None
    office: int | None = None
    days: int | None = None
    free: int | None = None
    critical: bool = False
    provisional: bool = False


NO_ROW = TimingRow()


def stored_rows(activities: Mapping[str, "ActivityDates"]) -> dict[str, list[int | None]]:
    """Write computed dates as `Timing.rows` keeps them: days as ordinals, marks as one number."""
    return {
        key: [
            day.toordinal() if (day := row.early_start) else None,
            day.toordinal() if (day := row.early_finish) else None,
            day.toordinal() if (day := row.late_start) else None,
            day.toordinal() if (day := row.late_finish) else None,
            row.total_float_own,
            row.total_float_office,
            row.total_float_calendar_days,
            row.free_float_own,
            CRITICAL * row.critical + PROVISIONAL * row.provisional,
        ]
        for key, row in activities.items()
    }


def timing_rows(stored: Stored) -> dict[str, TimingRow]:
    """Read rows as `stored_rows` wrote them.

    >>> timing_rows({"permit": [739_000, 739_009, None, None, None, None, None, None, 1]})["permit"]
    TimingRow(early_start=datetime.date(2024, 4, 24), early_finish=datetime.date(2024, 5, 3), \
late_start=None, late_finish=None, own=None, office=None, days=None, free=None, critical=True, \
provisional=False)
    """
    found = {}
    for key, (*days, own, office, count, free, marks) in stored.items():
        first, until, late_first, late_until = (
            dt.date.fromordinal(day) if day else None for day in days
        )
        critical, provisional = bool((marks or 0) & CRITICAL), bool((marks or 0) & PROVISIONAL)
        found[key] = TimingRow(
            first, until, late_first, late_until, own, office, count, free, critical, provisional
        )
    return found
