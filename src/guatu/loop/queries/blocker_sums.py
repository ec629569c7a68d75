"""What blockers have cost: days and numbers by cause, by who had them, by subject."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from guatu.loop.blocker_days import days_of
from guatu.loop.enums import COUNTED_BLOCKERS, OPEN_BLOCKERS
from guatu.loop.models import Blocker
from guatu.loop.office_days import OfficeDays, office_days
from guatu.loop.queries.blocker_stays import keys_of, stays
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


def costs_by_unit(
    rows: QuerySet[Any], day: dt.date, days: OfficeDays, as_of: dt.date | None = None
) -> list[Cost]:
    """Sum blockers by the units that have or had them, each day by who had it that day.

    One blocker counts for every unit it lay with, so numbers do not add up; days do. The key None
    is the system, which raised some itself. One query.
    """
    count, running, lost = Counter[int | None](), Counter[int | None](), Counter[int | None]()
    for now, held in stays(keys_of(rows, as_of), day, days, as_of):
        units = {holder.unit for holder in held}
        count.update(units)
        running.update(units if now.state in OPEN_BLOCKERS else ())
        for holder, one in held.items():
            lost[holder.unit] += one
    lines = [Cost(unit, count[unit], running[unit], lost[unit]) for unit in count]
    return sorted(lines, key=lambda one: (-one.days, -one.count, str(one.key)))


def held_by(
    standing: Standing, units: Collection[int | None], as_of: dt.date | None = None
) -> dict[int | None, dict[int, int]]:
    """Days that counted blockers in sight lay with units: by unit, then by key of the living one.

    What a unit has for no whole day yet is there with 0 days.
    """
    rows = blockers_in_sight(standing, as_of).filter(state__in=COUNTED_BLOCKERS)
    day, days = as_of or standing.today, office_days(as_of)
    found: dict[int | None, dict[int, int]] = {unit: {} for unit in units}
    for now, held in stays(keys_of(rows, as_of), day, days, as_of):
        for holder, one in held.items():
            if holder.unit in found:
                theirs = found[holder.unit]
                theirs[now.row_id] = theirs.get(now.row_id, 0) + one
    return found


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
