"""The time axis: windows, ticks, stops that repeat."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.investment.queries.wall import Stop
from guatu.web.wall.axis import Zoom, seasons, ticks, window

DAY = dt.timedelta(days=1)
YEAR = window(Zoom.YEAR, dt.date(2025, 3, 18))


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


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 3000))
def test_cut_when_any_stretch_then_lies_within_the_axis(first: dt.date, days: int) -> None:
    last = first + days * DAY
    shown = YEAR.cut(first, last)
    assert (shown is None) == (last < YEAR.first or first > YEAR.last)
    if shown is not None:
        assert 0 <= shown.x <= shown.end <= 100


@pytest.mark.parametrize(
    ("stop", "found"),
    [
        (("06-01", "06-30"), [("2025-06-01", "2025-06-30")]),
        (("11-01", "03-31"), [("2024-11-01", "2025-03-31"), ("2025-11-01", "2026-03-31")]),
        (("02-01", "02-29"), [("2025-02-01", "2025-02-28")]),
    ],
)
def test_seasons_when_year_is_shown_then_each_as_it_falls(
    stop: tuple[str, str], found: list[tuple[str, str]]
) -> None:
    shown = seasons([Stop("室外", *stop, sure=False)], YEAR.first, YEAR.last)
    assert [(first.isoformat(), last.isoformat()) for _, first, last in shown] == found
