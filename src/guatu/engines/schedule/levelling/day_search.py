"""Breeding serial schedules of one part of a plan in calendar space.

Children take a stretch of their list from the father and the rest in the mother's order (two-point
crossover of activity lists: Hartmann, Naval Research Logistics 45, 1998), then one activity is
moved within what its links allow.  A child takes the place of the worse parent unless it is worse.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np

from guatu.engines.schedule.critical_path import Dates
from guatu.engines.schedule.levelling.budget import Clock
from guatu.engines.schedule.levelling.components import Component
from guatu.engines.schedule.levelling.packing import Floats, Ints
from guatu.engines.schedule.levelling.working_days import DayPlan, decode_days
from guatu.engines.schedule.plan import NONE, Plan

SIZE, LEAST, ENTRIES = 60, 8, 60_000
"""Lists in a population, at least, and their entries together in a large part."""
ROUNDS = 8
"""Decodings within which permits must have found their users."""
OVERHEAD = 60_000
"""Cells that breeding one child costs beside those its decoding looks at."""
OVERHEAD_A_NODE = 60
NOISE_DAYS = 60.0


class Score(NamedTuple):
    """How good a schedule is, the lower the better, the first field first.

    Limits broken, days late summed over the deadlines, last day, all finish days together.
    """

    broken: int
    late: int
    end: int
    total: int

    def is_done(self, target: int) -> bool:
        """Tell whether nothing is broken or late and all ends by day ``target``."""
        return self.broken == 0 and self.late == 0 and self.end <= target


class Timed(NamedTuple):
    """A schedule of the nodes of one part, with its score; days as offsets."""

    score: Score
    start: Ints
    finish: Ints


@dataclass(frozen=True)
class Ground:
    """What all searches of one plan share."""

    plan: Plan
    days: DayPlan
    early: Dates
    late: Dates

    def permits(self, part: Component) -> Ints:
        """Return the places of the validities that bind nodes of a part."""
        return np.flatnonzero(np.isin(self.plan.validities.permit, part.nodes))


class DaySearch:
    """One population over one part of a plan."""

    def __init__(self, ground: Ground, part: Component, seed: int) -> None:
        self.ground, self.part = ground, part
        self.chance = np.random.default_rng(seed)
        plan = ground.plan
        shape = (len(ground.days.capacity), plan.stack.beyond + 2)
        self.used = np.zeros(shape, dtype=np.int64)
        self.start, self.finish = ground.early.start.copy(), ground.early.finish.copy()
        self.limited = part.nodes[plan.deadline[part.nodes] != NONE]
        self.permits = ground.permits(part)
        self.arcs = self._arcs()
        self.spent = 0
        self.lists: list[Ints] = []
        self.scores: list[Score] = []
        self.best: Timed | None = None

    def run(self, work: int, clock: Clock, target: int) -> Timed:
        """Search for so many cells; stop once nothing is late and all ends by day ``target``."""
        size = max(LEAST, min(SIZE, ENTRIES // len(self.part.nodes)))
        for urgency in self._urgencies(size):
            self._add(self._listed(urgency))
            if self._is_over(work, clock, target):
                break
        while not self._is_over(work, clock, target):
            father, mother = self._parent(), self._parent()
            child = self._child(self.lists[father], self.lists[mother])
            score = self._decoded(child)
            worse = max(father, mother, key=lambda one: self.scores[one])
            if score <= self.scores[worse]:
                self.lists[worse], self.scores[worse] = child, score
        return self._found()

    def _found(self) -> Timed:
        if self.best is None:  # the first list is decoded before anything is over
            raise RuntimeError
        return self.best

    def _is_over(self, work: int, clock: Clock, target: int) -> bool:
        return self._found().score.is_done(target) or self.spent >= work or clock.is_up()

    def _add(self, order: Ints) -> None:
        self.lists.append(order)
        self.scores.append(self._decoded(order))

    def _parent(self) -> int:
        one, other = map(int, self.chance.integers(len(self.lists), size=2))
        return one if self.scores[one] <= self.scores[other] else other

    def _child(self, father: Ints, mother: Ints) -> Ints:
        """Take the mother's beginning, a stretch of the father's next ones, the mother's rest."""
        count = len(father)
        begin, end = sorted(self.chance.integers(count + 1, size=2).tolist())
        taken = np.zeros(len(self.start), dtype=np.bool_)
        taken[mother[:begin]] = True
        middle = father[~taken[father]][: end - begin]
        taken[middle] = True
        child = np.concatenate((mother[:begin], middle, mother[begin:][~taken[mother[begin:]]]))
        self._shift(child)
        return child

    def _shift(self, order: Ints) -> None:
        """Move one random node to a random place between what precedes and what follows it."""
        count = len(order)
        at = int(self.chance.integers(count))
        node = int(order[at])
        before, after = self.arcs.get(node, ((), ()))
        place = np.empty(len(self.start), dtype=np.int64)
        place[order] = np.arange(count)
        low = max((int(place[other]) + 1 for other in before), default=0)
        high = min((int(place[other]) - 1 for other in after), default=count - 1)
        if high <= low:
            return
        goal = int(self.chance.integers(low, high + 1))
        if goal > at:
            order[at:goal] = order[at + 1 : goal + 1]
        else:
            order[goal + 1 : at + 1] = order[goal:at]
        order[goal] = node

    def _decoded(self, order: Ints) -> Score:
        """Place a list, permits as late as their users allow, and remember the best schedule."""
        plan, part = self.ground.plan, self.part
        raised = np.zeros(len(self.start), dtype=np.int64)
        lapsed = 0
        for _round in range(ROUNDS if len(self.permits) else 1):
            broken, cells = decode_days(
                order, part.resources, self.ground.days, raised, self.used, self.start, self.finish
            )
            self.spent += cells + OVERHEAD + OVERHEAD_A_NODE * len(order)
            lapsed = self._raise_permits(raised) if len(self.permits) else 0
            if not lapsed:
                break
        finish = self.finish[part.nodes]
        over = self.finish[self.limited] - plan.deadline[self.limited]
        score = Score(
            broken=broken + lapsed,
            late=int(np.maximum(over, 0).sum()),
            end=int(finish.max()),
            total=int(finish.sum()),
        )
        if self.best is None or score < self.best.score:
            self.best = Timed(score, self.start[part.nodes], finish)
        return score

    def _raise_permits(self, raised: Ints) -> int:
        """Hold back permits that lapse before they are used; return how many there are."""
        plan, arcs = self.ground.plan, self.ground.plan.validities
        permit, user = arcs.permit[self.permits], arcs.user[self.permits]
        latest = self.start[user] - arcs.days[self.permits]
        early = self.finish[permit] < latest
        movable = early & ~plan.pinned[permit]
        node = permit[movable]
        rank = plan.stack.rank[
            np.maximum(latest[movable], 0) + plan.calendar[node] * plan.stack.span
        ]
        np.maximum.at(raised, node, rank - plan.duration[node] + 1)
        return int(early.sum())

    def _urgencies(self, size: int) -> Iterator[Floats]:
        """Yield what to start first: by latest start, by latest finish, by both with noise."""
        late = self.ground.late
        yield late.start.astype(np.float64)
        yield late.finish.astype(np.float64)
        for _list in range(size - 2):
            by = late.start if self.chance.integers(2) else late.finish
            noise = self.chance.uniform(0, 1, len(by)) * self.chance.uniform() * NOISE_DAYS
            yield by + noise

    def _listed(self, urgency: Floats) -> Ints:
        """Order the nodes by urgency, predecessors first."""
        waiting = {
            node: len(self.arcs[node][0]) if node in self.arcs else 0
            for node in self.part.nodes.tolist()
        }
        ready = [(float(urgency[node]), node) for node, count in waiting.items() if count == 0]
        heapify(ready)
        order = []
        while ready:
            node = heappop(ready)[1]
            order.append(node)
            for other in self.arcs[node][1] if node in self.arcs else ():
                waiting[other] -= 1
                if waiting[other] == 0:
                    heappush(ready, (float(urgency[other]), other))
        return np.array(order, dtype=np.int64)

    def _arcs(self) -> dict[int, tuple[list[int], list[int]]]:
        """List for each node of the part what precedes it and what follows it."""
        links = self.ground.plan.links
        mine = np.zeros(len(self.start), dtype=np.bool_)
        mine[self.part.nodes] = True
        inner = links.active & mine[links.source] & mine[links.target]
        arcs: dict[int, tuple[list[int], list[int]]] = {}
        pairs = zip(links.source[inner].tolist(), links.target[inner].tolist(), strict=True)
        for source, target in pairs:
            arcs.setdefault(target, ([], []))[0].append(source)
            arcs.setdefault(source, ([], []))[1].append(target)
        return arcs
