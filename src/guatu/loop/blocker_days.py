"""Days a blocker costs: working days since it was raised, less those it had to stand still.

It stands still while it is back with who raised it and while its duty is paused. Days are counted
up to each change of how it stands and stored then; the running ones are added when it is read.
"""

import datetime as dt
from typing import Any, TypeAlias

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from guatu.loop.enums import OPEN_BLOCKERS, BlockerState
from guatu.loop.models import Blocker
from guatu.loop.office_days import OfficeDays

BlockerRow: TypeAlias = Blocker
"""A blocker or a state of one: the same columns, so to the type checker they are one."""

RUNNING = tuple(state for state in OPEN_BLOCKERS if state != BlockerState.RETURNED)


def running_days(blocker: BlockerRow, day: dt.date, days: OfficeDays) -> int:
    """Days since it came to stand as it does that count as lost."""
    if blocker.halted or blocker.state not in RUNNING:
        return 0
    return days.between(blocker.stood_since, day)


def days_of(blocker: BlockerRow, day: dt.date, days: OfficeDays) -> int | None:
    """Working days it has cost by ``day``; None for a withdrawn one."""
    if blocker.state == BlockerState.WITHDRAWN:
        return None
    if blocker.days_lost is not None:
        return blocker.days_lost
    return blocker.counted_days + running_days(blocker, day, days)


def clocked(blocker: Blocker, day: dt.date, days: OfficeDays) -> dict[str, Any]:
    """Columns that keep the days until ``day``, on which the blocker comes to stand otherwise.

    Where the campaign's day was set back since, it stands so from the later day: none counts twice.
    """
    return {
        "counted_days": blocker.counted_days + running_days(blocker, day, days),
        "stood_since": told_on(blocker, day),
    }


def told_on(blocker: Blocker, day: dt.date) -> dt.date:
    """Day on which what is done on ``day`` counts: never before the change before it."""
    return max(day, blocker.stood_since)


def with_days(rows: QuerySet[BlockerRow], day: dt.date, days: OfficeDays) -> QuerySet[Any]:
    """Annotate ``days`` as :func:`days_of` has them, and ``days_summed`` with 0 for None.

    One query for the days on which running blockers came to stand as they do.
    """
    running = rows.filter(state__in=RUNNING, halted=False).order_by()
    since = set(running.values_list("stood_since", flat=True).distinct())
    counted = F("counted_days")
    lost = Case(
        When(state=BlockerState.CLOSED, then=F("days_lost")),
        When(state=BlockerState.WITHDRAWN, then=Value(None)),
        When(Q(halted=True) | Q(state=BlockerState.RETURNED), then=counted),
        *(
            When(stood_since=start, then=counted + Value(days.between(start, day)))
            for start in sorted(since)
        ),
        default=counted,
        output_field=IntegerField(),
    )
    found: QuerySet[Any] = rows.annotate(days=lost).annotate(days_summed=Coalesce("days", Value(0)))
    return found
