"""One island: a population that is bred in slices of work and can take in schedules of others."""

from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np

from guatu.engines.schedule.levelling.evolution import RANK, breed, decode, fitness, turn
from guatu.engines.schedule.levelling.packing import Ints, Packed
from guatu.engines.schedule.rcpsp import Rcpsp

SIZE = 300
"""Lists in a population; large projects keep fewer, so that generations still pass."""
LEAST = 24
ENTRIES = 60_000
"""Entries of all lists of one direction in a large project."""
SETTINGS = (50, 80, 5)
SEED_SCRAMBLE = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1
NOISE = 0.3
"""How far a first list may stray from the order of latest starts, as a share of the length."""


class Schedule(NamedTuple):
    """Starts by job, and the length of the whole."""

    starts: tuple[int, ...]
    length: int


class Island:
    """A population of one project with its own stream of random numbers."""

    def __init__(self, project: Rcpsp, arrays: Packed, seed: int) -> None:
        self.project, self.arrays = project, arrays
        count = len(project.durations)
        self.size = max(LEAST, min(SIZE, ENTRIES // count))
        self.state = np.array([((seed + 1) * SEED_SCRAMBLE) & MASK or 1], dtype=np.uint64)
        self.lists = np.zeros((2, self.size, count), dtype=np.int64)
        self.keys = np.zeros_like(self.lists)
        self.fits = np.zeros((2, self.size), dtype=np.int64)
        self.best_found = np.full(count + 1, RANK - 1, dtype=np.int64)
        self.schedules = 0
        chance = np.random.default_rng(seed)
        for slot in range(self.size):
            noise = chance.uniform(0, 1, count) * (chance.uniform() * NOISE if slot else 0)
            self._settle(slot, self._first_list(noise))

    @property
    def best(self) -> Schedule:
        """The shortest schedule so far."""
        *starts, length = self.best_found.tolist()
        return Schedule(tuple(starts), length)

    def breed(self, work: int, target: int) -> int:
        """Breed for ``work`` cells or down to the length ``target``; return the cells spent."""
        spent, made = breed(
            self.arrays,
            self.lists,
            self.keys,
            self.fits,
            self.best_found,
            self.state,
            SETTINGS,
            (work, target),
        )
        self.schedules += made
        return spent

    def take_in(self, schedule: Schedule) -> None:
        """Put a schedule of others in the place of the least fit."""
        starts = schedule.starts
        place = {job: at for at, job in enumerate(self.project.order)}
        order = sorted(place, key=lambda job: (starts[job], place[job]))
        self._settle(int(np.argmax(self.fits[0])), np.array(order, dtype=np.int64))

    def _first_list(self, noise: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Ints:
        """Order the jobs by latest start, strayed from by noise, predecessors first."""
        project = self.project
        longest = max(project.tails)
        urgency = [noise[job] * longest - tail for job, tail in enumerate(project.tails)]
        waiting = [len(before) for before in project.predecessors]
        ready = [(urgency[job], job) for job, count in enumerate(waiting) if count == 0]
        heapify(ready)
        order = []
        while ready:
            job = heappop(ready)[1]
            order.append(job)
            for other in project.successors[job]:
                waiting[other] -= 1
                if waiting[other] == 0:
                    heappush(ready, (urgency[other], other))
        return np.array(order, dtype=np.int64)

    def _settle(self, slot: int, order: Ints) -> None:
        """Decode a list forward, then its schedule backward, and keep both in the slot."""
        arrays, count = self.arrays, len(order)
        free = np.empty((arrays.horizon + 1, len(arrays.full)), dtype=np.int64)
        places = np.empty(arrays.horizon + 3, dtype=np.int64)
        start = np.empty(count, dtype=np.int64)
        for way in range(2):
            length, _cells = decode(
                order, arrays.first[way], arrays.before[way], arrays, free, start
            )
            if length < self.best_found[count]:
                ahead = start if way == 0 else length - start - arrays.duration
                self.best_found[:] = [*ahead, length]
            self.fits[1 - way, slot] = fitness(start, arrays, length, SETTINGS[-1])
            turned, key = self.lists[1 - way, slot], self.keys[1 - way, slot]
            turn(order, start, arrays, length, places, turned, key)
            order = turned
