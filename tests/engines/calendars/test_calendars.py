"""Working days of China, seasons and exceptions, forward and mirrored."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.calendars import BadTable, CalendarSpec, WorkCalendar, shipped_table

FIRST = date(2024, 1, 1)
COUNT = 1_900


def calendar(spec: CalendarSpec | None = None) -> WorkCalendar:
    return WorkCalendar.over(spec or CalendarSpec(), shipped_table(), FIRST.toordinal(), COUNT)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_office_days_when_a_notice_is_out_then_as_the_independent_package(year: int) -> None:
    office, day = calendar(), date(year, 1, 1)
    while day.year == year:
        assert office.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_office_days_when_no_notice_then_weekdays_less_statutory_days_and_provisional() -> None:
    office, table = calendar(), shipped_table()
    assert not table.announced(2027)
    assert [office.is_working(date(2027, 2, day)) for day in (5, 6, 7, 8, 9)] == [
        False,  # 除夕, a Friday
        False,
        False,
        False,  # 初三, a Monday
        True,
    ]
    assert table.provisional(date(2026, 12, 31).toordinal(), 2).tolist() == [False, True]


def test_work_when_all_four_rules_speak_then_work_beats_off_beats_stop_beats_base() -> None:
    friday, saturday, monday = (date(2026, 11, day).toordinal() for day in (6, 7, 9))
    outdoor = calendar(
        CalendarSpec(
            stop=(((11, 1), (3, 31)),),
            off=frozenset({friday, saturday}),
            work=frozenset({saturday}),
        )
    )
    days = [date.fromordinal(day) for day in (friday, saturday, monday)]
    assert [outdoor.is_working(day) for day in days] == [False, True, False]
    assert [bool(outdoor.stopped[day - outdoor.first]) for day in (friday, saturday, monday)] == [
        False,
        False,
        True,
    ]


def test_stop_when_it_wraps_the_year_then_both_ends_are_closed() -> None:
    outdoor = calendar(CalendarSpec(base="every-day", stop=(((11, 1), (3, 31)),)))
    edges = [date(2025, 10, 31), date(2025, 11, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [outdoor.is_working(day) for day in edges] == [True, False, False, True]
    assert outdoor.after(date(2025, 10, 31), 1) == date(2026, 4, 1)
    assert outdoor.after(date(2026, 4, 1), -1) == date(2025, 10, 31)


def test_counting_when_a_weekend_is_made_up_then_it_counts() -> None:
    office = calendar()
    assert office.after(date(2026, 9, 18), 1) == date(2026, 9, 20)  # a Sunday worked
    assert office.count(date(2026, 9, 30), date(2026, 10, 10)) == 3


@given(st.integers(0, 900), st.integers(1, 60))
def test_start_when_mirrored_then_the_last_start_that_ends_in_time(offset: int, days: int) -> None:
    outdoor = calendar(CalendarSpec(stop=(((11, 1), (3, 31)),)))
    limit = FIRST + timedelta(days=300 + offset)
    start = outdoor.start(limit, days)
    assert outdoor.finish(start, days) <= limit
    assert outdoor.finish(outdoor.after(start, 1), days) > limit


def test_stop_when_days_are_lifted_then_the_base_decides_and_nothing_is_stopped() -> None:
    week = frozenset(date(2026, 11, day).toordinal() for day in range(2, 9))
    winter = CalendarSpec(stop=(((11, 1), (3, 31)),), lifted=week)
    outdoor = calendar(winter)
    begin = date(2026, 11, 1).toordinal() - FIRST.toordinal()
    assert outdoor.works[begin : begin + 9].tolist() == [False, *[True] * 5, *[False] * 3]
    assert outdoor.stopped[begin : begin + 9].tolist() == [True, *[False] * 7, True]


def test_table_when_a_notice_is_loaded_then_the_year_is_no_longer_provisional() -> None:
    content = (
        "year,date,kind,source,provisional\n"
        "2027,2027-02-06,off,示例通知,false\n"
        "2027,2027-02-20,work,示例通知,false\n"
    )
    table = shipped_table().with_file(content.encode())
    office = WorkCalendar.over(CalendarSpec(), table, FIRST.toordinal(), COUNT)
    assert table.announced(2027)
    assert office.is_working(date(2027, 2, 20))
    assert office.is_working(date(2027, 2, 5))  # the file alone speaks for its year


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2027,2027-02-30,off,x,false", "年份或日期写法不对，应如 2027,2027-02-05。"),
        ("2027,2027-02-03,rest,x,false", "kind 只能是 off 或 work，不能是“rest”。"),
        ("2026,2027-02-03,off,x,false", "年份2026与日期2027-02-03不一致，或不在2020—2100年内。"),
        ("2027,2027-02-03,off,x,maybe", "provisional 只能是 true 或 false。"),
    ],
)
def test_table_when_a_row_is_wrong_then_one_sentence_with_its_line(row: str, message: str) -> None:
    with pytest.raises(BadTable) as told:
        shipped_table().with_file(f"year,date,kind,source,provisional\n{row}\n".encode())
    assert (told.value.message, told.value.row) == (message, 2)
