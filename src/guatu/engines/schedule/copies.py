"""Variants of many small plans: each a copy of its plan, and all copies swept as one plan.

For a handful of variants of each of hundreds of plans; a thousand variants of one plan are cheaper
side by side (:mod:`ensemble`), and give the same dates.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from guatu.engines.schedule.critical_path import Dates, forward
from guatu.engines.schedule.ensemble import CHASES
from guatu.engines.schedule.horizon import restacked
from guatu.engines.schedule.joined import Joined
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import Plan, Validities


def finishes_of(plans: Sequence[Plan], durations: Sequence[Ints]) -> list[Ints]:
    """Return the last day of every node, a row a node, in every variant, a column a variant.

    ``durations`` has such a table for each plan; the plans share a horizon and its calendars.
    Where a permit lapses however late it is taken out, the dates are those without its validity.
    """
    owners = [plan for plan, own in zip(plans, durations, strict=True) for _ in range(own.shape[1])]
    columns = [column for own in durations for column in own.T]
    joined, dates = _swept(owners, columns, rounds=1)
    finishes = [dates.finish[nodes] for nodes in joined.nodes]
    lapsing = sorted(_lapsed(joined, dates))
    if lapsing:
        again, waited = _swept(
            [owners[copy] for copy in lapsing], [columns[copy] for copy in lapsing], rounds=CHASES
        )
        never = _lapsed(again, waited)
        for place, copy in enumerate(lapsing):
            if place not in never:
                finishes[copy] = waited.finish[again.nodes[place]]
    ends = np.cumsum([own.shape[1] for own in durations]).tolist()
    return [
        np.stack(finishes[end - own.shape[1] : end], axis=1)
        for end, own in zip(ends, durations, strict=True)
    ]


def _swept(plans: Sequence[Plan], durations: Sequence[Ints], rounds: int) -> tuple[Joined, Dates]:
    """Return the plans side by side with these durations, and permits put off so many times."""
    joined = Joined(plans)
    duration = np.empty(len(joined.group), dtype=np.int64)
    for nodes, own in zip(joined.nodes, durations, strict=True):
        duration[nodes] = own
    rows = {id(plan): plan.rows for plan in plans}
    distinct = tuple(row for own in rows.values() for row in own)
    plan = replace(joined.plan, duration=duration, rows=distinct)
    plan = replace(plan, stack=restacked(plan, plan.stack.beyond))
    return joined, forward(plan, rounds)


def _lapsed(joined: Joined, dates: Dates) -> set[int]:
    """Return the plans in which a permit not taken yet lapses before use."""
    arcs: Validities = joined.plan.validities
    begins = dates.start[arcs.user]
    late = (dates.finish[arcs.permit] < begins - arcs.days) & (begins < joined.plan.stack.beyond)
    late &= ~joined.plan.pinned[arcs.permit]
    return set(joined.group[arcs.permit[late]].tolist())
