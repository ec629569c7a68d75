"""What a dated capacity rules out before anything is searched: each is proved, in one sentence."""

from collections.abc import Iterator

import numpy as np

from guatu.engines.schedule.levelling.packing import Ints
from guatu.engines.schedule.levelling.working_days import DayPlan
from guatu.engines.schedule.network import Resource
from guatu.engines.schedule.plan import NONE, Plan


def there(plan: Plan, resource: Resource) -> Ints:
    """Return how many there are of a resource on each day of the horizon."""
    found = np.full(plan.stack.beyond, resource.capacity, dtype=np.int64)
    for period in resource.periods:
        first, last = plan.offset(period.first), plan.offset(period.last)
        found[max(first, 0) : max(last + 1, 0)] = period.capacity
    return found


def ruled_out(plan: Plan, days: DayPlan) -> str:
    """Say which work can never have what it needs, or is fixed to days without; empty for none."""
    for place, resource in enumerate(plan.network.resources):
        if resource.periods:
            capacity = there(plan, resource)
            for said in (_fixed(plan, days, place, capacity), _never(plan, days, place, capacity)):
                if said:
                    return said
    return ""


def waits_for_a_period(plan: Plan, days: DayPlan) -> bool:
    """Tell whether some work needs more than there usually is."""
    usual = np.array([one.capacity for one in plan.network.resources], dtype=np.int64)
    return bool((days.units > usual[days.resource]).any())


def _users(days: DayPlan, resource: int) -> Iterator[tuple[int, int]]:
    """Yield the nodes that use a resource, and how many of it."""
    node = np.repeat(np.arange(len(days.duration)), np.diff(days.need_first))
    mine = days.resource == resource
    yield from zip(node[mine].tolist(), days.units[mine].tolist(), strict=True)


def _fixed(plan: Plan, days: DayPlan, resource: int, capacity: Ints) -> str:
    """Say on which day work with fixed starts, which waits for nothing, is too much."""
    used = np.zeros(plan.stack.beyond + 1, dtype=np.int64)
    for node, units in _users(days, resource):
        first = int(days.fixed[node])
        if first != NONE:
            used[days.day[first : first + int(days.duration[node])]] += units
    over = np.flatnonzero(used[:-1] > capacity)
    if not len(over):
        return ""
    at = int(over[0])
    name = plan.network.resources[resource].id
    return f"{plan.day(at)}固定开始的工作需要资源“{name}”{used[at]}，而当天只有{capacity[at]}。"


def _never(plan: Plan, days: DayPlan, resource: int, capacity: Ints) -> str:
    """Work that needs more than there usually is must fit into one period."""
    usual = plan.network.resources[resource].capacity
    for node, units in _users(days, resource):
        if units <= usual:
            continue
        worked = days.day[int(days.low[node]) : int(days.top[node])]
        free = np.concatenate(([0], np.cumsum(capacity[worked] >= units)))
        lasts = int(days.duration[node])
        if len(worked) < lasts or not (free[lasts:] - free[:-lasts] == lasts).any():
            name = plan.network.resources[resource].id
            label = plan.rows[node].label
            return f"{label}需要资源“{name}”{units}，没有一段时间够它连续施工{lasts}天。"
    return ""
