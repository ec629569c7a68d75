"""What a resource is needed for week by week, as bars in one SVG; pure, and needs no script."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guatu.loop.plan.sharing import WEEK as DAYS
from guatu.loop.plan.sharing import Load, Week

HEIGHT = 64
HEAD = 16
"""Room above the highest bar for the line of what there is, and below for the months."""
FOOT = 18
WIDTH = 720
LEAST_WEEK = 7.0
A_MONTH = 4.35
"""Weeks a month has."""
LEAST_LABEL = 72.0


@dataclass(frozen=True)
class Bar:
    """One week: what fits, and above the line what is too much."""

    x: float
    width: float
    y: float
    height: float
    over_y: float
    over: float
    words: str


@dataclass(frozen=True)
class Mark:
    """The beginning of a month; ``text`` is empty where it would not fit."""

    x: float
    text: str


@dataclass(frozen=True)
class Chart:
    """All weeks of one resource; ``line`` runs at the height of what there is, stepping."""

    width: float
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    line: str
    words: str

    @property
    def height(self) -> int:
        """Whole height."""
        return HEAD + HEIGHT + FOOT

    @property
    def base(self) -> int:
        """Height of the ground the bars stand on."""
        return HEAD + HEIGHT

    @property
    def label_y(self) -> int:
        """Where the months are named."""
        return HEAD + HEIGHT + FOOT - 4


def chart_of(load: Load, capacity: int, name: str) -> Chart:
    """Draw the weeks; every bar stands on zero, on the scale of this resource."""
    weeks = load.weeks
    wide = max(WIDTH / max(len(weeks), 1), LEAST_WEEK)
    there = [number for _day, number in load.steps]
    top = max([capacity, *there, *(week.peak for week in weeks)])
    unit = HEIGHT / top
    bars = []
    for number, week in enumerate(weeks):
        if not week.peak:
            continue
        fits, over = (week.peak - week.over) * unit, week.over * unit
        bars.append(
            Bar(
                x=round(number * wide + 0.5, 2),
                width=round(wide - 1, 2),
                y=round(HEAD + HEIGHT - fits, 2),
                height=round(fits, 2),
                over_y=round(HEAD + HEIGHT - fits - over, 2),
                over=round(over, 2),
                words=f"{week.monday} 起一周，最多需要 {week.peak}"
                + (f"，超出 {week.over}" if week.over else ""),
            )
        )
    return Chart(
        width=round(wide * len(weeks), 2),
        bars=tuple(bars),
        marks=tuple(_marks(weeks, wide)),
        line=_line(load, wide, unit),
        words=f"{name}每周最多需要的数量，共有 {_range(there, capacity)}；{over_words(weeks)}",
    )


def _range(there: Sequence[int], capacity: int) -> str:
    """Write how many there are, from the fewest to the most."""
    least, most = min(there, default=capacity), max(there, default=capacity)
    return str(most) if least == most else f"{least}–{most}"


def _line(load: Load, wide: float, unit: float) -> str:
    """Path of what there is: level, and a step on each day it changes."""
    if not load.weeks:
        return ""
    monday = load.weeks[0].monday
    parts = []
    for place, (day, number) in enumerate(load.steps):
        y = round(HEAD + HEIGHT - number * unit, 2)
        x = round((day - monday).days * wide / DAYS, 2)
        parts.append(f"H{x} V{y}" if place else f"M0 {y}")
    return " ".join([*parts, f"H{round(wide * len(load.weeks), 2)}"])


def _marks(weeks: Sequence[Week], wide: float) -> Iterator[Mark]:
    """Name every month where they fit, else the quarters; the year where it is first named."""
    last: tuple[int, int] | None = None
    named, year = -LEAST_LABEL, 0
    step = 1 if wide * A_MONTH >= LEAST_LABEL else 3
    for number, week in enumerate(weeks):
        month = (week.monday.year, week.monday.month)
        if month == last:
            continue
        x = round(number * wide, 2)
        fits = (week.monday.month - 1) % step == 0 and x - named >= LEAST_LABEL
        text = ""
        if last is None or fits:
            text = f"{week.monday.month}月"
            text = text if year == week.monday.year else f"{week.monday.year}年{text}"
            named, year = x, week.monday.year
        last = month
        yield Mark(x, text)


def over_words(weeks: Sequence[Week]) -> str:
    """Say when it is too much: runs of weeks by their first and last Monday."""
    found = list(stretches(weeks))
    if not found:
        return "没有超出"
    shown = "、".join(
        f"{first} 起一周" if first == last else f"{first} 至 {last + dt.timedelta(days=6)}"
        for first, last in found[:3]
    )
    more = f"等 {len(found)} 段" if len(found) > 3 else ""  # noqa: PLR2004 -- as many as are shown
    return f"{sum(1 for week in weeks if week.over)} 周超出：{shown}{more}"


def stretches(weeks: Sequence[Week]) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield the first and last Monday of every run of weeks with too much."""
    begin = end = None
    for week in weeks:
        if week.over:
            begin, end = begin or week.monday, week.monday
        elif begin and end:
            yield begin, end
            begin = end = None
    if begin and end:
        yield begin, end
