"""Geometry of the wall."""

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.web.wall.drawing import Zoom, draw, shape_of, ticks, window
from tests.factories import TODAY

DAY = dt.timedelta(days=1)
PROJECT = SimpleNamespace(name="示例", subject=SimpleNamespace(public_id=UUID(int=7)))


@dataclass
class Node:
    name: str = "施工许可"
    due: dt.date | None = None
    finished: dt.date | None = None
    evidence_id: int | None = None


@pytest.mark.parametrize(
    ("node", "shape"),
    [
        (Node(finished=TODAY, evidence_id=1), "done"),
        (Node(finished=TODAY), "claimed"),
        (Node(due=TODAY - DAY), "late"),
        (Node(due=TODAY), "open"),
    ],
)
def test_shape_when_state_differs_then_shape_differs(node: Node, shape: str) -> None:
    assert shape_of(node, TODAY) == shape


@given(st.sampled_from(Zoom), st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_window_when_any_day_then_holds_it_and_places_rise(zoom: Zoom, day: dt.date) -> None:
    span = window(zoom, day)
    assert span.holds(day)
    assert 0 <= span.place(day) < 100
    assert window(zoom, span.after).first == span.after
    assert window(zoom, span.before).last == span.before
    places = [tick.x for tick in ticks(span)]
    assert places == sorted(set(places))
    assert places[0] == 0


def test_draw_when_nodes_lie_outside_then_counted_at_the_edges() -> None:
    nodes = [
        Node(finished=dt.date(2024, 12, 1)),
        Node(due=dt.date(2025, 3, 1)),
        Node(due=dt.date(2026, 1, 1)),
        Node(),
    ]
    drawing = draw([(PROJECT, nodes)], TODAY, Zoom.YEAR)
    (row,) = drawing.rows
    assert (row.earlier, len(row.marks), row.later, row.undated) == (1, 1, 1, 1)
    assert row.marks[0].words == "施工许可 应于 2025-03-01，逾期 17 天"
    late = row.late
    assert late is not None
    assert late.x == drawing.span.place(dt.date(2025, 3, 1))
    assert round(late.x + late.width, 2) == drawing.today_x


def test_draw_when_another_year_is_shown_then_no_today_line() -> None:
    drawing = draw([(PROJECT, [])], TODAY, Zoom.YEAR, dt.date(2026, 5, 1))
    assert (drawing.today_x, drawing.span.name) == (None, "2026年")


def test_draw_when_marks_overlap_then_late_one_is_drawn_last() -> None:
    nodes = [Node(due=TODAY - DAY), Node(finished=TODAY)]
    (row,) = draw([(PROJECT, nodes)], TODAY, Zoom.MONTH).rows
    assert [mark.shape for mark in row.marks] == ["claimed", "late"]
