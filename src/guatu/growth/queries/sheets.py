"""The firms in sight by the indicators of one period: what is known and what is 未报."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.growth.doubts import Doubt, Look, doubt_of
from guatu.growth.periods import before, year_before
from guatu.growth.queries.firms import with_specialist
from guatu.growth.rules import Asked, FirmRules
from guatu.register.models import Enterprise, Observation
from guatu.register.observations import figures_in_sight
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import rows_as_of

MOST = 200
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class SheetCell:
    """A firm's figure of the period, of the period before, and 同比 where both years are known.

    ``doubt`` where the figure is out of proportion to those.
    """

    asked: Asked
    value: Decimal | None
    last: Decimal | None
    year_on_year: Decimal | None
    row: Observation | None
    doubt: Doubt | None = None


@dataclass(frozen=True)
class FirmLine:
    """One firm with a cell for each indicator."""

    firm: Enterprise
    cells: Sequence[SheetCell]

    @property
    def unreported(self) -> int:
        """How many cells are 未报."""
        return sum(cell.value is None for cell in self.cells)


@dataclass(frozen=True)
class PeriodSheet:
    """Firms by indicators; ``left_out`` firms beyond the first are not listed.

    ``sums`` stand beside the number of firms that say nothing; None while none of them says.
    """

    period: str
    lines: Sequence[FirmLine]
    sums: Sequence[tuple[Asked, Decimal | None, int]]
    left_out: int


def period_sheet(
    standing: Standing,
    rules: FirmRules,
    period: str,
    *,
    mine: bool = False,
    as_of: dt.date | None = None,
    most: int = MOST,
) -> PeriodSheet:
    """Read the sheet of a period; three queries. ``mine``: only firms the officer's posts serve."""
    firms = rows_as_of(Enterprise, as_of).filter(in_sight(standing, "subject__"))
    firms = with_specialist(firms, as_of).select_related("subject__unit")
    if mine:
        firms = firms.filter(specialist_id__in=standing.post_ids)
    total = firms.count()
    listed = list(firms.order_by("subject__unit__order_path", "name", "pk")[:most])
    periods = (period, before(period), year_before(period))
    known = _known(standing, rules, [firm.subject_id for firm in listed], periods, as_of)
    lines = [
        FirmLine(firm, [_cell(firm, one, periods, known, rules) for one in rules.asked.values()])
        for firm in listed
    ]
    sums = [_sum(place, asked, lines) for place, asked in enumerate(rules.asked.values())]
    return PeriodSheet(period, lines, sums, total - len(listed))


Known = Mapping[tuple[int, int, str], Observation]


def _known(
    standing: Standing,
    rules: FirmRules,
    subjects: Sequence[int],
    periods: Sequence[str],
    as_of: dt.date | None,
) -> Known:
    rows = figures_in_sight(standing, as_of).filter(
        subject_id__in=subjects,
        indicator__code__in=list(rules.asked),
        period__in=periods,
        provision__isnull=False,
    )
    return {(row.subject_id, row.indicator_id, row.period): row for row in rows.order_by("vintage")}


def _cell(
    firm: Enterprise, asked: Asked, periods: Sequence[str], known: Known, rules: FirmRules
) -> SheetCell:
    rows = [known.get((firm.subject_id, asked.indicator.pk, period)) for period in periods]
    value, last, earlier = (row.value if row is not None else None for row in rows)
    growth = None
    if value is not None and earlier is not None and earlier > 0:
        growth = (value - earlier) / earlier * HUNDRED
    doubt = doubt_of(asked, periods[0], _look_at(firm, known, rules), rules)
    return SheetCell(asked, value, last, growth, rows[0], doubt)


def _look_at(firm: Enterprise, known: Known, rules: FirmRules) -> Look:
    def look(code: str, period: str) -> Decimal | None:
        row = known.get((firm.subject_id, rules.asked[code].indicator.pk, period))
        return row.value if row is not None else None

    return look


def _sum(place: int, asked: Asked, lines: Sequence[FirmLine]) -> tuple[Asked, Decimal | None, int]:
    values = [line.cells[place].value for line in lines]
    known = [value for value in values if value is not None]
    return asked, sum(known, Decimal(0)) if known else None, len(values) - len(known)
