"""Weeks from Monday to Sunday, as far as they have been lived through."""

import datetime as dt
from dataclasses import dataclass

DAY, SEVEN = dt.timedelta(days=1), dt.timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A week; ``last`` is its Sunday, or the day read if the week is not over.

    ``as_of`` is the day whose knowledge the brief shows: None while the week runs and the present
    is read. ``before`` is the end of the week before.
    """

    first: dt.date
    last: dt.date
    as_of: dt.date | None

    @property
    def before(self) -> dt.date:
        """Last day of the week before."""
        return self.first - DAY

    @property
    def sunday(self) -> dt.date:
        """Last day of the week, lived through or not."""
        return self.first + 6 * DAY

    @property
    def next_first(self) -> dt.date:
        """Monday of the week after."""
        return self.first + SEVEN

    @property
    def next_last(self) -> dt.date:
        """Sunday of the week after."""
        return self.first + 13 * DAY

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """First and last day that count as this week's."""
        return self.first, self.last

    @property
    def days_before(self) -> tuple[dt.date, dt.date]:
        """First and last day of the week before."""
        return self.first - SEVEN, self.before


def week_of(day: dt.date) -> dt.date:
    """Monday of the week of a day.

    >>> week_of(dt.date(2025, 3, 18))
    datetime.date(2025, 3, 17)
    """
    return day - dt.timedelta(days=day.weekday())


def week_at(monday: dt.date, today: dt.date, as_of: dt.date | None) -> Week | None:
    """The week that begins on ``monday`` as seen today or on a past day; None if it has not begun.

    >>> week_at(dt.date(2025, 3, 10), dt.date(2025, 3, 18), None).as_of
    datetime.date(2025, 3, 16)
    >>> week_at(dt.date(2025, 3, 17), dt.date(2025, 3, 18), None).last
    datetime.date(2025, 3, 18)
    """
    day = as_of or today
    if monday.weekday() or monday > day:
        return None
    last = min(monday + 6 * DAY, day)
    return Week(monday, last, None if last == today and as_of is None else last)
