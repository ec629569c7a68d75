"""Exact search in calendar space with CP-SAT, for one part of a plan.

A variable is the place where a node begins in its own calendar, so that its work takes places one
after another and a duration never depends on the start.  What a link asks is a table over the
places of its source.  A resource is a cumulative constraint for each calendar its users work in:
exact when that is one calendar, otherwise a relaxation, whose bound holds and whose schedules are
kept only when they overdraw nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from guatu.engines.schedule.critical_path import Dates, backward
from guatu.engines.schedule.levelling.components import Component
from guatu.engines.schedule.levelling.day_search import Ground, Score, Timed
from guatu.engines.schedule.levelling.packing import Ints
from guatu.engines.schedule.levelling.solver import Slice, solver_for
from guatu.engines.schedule.plan import NONE

MOST_NODES = 200
"""Larger parts are not worth an exact search."""


class DayProof(NamedTuple):
    """A better schedule or None, a bound on the last day, None when the deadlines cannot hold."""

    timed: Timed | None
    bound: int | None
    cut: bool


def finish_sooner(
    ground: Ground, part: Component, known: Timed, bound: int, work: Slice
) -> DayProof:
    """Look for a schedule that keeps all deadlines and, if the known one does, ends before it."""
    held = known.score.late == 0 and known.score.broken == 0
    plan = ground.plan
    ends = known.score.end - 1 if held else plan.stack.beyond - 1
    last = np.where(plan.deadline == NONE, ends, np.minimum(plan.deadline, ends))
    model = _Model(ground, part, backward(plan, last), (bound, ends))
    closed = known.score.end if held else None
    if not model.build():
        return DayProof(None, closed, cut=False)
    solver = solver_for(work)
    status = solver.solve(model.model)
    cut = solver.wall_time >= work.seconds
    if status == cp_model.INFEASIBLE:
        return DayProof(None, closed, cut=False)
    proved = max(bound, min(round(solver.best_objective_bound), ends + 1))
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return DayProof(None, proved, cut)
    return DayProof(model.timed(solver), proved, cut)


@dataclass
class _Model:
    """The variables of one part; ``window`` is the least and the greatest last day."""

    ground: Ground
    part: Component
    late: Dates
    window: tuple[int, int]

    def build(self) -> bool:
        """Set the model up; False when a node has no place left."""
        self.model = cp_model.CpModel()
        self.places: dict[int, Ints] = {}
        self.begin: dict[int, cp_model.IntVar] = {}
        for node in self.part.nodes.tolist():
            places = self._places(node)
            if not len(places):
                return False
            domain = cp_model.Domain.from_values(places.tolist())
            self.places[node] = places
            self.begin[node] = self.model.new_int_var_from_domain(domain, "")
        for node in self.begin:
            if not self._link(node):
                return False
        for resource in self.part.resources.tolist():
            self._share(resource)
        self.model.minimize(self._last_day())
        return True

    def timed(self, solver: cp_model.CpSolver) -> Timed | None:
        """Return the schedule found, None when a resource of several calendars is overdrawn."""
        days, nodes = self.ground.days, self.part.nodes
        places = np.array([solver.value(self.begin[node]) for node in nodes.tolist()])
        used = np.zeros((len(days.capacity), self.ground.plan.stack.beyond + 1), dtype=np.int64)
        for resource, first, end, fewer in self._shortages():
            used[resource, first:end] = fewer
        for node, place in zip(nodes.tolist(), places.tolist(), strict=True):
            worked = days.day[place : place + int(days.duration[node])]
            for need in range(int(days.need_first[node]), int(days.need_first[node + 1])):
                used[days.resource[need], worked] += days.units[need]
        if (used > days.capacity[:, None]).any():
            return None
        start, finish = days.day[places], days.day[places + days.duration[nodes] - 1]
        return Timed(Score(0, 0, int(finish.max()), int(finish.sum())), start, finish)

    def _places(self, node: int) -> Ints:
        """List where a node may begin: within its dates, its seasons and its allowed starts."""
        days = self.ground.days
        low, high = int(self.ground.early.place[node]), int(self.late.place[node])
        if days.fixed[node] != NONE:
            low, high = max(low, int(days.fixed[node])), min(high, int(days.fixed[node]))
        first, end = days.choice_first[node : node + 2].tolist()
        places = days.choices[first:end] if end > first else np.arange(low, high + 1)
        places = places[(places >= low) & (places <= high)]
        if days.whole[node]:
            places = places[places + days.duration[node] <= days.season_end[places]]
        return places

    def _link(self, node: int) -> bool:
        """Ask of a node what its links ask; False when nothing of that is left."""
        days = self.ground.days
        for arc in range(int(days.first[node]), int(days.first[node + 1])):
            source = int(days.source[arc])
            if source not in self.begin:  # over, and already in the earliest dates
                continue
            place = self._range(source)
            known = days.day[place + (days.duration[source] - 1) * days.from_finish[arc]]
            reached = days.day[days.rank[known + days.lag_rank[arc]] + days.lag_add[arc]]
            asked = days.rank[reached + days.next_rank[arc]] - days.back[arc]
            if asked[0] > self.places[node][-1]:
                return False
            self.model.add(self.begin[node] >= self._read(source, asked))
        return True

    def _share(self, resource: int) -> None:
        """Keep within a resource what works in one calendar, and what runs without a break.

        On the days on which any user works, work without a break takes days one after another
        whichever calendar it counts in.
        """
        days, calendar = self.ground.days, self.ground.plan.calendar
        users = [
            (node, int(days.units[need]))
            for node in self.begin
            for need in range(int(days.need_first[node]), int(days.need_first[node + 1]))
            if days.resource[need] == resource
        ]
        groups = {int(calendar[node]) for node, _units in users}
        for group in groups:
            mine = [user for user in users if calendar[user[0]] == group]
            place = days.rank[group * self.ground.plan.stack.span :]
            self._accumulate(
                resource, mine, {node: self.begin[node] for node, _units in mine}, place
            )
        if len(groups) > 1:
            self._share_days(resource, users, groups)

    def _share_days(self, resource: int, users: list[tuple[int, int]], groups: set[int]) -> None:
        """Keep within a resource all work that runs without a break."""
        days, calendars = self.ground.days, self.ground.plan.stack.calendars
        works = np.logical_or.reduce([calendars[group].works for group in sorted(groups)])
        before = np.concatenate(([0], np.cumsum(works), [np.count_nonzero(works)]))
        begins: dict[int, cp_model.LinearExprT] = {}
        for node, _units in users:
            last = int(days.duration[node]) - 1
            places = self.places[node]
            lasts = before[days.day[places + last]] - before[days.day[places]]
            if (lasts == last).all():
                begins[node] = self._read(node, before[days.day[self._range(node)]])
        mine = [user for user in users if user[0] in begins]
        self._accumulate(resource, mine, begins, before)

    def _accumulate(
        self,
        resource: int,
        users: list[tuple[int, int]],
        begins: Mapping[int, cp_model.LinearExprT],
        place: Ints,
    ) -> None:
        """Keep users within a resource; ``place`` numbers the days as ``begins`` does."""
        days = self.ground.days
        intervals = [
            self.model.new_fixed_size_interval_var(begins[node], int(days.duration[node]), "")
            for node, _units in users
        ]
        units = [needed for _node, needed in users]
        for held, first, end, fewer in self._shortages():
            at, size = int(place[first]), int(place[end] - place[first])
            if held == resource and size and users:
                intervals.append(self.model.new_fixed_size_interval_var(at, size, ""))
                units.append(fewer)
        self.model.add_cumulative(intervals, units, int(days.capacity[resource]))

    def _shortages(self) -> list[tuple[int, int, int, int]]:
        """List where there are fewer than ever: resource, first day, day after, how many fewer."""
        days = self.ground.days
        columns = (days.short_resource, days.short_first, days.short_end, days.short_units)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _last_day(self) -> cp_model.IntVar:
        """Return the last day of the part, at least the last day of each node that may end late."""
        days, (least, greatest) = self.ground.days, self.window
        last_day = self.model.new_int_var(least, max(least, greatest), "")
        for node in self.begin:
            finish = days.day[self._range(node) + days.duration[node] - 1]
            if finish[-1] > least:
                self.model.add(last_day >= self._read(node, finish))
        return last_day

    def _range(self, node: int) -> Ints:
        """Return all places between the first and the last where a node may begin."""
        return np.arange(int(self.places[node][0]), int(self.places[node][-1]) + 1)

    def _read(self, node: int, table: Ints) -> cp_model.LinearExprT:
        """Return the entry of a table over the node's range at the place where it begins."""
        begin, low = self.begin[node], int(self.places[node][0])
        ahead = table - self._range(node)
        if (ahead == ahead[0]).all():
            return begin + int(ahead[0])
        entry = self.model.new_int_var(int(table.min()), int(table.max()), "")
        self.model.add_element(begin - low, table.tolist(), entry)
        return entry
