"""Geometry of the wall."""

import datetime as dt

from guatu.investment.queries.wall import Stop
from guatu.loop.plan.timing_rows import TimingRow
from guatu.web.wall.axis import Zoom
from guatu.web.wall.drawing import draw
from tests.factories import TODAY
from tests.web.wall.rows import day, row, step

DAY = dt.timedelta(days=1)


def test_draw_when_nodes_lie_outside_then_counted_at_the_edges() -> None:
    nodes = [
        step("a", finished=day(12, 1, 2024)),
        step("b", due=day(3, 1)),
        step("c", due=day(1, 1, 2026)),
        step("d"),
    ]
    drawing = draw([row(*nodes)], TODAY, Zoom.YEAR)
    (drawn,) = drawing.rows
    assert (drawn.earlier, len(drawn.marks), drawn.later, drawn.undated) == (1, 1, 1, 1)
    assert drawn.marks[0].words == "施工许可 应于 2025-03-01，逾期 17 天"
    assert drawn.late is not None
    assert drawn.late.x == drawing.span.place(day(3, 1))
    assert drawn.late.end == drawing.today_x


def test_draw_when_another_year_is_shown_then_no_today_line() -> None:
    drawing = draw([row()], TODAY, Zoom.YEAR, day(5, 1, 2026))
    assert (drawing.today_x, drawing.span.name) == (None, "2026年")


def test_draw_when_marks_overlap_then_late_one_is_drawn_last() -> None:
    nodes = [step("a", due=TODAY - DAY), step("b", finished=TODAY)]
    (drawn,) = draw([row(*nodes)], TODAY, Zoom.MONTH).rows
    assert [mark.shape for mark in drawn.marks] == ["claimed", "late"]


def test_draw_when_nothing_but_due_is_known_then_thin_bars_between_nodes() -> None:
    nodes = [step("a", due=day(4, 1)), step("b", due=day(6, 1))]
    drawing = draw([row(*nodes)], TODAY, Zoom.YEAR)
    (drawn,) = drawing.rows
    (piece,) = drawn.pieces
    assert (piece.planned, piece.place.x) == (False, drawing.span.place(day(4, 2)))
    assert piece.place.end == drawing.span.place(day(6, 1))


def test_draw_when_two_planned_bars_overlap_then_marks_stand_on_two_lanes() -> None:
    nodes = [
        step("a", start=day(4, 1), due=day(6, 1)),
        step("b", start=day(5, 1), due=day(7, 1)),
    ]
    (drawn,) = draw([row(*nodes)], TODAY, Zoom.YEAR).rows
    assert (drawn.lanes, [mark.y for mark in drawn.marks]) == (2, [25.0, 75.0])


def test_draw_when_plan_was_computed_then_float_and_first_promise_are_drawn() -> None:
    node = step("a", due=day(6, 1), baseline=day(5, 1))
    timing = {
        "a": TimingRow(
            dt.date(2025, 4, 1),
            dt.date(2025, 5, 20),
            late_finish=dt.date(2025, 6, 10),
        )
    }
    drawing = draw([row(node, timing=timing)], TODAY, Zoom.YEAR)
    place = drawing.span.place
    (drawn,) = drawing.rows
    assert [(t.x, t.end) for t in drawn.tails] == [(place(day(5, 20)), place(day(6, 10)))]
    assert [ghost.end for ghost in drawn.ghosts] == [place(day(5, 1))]


def test_draw_when_there_is_a_winter_stop_then_its_bands_are_shown() -> None:
    winter = Stop("室外施工", "11-01", "03-31", sure=False)
    drawing = draw([], TODAY, Zoom.YEAR, stops=[winter])
    assert [(band.place.x, band.place.end) for band in drawing.bands] == [
        (0.0, drawing.span.place(day(4, 1))),
        (drawing.span.place(day(11, 1)), 100.0),
    ]
