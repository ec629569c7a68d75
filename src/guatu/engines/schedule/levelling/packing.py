"""A project laid out for the compiled loops: arrays, and needs packed into machine words.

Every resource gets a lane of a 64-bit word: its units and above them one guard bit.  With the guard
bits set in what is free, one subtraction tells for all lanes of a word whether a need fits: a lane
that would go below zero borrows its own guard bit.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from guatu.engines.schedule.rcpsp import Rcpsp

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WORD = 62
"""Bits of a word in use: the sign stays clear of lanes."""


class Packed(NamedTuple):
    """The arrays of one project.

    ``first[o]`` and ``before[o]`` list the predecessors of each job when time runs in direction o:
    0 forward, 1 backward, where successors precede.  ``need`` is jobs × words, ``full`` the free
    lanes of an idle period with their guard bits, ``guard`` these bits alone.  ``weight`` is the
    share of all capacities a job takes up, ``horizon`` the length of any serial schedule at most.
    """

    first: tuple[Ints, Ints]
    before: tuple[Ints, Ints]
    duration: Ints
    need: Ints
    full: Ints
    guard: Ints
    weight: Floats
    horizon: int


def packed(project: Rcpsp) -> Packed:
    """Lay a project out; every need must be within its capacity."""
    first_forward, before_forward = _rows(project.predecessors)
    first_backward, before_backward = _rows(project.successors)
    need, full, guard = _words(project.needs, project.capacities)
    shares = [
        sum(used / cap for used, cap in zip(row, project.capacities, strict=True) if used)
        for row in project.needs
    ]
    return Packed(
        first=(first_forward, first_backward),
        before=(before_forward, before_backward),
        duration=np.array(project.durations, dtype=np.int64),
        need=need,
        full=full,
        guard=guard,
        weight=np.array(shares, dtype=np.float64),
        horizon=sum(project.durations),
    )


def _rows(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Lay rows of different lengths end to end: where each begins, and the entries."""
    first = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    return first, np.array([entry for row in rows for entry in row], dtype=np.int64)


def _words(needs: Sequence[Sequence[int]], capacities: Sequence[int]) -> tuple[Ints, Ints, Ints]:
    """Give each resource in use a lane; a project without any gets one empty word."""
    words: list[list[tuple[int, int, int]]] = [[]]
    used = 0
    for resource, capacity in enumerate(capacities):
        if not any(row[resource] for row in needs):
            continue
        bits = capacity.bit_length() + 1
        if used + bits > WORD:
            words.append([])
            used = 0
        words[-1].append((resource, used, bits))
        used += bits
    need = np.zeros((len(needs), len(words)), dtype=np.int64)
    full, guard = np.zeros(len(words), dtype=np.int64), np.zeros(len(words), dtype=np.int64)
    for word, lanes in enumerate(words):
        for resource, shift, bits in lanes:
            column = np.array([row[resource] for row in needs], dtype=np.int64)
            need[:, word] += column << shift
            full[word] += (capacities[resource] << shift) + (1 << (shift + bits - 1))
            guard[word] += 1 << (shift + bits - 1)
    return need, full, guard
