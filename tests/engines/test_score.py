"""A score is absolute, monotone, untouched by others, and never pays for planning late."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.score import Formula, Item, Score, score

CODES = ("build", "invest", "landing", "funds")
FIGURES = st.none() | st.decimals(0, 1000, places=2)
FORMULA = Formula(
    dict(zip(CODES, map(Decimal, (30, 30, 20, 20)), strict=True)), Decimal("0.8"), Decimal("0.2")
)
ITEMS = st.tuples(
    *(
        st.builds(Item, st.just(code), FIGURES, FIGURES, FIGURES, st.integers(0, 3))
        for code in CODES
    )
)


def _value(told: Score) -> Decimal:
    return told.value if told.value is not None else Decimal(-1)


@settings(max_examples=150, deadline=None)
@given(items=ITEMS, place=st.integers(0, 3), more=st.decimals(0, 500, places=2))
def test_score_when_any_figure_rises_then_it_never_falls(
    items: tuple[Item, ...], place: int, more: Decimal
) -> None:
    better = list(items)
    better[place] = replace(items[place], actual=(items[place].actual or Decimal(0)) + more)
    before, after = score(items, FORMULA), score(better, FORMULA)
    assert _value(after) >= _value(before)
    assert 0 <= max(_value(after), Decimal(0)) <= FORMULA.full


def test_score_when_explained_then_points_follow_from_own_base_and_stretch() -> None:
    items = [
        Item("build", Decimal(10), Decimal(12), Decimal(11)),
        Item("invest", Decimal(100), None, Decimal(50)),
        Item("landing", None, None, Decimal(9)),
        Item("funds", Decimal(10), None, None, 2),
    ]
    told = score(items, FORMULA)
    assert [one.points for one in told.items] == [Decimal(27), Decimal(15), None, None]
    assert [one.counts for one in told.items] == [True, True, False, True]
    assert (told.earned, told.weight, told.unreported) == (Decimal(42), Decimal(80), 1)
    assert told.value == Decimal("52.5")


def test_formula_when_shares_do_not_make_a_whole_then_refused() -> None:
    with pytest.raises(ValueError, match="之和应为 1"):
        Formula({"build": Decimal(1)}, Decimal("0.8"), Decimal("0.3"))
    with pytest.raises(ValueError, match="权重不能为负"):
        Formula({"build": Decimal(-1)}, Decimal("0.8"), Decimal("0.2"))
