"""Days no schedule of a part of a plan can end before."""

import numpy as np

from guatu.engines.schedule.critical_path import Dates
from guatu.engines.schedule.levelling.components import Component
from guatu.engines.schedule.levelling.dated import there
from guatu.engines.schedule.levelling.packing import Ints
from guatu.engines.schedule.levelling.working_days import DayPlan
from guatu.engines.schedule.plan import Flags, Plan

HEADS = 100
"""First days tried for one resource; of more than these every so-many-th is."""


def last_day_bound(plan: Plan, days: DayPlan, early: Dates, part: Component) -> int:
    """Return a day on which or after which the part must end: by its chains and by its work."""
    bound = int(early.finish[part.nodes].max())
    for resource in part.resources.tolist():
        bound = max(bound, _work_bound(plan, days, early, part, resource))
    return bound


def _work_bound(plan: Plan, days: DayPlan, early: Dates, part: Component, resource: int) -> int:
    """Return the first day by which a resource can have done its work.

    Whatever cannot start before day h has from h on to be done on days on which some user works;
    the best h counts.
    """
    users, work = _users(days, part, resource)
    workable = np.zeros(plan.stack.beyond, dtype=np.bool_)
    for calendar in set(plan.calendar[users].tolist()):
        workable |= plan.stack.calendars[calendar].works
    by_start = np.argsort(-early.start[users], kind="stable")
    heads, total = early.start[users][by_start], np.cumsum(work[by_start])
    last_of_head = np.flatnonzero(np.append(np.diff(heads) != 0, True))
    open_days = np.flatnonzero(workable)
    done = np.cumsum(there(plan, plan.network.resources[resource])[open_days])
    best = 0
    for at in last_of_head[:: len(last_of_head) // HEADS + 1].tolist():
        first = int(np.searchsorted(open_days, heads[at]))
        before = int(done[first - 1]) if first else 0
        last = int(np.searchsorted(done, before + int(total[at])))
        if last >= len(open_days):
            return plan.stack.beyond
        best = max(best, int(open_days[last]))
    return best


def _users(days: DayPlan, part: Component, resource: int) -> tuple[Ints, Ints]:
    """Return the nodes of the part that use a resource, and the unit-days each needs."""
    node = np.repeat(np.arange(len(days.duration)), np.diff(days.need_first))
    inside = np.zeros(len(days.duration), dtype=np.bool_)
    inside[part.nodes] = True
    mine: Flags = (days.resource == resource) & inside[node]
    users = node[mine]
    return users, days.units[mine] * days.duration[users]
