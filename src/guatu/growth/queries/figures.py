"""Figures of one firm by month or quarter: what is known, 未报, and 同比 where both years are."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from guatu.growth.doubts import Doubt, Look, doubt_of
from guatu.growth.enums import Cadence
from guatu.growth.periods import before, last_month, months_of, quarter_of, year_before
from guatu.growth.rules import Asked, FirmRules
from guatu.register.models import Observation, Subject
from guatu.register.observations import figures_in_sight, shown
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import end_of

MONTHS_SHOWN, QUARTERS_SHOWN = 6, 5
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Told:
    """A cell: the value (None: 未报), its observation where one row tells it, growth on the year.

    ``doubt`` where that row is out of proportion.

    ``lacking`` months of a quarter are unreported; then the quarter is, too. ``year_on_year`` is in
    percent, None unless both years are known and the earlier is above zero.
    """

    period: str
    value: Decimal | None
    row: Observation | None = None
    doubt: Doubt | None = None
    year_on_year: Decimal | None = None
    lacking: int = 0


@dataclass(frozen=True)
class FigureLine:
    """One indicator with its cells, the latest period first."""

    asked: Asked
    cells: Sequence[Told]


@dataclass(frozen=True)
class FigureTable:
    """Indicators by periods; ``unreported`` cells say nothing."""

    periods: Sequence[str]
    lines: Sequence[FigureLine]

    @property
    def unreported(self) -> int:
        """How many cells are 未报."""
        return sum(cell.value is None for line in self.lines for cell in line.cells)


Known = Mapping[tuple[int, str], Observation]


def figure_table(
    standing: Standing,
    firm: Subject,
    rules: FirmRules,
    cadence: Cadence = Cadence.MONTH,
    as_of: dt.date | None = None,
) -> FigureTable:
    """Read the table; one query. A quarter is what was reported for it, else its three months."""
    latest = last_month(as_of or standing.today)
    if cadence == Cadence.MONTH:
        periods = [before(latest, step) for step in range(MONTHS_SHOWN)]
    else:
        quarter = quarter_of(latest)
        periods = [before(quarter, step) for step in range(QUARTERS_SHOWN)]
    known = known_figures(standing, firm, rules, as_of)
    lines = [
        FigureLine(asked, [_cell(asked, period, known, rules) for period in periods])
        for asked in rules.asked.values()
    ]
    return FigureTable(periods, lines)


def known_figures(
    standing: Standing, firm: Subject, rules: FirmRules, as_of: dt.date | None = None
) -> Known:
    """Figures of a firm in sight, by the key of their indicator and period; one query."""
    rows = figures_in_sight(standing, as_of).filter(
        subject_id=firm.pk, indicator__code__in=list(rules.asked), provision__isnull=False
    )
    return {(row.indicator_id, row.period): row for row in rows.order_by("vintage", "pk")}


def look_in(known: Known, rules: FirmRules) -> Look:
    """Find figures among those read."""

    def look(code: str, period: str) -> Decimal | None:
        row = known.get((rules.asked[code].indicator.pk, period))
        return row.value if row else None

    return look


def _cell(asked: Asked, period: str, known: Known, rules: FirmRules) -> Told:
    value, row, lacking = _value(asked, period, known)
    earlier, _, _ = _value(asked, year_before(period), known)
    growth = None
    if value is not None and earlier is not None and earlier > 0:
        growth = (value - earlier) / earlier * HUNDRED
    doubt = doubt_of(asked, period, look_in(known, rules), rules) if row is not None else None
    return Told(period, value, row, doubt, growth, lacking)


def _value(
    asked: Asked, period: str, known: Known
) -> tuple[Decimal | None, Observation | None, int]:
    row = known.get((asked.indicator.pk, period))
    if row is not None or "Q" not in period:
        return (row.value if row else None), row, 0
    months = [known.get((asked.indicator.pk, month)) for month in months_of(period)]
    if not asked.summed:
        last = months[-1]
        return (last.value if last else None), last, 0
    values = [month.value for month in months if month is not None and month.value is not None]
    lacking = len(months) - len(values)
    return (sum(values, Decimal(0)) if not lacking else None), None, lacking


@dataclass(frozen=True)
class FigureChange:
    """One vintage of a figure, and the value it took the place of; None where it is the first."""

    row: Observation
    before: Decimal | None


def changes_of(
    standing: Standing, firm: Subject, as_of: dt.date | None = None
) -> list[FigureChange]:
    """All vintages of a firm's figures whose own ground stands, the latest first; one query."""
    rows = shown(Observation.objects.all()).filter(
        in_sight(standing, "subject__"), subject_id=firm.pk, provision__isnull=False
    )
    if as_of is not None:
        rows = rows.filter(vintage__lt=end_of(as_of))
    held: dict[tuple[int, str, str], Decimal | None] = {}
    found = []
    for row in rows.select_related("indicator").order_by("vintage", "pk"):
        key = (row.indicator_id, row.period, row.basis)
        found.append(FigureChange(row, held.get(key)))
        held[key] = row.value
    return found[::-1]


def trail_of(
    standing: Standing, row: Observation, as_of: dt.date | None = None
) -> QuerySet[Observation]:
    """All vintages of a figure whose own ground stands, the latest first."""
    rows = shown(Observation.objects.all()).filter(
        in_sight(standing, "subject__"),
        subject_id=row.subject_id,
        indicator_id=row.indicator_id,
        period=row.period,
        basis=row.basis,
        provision__isnull=False,
    )
    if as_of is not None:
        rows = rows.filter(vintage__date__lte=as_of)
    return rows.select_related(
        "indicator", "officer", "provision__consent", "provision__organisation", "cell__workbook"
    ).order_by("-vintage", "-pk")
