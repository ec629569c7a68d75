"""Where a target should stand: by its own months, with a light that says why."""

from decimal import Decimal

import pytest

from guatu.engines.apportion import Sum
from guatu.engines.plan_path import Bounds, Judged, Light, Why, judge

BOUNDS = Bounds(Decimal(1), Decimal("0.9"))
MONTHS = tuple(Sum(Decimal(value)) for value in (0, 10, 10, 20, 0, 0, 0, 0, 0, 0, 0, 60))


@pytest.mark.parametrize(
    ("actual", "month", "light", "why"),
    [
        (Sum(Decimal(10)), 2, Light.GREEN, Why.REACHED),
        (Sum(Decimal(9)), 2, Light.AMBER, Why.NEAR),
        (Sum(Decimal(8)), 2, Light.RED, Why.BEHIND),
        (Sum(Decimal(8), 1), 2, Light.UNRATED, Why.UNREPORTED),
        (Sum(Decimal(10), 3), 2, Light.GREEN, Why.REACHED),
        (Sum(None, 1), 2, Light.UNRATED, Why.UNREPORTED),
        (Sum(Decimal(5)), 1, Light.UNRATED, Why.NOT_BEGUN),
        (Sum(Decimal(5)), 0, Light.UNRATED, Why.NOT_BEGUN),
    ],
)
def test_judge_when_compared_with_the_plans_own_path_then_light_and_reason(
    actual: Sum, month: int, light: Light, why: Why
) -> None:
    told = judge(MONTHS, actual, month, BOUNDS)
    assert (told.light, told.why) == (light, why)


def test_judge_when_behind_then_gap_is_from_the_path_and_not_from_a_twelfth() -> None:
    assert judge(MONTHS, Sum(Decimal(30)), 4, BOUNDS) == Judged(
        Light.RED, Why.BEHIND, 4, Sum(Decimal(40)), Sum(Decimal(30)), Decimal(-10), Decimal(75)
    )


def test_judge_when_a_month_is_not_planned_then_nothing_is_claimed() -> None:
    months = (Sum(Decimal(1)), Sum(Decimal(2), 1), *MONTHS[2:])
    told = judge(months, Sum(Decimal(0)), 2, BOUNDS)
    assert (told.light, told.why, told.gap) == (Light.UNRATED, Why.NO_PLAN, None)


def test_bounds_when_in_the_wrong_order_then_refused() -> None:
    with pytest.raises(ValueError, match="黄灯界限"):
        Bounds(Decimal("0.9"), Decimal(1))
