"""Counting office working days from a business date, on the district's own calendar."""

import datetime as dt

from guatu.loop.plan.calendars import calendars_on

MARGIN = 60
"""Calendar days allowed beside three for each working day: the longest run of holidays fits."""


def office_day_after(day: dt.date, count: int) -> dt.date:
    """Return the ``count``-th office working day after ``day``; 0 is the day itself.

    >>> office_day_after(dt.date(2025, 3, 18), 0)
    datetime.date(2025, 3, 18)
    """
    if not count:
        return day
    from guatu.engines.calendars import (  # noqa: PLC0415 -- numpy, when first needed
        CalendarSpec,
        WorkCalendar,
    )

    found = calendars_on()
    spec = found.specs.get("office", CalendarSpec())
    horizon = 3 * count + MARGIN
    return WorkCalendar.over(spec, found.table, day.toordinal(), horizon).after(day, count)
