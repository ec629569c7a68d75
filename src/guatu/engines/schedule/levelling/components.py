"""Parts of a plan that can be levelled apart: no link and no scarce resource joins them."""

from dataclasses import dataclass

import numpy as np

from guatu.engines.schedule.levelling.packing import Ints
from guatu.engines.schedule.levelling.working_days import DayPlan
from guatu.engines.schedule.plan import Plan


@dataclass(frozen=True)
class Component:
    """Unfinished nodes that belong together, in the order of the forward pass.

    ``resources`` are all they use; ``scarce`` tells whether some of these can run out at all.
    """

    nodes: Ints
    resources: Ints
    scarce: bool


def components(plan: Plan, days: DayPlan) -> list[Component]:
    """Take the plan apart, the largest part first."""
    count = len(plan.duration)
    head = list(range(count))

    def find(node: int) -> int:
        while head[node] != node:
            head[node] = head[head[node]]
            node = head[node]
        return node

    links, free = plan.links, ~plan.pinned
    joined = links.active & free[links.source] & free[links.target]
    pairs = list(zip(links.source[joined].tolist(), links.target[joined].tolist(), strict=True))
    least = np.array([one.least for one in plan.network.resources], dtype=np.int64)
    users, scarce = _users(days, count, least)
    for resource in np.flatnonzero(scarce).tolist():
        nodes = users[resource]
        pairs += [(nodes[0], other) for other in nodes[1:]]
    for one, other in pairs:
        head[find(other)] = find(one)
    members: dict[int, list[int]] = {}
    for node in plan.forward.order.tolist():
        if free[node]:
            members.setdefault(find(node), []).append(node)
    parts = [_part(nodes, days, scarce) for nodes in members.values()]
    return sorted(parts, key=lambda part: -len(part.nodes))


def _users(days: DayPlan, count: int, least: Ints) -> tuple[dict[int, list[int]], np.ndarray]:
    """List who uses each resource, and mark resources that all users together would overdraw."""
    node_of = np.repeat(np.arange(count), np.diff(days.need_first))
    users: dict[int, list[int]] = {}
    for node, resource in zip(node_of.tolist(), days.resource.tolist(), strict=True):
        users.setdefault(resource, []).append(node)
    asked = np.bincount(days.resource, weights=days.units, minlength=len(days.capacity))
    return users, asked > least


def _part(nodes: list[int], days: DayPlan, scarce: np.ndarray) -> Component:
    first = days.need_first
    held = {int(r) for node in nodes for r in days.resource[first[node] : first[node + 1]]}
    resources = np.array(sorted(held), dtype=np.int64)
    return Component(np.array(nodes, dtype=np.int64), resources, bool(scarce[resources].any()))
