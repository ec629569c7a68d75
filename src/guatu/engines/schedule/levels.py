"""Ordering a network level by level, so that each pass is a few array operations a level."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


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


def find_cycle(count: int, ends: Sequence[tuple[int, int]]) -> list[int]:
    """Return the nodes of one cycle in the direction of its links, or nothing."""
    if not ends:
        return []
    pairs = np.array(ends, dtype=np.int64)
    order, _sizes = _peel(count, pairs[:, 0], pairs[:, 1])
    if len(order) == count:
        return []
    left = np.ones(count, dtype=np.bool_)
    left[order] = False
    inner = pairs[left[pairs[:, 0]] & left[pairs[:, 1]]]
    # Whatever is left has a predecessor that is left: walking back must come round.
    previous = dict(zip(inner[:, 1].tolist(), inner[:, 0].tolist(), strict=True))
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
    if count <= FEW:
        return _peel_few(count, source, target)
    waiting = np.bincount(target, minlength=count)
    by_source = np.argsort(source, kind="stable")
    heads = target[by_source]
    first = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=count))))
    level = np.flatnonzero(waiting == 0)
    order: list[Ints] = []
    while len(level):
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


def _peel_few(count: int, source: Ints, target: Ints) -> tuple[Ints, Ints]:
    """Do as `_peel` for so few nodes that a loop costs less than setting up array operations."""
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for begin, end in zip(source.tolist(), target.tolist(), strict=True):
        after[begin].append(end)
        waiting[end] += 1
    level = [node for node in range(count) if not waiting[node]]
    order: list[int] = []
    sizes: list[int] = []
    while level:
        order += level
        sizes.append(len(level))
        reached = []
        for node in level:
            for end in after[node]:
                waiting[end] -= 1
                if not waiting[end]:
                    reached.append(end)
        level = sorted(reached)
    return np.array(order, dtype=np.int64), np.array(sizes, dtype=np.int64)
