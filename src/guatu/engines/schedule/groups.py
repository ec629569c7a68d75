"""Plans side by side in one set of arrays: what bounds each, and what is critical in it.

A group is the nodes of one plan; a plan alone is all in group 0.
"""

from dataclasses import replace

import numpy as np

from guatu.engines.schedule.critical_path import Dates, backward, forward
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import NONE, Flags, Plan


def alone(plan: Plan) -> Ints:
    """Return the group of each node when the whole plan is one: all in group 0."""
    return np.zeros(len(plan.duration), dtype=np.int64)


def last_finish(plan: Plan, early: Dates, group: Ints) -> Ints:
    """Return the last day each node may finish: its deadline, else the end of its group.

    A group ends with its last deadline or its last early finish, whichever is later.  Where the
    network lets work follow on, what leads to no deadline ends as soon as the latest course of
    what it waits for lets it.
    """
    ends = _last_of_group(plan, np.maximum(early.finish, plan.deadline), group)
    if not plan.network.follow_on:
        return np.where(plan.deadline == NONE, ends, plan.deadline)
    bound = _leading(plan, plan.deadline != NONE)
    free = ~bound & _bounded(plan, group)
    limited = np.where(
        plan.deadline != NONE, plan.deadline, np.where(free, plan.stack.beyond, ends)
    )
    begun = np.where(bound, backward(plan, limited).start, plan.earliest)
    after = forward(replace(plan, earliest=np.maximum(plan.earliest, begun)))
    return np.where(free, after.finish, limited)


def _leading(plan: Plan, marked: Flags) -> Flags:
    """Return which nodes are marked or lead to a marked one."""
    sweep = plan.backward
    leads = marked[sweep.order]
    nodes, starts = sweep.node_starts, sweep.link_starts
    for level in range(1, len(nodes) - 1):
        a, b, la, lb = nodes[level], nodes[level + 1], starts[level], starts[level + 1]
        leads[a:b] |= np.logical_or.reduceat(leads[sweep.sources[la:lb]], sweep.first_link[a:b])
    found = np.zeros_like(marked)
    found[sweep.order] = leads
    return found


def _bounded(plan: Plan, group: Ints) -> Flags:
    """Return for each node whether its group has a deadline."""
    bounded: Flags = _last_of_group(plan, (plan.deadline != NONE).astype(np.int64), group) == 1
    return bounded


def _last_of_group(plan: Plan, days: Ints, group: Ints) -> Ints:
    """Return for each node the latest day among the rows of its group."""
    last = np.full(int(group.max(initial=0)) + 1, NONE)
    rows = len(plan.rows)
    np.maximum.at(last, group[:rows], days[:rows])
    return last[group]


def critical_nodes(plan: Plan, early: Dates, group: Ints) -> Flags:
    """Mark what has no float left once every deadline is pulled in to its earliest finish.

    A group without deadlines is judged by its own end.
    """
    limited = plan.deadline != NONE
    free = np.where(
        _bounded(plan, group), plan.stack.beyond, _last_of_group(plan, early.finish, group)
    )
    late = backward(plan, np.where(limited, early.finish, free))
    return (late.finish <= early.finish) & ~plan.pinned & (early.finish < plan.stack.beyond)
