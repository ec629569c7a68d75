"""A calendar of working days: base, seasonal stops, exceptions; forward and mirrored counting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from guatu.engines.calendars.day_table import DayTable

Base = Literal["china", "every-day"]
MonthDay = tuple[int, int]
Days = NDArray[np.bool_]
Counts = NDArray[np.int64]

LEAP_YEAR = 2000


@dataclass(frozen=True)
class CalendarSpec:
    """How a calendar works: ``work`` beats ``off`` beats ``stop`` beats ``base``.

    ``stop`` holds windows (month, day)–(month, day), both inclusive, that repeat every year and
    may wrap its end; ``off`` and ``work`` are single days as ordinals, and on ``lifted`` days no
    stop holds, so that the base alone decides.
    Raises ValueError for a month-day that no year has.
    """

    base: Base = "china"
    stop: tuple[tuple[MonthDay, MonthDay], ...] = ()
    off: frozenset[int] = frozenset()
    work: frozenset[int] = frozenset()
    lifted: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for window in self.stop:
            for month, day in window:
                date(LEAP_YEAR, month, day)


@dataclass(frozen=True)
class WorkCalendar:
    """The days of one calendar over a horizon of ``count`` days from ordinal ``first``."""

    spec: CalendarSpec
    first: int
    works: Days
    stopped: Days

    @classmethod
    def over(cls, spec: CalendarSpec, table: DayTable, first: int, count: int) -> "WorkCalendar":
        """Lay the rule out day by day.

        ``stopped`` marks days closed by a stop alone: an unsplittable activity may not run
        across them, while it runs over days that are merely off.
        """
        every_day = spec.base == "every-day"
        works = np.ones(count, np.bool_) if every_day else table.working(first, count)
        stopped = in_windows(spec, first, count)
        for days in (spec.off, spec.work, spec.lifted):
            places = np.array(sorted(days), dtype=np.int64) - first
            stopped[places[(places >= 0) & (places < count)]] = False
        works &= ~stopped
        for days, value in ((spec.off, False), (spec.work, True)):
            places = np.array(sorted(days), dtype=np.int64) - first
            works[places[(places >= 0) & (places < count)]] = value
        return cls(spec, first, works, stopped)

    @cached_property
    def before(self) -> Counts:
        """Working days before each day; one entry more than days."""
        return np.concatenate(([0], np.cumsum(self.works, dtype=np.int64)))

    @cached_property
    def days(self) -> Counts:
        """Offsets of the working days from ``first``, in order."""
        return np.flatnonzero(self.works)

    def is_working(self, day: date) -> bool:
        """Tell whether the calendar works on the day."""
        return bool(self.works[self._offset(day)])

    def count(self, after: date, until: date) -> int:
        """Count working days d with after < d ≤ until."""
        return int(self.before[self._offset(until) + 1] - self.before[self._offset(after) + 1])

    def on_or_after(self, day: date) -> date:
        """Return the first working day not before ``day``."""
        return self._day(int(self.before[self._offset(day)]))

    def on_or_before(self, day: date) -> date:
        """Return the last working day not after ``day``."""
        return self._day(int(self.before[self._offset(day) + 1]) - 1)

    def after(self, day: date, number: int) -> date:
        """Return the ``number``-th working day after ``day``; before it when negative.

        0 is the day itself, working or not.
        """
        if number > 0:
            return self._day(int(self.before[self._offset(day) + 1]) + number - 1)
        return self._day(int(self.before[self._offset(day)]) + number) if number else day

    def finish(self, start: date, duration: int) -> date:
        """Return the last of ``duration`` working days of which ``start`` may be the first."""
        return self._day(int(self.before[self._offset(start)]) + max(duration, 1) - 1)

    def start(self, finish: date, duration: int) -> date:
        """Return the first of ``duration`` working days that end by ``finish``: the mirror."""
        return self._day(int(self.before[self._offset(finish) + 1]) - max(duration, 1))

    def _offset(self, day: date) -> int:
        offset = day.toordinal() - self.first
        if not 0 <= offset < len(self.works):
            raise ValueError(f"{day}不在日历范围内。")
        return offset

    def _day(self, index: int) -> date:
        if not 0 <= index < len(self.days):
            raise ValueError("计算结果不在日历范围内。")
        return date.fromordinal(self.first + int(self.days[index]))


def every_weeks(first: date, weeks: int, until: date) -> Iterator[date]:
    """Yield the meeting days of a body that sits every ``weeks`` weeks from ``first``.

    >>> [str(day) for day in every_weeks(date(2026, 3, 5), 2, date(2026, 4, 2))]
    ['2026-03-05', '2026-03-19', '2026-04-02']
    """
    day = first
    while day <= until:
        yield day
        day += timedelta(weeks=weeks)


def in_windows(spec: CalendarSpec, first: int, count: int) -> Days:
    """Mark the days whose month and day fall into one of the stops."""
    inside = np.zeros(count, dtype=np.bool_)
    if not spec.stop:
        return inside
    epoch = date(1970, 1, 1).toordinal()
    days = (np.arange(count) + (first - epoch)).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    code = (months.astype(np.int64) % 12 + 1) * 100 + (days - months).astype(np.int64) + 1
    for (from_month, from_day), (to_month, to_day) in spec.stop:
        start, end = from_month * 100 + from_day, to_month * 100 + to_day
        if start <= end:
            inside |= (code >= start) & (code <= end)
        else:
            inside |= (code >= start) | (code <= end)
    return inside
