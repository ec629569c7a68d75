"""The four money series of a project: a year and its twelve months."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.investment.fields import SERIES
from guatu.investment.queries.year_to_date import COUNTED, Portion, year_to_date
from guatu.register.enums import Basis
from guatu.register.models import Observation, SourceCell
from guatu.register.versions import end_of

MONTHS = range(1, 13)
STRETCH = re.compile(r"\d{4}(?:-(?P<first>\d\d)/(?P<last>\d\d)|Q(?P<quarter>[1-4]))")
"""Periods of several months: ``2025-01/02`` and ``2025Q1``."""


@dataclass(frozen=True)
class Amount:
    """One figure as shown; ``note`` says when it is not plainly the period's own.

    ``name`` is its name among fields, by which its source is asked for; empty where it is a sum of
    several figures, each of which stands beside it.
    """

    name: str
    value: Decimal | None
    note: str = ""
    cell: SourceCell | None = None


@dataclass(frozen=True)
class Stretch:
    """One figure for several months, ``first`` to ``last``; none of them is known by it alone."""

    first: int
    last: int
    amount: Amount


@dataclass(frozen=True)
class Series:
    """One money series: the year to date and its months; what nobody reported is None.

    ``stretches`` are the figures given for several months at once, by their last month.
    """

    code: str
    name: str
    year: Amount | None
    months: tuple[Amount | None, ...]
    stretches: tuple[Stretch, ...] = ()

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
    """Arrange figures of one year; a cumulative figure is shown as such.

    Nothing is derived but the year to date, which is added up as everywhere.
    """
    return [_series(code, name, figures, year) for code, name in SERIES.items()]


def _series(code: str, name: str, figures: Sequence[Observation], year: int) -> Series:
    own = [row for row in figures if row.indicator.code == code and row.period[:4] == str(year)]
    by_period = {(row.period, row.basis): row for row in own}
    months = tuple(_month(by_period, f"{year}-{month:02d}", month) for month in MONTHS)
    return Series(code, name, _year(own, year), months, _stretches(own))


def _month(by_period: dict[tuple[str, str], Observation], period: str, month: int) -> Amount | None:
    row = by_period.get((period, Basis.PERIOD))
    if row is not None:
        return _amount(row)
    row = by_period.get((period, Basis.CUMULATIVE))
    return None if row is None else _amount(row, f"1—{month}月累计")


def _stretches(own: Sequence[Observation]) -> tuple[Stretch, ...]:
    """Return the figures given for several months at once, as they were given."""
    found = []
    for row in own:
        reach = months_of(row.period)
        if reach is None:
            continue
        first, last = reach
        if row.basis == Basis.CUMULATIVE:
            # A quarter's cumulative figure counts from January, as its basis says.
            first = 1 if "Q" in row.period else first
            found.append(Stretch(first, last, _amount(row, "累计")))
        else:
            found.append(Stretch(first, last, _amount(row, "合计")))
    return tuple(sorted(found, key=lambda one: (one.last, one.first, one.amount.name)))


def months_of(period: str) -> tuple[int, int] | None:
    """First and last month of a period of several months; None for a year or a month.

    >>> months_of("2025-01/02"), months_of("2025Q2"), months_of("2025-03"), months_of("2025")
    ((1, 2), (4, 6), None, None)
    """
    said = STRETCH.fullmatch(period)
    if said is None:
        return None
    if said["quarter"]:
        return 3 * int(said["quarter"]) - 2, 3 * int(said["quarter"])
    return int(said["first"]), int(said["last"])


def _year(own: Sequence[Observation], year: int) -> Amount | None:
    """Return the year to date, and how it was told; see :func:`year_to_date`."""
    told = [(row.pk, row.period, row.basis, row.value) for row in own if row.basis in COUNTED]
    sums = year_to_date(told)
    rows = {row.pk: row for row in own}
    if sums.value is None:
        # Nothing adds up: what is told of the year as a whole, even that it is missing.
        whole = next((row for row in own if row.period == str(year)), None)
        return None if whole is None else _amount(whole)
    months = _months_said(sums.added)
    if sums.whole is None:
        return Amount("", sums.value, "，".join(months).removeprefix("加"))
    row = rows[sums.whole]
    said = "" if row.period == str(year) else f"至 {sums.until}月 累计"
    note = "，".join(part for part in (said, *months) if part)
    alone = all(one.value is None for one in sums.added)
    return _amount(row, note) if alone else Amount("", sums.value, note)


def _months_said(portions: Sequence[Portion]) -> list[str]:
    """Name the months that are added up, and those said to be missing.

    >>> told = [Portion(1, Decimal(2), 7), Portion(2, Decimal(3), 8), Portion(4, None, 9)]
    >>> _months_said(told), _months_said(told[:1])
    (['加1、2月当期数', '4月未报'], ['加1月当期数'])
    """
    known = "、".join(str(one.month) for one in portions if one.value is not None)
    missing = "、".join(str(one.month) for one in portions if one.value is None)
    said = [f"加{known}月当期数"] if known else []
    return [*said, f"{missing}月未报"] if missing else said


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
