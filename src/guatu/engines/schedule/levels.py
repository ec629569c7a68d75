"""Ordering a network level by level, so that each pass is a few array operations a level."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NARROW = 8
"""From the first narrower level on, nodes are taken off one by one: a chain has nothing else."""

SHARED = 500
"""Up to so many nodes an order is remembered: plans of one template have the same links."""

DEAR = 1000
"""Bounds more than which cost longer than a step of its own for a level."""

Step = tuple[slice, Ints, Ints, Ints]
"""Positions bounded at once; the positions that bound them, by how much; each one's first bound."""


@dataclass(frozen=True)
class Sweep:
    """One direction through the network: each level's nodes depend on earlier levels alone.

    ``order`` lists the nodes, ``position`` is its inverse; ``links`` lists the links by the node
    they bound, ``sources`` the position each of them comes from, ``targets`` the one it bounds.
    Level v holds positions ``node_starts[v]:node_starts[v + 1]`` and sweep links
    ``link_starts[v]:link_starts[v + 1]``; ``first_link`` gives for each node after level 0 the
    place of its first link within its level, as ``ufunc.reduceat`` wants it.
    """

    order: Ints
    position: Ints
    links: Ints
    sources: Ints
    targets: Ints
    node_starts: list[int]
    link_starts: list[int]
    first_link: Ints

    def steps(self, weight: Ints) -> list[Step]:
        """Return how the nodes follow from earlier ones when link i adds ``weight[i]``."""
        bounds = self._bounds
        padded = np.append(weight, 0)
        added = padded[bounds.near] + padded[bounds.far]
        return [
            (nodes, bounds.sources[rows], added[rows], first) for nodes, rows, first in bounds.steps
        ]

    @cached_property
    def _bounds(self) -> "Bounds":
        """What bounds each node, so that a step is one reduction over what stood there before.

        A node bounds itself, and so does each link.  Where a step holds two levels, the first is
        not known yet to the second: what bounds a link's source there bounds its target as well.
        """
        count, none, starts = len(self.order), len(self.links), self._step_starts()
        step = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        per_node = np.bincount(self.targets, minlength=count)
        inner = np.flatnonzero(step[self.sources] == step[self.targets])
        between, sizes = self.sources[inner], per_node[self.sources[inner]]
        further = _ranges((np.cumsum(per_node) - per_node)[between], sizes)
        repeated = np.repeat(inner, sizes)
        own = np.arange(count)
        bounded = np.concatenate((own, self.targets, self.targets[repeated]))
        rows = np.argsort(bounded, kind="stable")
        names = np.append(self.links, none)
        near = np.concatenate((np.full(count, none), np.arange(none), repeated))[rows]
        far = np.concatenate((np.full(count + none, none), further))[rows]
        first = np.concatenate(([0], np.cumsum(np.bincount(bounded, minlength=count))))
        return Bounds(
            sources=np.concatenate((own, self.sources, self.sources[further]))[rows],
            near=names[near],
            far=names[far],
            steps=[
                (slice(a, b), slice(first[a], first[b]), first[a:b] - first[a])
                for a, b in pairwise(starts)
            ],
        )

    def _step_starts(self) -> list[int]:
        """Return where each step begins: a level joins the one before while that costs little."""
        levels = len(self.node_starts) - 1
        level = np.repeat(np.arange(levels), np.diff(self.node_starts))
        per_node = np.bincount(self.targets, minlength=len(self.order))
        near = level[self.sources] == level[self.targets] - 1
        further = np.bincount(
            level[self.targets[near]], weights=per_node[self.sources[near]], minlength=levels
        )
        starts, joined = [0], False
        for begin, more in zip(self.node_starts[1:-1], further[1:].tolist(), strict=True):
            joined = not joined and more <= DEAR
            if not joined:
                starts.append(begin)
        return [*starts, len(self.order)]


@dataclass(frozen=True)
class Bounds:
    """What bounds the nodes: position ``sources`` plus the weights of links ``near`` and ``far``.

    A link numbered one past the last is none.
    """

    sources: Ints
    near: Ints
    far: Ints
    steps: list[tuple[slice, slice, Ints]]


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
    if count <= SHARED:
        return _known_sweep(count, source.tobytes(), target.tobytes())
    return _sweep(count, source, target)


@lru_cache(maxsize=256)
def _known_sweep(count: int, source: bytes, target: bytes) -> Sweep:
    return _sweep(count, np.frombuffer(source, np.int64), np.frombuffer(target, np.int64))


def _sweep(count: int, source: Ints, target: Ints) -> Sweep:
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
        targets=bounded[links],
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


def _ranges(begins: Ints, sizes: Ints) -> Ints:
    """Return the numbers of all ranges that begin there and are that long, one after another."""
    ends = np.cumsum(sizes)
    return np.arange(sizes.sum()) + np.repeat(begins - ends + sizes, sizes)


def _peel(count: int, source: Ints, target: Ints) -> tuple[Ints, Ints]:
    """Take off, level by level, the nodes whose predecessors are gone; nodes and level sizes."""
    if count <= SHARED:
        return _known_peel(count, source.tobytes(), target.tobytes())
    return _peeled(count, source, target)


@lru_cache(maxsize=256)
def _known_peel(count: int, source: bytes, target: bytes) -> tuple[Ints, Ints]:
    return _peeled(count, np.frombuffer(source, np.int64), np.frombuffer(target, np.int64))


def _peeled(count: int, source: Ints, target: Ints) -> tuple[Ints, Ints]:
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
        reached, times = np.unique(heads[_ranges(begins, sizes)], return_counts=True)
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
