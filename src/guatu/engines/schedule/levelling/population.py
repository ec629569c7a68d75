"""One island: a population that is bred in slices of work and can take in schedules of others."""

from collections.abc import Sequence
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
REST_A_JOB = 4_000_000
"""Cells per job after which a population has come to rest."""
FOR_EVER = 1 << 62
KEPT = 25
"""Lists kept of a population that came to rest."""
FIRST_LIST = 1_000
"""Cells that one entry of a first list costs."""
NOISE = 0.3
"""How far a first list may stray from the order of latest starts, as a share of the length."""


class Schedule(NamedTuple):
    """Starts by job, and the length of the whole."""

    starts: tuple[int, ...]
    length: int


class Elite(NamedTuple):
    """The fittest lists of a population that was given up, both directions."""

    lists: Ints
    keys: Ints
    fits: Ints


class Island:
    """Populations of one project, one after another, with one stream of random numbers.

    A population comes to rest after a while and more of its generations find nothing; then its
    fittest are kept and another is begun, until all that were kept are united.
    """

    def __init__(self, project: Rcpsp, arrays: Packed, seed: int) -> None:
        self.project, self.arrays = project, arrays
        count = len(project.durations)
        self.size = max(LEAST, min(SIZE, ENTRIES // count))
        self.state = np.array([((seed + 1) * SEED_SCRAMBLE) & MASK or 1], dtype=np.uint64)
        self.chance = np.random.default_rng(seed)
        self.lists = np.zeros((2, self.size, count), dtype=np.int64)
        self.keys = np.zeros_like(self.lists)
        self.fits = np.zeros((2, self.size), dtype=np.int64)
        self.best_found = np.full(count + 1, RANK - 1, dtype=np.int64)
        self.schedules, self.age, self.rest = 0, 0, REST_A_JOB * count
        self.kept: list[Elite] = []
        self._people(0)

    @property
    def best(self) -> Schedule:
        """The shortest schedule so far."""
        *starts, length = self.best_found.tolist()
        return Schedule(tuple(starts), length)

    def breed(self, work: int, target: int) -> int:
        """Breed for ``work`` cells or down to the length ``target``; return the cells spent."""
        total = 0
        while total <= 0 or (total < work and self.best_found[-1] > target):
            if self.age >= self.rest:
                self.kept.append(self.elite())
                self.age = 0
                self._people(0)
                total += self.size * self.lists.shape[2] * FIRST_LIST
            spent, made = breed(
                self.arrays,
                self.lists,
                self.keys,
                self.fits,
                self.best_found,
                self.state,
                SETTINGS,
                (min(work - total, self.rest - self.age), target),
            )
            self.schedules += made
            self.age += spent
            total += max(spent, 1)
        return total

    def elite(self) -> Elite:
        """Return the fittest of the population."""
        first = np.argsort(self.fits, axis=1, kind="stable")[:, :KEPT]
        rows = np.arange(2)[:, None]
        return Elite(self.lists[rows, first], self.keys[rows, first], self.fits[rows, first])

    def unite(self, elites: Sequence[Elite]) -> None:
        """Begin a last population from what was kept, on this island and on others."""
        size = sum(elite.fits.shape[1] for elite in elites)
        every = -(-size // self.size)
        lists, keys, fits = (
            np.concatenate(parts, axis=1)[:, ::every] for parts in zip(*elites, strict=True)
        )
        taken = fits.shape[1]
        self._people(taken)
        self.lists[:, :taken], self.keys[:, :taken], self.fits[:, :taken] = lists, keys, fits
        self._lead()
        self.rest = FOR_EVER

    def _people(self, first: int) -> None:
        """Fill the population from slot ``first`` on with first lists."""
        count = len(self.project.durations)
        for slot in range(first, self.size):
            noise = self.chance.uniform(0, 1, count) * (
                self.chance.uniform() * NOISE if slot else 0
            )
            self._settle(slot, self._first_list(noise))
        self._lead()

    def _lead(self) -> None:
        """Bring the fittest to slot 0."""
        for way in range(2):
            lead = int(np.argmin(self.fits[way]))
            for rows in (self.lists[way], self.keys[way], self.fits[way]):
                rows[[0, lead]] = rows[[lead, 0]]

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
