"""Bars of a project: from what, until when, on which lane, tied to which."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.investment.queries.wall import WallStep
from guatu.loop.plan.timing_rows import TimingRow
from guatu.web.wall.bars import MOST_LANES, bars_of, shape_of, ties_of
from tests.factories import TODAY
from tests.web.wall.rows import day, row, step

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("node", "shape"),
    [
        (step(finished=TODAY, evidence_id=1), "done"),
        (step(finished=TODAY), "claimed"),
        (step(due=TODAY - DAY), "late"),
        (step(due=TODAY), "open"),
    ],
)
def test_shape_when_state_differs_then_shape_differs(node: WallStep, shape: str) -> None:
    assert shape_of(node, TODAY) == shape


def test_bars_when_dates_are_unknown_then_no_bar_is_made_up() -> None:
    assert bars_of(row(step("a"), step("b", start=day(3, 1))), TODAY) == ()


def test_bars_when_only_one_date_is_known_then_a_mark_without_a_start() -> None:
    (bar,) = bars_of(row(step("a", due=day(5, 1))), TODAY)
    assert (bar.first, bar.last, bar.planned) == (None, day(5, 1), False)


def test_bars_when_computed_then_the_own_time_or_the_work_right_before() -> None:
    steps = [
        step("site", due=day(4, 1)),
        step("survey", kind="work"),
        step("design", kind="work"),
        step("review", due=day(8, 31)),
        step("permit", due=day(9, 30)),
    ]
    timing = {
        "survey": TimingRow(dt.date(2025, 4, 10), dt.date(2025, 4, 30)),
        "design": TimingRow(dt.date(2025, 5, 1), dt.date(2025, 7, 31)),
        "review": TimingRow(
            dt.date(2025, 8, 1),
            dt.date(2025, 8, 1),
            late_finish=dt.date(2025, 8, 20),
        ),
        "permit": TimingRow(dt.date(2025, 8, 4), dt.date(2025, 8, 29), critical=True),
    }
    links = [("site", "survey"), ("survey", "design"), ("design", "review"), ("review", "permit")]
    laid = row(*steps, timing=timing, links=links)
    bars = bars_of(laid, TODAY)
    _, review, permit = bars
    assert (review.first, review.last, review.day) == (day(5, 1), day(8, 1), day(8, 31))
    assert (review.planned, review.critical, review.latest) == (True, False, day(8, 20))
    assert (permit.first, permit.last, permit.critical) == (day(8, 4), day(8, 29), True)
    assert ties_of(laid, bars) == [(0, 1), (1, 2)]


def test_bars_when_finished_then_actual_days_win_over_computed_ones() -> None:
    node = step("a", started=day(1, 5), finished=day(2, 5), due=day(3, 1))
    timing = {
        "a": TimingRow(
            dt.date(2025, 1, 20),
            dt.date(2025, 3, 3),
            late_finish=dt.date(2025, 4, 1),
            critical=True,
        )
    }
    (bar,) = bars_of(row(node, timing=timing), TODAY)
    assert (bar.first, bar.last, bar.latest, bar.critical) == (day(1, 5), day(2, 5), None, False)


def test_ghost_when_promise_was_moved_then_as_long_as_the_bar_where_it_was() -> None:
    (moved,) = bars_of(row(step("a", start=day(4, 1), due=day(6, 1), baseline=day(5, 1))), TODAY)
    (kept,) = bars_of(row(step("a", start=day(4, 1), due=day(6, 1), baseline=day(6, 1))), TODAY)
    assert (moved.ghost, kept.ghost) == ((day(3, 1), day(5, 1)), None)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=12))
def test_lanes_when_any_bars_then_none_overlap_while_lanes_are_left(
    spans: list[tuple[int, int]],
) -> None:
    nodes = [
        step(f"n{place}", start=TODAY + begin * DAY, due=TODAY + (begin + length) * DAY)
        for place, (begin, length) in enumerate(spans)
    ]
    bars = bars_of(row(*nodes), TODAY)
    assert all(0 <= bar.lane < MOST_LANES for bar in bars)
    days = [TODAY + n * DAY for n in range(361)]
    busiest = max(sum(_covers(bar, one) for bar in bars) for one in days) if bars else 0
    if busiest <= MOST_LANES:
        for lane in range(MOST_LANES):
            held = [bar for bar in bars if bar.lane == lane]
            assert all(sum(_covers(bar, one) for bar in held) <= 1 for one in days)


def _covers(bar: object, one: dt.date) -> bool:
    return bar.first <= one <= bar.last  # type: ignore[attr-defined]  # planned bars have both


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_ties_when_links_run_in_any_way_then_walk_ends_and_skips_work(
    links: set[tuple[int, int]],
) -> None:
    steps = [step(f"s{n}", kind="work" if n % 2 else "", due=TODAY + n * DAY) for n in range(8)]
    laid = row(*steps, links=[(f"s{a}", f"s{b}") for a, b in links])
    bars = bars_of(laid, TODAY)
    found = {(bars[a].key, bars[b].key) for a, b in ties_of(laid, bars)}
    direct = {(f"s{a}", f"s{b}") for a, b in links if a != b and a % 2 == b % 2 == 0}
    assert direct <= found
    assert all(a in {bar.key for bar in bars} and a != b for a, b in found)
