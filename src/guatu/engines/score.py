"""Points of one unit by its own figures alone.

The score is absolute: nobody else's figures enter, there is no ranking, no least and no greatest.
It is monotone: no figure that rises lowers any score. It looks at the year's target and never at
the months, so that planning late earns nothing. What a unit has no target for does not count; what
it has not reported earns nothing yet and is told, so that the score stands as 「至少」.

Fairness after the flaws of min–max scores, in which a leader's gain lowers the others and early
starts against a late plan are paid for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Formula:
    """Weights by item, and which share of an item's weight base and stretch earn.

    Raises ValueError for weights or shares that are negative or add up to nothing.
    """

    weights: Mapping[str, Decimal]
    base_share: Decimal
    stretch_share: Decimal
    full: Decimal = Decimal(100)

    def __post_init__(self) -> None:
        """Check once; nothing downstream does."""
        if self.full <= 0 or any(weight < 0 for weight in self.weights.values()):
            raise ValueError("权重不能为负，满分应大于 0")
        if min(self.base_share, self.stretch_share) < 0:
            raise ValueError("基本分与超额分的占比不能为负")
        if self.base_share + self.stretch_share != ONE:
            raise ValueError("基本分与超额分的占比之和应为 1")


@dataclass(frozen=True)
class Item:
    """One target of the unit: what was promised and what is known to be reached."""

    code: str
    base: Decimal | None
    stretch: Decimal | None
    actual: Decimal | None
    unreported: int = 0


@dataclass(frozen=True)
class Points:
    """Points of one item with everything they follow from.

    ``counts`` False: the unit has no such target. ``reached`` and ``beyond`` are shares from 0 to
    1 of the base and of the way from base to stretch; ``beyond`` None where no stretch is set: then
    the base earns the whole weight. ``points`` None while nothing is reported.
    """

    item: Item
    weight: Decimal
    counts: bool
    reached: Decimal | None = None
    beyond: Decimal | None = None
    base_share: Decimal = ONE
    stretch_share: Decimal = ZERO
    points: Decimal | None = None


@dataclass(frozen=True)
class Score:
    """The unit's score: ``value`` of ``full``, None when no item counts or nothing is known.

    ``unreported`` items make it a lower bound. ``earned`` of ``weight`` is what it was scaled from.
    """

    value: Decimal | None
    earned: Decimal
    weight: Decimal
    unreported: int
    items: tuple[Points, ...]
    full: Decimal


def score(items: Sequence[Item], formula: Formula) -> Score:
    """Score one unit."""
    told = tuple(_points(item, formula) for item in items)
    counting = [one for one in told if one.counts]
    weight = sum((one.weight for one in counting), ZERO)
    known = [one.points for one in counting if one.points is not None]
    earned = sum(known, ZERO)
    value = earned / weight * formula.full if weight and known else None
    missing = sum(1 for one in counting if one.points is None or one.item.unreported)
    return Score(value, earned, weight, missing, told, formula.full)


def _points(item: Item, formula: Formula) -> Points:
    weight = formula.weights.get(item.code, ZERO)
    if not weight or not item.base:
        return Points(item, weight, counts=False)
    if item.stretch is None or item.stretch <= item.base:
        shares, beyond = (ONE, ZERO), None
    else:
        shares = (formula.base_share, formula.stretch_share)
        beyond = _within((item.actual or ZERO) - item.base, item.stretch - item.base)
    if item.actual is None:
        return Points(item, weight, True, None, None, *shares)
    reached = _within(item.actual, item.base)
    points = weight * (shares[0] * reached + shares[1] * (beyond or ZERO))
    return Points(item, weight, True, reached, beyond, *shares, points)


def _within(value: Decimal, whole: Decimal) -> Decimal:
    return min(ONE, max(ZERO, value / whole))
