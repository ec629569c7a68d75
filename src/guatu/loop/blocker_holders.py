"""Who has a blocker: the one whose next step it is, and the working days it lay with each.

While it waits to be taken on or is worked on, the remover has it; while it was sent up, who it was
sent to; while an answer waits to be confirmed or it was returned, who raised it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Case, F, IntegerField, When

from guatu.loop.blocker_days import BlockerRow
from guatu.loop.enums import BlockerPart, BlockerState
from guatu.register.models import Organisation, Post

PARTS: Mapping[BlockerState, BlockerPart] = {
    BlockerState.RAISED: BlockerPart.REMOVER,
    BlockerState.WORKING: BlockerPart.REMOVER,
    BlockerState.UPPER: BlockerPart.UPPER,
    BlockerState.ANSWERED: BlockerPart.RAISER,
    BlockerState.RETURNED: BlockerPart.RAISER,
}


class Holder(NamedTuple):
    """Who has a blocker, in which part; no unit where the system itself raised it."""

    part: BlockerPart
    unit: int | None
    post: int | None


def part_of(state: str) -> BlockerPart | None:
    """Part of whoever has it in a state; None where nobody does."""
    return PARTS.get(BlockerState(state))


def holder_of(row: BlockerRow) -> Holder | None:
    """Who has a blocker as it stands; None for one that ended."""
    part = part_of(row.state)
    if part is None:
        return None
    return Holder(part, getattr(row, f"{part}_unit_id"), getattr(row, f"{part}_post_id"))


def holding_unit(row: BlockerRow) -> Organisation | None:
    """Return the unit that has it; None for one that ended or that the system raised."""
    part = part_of(row.state)
    return getattr(row, f"{part}_unit") if part else None


def holding_post(row: BlockerRow) -> Post | None:
    """Return the post that has it; None where the unit as a whole does, or nobody."""
    part = part_of(row.state)
    return getattr(row, f"{part}_post") if part else None


def holder_named(row: BlockerRow) -> str:
    """Name of who has it: post, else unit; empty where nobody does."""
    return str(holding_post(row) or holding_unit(row) or "")


def remover_named(row: BlockerRow) -> str:
    """Name of who is to remove it, or did: post, else unit."""
    return str(row.remover_post or row.remover_unit)


def holding(column: str) -> Case:
    """Expression of a column of who has it, as ``unit_id`` or ``unit__order_path``."""
    return Case(
        *(When(state=state, then=F(f"{part}_{column}")) for state, part in PARTS.items()),
        output_field=IntegerField() if column.endswith("_id") else None,
    )


def held_days(states: Sequence[Any], end: int) -> Counter[Holder]:
    """Working days a blocker lay with each who had it, and who has it now, if for no day yet.

    ``states`` are all it went through, in order; ``end`` the days it has cost in all. What was
    counted when a state ended and not when it began is of whoever had it then.
    """
    found: Counter[Holder] = Counter()
    start = 0
    for state, until in zip(states, [*(one.counted_days for one in states[1:]), end], strict=True):
        holder = holder_of(state)
        if holder is not None and (until != start or state is states[-1]):
            found[holder] += until - start
        start = until
    return found
