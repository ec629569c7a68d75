"""How long blockers lay with each who had them, read from the states they went through."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from guatu.loop.blocker_days import days_of
from guatu.loop.blocker_holders import Holder, held_days, holder_named, holder_of
from guatu.loop.enums import BlockerPart
from guatu.loop.models import BlockerVersion
from guatu.loop.office_days import OfficeDays
from guatu.register.versions import end_of

COLUMNS = (
    "row_id",
    "state",
    "halted",
    "stood_since",
    "counted_days",
    "days_lost",
    *(f"{part}_{what}_id" for part in BlockerPart for what in ("unit", "post")),
)
NAMED = tuple(f"{part}_{what}" for part in BlockerPart for what in ("unit", "post__organisation"))
SYSTEM = "系统"


@dataclass(frozen=True)
class Stay:
    """Who had a blocker, in which part, and for how many working days."""

    name: str
    part: BlockerPart
    days: int


def stays(
    blockers: Iterable[int] | QuerySet, day: dt.date, days: OfficeDays, as_of: dt.date | None = None
) -> Iterator[tuple[Any, Counter[Holder]]]:
    """Yield for each blocker how it stands and its days by holder; they add up to what it cost.

    ``blockers`` are keys of living rows, or a query of them. One query.
    """
    read = _states(blockers, as_of).values_list(*COLUMNS, named=True)
    for _, found in groupby(read, key=lambda one: one.row_id):
        gone_through = list(found)
        now = gone_through[-1]
        yield now, held_days(gone_through, days_of(now, day, days) or 0)


def keys_of(rows: QuerySet[Any], as_of: dt.date | None) -> QuerySet[Any]:
    """Query of the keys of the living blockers that rows are, or are past states of."""
    return rows.order_by().values("pk" if as_of is None else "row_id")


def stays_of(
    blocker: int, day: dt.date, days: OfficeDays, as_of: dt.date | None = None
) -> list[Stay]:
    """Who had one blocker (its key) for how long, in the order it came to them; one query."""
    gone_through = list(_states([blocker], as_of).select_related(*NAMED))
    held = held_days(gone_through, days_of(gone_through[-1], day, days) or 0)
    names = {holder_of(state): holder_named(state) or SYSTEM for state in gone_through}
    return [Stay(names[one], one.part, count) for one, count in held.items() if count]


def _states(blockers: Iterable[int] | QuerySet, as_of: dt.date | None) -> QuerySet[Any]:
    """States blockers went through, each in its order."""
    states: QuerySet[Any] = BlockerVersion._default_manager.all()
    states = states.filter(row_id__in=blockers).order_by("row_id", "revision")
    return states if as_of is None else states.filter(known_from__lt=end_of(as_of))
