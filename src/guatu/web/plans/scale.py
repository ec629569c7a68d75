"""The time axis of a plan's drawing: days to places, ticks, and the weeks a calendar is stopped."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

DAY = dt.timedelta(days=1)
WIDEST = 24_000
"""Most units a drawing is wide; a plan of many years is drawn coarser."""


class Zoom(StrEnum):
    """How much of the plan one screen shows."""

    WHOLE = "whole"
    MONTH = "month"
    DAY = "day"


ZOOM_NAMES = {Zoom.WHOLE: "全程", Zoom.MONTH: "按月", Zoom.DAY: "按日"}
PER_DAY = {Zoom.MONTH: 4.0, Zoom.DAY: 18.0}
MonthDay = tuple[int, int]
Window = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Scale:
    """The stretch of time drawn, both ends included, and how many units a day takes."""

    first: dt.date
    last: dt.date
    per_day: float

    @property
    def width(self) -> float:
        """Whole width in units."""
        return self.end(self.last)

    def start(self, day: dt.date) -> float:
        """Place where a day begins.

        >>> Scale(dt.date(2026, 1, 1), dt.date(2026, 12, 31), 2.0).start(dt.date(2026, 1, 11))
        20.0
        """
        return round((day - self.first).days * self.per_day, 2)

    def end(self, day: dt.date) -> float:
        """Place where a day ends."""
        return self.start(day + DAY)

    def holds(self, day: dt.date) -> bool:
        """Tell whether a day is drawn."""
        return self.first <= day <= self.last

    def cut(self, window: Window) -> Window | None:
        """Return the part of a window that is drawn."""
        first, last = max(window[0], self.first), min(window[1], self.last)
        return (first, last) if first <= last else None


def scale_of(days: Sequence[dt.date], zoom: Zoom, width: int) -> Scale:
    """Whole months around ``days``; the whole plan is fitted to ``width`` units.

    ``days`` must not be empty.
    """
    first, last = min(days).replace(day=1), max(days)
    last = _month_after(last) - DAY
    count = (last - first).days + 1
    per_day = width / count if zoom is Zoom.WHOLE else max(PER_DAY[zoom], width / count)
    return Scale(first, last, min(per_day, WIDEST / count))


def _month_after(day: dt.date) -> dt.date:
    return (day.replace(day=1) + 32 * DAY).replace(day=1)


@dataclass(frozen=True)
class Tick:
    """A line of the axis with its label; a strong one begins a year or a month."""

    x: float
    middle: float
    label: str
    strong: bool


LEAST_LABEL, LEAST_YEAR = 32.0, 48.0
"""Units the label of a month needs, and that of a year."""


def ticks(scale: Scale) -> list[Tick]:
    """Months, or quarters where months would not fit; Mondays where days are wide."""
    month = 30 * scale.per_day
    if scale.per_day >= PER_DAY[Zoom.DAY] / 2:
        return _ticked(scale, list(_mondays(scale)), lambda day: f"{day.month}.{day.day}")
    step = next(step for step in (1, 3, 6, 12) if step == 12 or month * step >= LEAST_LABEL)  # noqa: PLR2004 -- months of a year
    starts = [day for day in _months(scale) if (day.month - 1) % step == 0 or day == scale.first]
    return _ticked(scale, starts, lambda day: f"{day.month}月")


def years(scale: Scale) -> list[Tick]:
    """Years above the months."""
    starts = [day for day in _months(scale) if day.month == 1 or day == scale.first]
    return _ticked(scale, starts, lambda day: f"{day.year}年", LEAST_YEAR)


def _ticked(
    scale: Scale,
    starts: Sequence[dt.date],
    label: Callable[[dt.date], str],
    least: float = LEAST_LABEL,
) -> list[Tick]:
    ends = [*(scale.start(day) for day in starts[1:]), scale.width]
    found = []
    for day, end in zip(starts, ends, strict=True):
        x = scale.start(day)
        text = label(day) if end - x >= least else ""
        strong = day.day == 1 and day.month == 1
        found.append(Tick(x, round((x + end) / 2, 2), text, strong))
    return found


def _months(scale: Scale) -> Iterator[dt.date]:
    day = scale.first
    while day <= scale.last:
        yield day
        day = _month_after(day)


def _mondays(scale: Scale) -> Iterator[dt.date]:
    yield scale.first
    day = scale.first + (7 - scale.first.weekday()) * DAY
    while day <= scale.last:
        yield day
        day += 7 * DAY


def stops_between(
    stops: Iterable[tuple[MonthDay, MonthDay]], first: dt.date, last: dt.date
) -> list[Window]:
    """Return the windows of a seasonal stop that touch first…last, in order, cut to it.

    >>> stops_between([((11, 1), (3, 31))], dt.date(2026, 3, 1), dt.date(2026, 11, 2))
    [(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31)), \
(datetime.date(2026, 11, 1), datetime.date(2026, 11, 2))]
    """
    found = []
    for begin, end in stops:
        for year in range(first.year - 1, last.year + 1):
            opens = _day(year, begin)
            closes = _day(year + (end < begin), end)
            cut = max(opens, first), min(closes, last)
            if cut[0] <= cut[1]:
                found.append(cut)
    return sorted(found)


def _day(year: int, place: MonthDay) -> dt.date:
    """Day of a year; 29 February is the last of the month where there is none."""
    month, day = place
    try:
        return dt.date(year, month, day)
    except ValueError:
        return dt.date(year, month, 28)


def without(window: Window, stops: Sequence[Window]) -> list[Window]:
    """Return the parts of a window outside the stops, which are in order.

    >>> april = (dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    >>> without(april, [(dt.date(2026, 4, 10), dt.date(2026, 4, 30))])
    [(datetime.date(2026, 4, 1), datetime.date(2026, 4, 9))]
    """
    found, start = [], window[0]
    for opens, closes in stops:
        if opens > start:
            found.append((start, min(opens - DAY, window[1])))
        start = max(start, closes + DAY)
    if start <= window[1]:
        found.append((start, window[1]))
    return found
