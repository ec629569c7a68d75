"""The four money series of a project: a year and its twelve months."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.investment.fields import SERIES
from guatu.register.enums import Basis
from guatu.register.models import Observation, SourceCell
from guatu.register.versions import end_of

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Amount:
    """One figure as shown; ``note`` says when it is not plainly the period's own.

    ``name`` is its name among fields, by which its source is asked for.
    """

    name: str
    value: Decimal | None
    note: str = ""
    cell: SourceCell | None = None


@dataclass(frozen=True)
class Series:
    """One money series: the year to date and its months; what nobody reported is None."""

    code: str
    name: str
    year: Amount | None
    months: tuple[Amount | None, ...]

    @property
    def unreported(self) -> int:
        """Months nobody reported."""
        return sum(month is None or month.value is None for month in self.months)


def figures_of(subject_id: int, as_of: dt.date | None = None) -> list[Observation]:
    """Figures of a project that hold, or held on a past day; one query."""
    rows = Observation.objects.filter(subject_id=subject_id, indicator__code__in=SERIES)
    if as_of is None:
        rows = rows.filter(superseded_at=None)
    else:
        moment = end_of(as_of)
        rows = rows.filter(vintage__lt=moment).exclude(superseded_at__lt=moment)
    return list(rows.select_related("indicator", "cell__workbook").order_by("period", "pk"))


def years_of(figures: Iterable[Observation]) -> list[int]:
    """Years with figures, latest first."""
    return sorted({int(row.period[:4]) for row in figures}, reverse=True)


def series_of(figures: Sequence[Observation], year: int) -> list[Series]:
    """Arrange figures of one year; nothing is derived, a cumulative figure is shown as such."""
    return [_series(code, name, figures, year) for code, name in SERIES.items()]


def _series(code: str, name: str, figures: Sequence[Observation], year: int) -> Series:
    own = [row for row in figures if row.indicator.code == code and row.period[:4] == str(year)]
    by_period = {(row.period, row.basis): row for row in own}
    months = tuple(_month(by_period, f"{year}-{month:02d}", month) for month in MONTHS)
    return Series(code, name, _year(own, by_period, year), months)


def _month(by_period: dict[tuple[str, str], Observation], period: str, month: int) -> Amount | None:
    row = by_period.get((period, Basis.PERIOD))
    if row is not None:
        return _amount(row)
    row = by_period.get((period, Basis.CUMULATIVE))
    if row is not None:
        return _amount(row, f"1—{month}月累计")
    if month == 2:  # noqa: PLR2004 -- statistics publish January and February together
        row = by_period.get((f"{period[:4]}-01/02", Basis.PERIOD))
        return None if row is None else _amount(row, "1—2月合计")
    return None


def _year(
    own: Sequence[Observation], by_period: dict[tuple[str, str], Observation], year: int
) -> Amount | None:
    """Return the year's own figure, else the latest cumulative one."""
    for basis in (Basis.CUMULATIVE, Basis.PERIOD, Basis.STOCK):
        row = by_period.get((str(year), basis))
        if row is not None:
            return _amount(row)
    running = [row for row in own if row.basis == Basis.CUMULATIVE and "/" not in row.period]
    if not running:
        return None
    last = max(running, key=lambda row: row.period)
    return _amount(last, f"至 {last.period}")


def _amount(row: Observation, note: str = "") -> Amount:
    name = f"{row.indicator.code}.{row.period.replace('/', '_')}.{row.basis}"
    return Amount(name, row.value, note, row.cell)


def vintages_of(subject_id: int, name: str, as_of: dt.date | None = None) -> list[Observation]:
    """Every version of one figure, the latest first; empty where there is no such figure."""
    code, period, basis = (*name.split("."), "", "")[:3]
    rows = Observation.objects.filter(
        subject_id=subject_id,
        indicator__code=code,
        period=period.replace("_", "/"),
        basis=basis,
    )
    if as_of is not None:
        rows = rows.filter(vintage__lt=end_of(as_of))
    return list(rows.select_related("cell__workbook", "officer").order_by("-vintage", "-pk"))
