"""Time limits under 行政许可法."""

from datetime import date

import pytest

from guatu.engines.calendars import (
    CalendarSpec,
    Extension,
    Receipt,
    StopSegment,
    WorkCalendar,
    legal_deadline,
    shipped_table,
)

OFFICE = WorkCalendar.over(CalendarSpec(), shipped_table(), date(2026, 1, 1).toordinal(), 700)
ACCEPTED = date(2026, 3, 2)


def test_deadline_when_nothing_stops_then_working_days_after_acceptance() -> None:
    assert legal_deadline(OFFICE, ACCEPTED, 20) == date(2026, 3, 30)


def test_deadline_when_the_holiday_has_made_up_days_then_they_count() -> None:
    assert legal_deadline(OFFICE, date(2026, 9, 18), 3) == date(2026, 9, 22)


def test_deadline_when_stops_overlap_then_shared_days_are_left_out_once() -> None:
    stops = [
        StopSegment(date(2026, 3, 4), date(2026, 3, 10), "听证"),
        StopSegment(date(2026, 3, 9), date(2026, 3, 12), "专家评审"),
    ]
    assert legal_deadline(OFFICE, ACCEPTED, 5, stops) == date(2026, 3, 18)
    assert legal_deadline(OFFICE, ACCEPTED, 5) == date(2026, 3, 9)


def test_deadline_when_extended_then_the_days_are_added() -> None:
    extension = Extension(10, "经负责人批准")
    assert legal_deadline(OFFICE, ACCEPTED, 20, extension=extension) == date(2026, 4, 14)


def test_deadline_when_the_calendar_is_too_short_then_refused() -> None:
    with pytest.raises(ValueError, match="计算结果不在日历范围内"):
        legal_deadline(OFFICE, ACCEPTED, 2_000)


@pytest.mark.parametrize(
    ("receipt", "today", "accepted"),
    [
        (Receipt(ACCEPTED, complete=True), ACCEPTED, ACCEPTED),
        (Receipt(ACCEPTED), date(2026, 3, 9), None),
        (Receipt(ACCEPTED), date(2026, 3, 10), ACCEPTED),
        (Receipt(ACCEPTED, noticed=date(2026, 3, 9)), date(2026, 3, 20), None),
        (
            Receipt(ACCEPTED, noticed=date(2026, 3, 9), completed=date(2026, 3, 18)),
            date(2026, 3, 20),
            date(2026, 3, 18),
        ),
        (
            Receipt(ACCEPTED, noticed=date(2026, 3, 10), completed=date(2026, 3, 18)),
            date(2026, 3, 20),
            ACCEPTED,
        ),
    ],
)
def test_acceptance_when_papers_came_in_then_the_day_the_law_gives(
    receipt: Receipt, today: date, accepted: date | None
) -> None:
    assert receipt.accepted(OFFICE, today) == accepted
