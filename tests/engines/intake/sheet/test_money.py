from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.intake.sheet.grid import Measured, plain
from guatu.engines.intake.sheet.money import WAN_PER_UNIT, Amount, amount, unit_of

exact = st.decimals(min_value=0, max_value=9999, places=4)


@given(exact)
def test_amount_when_written_in_yi_then_exactly_ten_thousand_times_wan(number: Decimal) -> None:
    in_yi = amount(f"{plain(number)}亿元", "万元").wan
    in_wan = amount(plain(number * 10_000), "万元").wan
    assert in_yi == in_wan == number * 10_000


@given(exact, st.sampled_from(sorted(WAN_PER_UNIT)))
def test_amount_when_unit_stands_in_cell_or_column_then_the_same(
    number: Decimal, unit: str
) -> None:
    column = unit if unit.endswith("元") else f"{unit}元"
    written = amount(f"{plain(number)}{unit}", None)
    stated = amount(number, column)
    assert (written.wan, written.problem) == (stated.wan, stated.problem)


@pytest.mark.parametrize(
    ("written", "wan"),
    [
        ("1,200", "1200"),
        ("1 200.50", "1200.5"),
        ("１２００", "1200"),
        ("约3000万元", "3000"),
        ("人民币3000万元整", "3000"),
        ("¥3000", "3000"),
        ("1亿2000万元", "12000"),
        ("3千万", "3000"),
        ("3000-5000", None),
        ("1,20", None),
        ("三千万元", None),
        ("12万亩", None),
    ],
)
def test_amount_when_written_by_hand_then_exact_or_unknown(written: str, wan: str | None) -> None:
    read = amount(written, "万元").wan
    assert (None if read is None else plain(read)) == wan


def test_amount_when_format_carries_the_unit_then_it_wins() -> None:
    read = amount(Measured(Decimal("1.5"), "亿元"), "万元")
    assert read == Amount(Decimal(15_000), "亿元", "单元格格式写明亿元，亿元×10000")


def test_amount_when_finer_than_the_ledger_then_rounded_and_said_so() -> None:
    read = amount(Decimal("0.33333333333"), "万元")
    assert (read.wan, read.rule) == (Decimal("0.333333"), "四舍六入到6位小数")


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        (Decimal(-1), "万元", "negative"),
        ("(500)", "万元", "negative"),
        (Decimal(200_000_000), "万元", "absurd"),
        (Decimal(20_001), "亿元", "absurd"),
        (Decimal(5), None, "unknown_unit"),
        ("500万美元", "万元", "unknown_unit"),
        (Measured(Decimal("0.5"), "%"), "万元", "not_a_number"),
        ("0x10", "万元", "not_a_number"),
    ],
)
def test_amount_when_unusable_then_unknown_with_its_code(
    value: Decimal | str | Measured, unit: str | None, code: str
) -> None:
    read = amount(value, unit)
    assert (read.wan, read.problem.code if read.problem else None) == (None, code)


@given(st.text(max_size=30))
def test_amount_when_given_any_text_then_wan_or_a_reason_or_nothing(text: str) -> None:
    read = amount(text, "万元")
    assert read.wan is None or read.problem is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("人民币万元", "万元"),
        ("万元、亩", "万元"),
        ("亩", None),
        ("美元", "美元"),
    ],
)
def test_unit_when_stated_then_found(text: str, unit: str | None) -> None:
    assert unit_of(text) == unit
