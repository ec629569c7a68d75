"""The year to date of one project and money series, told in months, stretches or years.

Everything that shows a project's money of a year counts it here: the project's own page, the
target account, the cockpit and the brief, so that one noun has one number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.register.enums import Basis

Told = tuple[int, str, str, Decimal | None]
"""Key, period, basis and value of an observation of the year."""
COUNTED = (Basis.PERIOD, Basis.CUMULATIVE)
"""Bases that add up over a year; what is told of a point in time does not."""


@dataclass(frozen=True)
class Portion:
    """A part of the year to date: of one ``month``, or of none; ``value`` None = said missing."""

    month: int | None
    value: Decimal | None
    figure: int | None


@dataclass(frozen=True)
class YearToDate:
    """Portions that add up to the year to date.

    ``whole`` is the key of the latest figure that tells of the year through the month ``until``,
    None and 0 where only months are told.
    """

    portions: tuple[Portion, ...]
    whole: int | None
    until: int

    @property
    def value(self) -> Decimal | None:
        """Their sum; None when nothing is known."""
        known = [one.value for one in self.portions if one.value is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def added(self) -> tuple[Portion, ...]:
        """The months after ``until``, known or said to be missing."""
        return tuple(one for one in self.portions if one.month and one.month > self.until)


def year_to_date(told: Sequence[Told]) -> YearToDate:
    """Add up the figures of one project, series and year.

    The latest figure of the year to date counts, and the months after it; where it tells more or
    less than the months before it, what remains is a portion of no single month. A month said to
    be missing that no later figure covers is unknown.
    """
    single = {int(p[5:7]): (key, value) for key, p, b, value in told if _is_month(p, b)}
    reaches = [
        (reach, key, value)
        for key, period, basis, value in told
        if value is not None and (reach := _to_date(period, basis)) is not None
    ]
    until, whole_key, whole = max(reaches, default=(0, None, None))
    portions: list[Portion] = []
    inside = Decimal(0)
    for month, (key, value) in sorted(single.items()):
        if month > until or value is not None:
            portions.append(Portion(month, value, key))
        if month <= until:
            inside += value or Decimal(0)
    if whole is not None and whole != inside:
        portions.append(Portion(None, whole - inside, whole_key))
    return YearToDate(tuple(portions), whole_key, until)


def _is_month(period: str, basis: str) -> bool:
    return basis == Basis.PERIOD and len(period) == len("2025-03")


def _to_date(period: str, basis: str) -> int | None:
    """Month up to which a figure is the year's; the year's own figure stands for all twelve."""
    if period.isdecimal():
        return 12
    if basis != Basis.CUMULATIVE:
        return None
    if "Q" in period:
        return 3 * int(period[-1])
    if "/" in period:
        return int(period[-2:]) if period[5:7] == "01" else None
    return int(period[5:7])
