"""The four money series drawn: a table's cells and bars on one scale from zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.investment.queries.money import Amount, Series

WIDTH, HEIGHT, GAP = 22, 44, 6


@dataclass(frozen=True)
class Bar:
    """One month: a bar from the ground up, or a hatched place where nobody reported."""

    month: int
    x: int
    y: str
    height: str
    amount: Amount | None

    @property
    def unknown(self) -> bool:
        """Nobody reported the month."""
        return self.amount is None or self.amount.value is None


@dataclass(frozen=True)
class Chart:
    """A series with its bars; all charts of a project share one scale."""

    series: Series
    bars: tuple[Bar, ...]
    width: int = 12 * (WIDTH + GAP)
    height: int = HEIGHT


def charts(series: Sequence[Series]) -> list[Chart]:
    """Draw the series; the tallest bar of all fills the height."""
    values = [
        month.value
        for one in series
        for month in one.months
        if month is not None and month.value is not None
    ]
    most = max(values, default=Decimal(0))
    return [Chart(one, tuple(_bars(one, most))) for one in series]


def _bars(one: Series, most: Decimal) -> list[Bar]:
    bars = []
    for place, month in enumerate(one.months):
        value = month.value if month is not None else None
        share = Decimal(1) if value is None else value / most if most else Decimal(0)
        tall = (share * HEIGHT).quantize(Decimal("0.1"))
        bars.append(Bar(place + 1, place * (WIDTH + GAP), str(HEIGHT - tall), str(tall), month))
    return bars
