"""Figures of a firm out of proportion to its others: asked about while typed, marked once kept.

They are never refused: only the firm knows whether it meant what it said.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from guatu.growth.periods import before, words
from guatu.growth.rules import Asked, DoubtRule, FirmRules

LOOKED_BACK = 12
"""Periods in which an earlier figure to compare with is looked for."""

Look = Callable[[str, str], Decimal | None]
"""Code of an indicator and a period → the firm's figure, None where it is not told."""


@dataclass(frozen=True)
class Doubt:
    """A figure that is ``times`` the other or more, or as small a part of it."""

    asked: Asked
    value: Decimal
    other: Asked
    period: str
    beside: Decimal

    @property
    def words(self) -> str:
        """The question as a clerk reads it."""
        found = f"{self.asked.indicator.name} {_plain(self.value)} {self.asked.indicator.unit}"
        other = f"{words(self.period)}{self.other.indicator.name} {_plain(self.beside)}"
        if self.value > self.beside:
            return f"{found}，是{other} 的 {self.value / self.beside:,.0f} 倍，请核对数和单位。"
        share = self.beside / self.value
        return f"{found}，只有{other} 的 {share:,.0f} 分之一，请核对数和单位。"


def doubt_of(asked: Asked, period: str, look: Look, rules: FirmRules) -> Doubt | None:
    """Judge one figure by its last one or, where there is none, by those like it of the period.

    Nothing is said of a figure that is zero, negative or unknown, or has nothing to stand beside.
    """
    value = look(asked.code, period)
    if value is None or value <= 0 or rules.doubts is None:
        return None
    earlier = [(asked, one) for one in _earlier(asked.code, period, look)]
    for other, when in earlier or _alike(asked, period, rules.doubts, rules):
        beside = look(other.code, when)
        if beside is not None and beside > 0:
            larger, smaller = max(value, beside), min(value, beside)
            if larger >= smaller * rules.doubts.times:
                return Doubt(asked, value, other, when, beside)
    return None


def _alike(
    asked: Asked, period: str, doubts: DoubtRule, rules: FirmRules
) -> Iterator[tuple[Asked, str]]:
    for group in doubts.alike:
        for code in group if asked.code in group else ():
            if code != asked.code and code in rules.asked:
                yield rules.asked[code], period


def doubts_of(
    period: str, told: Mapping[str, Decimal], look: Look, rules: FirmRules
) -> list[Doubt]:
    """Judge all figures of a period that were just told; ``look`` finds the others."""

    def seen(code: str, when: str) -> Decimal | None:
        return told[code] if when == period and code in told else look(code, when)

    asked = [one for code, one in rules.asked.items() if code in told]
    found = [doubt_of(one, period, seen, rules) for one in asked]
    return [doubt for doubt in found if doubt is not None]


def _earlier(code: str, period: str, look: Look) -> list[str]:
    """The last period before that tells the figure, if there is one."""
    past = (before(period, step) for step in range(1, LOOKED_BACK + 1))
    found = next((one for one in past if look(code, one)), None)
    return [found] if found else []


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
