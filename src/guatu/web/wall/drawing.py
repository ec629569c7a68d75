"""Geometry of the wall: nodes as marks on a time axis, all places in percent of its width.

Pure: rows and dates in, places and words out; the templates write them as SVG, so the same drawing
serves screen, print and a browser without scripts.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from guatu.web.format import days_left
from guatu.web.projects.faces import project_url

DAY = dt.timedelta(days=1)


class Zoom(StrEnum):
    """How much time one screen shows."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


ZOOM_NAMES = {Zoom.YEAR: "年", Zoom.QUARTER: "季", Zoom.MONTH: "月"}


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


@dataclass(frozen=True)
class Mark:
    """A node on the axis; ``shape`` alone tells its state, colour only repeats it."""

    x: float
    shape: str
    words: str


@dataclass(frozen=True)
class Stretch:
    """A piece of line between two days."""

    x: float
    width: float


@dataclass(frozen=True)
class DrawnRow:
    """One project drawn: marks, the lateness up to today, and what lies outside."""

    project: Any
    href: str
    marks: tuple[Mark, ...]
    span: Stretch | None
    late: Stretch | None
    earlier: int
    later: int
    undated: int
    summary: str


@dataclass(frozen=True)
class Drawing:
    """The wall: window, ticks, today's place (None when not shown), rows."""

    span: Window
    ticks: list[Tick]
    today: dt.date
    today_x: float | None
    rows: list[DrawnRow]


SHAPES = {"done": "已完成", "claimed": "已报完成、未附佐证", "late": "逾期", "open": "未到期"}


def draw(
    rows: Sequence[tuple[Any, Sequence[Any]]],
    today: dt.date,
    zoom: Zoom,
    at: dt.date | None = None,
) -> Drawing:
    """Draw projects with their nodes in the stretch that holds ``at`` (today unless told)."""
    span = window(zoom, at or today)
    place = span.place(today) if span.holds(today) else None
    drawn = [_row(project, nodes, span, today) for project, nodes in rows]
    return Drawing(span, ticks(span), today, place, drawn)


def shape_of(node: Any, today: dt.date) -> str:  # noqa: ANN401 -- an activity or a past state
    """Name the shape of a node: done, claimed, late or open."""
    if node.finished is not None:
        return "done" if node.evidence_id is not None else "claimed"
    return "late" if node.due is not None and node.due < today else "open"


def _row(project: Any, nodes: Sequence[Any], span: Window, today: dt.date) -> DrawnRow:  # noqa: ANN401 -- as above
    dated = [(node.finished or node.due, node) for node in nodes if node.finished or node.due]
    shown = [(day, node) for day, node in dated if span.holds(day)]
    marks = [
        Mark(span.place(day), shape_of(node, today), _words(node, today)) for day, node in shown
    ]
    undated = sum(node.due is None and node.finished is None for node in nodes)
    return DrawnRow(
        project=project,
        href=project_url(project),
        # What is late is drawn last, so that no other mark covers it.
        marks=tuple(sorted(marks, key=lambda mark: mark.shape == "late")),
        span=_stretch(span, [day for day, _ in dated]),
        late=_late(span, nodes, today),
        earlier=sum(day < span.first for day, _ in dated),
        later=sum(day > span.last for day, _ in dated),
        undated=undated,
        summary="；".join(mark.words for mark in marks) or "本时段没有已定日期的节点",
    )


def _stretch(span: Window, days: Sequence[dt.date]) -> Stretch | None:
    """Line from the first to the last dated node, cut to the window."""
    if not days or max(days) < span.first or min(days) > span.last:
        return None
    first, last = max(min(days), span.first), min(max(days), span.last)
    return Stretch(span.place(first), round(span.place(last) - span.place(first), 2))


def _late(span: Window, nodes: Sequence[Any], today: dt.date) -> Stretch | None:
    """Line from the earliest missed day to today, cut to the window."""
    missed = [n.due for n in nodes if n.finished is None and n.due is not None and n.due < today]
    if not missed or min(missed) > span.last or today < span.first:
        return None
    first, last = max(min(missed), span.first), min(today, span.last)
    return Stretch(span.place(first), round(span.place(last) - span.place(first), 2))


def _words(node: Any, today: dt.date) -> str:  # noqa: ANN401 -- an activity or a past state
    shape = shape_of(node, today)
    if node.finished is not None:
        tail = "，未附佐证" if shape == "claimed" else ""
        return f"{node.name} {node.finished} 完成{tail}"
    return f"{node.name} 应于 {node.due}，{days_left((node.due - today).days)}"
