"""Geometry of the wall: bars and marks on a time axis, all places in percent of its width.

Pure: rows and dates in, places and words out; the templates write them as SVG, so the same drawing
serves screen, print and a browser without scripts.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from guatu.investment.queries.wall import Stop, WallRow
from guatu.web.format import days_left
from guatu.web.projects.faces import project_url
from guatu.web.wall.axis import DAY, Stretch, Tick, Window, Zoom, seasons, ticks, window
from guatu.web.wall.bars import Bar, bars_of


@dataclass(frozen=True)
class Mark:
    """A node on the axis; ``shape`` alone tells its state, colour only repeats it."""

    x: float
    y: float
    shape: str
    words: str


@dataclass(frozen=True)
class Piece:
    """A bar as drawn; one that was planned is thick, one that only fills the time is thin."""

    place: Stretch
    shape: str
    planned: bool


@dataclass(frozen=True)
class DrawnRow:
    """One project drawn: bars, ghosts, floats, marks, lateness to today, and what lies outside."""

    project: Any
    href: str
    lanes: int
    marks: tuple[Mark, ...]
    pieces: tuple[Piece, ...]
    ghosts: tuple[Stretch, ...]
    tails: tuple[Stretch, ...]
    late: Stretch | None
    earlier: int
    later: int
    undated: int
    summary: str


@dataclass(frozen=True)
class Band:
    """A stop that repeats, as far as it is shown."""

    place: Stretch
    name: str
    sure: bool


@dataclass(frozen=True)
class Drawing:
    """The wall: window, ticks, stops, today's place (None when not shown), rows."""

    span: Window
    ticks: list[Tick]
    bands: list[Band]
    today: dt.date
    today_x: float | None
    rows: list[DrawnRow]


def draw(
    rows: Sequence[WallRow],
    today: dt.date,
    zoom: Zoom,
    at: dt.date | None = None,
    stops: Iterable[Stop] = (),
) -> Drawing:
    """Draw projects with their nodes in the stretch that holds ``at`` (today unless told)."""
    span = window(zoom, at or today)
    place = span.place(today) if span.holds(today) else None
    bands = [
        Band(shown, stop.name, stop.sure)
        for stop, first, last in seasons(stops, span.first, span.last)
        if (shown := span.cut(first, last + DAY))
    ]
    drawn = [_row(row, span, today) for row in rows]
    return Drawing(span, ticks(span), bands, today, place, drawn)


def words(bar: Bar, today: dt.date) -> str:
    """A node in one line, for titles and for who cannot see the drawing."""
    if bar.finished is not None:
        tail = "，未附佐证" if bar.shape == "claimed" else ""
        return f"{bar.name} {bar.finished} 完成{tail}"
    if bar.due is None:
        return f"{bar.name} 测算于 {bar.last} 完成"
    return f"{bar.name} 应于 {bar.due}，{days_left((bar.due - today).days)}"


def _row(row: WallRow, span: Window, today: dt.date) -> DrawnRow:
    bars = bars_of(row, today)
    lanes = 1 + max((bar.lane for bar in bars), default=0)
    marks = [
        Mark(span.place(bar.day), _middle(bar, lanes), bar.shape, words(bar, today))
        for bar in bars
        if span.holds(bar.day)
    ]
    return DrawnRow(
        project=row.project,
        href=project_url(row.project),
        lanes=lanes,
        # What is late is drawn last, so that no other mark covers it.
        marks=tuple(sorted(marks, key=lambda mark: mark.shape == "late")),
        pieces=_pieces(bars, lanes, span),
        ghosts=_ghosts(bars, lanes, span),
        tails=_tails(bars, lanes, span),
        late=_late(span, bars, today),
        earlier=sum(bar.day < span.first for bar in bars),
        later=sum(bar.day > span.last for bar in bars),
        undated=len(row.nodes) - len(bars),
        summary="；".join(mark.words for mark in marks) or "本时段没有已定日期的节点",
    )


def _middle(bar: Bar, lanes: int) -> float:
    """Middle of the bar's lane in percent of the row's height."""
    return round((bar.lane + 0.5) / lanes * 100, 1)


def _pieces(bars: Sequence[Bar], lanes: int, span: Window) -> tuple[Piece, ...]:
    return tuple(
        Piece(place, bar.shape, bar.planned)
        for bar in bars
        if bar.first and (place := span.cut(bar.first, bar.last, _middle(bar, lanes)))
    )


def _ghosts(bars: Sequence[Bar], lanes: int, span: Window) -> tuple[Stretch, ...]:
    found = (span.cut(*bar.ghost, _middle(bar, lanes)) for bar in bars if bar.ghost)
    return tuple(filter(None, found))


def _tails(bars: Sequence[Bar], lanes: int, span: Window) -> tuple[Stretch, ...]:
    """Float: from the computed finish to the last day that breaks nothing."""
    found = (span.cut(bar.last, bar.latest, _middle(bar, lanes)) for bar in bars if bar.latest)
    return tuple(filter(None, found))


def _late(span: Window, bars: Sequence[Bar], today: dt.date) -> Stretch | None:
    """Line from the earliest missed day to today, cut to the window."""
    missed = [bar.due for bar in bars if bar.shape == "late" and bar.due]
    return span.cut(min(missed), today) if missed else None
