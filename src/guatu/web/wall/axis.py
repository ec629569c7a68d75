"""The time axis of the wall: the stretch shown, its ticks, the stops that repeat every year.

Pure; places are percent of the axis' width.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from guatu.investment.queries.wall import Stop

DAY = dt.timedelta(days=1)


class Zoom(StrEnum):
    """How much time one screen shows."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


ZOOM_NAMES = {Zoom.YEAR: "年", Zoom.QUARTER: "季", Zoom.MONTH: "月"}


@dataclass(frozen=True)
class Stretch:
    """A piece of the axis; ``y`` is its middle in percent of the row's height."""

    x: float
    width: float
    y: float = 50

    @property
    def end(self) -> float:
        """Right end."""
        return round(self.x + self.width, 2)


@dataclass(frozen=True)
class Window:
    """The stretch of time shown, both ends included."""

    zoom: Zoom
    first: dt.date
    last: dt.date

    @property
    def name(self) -> str:
        """The stretch in words."""
        if self.zoom is Zoom.YEAR:
            return f"{self.first.year}年"
        if self.zoom is Zoom.QUARTER:
            return f"{self.first.year}年第{(self.first.month + 2) // 3}季度"
        return f"{self.first.year}年{self.first.month}月"

    @property
    def before(self) -> dt.date:
        """A day of the stretch before."""
        return self.first - DAY

    @property
    def after(self) -> dt.date:
        """A day of the stretch after."""
        return self.last + DAY

    def place(self, day: dt.date) -> float:
        """Place of a day in percent of the width.

        >>> Window(Zoom.YEAR, dt.date(2025, 1, 1), dt.date(2025, 12, 31)).place(dt.date(2025, 1, 1))
        0.0
        """
        return round((day - self.first).days / ((self.last - self.first).days + 1) * 100, 2)

    def holds(self, day: dt.date) -> bool:
        """Tell whether a day is shown."""
        return self.first <= day <= self.last

    def cut(self, first: dt.date, last: dt.date, y: float = 50) -> Stretch | None:
        """What is shown of the days from ``first`` to ``last``, None when nothing is."""
        if first > last or last < self.first or first > self.last:
            return None
        left, right = max(first, self.first), min(last, self.after)
        return Stretch(self.place(left), round(self.place(right) - self.place(left), 2), y)


def window(zoom: Zoom, day: dt.date) -> Window:
    """Return the year, quarter or month that holds a day.

    >>> window(Zoom.QUARTER, dt.date(2025, 3, 18)).last
    datetime.date(2025, 3, 31)
    """
    if zoom is Zoom.YEAR:
        return Window(zoom, dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))
    months = 3 if zoom is Zoom.QUARTER else 1
    start = (day.month - 1) // months * months + 1
    end = start + months - 1
    last = calendar.monthrange(day.year, end)[1]
    return Window(zoom, dt.date(day.year, start, 1), dt.date(day.year, end, last))


@dataclass(frozen=True)
class Tick:
    """A line of the axis with its label; ``middle`` is where the label stands."""

    x: float
    middle: float
    label: str

    @property
    def short(self) -> str:
        """Label where space is dear: a month by its number, the first in full."""
        return self.label if self.x == 0 else self.label.removesuffix("月")


def ticks(span: Window) -> list[Tick]:
    """Months of a year or quarter; Mondays of a month, by their dates."""
    if span.zoom is Zoom.MONTH:
        starts = [span.first + DAY * n for n in range((span.last - span.first).days + 1)]
        starts = [day for day in starts if day.weekday() == 0 or day == span.first]
        labels = [f"{day.month}.{day.day}" for day in starts]
    else:
        months = range(span.first.month, span.last.month + 1)
        starts = [dt.date(span.first.year, month, 1) for month in months]
        labels = [f"{day.month}月" for day in starts]
    ends = [*(span.place(day) for day in starts[1:]), 100.0]
    return [
        Tick(span.place(day), round((span.place(day) + end) / 2, 2), label)
        for day, end, label in zip(starts, ends, labels, strict=True)
    ]


def seasons(
    stops: Iterable[Stop], first: dt.date, last: dt.date
) -> Iterator[tuple[Stop, dt.date, dt.date]]:
    """Each stop as it falls between two days: first and last day, winters across the new year.

    >>> winter = Stop("室外施工", "11-01", "03-31", sure=False)
    >>> [(a.isoformat(), b.isoformat()) for _, a, b in seasons(
    ...     [winter], dt.date(2025, 1, 1), dt.date(2025, 12, 31))]
    [('2024-11-01', '2025-03-31'), ('2025-11-01', '2026-03-31')]
    """
    for stop in stops:
        for year in range(first.year - 1, last.year + 1):
            begin = _in_year(stop.first, year)
            end = _in_year(stop.last, year + (stop.last < stop.first))
            if begin <= last and end >= first:
                yield stop, begin, end


def _in_year(month_day: str, year: int) -> dt.date:
    """Day of a year; 02-29 is the last of February where there is none."""
    month, day = (int(part) for part in month_day.split("-"))
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))
