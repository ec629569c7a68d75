"""What blockers have cost: days and numbers by cause, by who can remove them, by subject."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from guatu.loop.blocker_days import days_of
from guatu.loop.enums import COUNTED_BLOCKERS, OPEN_BLOCKERS
from guatu.loop.models import Blocker
from guatu.loop.office_days import OfficeDays, office_days
from guatu.loop.queries.blockers import NAMED, blockers_in_sight, counted, open_on
from guatu.loop.removers import Spot
from guatu.register.policies import Standing


@dataclass(frozen=True)
class Cost:
    """Blockers of one key: how many, how many of them open, working days lost so far."""

    key: Any
    count: int
    running: int
    days: int


@dataclass(frozen=True)
class OpenBlocker:
    """An open blocker and the working days it has cost by the day read."""

    blocker: Blocker
    days: int


def costs(rows: QuerySet[Any], key: str) -> list[Cost]:
    """Sum counted blockers (see ``counted``) by a column, the costliest first; one query."""
    found = (
        rows.filter(state__in=COUNTED_BLOCKERS)
        .order_by()
        .values_list(key)
        .annotate(
            n=Count("pk"),
            running=Count("pk", filter=Q(state__in=OPEN_BLOCKERS)),
            lost=Sum("days_summed"),
        )
    )
    lines = [Cost(value, n, running, lost) for value, n, running, lost in found]
    return sorted(lines, key=lambda one: (-one.days, -one.count, str(one.key)))


def costs_of(rows: Iterable[Blocker], day: dt.date, days: OfficeDays) -> list[Cost]:
    """Sum blockers that were read already by cause, the costliest first."""
    by_cause: dict[str, list[Blocker]] = defaultdict(list)
    for row in rows:
        by_cause[row.cause].append(row)
    lines = [
        Cost(
            cause,
            len(some),
            sum(row.is_open for row in some),
            sum(days_of(row, day, days) or 0 for row in some),
        )
        for cause, some in by_cause.items()
    ]
    return sorted(lines, key=lambda one: (-one.days, -one.count, str(one.key)))


def total(lines: Iterable[Cost]) -> Cost:
    """Sum of some lines."""
    told = list(lines)
    return Cost(
        None,
        sum(one.count for one in told),
        sum(one.running for one in told),
        sum(one.days for one in told),
    )


def counted_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Blockers in sight whose days are summed: all but withdrawn ones; with their days."""
    rows = blockers_in_sight(standing, as_of).filter(state__in=COUNTED_BLOCKERS)
    return counted(rows, standing, as_of)


def open_blockers(
    standing: Standing, spot: Spot, as_of: dt.date | None = None
) -> list[OpenBlocker]:
    """Open blockers of a spot that are in sight, the costliest first; one query where none is."""
    rows = open_on(blockers_in_sight(standing, as_of), spot).select_related(*NAMED)
    found = list(rows.order_by("raised_on", "pk"))
    if not found:
        return []
    days, day = office_days(as_of), as_of or standing.today
    lines = [OpenBlocker(row, days_of(row, day, days) or 0) for row in found]
    return sorted(lines, key=lambda one: -one.days)
