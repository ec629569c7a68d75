"""The legal clock beside a loop that walks from day to day as a clerk would."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.calendars import (
    Acceptance,
    CalendarSpec,
    ClockReading,
    Extension,
    LegalClock,
    Receipt,
    StopSegment,
    WorkCalendar,
    shipped_table,
)

FIRST = date(2026, 1, 1)
DAY = timedelta(days=1)
TABLE = shipped_table()
WORKS = WorkCalendar.over(CalendarSpec(), TABLE, FIRST.toordinal(), 3_000)
DAYS = st.dates(FIRST, date(2027, 6, 30))


def counts(clock: LegalClock, day: date) -> bool:
    return not clock.working or WORKS.is_working(day)


def still(clock: LegalClock, day: date, today: date) -> bool:
    return any(
        stop.first <= day <= (stop.last or today) and (stop.last or stop.first <= today)
        for stop in clock.stops
    )


def after(day: date, number: int) -> date:
    while number:
        day += DAY
        number -= WORKS.is_working(day)
    return day


def acceptance_by_hand(receipt: Receipt, today: date) -> Acceptance:
    last = after(receipt.received, receipt.within)
    if receipt.complete:
        return Acceptance(receipt.received, "complete", last)
    if receipt.noticed is None:
        if today <= last:
            return Acceptance(None, "checking", last)
        return Acceptance(receipt.received, "unnoticed", last)
    if receipt.noticed > last:
        return Acceptance(receipt.received, "noticed_late", last)
    if receipt.completed is None or receipt.completed > today:
        return Acceptance(None, "missing", last)
    return Acceptance(receipt.completed, "made_good", last)


def read_by_hand(clock: LegalClock, today: date) -> ClockReading:
    acceptance = acceptance_by_hand(clock.receipt, today)
    stopped = still(clock, today, today)
    day = acceptance.day
    if day is None:
        return ClockReading(acceptance, None, 0, 0, stopped)
    number = clock.days + (clock.extension.days if clock.extension else 0)
    while number:
        day += DAY
        number -= counts(clock, day) and not still(clock, day, today)
    left = over = 0
    walked = today
    while walked < day:
        walked += DAY
        left += counts(clock, walked) and not still(clock, walked, today)
    walked = day
    while walked < today:
        walked += DAY
        over += counts(clock, walked)
    return ClockReading(acceptance, day, left, over, stopped)


@st.composite
def clocks(draw: st.DrawFn) -> LegalClock:
    received = draw(DAYS)
    complete = draw(st.booleans())
    noticed = draw(st.none() | st.integers(0, 15).map(lambda n: received + n * DAY))
    completed = (
        draw(st.none() | st.integers(0, 30).map(lambda n: (noticed or received) + n * DAY))
        if noticed is not None
        else None
    )
    stops = draw(
        st.lists(
            st.tuples(st.integers(-5, 60), st.none() | st.integers(0, 40)).map(
                lambda pair: StopSegment(
                    received + pair[0] * DAY,
                    None if pair[1] is None else received + (pair[0] + pair[1]) * DAY,
                    "专家评审",
                )
            ),
            max_size=4,
        )
    )
    extension = draw(st.none() | st.integers(1, 15).map(lambda days: Extension(days, "示例理由")))
    return LegalClock(
        Receipt(received, complete, noticed, completed, draw(st.sampled_from([5, 5, 3]))),
        draw(st.integers(1, 45)),
        draw(st.booleans()),
        tuple(stops),
        extension,
    )


@given(clocks(), st.integers(0, 120))
def test_reading_when_any_clock_then_as_the_days_are_walked(clock: LegalClock, later: int) -> None:
    today = clock.receipt.received + later * DAY
    assert clock.read(TABLE, today) == read_by_hand(clock, today)


@given(clocks(), st.integers(0, 120))
def test_reading_when_stops_are_told_twice_then_counted_once(clock: LegalClock, later: int) -> None:
    today = clock.receipt.received + later * DAY
    again = LegalClock(
        clock.receipt, clock.days, clock.working, (*clock.stops, *clock.stops), clock.extension
    )
    assert again.read(TABLE, today) == clock.read(TABLE, today)


def test_lapse_when_the_calendar_has_too_few_days_then_refused() -> None:
    clock = LegalClock(Receipt(FIRST, complete=True), 20)
    never = CalendarSpec(stop=(((1, 1), (12, 31)),))
    with pytest.raises(ValueError, match="计算结果不在日历范围内"):
        clock.lapses(never, 1, TABLE, FIRST)


def test_clock_when_the_limit_is_no_day_then_refused() -> None:
    with pytest.raises(ValueError, match="至少一天"):
        LegalClock(Receipt(FIRST), 0)
