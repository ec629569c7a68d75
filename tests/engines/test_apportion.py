"""Sums of what a target is given out to: differences shown, unknown never zero."""

from decimal import Decimal

from guatu.engines.apportion import (
    Balance,
    Fault,
    Found,
    Share,
    Sum,
    balance,
    faults_of,
)

MONTHS = (Decimal(1),) * 4 + (Decimal(0),) * 8


def test_balance_when_a_unit_is_short_then_difference_and_unit_are_told() -> None:
    shares = {
        "甲": Share(Decimal(4), Decimal(5), MONTHS),
        "乙": Share(Decimal(5), Decimal(6), MONTHS),
    }
    assert balance(shares, Decimal(10), Decimal(11)) == Balance(
        year=Sum(Decimal(9)),
        stretch=Sum(Decimal(11)),
        months=(Sum(Decimal(2)),) * 4 + (Sum(Decimal(0)),) * 8,
        base_difference=Decimal(-1),
        stretch_difference=Decimal(0),
        off_units=("乙",),
    )


def test_balance_when_something_is_unknown_then_no_difference_is_claimed() -> None:
    shares = {"甲": Share(Decimal(4)), "乙": Share(None, None, MONTHS)}
    told = balance(shares, Decimal(4), None)
    assert (told.year, told.base_difference, told.off_units) == (Sum(Decimal(4), 1), None, ())
    assert told.months[0] == Sum(Decimal(1), 1)


def test_share_when_told_months_come_to_the_year_then_only_there_the_rest_is_zero() -> None:
    told = (Decimal(1),) * 3 + (None,) * 9
    exact, short = Share(Decimal(3), None, told), Share(Decimal(4), None, told)
    assert exact.filled.months == (Decimal(1),) * 3 + (Decimal(0),) * 9
    assert (short.filled, Share(Decimal(4)).filled) == (short, Share(Decimal(4)))
    assert (Share(None, None, told).filled.months, Share(Decimal(0)).filled.by_month) == (
        told,
        Sum(Decimal(0)),
    )
    said = balance({"甲": exact, "乙": short, "丙": Share(Decimal(1)), "丁": Share()}, None, None)
    assert (said.implied_units, said.open_units) == (("甲",), ("乙", "丙"))


def test_faults_when_figures_cannot_be_then_each_is_named_with_its_place() -> None:
    months = (Decimal(-1), Decimal("0.5"), *MONTHS[2:])
    share = Share(Decimal(9), Decimal(8), months)
    assert faults_of(share, Decimal(100), whole=True) == [
        Found(Fault.NEGATIVE, "1"),
        Found(Fault.FRACTION, "2"),
        Found(Fault.STRETCH_BELOW, "stretch"),
    ]
    assert faults_of(Share(Decimal(101)), Decimal(100)) == [Found(Fault.TOO_LARGE, "year")]
