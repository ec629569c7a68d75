"""The firms in sight by the indicators of one period: what is known and what is 未报."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from guatu.growth.doubts import Doubt, Look, doubt_of
from guatu.growth.models import Consent
from guatu.growth.periods import before, year_before
from guatu.growth.queries.firms import with_specialist, with_unit
from guatu.growth.rules import Asked, FirmRules
from guatu.register.models import Enterprise, Observation
from guatu.register.observations import figures_in_sight
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import rows_as_of

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


def firms_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Firms, or their states of a past day, with their unit and specialist of that day."""
    rows: QuerySet[Any] = rows_as_of(Enterprise, as_of).filter(in_sight(standing, "subject__"))
    return with_unit(with_specialist(rows.select_related("subject"), as_of), as_of)


def figure_name(place: int) -> str:
    """Name of the column with the figures of the indicator asked for at ``place``."""
    return f"figure_{place}"


def listed_figures(
    standing: Standing, rules: FirmRules, period: str, as_of: dt.date | None = None
) -> QuerySet[Any]:
    """Firms in sight with a column (`figure_name`) for each indicator of the period.

    ``without_unit`` is 1 of firms that no unit is responsible for.

    A figure that may not be shown is as if it were not reported, in sums and order, too.
    """
    told = _figures(standing, period, as_of)
    # Only who consented once can have figures: most firms are passed over without looking.
    asked_once = Q(subject_id__in=Consent.objects.values("subject_id"))
    columns = {
        figure_name(place): Case(
            When(
                asked_once,
                then=Subquery(told.filter(indicator=asked.indicator).values("value")[:1]),
            ),
            default=None,
            output_field=DecimalField(max_digits=18, decimal_places=6),
        )
        for place, asked in enumerate(rules.asked.values())
    }
    nobodys = Case(When(unit_then=None, then=Value(1)), default=Value(0))
    firms = firms_in_sight(standing, as_of).annotate(without_unit=nobodys)
    found: QuerySet[Any] = firms.annotate(**columns)
    return found


def reported(standing: Standing, rules: FirmRules, period: str, as_of: dt.date | None = None) -> Q:
    """Condition on firms of which a figure of the period is known."""
    told = _figures(standing, period, as_of).filter(
        indicator__code__in=list(rules.asked), value__isnull=False
    )
    return Q(subject_id__in=Consent.objects.values("subject_id")) & Q(Exists(told.order_by()))


def _figures(standing: Standing, period: str, as_of: dt.date | None) -> QuerySet[Observation]:
    """Figures of the firm of the query around, the latest vintage first."""
    rows = figures_in_sight(standing, as_of).filter(
        subject_id=OuterRef("subject_id"), period=period, provision__isnull=False
    )
    return rows.order_by("-vintage", "-pk")


def cells_of(
    standing: Standing,
    rules: FirmRules,
    period: str,
    firms: Sequence[Any],
    as_of: dt.date | None = None,
) -> dict[int, list[SheetCell]]:
    """Cells of firms by their subjects, one for each indicator; one query."""
    periods = (period, before(period), year_before(period))
    known = _known(standing, rules, [firm.subject_id for firm in firms], periods, as_of)
    return {
        firm.subject_id: [
            _cell(firm, asked, periods, known, rules) for asked in rules.asked.values()
        ]
        for firm in firms
    }


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
