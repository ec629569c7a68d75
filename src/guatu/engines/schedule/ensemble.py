"""Many variants of one plan at once, and permits put off until they are valid when used."""

from collections.abc import Sequence, Sized

import numpy as np

from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import Flags, Plan
from guatu.engines.schedule.walk import Rows, Runs, Variants, Walk

CHASES = 30
"""Passes after which a permit that chases its user is taken never to be in time."""


def own_durations(plan: Plan) -> list[Ints]:
    """Return the plan's own durations as rows that all variants share."""
    return [plan.duration[node : node + 1] for node in range(len(plan.duration))]


def earliest_of(plan: Plan, variants: Variants) -> Runs:
    """Return the earliest dates of every variant.

    Where a permit lapses however late it is taken out, the dates are those without its validity.
    """
    walk = Walk(plan, variants)
    runs = walk.forward(walk.lows())
    lapsing = np.flatnonzero(lapsed(plan, runs, movable=True))
    if len(lapsing) == 0:
        return runs
    waited, settled = _waiting(plan, _picked(variants, lapsing), _columns(runs, lapsing))
    count = width(variants)
    settled = np.broadcast_to(settled, lapsing.shape)
    if settled.all() and len(lapsing) == count:
        return waited
    places = lapsing[settled]
    return Runs(
        _merged(runs.start, waited.start, places, settled, count),
        _merged(runs.finish, waited.finish, places, settled, count),
    )


def lapsed(plan: Plan, runs: Runs, *, movable: bool = False) -> Flags:
    """Mark the variants in which some permit lapses before use; ``movable``: one not taken yet."""
    found = np.zeros(1, dtype=np.bool_)
    arcs = plan.validities
    for permit, user, days in zip(
        arcs.permit.tolist(), arcs.user.tolist(), arcs.days.tolist(), strict=True
    ):
        begins = runs.start[user]
        late = (runs.finish[permit] < begins - days) & (begins < plan.stack.beyond)
        if not (movable and plan.pinned[permit]):
            found = found | late
    return found


def width(variants: Variants) -> int:
    """Return how many variants there are."""
    parts = (variants.calendar, variants.lag, variants.active)
    varied: list[Sized] = [*variants.duration]
    for part in parts:
        varied += part.values()
    return max(len(values) for values in varied)


def latest_of(plan: Plan, variants: Variants, last_finish: Sequence[Ints]) -> Runs:
    """Return the latest dates when node i may finish no later than ``last_finish[i]``.

    Validities are not looked at: for what moves a deadline they matter forward only.
    """
    return Walk(plan, variants).backward(last_finish)


def _waiting(plan: Plan, variants: Variants, runs: Runs) -> tuple[Runs, Flags]:
    """Put permits off until they are still valid when used; tell where that came to rest.

    ``runs`` are the dates with none put off yet.
    """
    walk, arcs = Walk(plan, variants), plan.validities
    low = walk.lows()
    for _chase in range(CHASES - 1):
        for permit, user, days in zip(
            arcs.permit.tolist(), arcs.user.tolist(), arcs.days.tolist(), strict=True
        ):
            begins = runs.start[user]
            late = (runs.finish[permit] < begins - days) & (begins < plan.stack.beyond)
            if plan.pinned[permit] or not late.any():
                continue
            needed = plan.stack.rank[np.maximum(begins - days, 0) + walk.own(permit)]
            needed = needed - variants.duration[permit] + 1
            low[permit] = np.where(late, np.maximum(low[permit], needed), low[permit])
        runs = walk.forward(low)
        lapses = lapsed(plan, runs, movable=True)
        if not lapses.any():
            break
    return runs, ~lapses


def _columns(runs: Runs, columns: Ints) -> Runs:
    """Return some of the variants."""
    start, finish = runs.start, runs.finish
    return Runs(
        Rows(len(start), lambda node: _taken(start[node], columns)),
        Rows(len(finish), lambda node: _taken(finish[node], columns)),
    )


def _picked(variants: Variants, columns: Ints) -> Variants:
    return Variants(
        duration=[_taken(row, columns) for row in variants.duration],
        calendar={node: _taken(values, columns) for node, values in variants.calendar.items()},
        lag={link: _taken(values, columns) for link, values in variants.lag.items()},
        active={
            link: values if len(values) == 1 else values[columns]
            for link, values in variants.active.items()
        },
    )


def _taken(values: Ints, columns: Ints) -> Ints:
    return values if len(values) == 1 else values[columns]


def _merged(before: Rows, after: Rows, columns: Ints, settled: Flags, count: int) -> Rows:
    """Put the settled columns of ``after`` in the place they have among all."""

    def row(node: int) -> Ints:
        old, new = before[node], after[node]
        merged = np.full(count, old[0]) if len(old) == 1 else old.copy()
        merged[columns] = new[0] if len(new) == 1 else new[settled]
        return merged

    return Rows(len(before), row)
