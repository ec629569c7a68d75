from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.intake.sheet.dates import moment, span


@given(st.dates(date(1990, 1, 1), date(2069, 12, 31)))
def test_moment_when_a_day_is_written_any_way_then_the_same_day(day: date) -> None:
    ways = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d} 00:00:00",
    ]
    assert {moment(way).iso for way in ways} | {moment(day).iso} == {day.isoformat()}


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2025", "2025"),
        ("2025年", "2025"),
        ("2025.3", "2025-03"),
        ("2025.10", "2025-10"),
        ("202503", "2025-03"),
        ("25年3月", "2025-03"),
        ("2025年3月底", "2025-03"),
        ("2025年3月上旬", "2025-03"),
        ("2025年底前", "2025-12"),
        ("2025年上半年", "2025-06"),
        ("2025年第三季度", "2025-09"),
        ("2025年3月开工", "2025-03"),
        ("年底前投产", None),
        ("已开工", None),
        ("3月", None),
    ],
)
def test_moment_when_written_by_hand_then_as_precise_as_written(
    written: str, iso: str | None
) -> None:
    read = moment(written)
    assert (read.iso, read.problem) == (iso, None)


def test_moment_when_only_the_month_is_written_then_year_of_the_title() -> None:
    assert (moment("3月", 2025).iso, moment("3月", 2025).rule) == ("2025-03", "年份按2025年")


@pytest.mark.parametrize(
    "written", ["2025-02-30", "2025年13月", "2025-00-10", "20250231", "1025-01-01", "2023.2.29"]
)
def test_moment_when_impossible_then_said_so(written: str) -> None:
    read = moment(written)
    assert (read.iso, read.problem.code if read.problem else None) == (None, "impossible_date")


def test_moment_when_excel_kept_one_decimal_then_january_or_october_is_asked() -> None:
    read = moment(Decimal("2025.1"))
    assert read.problem is not None
    assert read.problem.code == "ambiguous_date"
    assert moment(Decimal("2025.3")).iso == "2025-03"
    assert moment(Decimal("2025.11")).iso == "2025-11"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2022-11—2025", "2022-11/2025"),
        ("2022-11-2025", "2022-11/2025"),
        ("09.10-11.3", "2009-10/2011-03"),
        ("2007.10-2010.12", "2007-10/2010-12"),
        ("2025.3-2026.10", "2025-03/2026-10"),
        ("2025.3一2026.10", "2025-03/2026-10"),
        ("2025年3月—12月", "2025-03/2025-12"),
        ("2025年3月至2026年底", "2025-03/2026-12"),
        ("2022-11-2025-06", "2022-11/2025-06"),
        ("2025-01-15-2026-03-01", "2025-01-15/2026-03-01"),
        ("2025－2027", "2025/2027"),
        ("2025~2027年", "2025/2027"),
        ("2025", "2025/2025"),
        ("2025-03", "2025-03/.."),
        ("2025年3月—年底前投产", "2025-03/.."),
        ("24个月", None),
    ],
)
def test_span_when_written_as_ledgers_do_then_iso(written: str, iso: str | None) -> None:
    read = span(written)
    assert (read.iso, read.problem) == (iso, None)


@pytest.mark.parametrize(
    ("written", "code"),
    [("2026-2025", "range_reversed"), ("2025-02-30—2026", "impossible_date")],
)
def test_span_when_wrong_then_said_so(written: str, code: str) -> None:
    read = span(written)
    assert (read.iso, read.problem.code if read.problem else None) == (None, code)


months = st.tuples(st.integers(2000, 2060), st.integers(1, 12))


@given(months, months, st.sampled_from(["—", "-", "–", "至", "~", "～", "－", "--"]))
def test_span_when_months_are_in_order_then_both_ends_are_kept(
    begin: tuple[int, int], end: tuple[int, int], dash: str
) -> None:
    first, last = sorted([begin, end])
    written = f"{first[0]}.{first[1]}{dash}{last[0]}.{last[1]}"
    expected = f"{first[0]}-{first[1]:02d}/{last[0]}-{last[1]:02d}"
    assert span(written).iso == expected


@given(st.text(max_size=25))
def test_span_and_moment_when_given_any_text_then_a_value_or_a_reason(text: str) -> None:
    for read in (moment(text), span(text)):
        assert read.iso is None or read.problem is None
