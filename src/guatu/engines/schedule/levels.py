"""Ordering a network level by level, so that each pass is a few array operations a level."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NARROW = 8
"""From the first narrower level on, nodes are taken off one by one: a chain has nothing else."""


FEW = 400
"""Nodes up to which a plain loop is the faster."""


@dataclass(frozen=True)
class Sweep:
    """One direction through the network: each level's nodes depend on earlier levels alone.

    ``order`` lists the nodes, ``position`` is its inverse; ``links`` lists the links by the node
    they bound, ``sources`` the position each of them comes from.  Level v holds positions
    ``node_starts[v]:node_starts[v + 1]`` and sweep links ``link_starts[v]:link_starts[v + 1]``;
    ``first_link`` gives for each node after level 0 the place of its first link within its level,
    as ``ufunc.reduceat`` wants it.
    """

    order: Ints
    position: Ints
    links: Ints
    sources: Ints
    node_starts: list[int]
    link_starts: list[int]
    first_link: Ints

    @cached_property
    def steps(self) -> list[tuple[slice, slice, Ints, Ints]]:
        """For each level after the first: its positions, its links, their sources and firsts."""
        nodes, links = self.node_starts, self.link_starts
        return [
            (slice(a, b), slice(la, lb), self.sources[la:lb], self.first_link[a:b])
            for a, b, la, lb in zip(nodes[1:], nodes[2:], links[1:], links[2:], strict=False)
        ]


@dataclass(frozen=True)
class Ways:
    """Both directions through a network of ``count`` nodes, each found when first asked for."""

    count: int
    source: Ints
    target: Ints

    @cached_property
    def forward(self) -> Sweep:
        """From the first nodes to the last."""
        return sweep(self.count, self.source, self.target)

    @cached_property
    def backward(self) -> Sweep:
        """From the last nodes to the first."""
        return sweep(self.count, self.target, self.source)


def sweep(count: int, source: Ints, target: Ints) -> Sweep:
    """Order ``count`` nodes so that every link's source comes in an earlier level.

    The network must have no cycle (see :func:`find_cycle`).
    """
    order, sizes = _peel(count, source, target)
    position = np.empty(count, dtype=np.int64)
    position[order] = np.arange(count)
    bounded = position[target]
    links = np.argsort(bounded, kind="stable")
    per_node = np.bincount(bounded, minlength=count)
    first = np.concatenate(([0], np.cumsum(per_node)))
    node_starts = np.concatenate(([0], np.cumsum(sizes)))
    link_starts = first[node_starts]
    level_of = np.repeat(np.arange(len(sizes)), sizes)
    return Sweep(
        order=order,
        position=position,
        links=links,
        sources=position[source[links]],
        node_starts=node_starts.tolist(),
        link_starts=link_starts.tolist(),
        first_link=first[:-1] - link_starts[level_of],
    )


def find_cycle(count: int, source: Ints, target: Ints) -> list[int]:
    """Return the nodes of one cycle in the direction of its links, or nothing."""
    order, _sizes = _peel(count, source, target)
    if len(order) == count:
        return []
    left = np.ones(count, dtype=np.bool_)
    left[order] = False
    inner = left[source] & left[target]
    # Whatever is left has a predecessor that is left: walking back must come round.
    previous = dict(zip(target[inner].tolist(), source[inner].tolist(), strict=True))
    node, seen = int(np.flatnonzero(left)[0]), dict[int, int]()
    walk: list[int] = []
    while node not in seen:
        seen[node] = len(walk)
        walk.append(node)
        node = previous[node]
    cycle = walk[seen[node] :][::-1]
    begin = cycle.index(min(cycle))
    return cycle[begin:] + cycle[:begin]


def _peel(count: int, source: Ints, target: Ints) -> tuple[Ints, Ints]:
    """Take off, level by level, the nodes whose predecessors are gone; nodes and level sizes."""
    waiting = np.bincount(target, minlength=count)
    by_source = np.argsort(source, kind="stable")
    heads = target[by_source]
    first = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=count))))
    level = np.flatnonzero(waiting == 0)
    order: list[Ints] = []
    while len(level):
        if len(level) < NARROW:
            order += _peel_one_by_one(level, waiting, heads, first)
            break
        order.append(level)
        begins, sizes = first[level], first[level + 1] - first[level]
        offsets = np.cumsum(sizes)
        total = int(offsets[-1])
        picks = np.arange(total) + np.repeat(begins - offsets + sizes, sizes)
        reached, times = np.unique(heads[picks], return_counts=True)
        waiting[reached] -= times
        level = reached[waiting[reached] == 0]
    nodes = np.concatenate(order) if order else np.empty(0, dtype=np.int64)
    return nodes, np.array([len(level) for level in order], dtype=np.int64)


def _peel_one_by_one(level: Ints, waiting: Ints, heads: Ints, first: Ints) -> list[Ints]:
    """Take off the remaining levels from ``level`` on with plain lists."""
    left, ahead, begins = waiting.tolist(), heads.tolist(), first.tolist()
    found: list[Ints] = []
    row: list[int] = level.tolist()
    while row:
        found.append(np.array(row, dtype=np.int64))
        reached = []
        for node in row:
            for head in ahead[begins[node] : begins[node + 1]]:
                left[head] -= 1
                if left[head] == 0:
                    reached.append(head)
        row = sorted(reached)
    return found
