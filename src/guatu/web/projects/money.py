"""The four money series drawn: a table's lines and bars on one scale from zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.investment.queries.money import MONTHS, Amount, Series, Stretch

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
class Mark:
    """A line over the months that one figure is given for together; its height says nothing."""

    x: int
    width: int
    stretch: Stretch


@dataclass(frozen=True)
class Chart:
    """A series with its bars; all charts of a project share one scale."""

    series: Series
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...] = ()
    width: int = 12 * (WIDTH + GAP)
    height: int = HEIGHT


@dataclass(frozen=True)
class Line:
    """One line of the table: for each series its figures there, and the month's target in words.

    A month has one place a series, empty when nobody reported; ``is_month`` is False for several
    months told together, where a series without such a figure has nothing to say.
    """

    name: str
    cells: tuple[tuple[Amount | None, ...], ...]
    words: str | None = None

    @property
    def is_month(self) -> bool:
        """A single month rather than several together."""
        return "—" not in self.name


def charts(series: Sequence[Series]) -> list[Chart]:
    """Draw the series; the tallest bar of all fills the height."""
    values = [
        month.value
        for one in series
        for month in one.months
        if month is not None and month.value is not None
    ]
    most = max(values, default=Decimal(0))
    return [Chart(one, tuple(_bars(one, most)), tuple(_marks(one))) for one in series]


def _marks(one: Series) -> list[Mark]:
    return [
        Mark(
            (stretch.first - 1) * (WIDTH + GAP),
            (stretch.last - stretch.first + 1) * (WIDTH + GAP) - GAP,
            stretch,
        )
        for stretch in one.stretches
        if stretch.amount.value is not None
    ]


def lines(series: Sequence[Series], words: Mapping[int, str]) -> list[Line]:
    """Return the table's lines below the year: each month, and behind it the stretches it ends.

    ``words`` are the monthly targets by month.
    """
    found: list[Line] = []
    for month in MONTHS:
        own = tuple((one.months[month - 1],) for one in series)
        found.append(Line(f"{month}月", own, words.get(month)))
        ended = {s.first for one in series for s in one.stretches if s.last == month}
        found += [
            Line(f"{first}—{month}月", tuple(_between(one, first, month) for one in series))
            for first in sorted(ended, reverse=True)
        ]
    return found


def _between(one: Series, first: int, last: int) -> tuple[Amount, ...]:
    return tuple(s.amount for s in one.stretches if (s.first, s.last) == (first, last))


def _bars(one: Series, most: Decimal) -> list[Bar]:
    bars = []
    for place, month in enumerate(one.months):
        value = month.value if month is not None else None
        share = Decimal(1) if value is None else value / most if most else Decimal(0)
        tall = (share * HEIGHT).quantize(Decimal("0.1"))
        bars.append(Bar(place + 1, place * (WIDTH + GAP), str(HEIGHT - tall), str(tall), month))
    return bars
