"""Figures of a firm that are out of proportion to its others."""

from decimal import Decimal

import pytest

from guatu.growth.doubts import Look, doubt_of, doubts_of
from guatu.growth.rules import firm_rules
from guatu.register.models import Rule
from tests.factories import TODAY
from tests.growth.conftest import Place

pytestmark = pytest.mark.django_db
MONTH = "2025-02"


def among(*told: tuple[str, str, str]) -> Look:
    """Find figures among some: code, period, value."""
    known = {(code, period): Decimal(value) for code, period, value in told}
    return lambda code, period: known.get((code, period))


@pytest.mark.parametrize(
    ("value", "others", "words"),
    [
        (
            "6000000",
            [("firm_revenue", MONTH, "700")],
            "产值 6,000,000 万元，是2025年2月营业收入 700 的 8,571 倍，请核对数和单位。",
        ),
        (
            "7.5",
            [("firm_output", "2024-11", "750")],
            "产值 7.5 万元，只有2024年11月产值 750 的 100 分之一，请核对数和单位。",
        ),
        ("6999", [("firm_revenue", MONTH, "700"), ("firm_output", "2025-01", "700")], ""),
        ("7000", [("firm_revenue", MONTH, "700"), ("firm_output", "2025-01", "7000")], ""),
        ("7000", [("firm_revenue", MONTH, "700")], "10 倍"),
        ("7000", [("firm_output", "2023-12", "7"), ("firm_power", MONTH, "1")], ""),
        ("7000", [("firm_revenue", MONTH, "0")], ""),
        ("0", [("firm_revenue", MONTH, "700")], ""),
    ],
)
def test_doubt_when_figure_stands_beside_others_then_asked_from_ten_times_on(
    place: Place, value: str, others: list[tuple[str, str, str]], words: str
) -> None:
    del place
    rules = firm_rules(TODAY)
    look = among(("firm_output", MONTH, value), *others)
    found = doubt_of(rules.asked["firm_output"], MONTH, look, rules)
    told = found.words if found else ""
    assert told == words if words != "10 倍" else words in told


def test_doubts_when_one_of_two_alike_fits_its_last_then_the_other_is_asked_about(
    place: Place,
) -> None:
    del place
    rules = firm_rules(TODAY)
    told = {"firm_revenue": Decimal(700), "firm_output": Decimal(70_000)}
    look = among(("firm_revenue", "2025-01", "650"), ("firm_output", MONTH, "710"))
    found = doubts_of(MONTH, told, look, rules)
    assert [(one.asked.code, one.other.code) for one in found] == [("firm_output", "firm_revenue")]


def test_doubt_when_the_rule_says_more_times_then_less_is_asked(place: Place) -> None:
    del place
    Rule.objects.filter(key="firm.doubts").update(value={"times": 200, "alike": []})
    rules = firm_rules(TODAY)
    look = among(("firm_output", MONTH, "7000"), ("firm_output", "2025-01", "70"))
    assert doubt_of(rules.asked["firm_output"], MONTH, look, rules) is None
