"""Working days of offices between two days, by the district's calendar."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.loop.plan.calendars import office_calendar, office_rule

if TYPE_CHECKING:
    from guatu.engines.calendars import CalendarSpec, DayTable, WorkCalendar


@dataclass(frozen=True)
class OfficeDays:
    """The calendar of offices and the table beneath it, as they were known on some day."""

    spec: "CalendarSpec"
    table: "DayTable"

    def between(self, after: dt.date, until: dt.date) -> int:
        """Count working days d with after < d ≤ until; 0 when ``until`` is not later."""
        if until <= after:
            return 0
        return int(self.laid(after + dt.timedelta(days=1), until).works.sum())

    def laid(self, first: dt.date, last: dt.date) -> "WorkCalendar":
        """Lay the calendar over the days from ``first`` to ``last``, both inclusive."""
        from guatu.engines.calendars import WorkCalendar  # noqa: PLC0415 -- numpy, when first needed

        length = (last - first).days + 1
        return WorkCalendar.over(self.spec, self.table, first.toordinal(), length)


def office_days(as_of: dt.date | None = None) -> OfficeDays:
    """Read the calendar of offices; two queries."""
    return OfficeDays(*office_rule(as_of))


MARGIN = 60
"""Calendar days allowed beside three for each working day: the longest run of holidays fits."""


def office_day_after(day: dt.date, count: int) -> dt.date:
    """Return the ``count``-th office working day after ``day``; 0 is the day itself.

    >>> office_day_after(dt.date(2025, 3, 18), 0)
    datetime.date(2025, 3, 18)
    """
    if not count:
        return day
    return office_calendar(day, day + dt.timedelta(3 * count + MARGIN)).after(day, count)
