"""Levelling a plan of dates: shared crews, desks and machines, on the calendars of the plan."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.conflict import broken_limits
from guatu.engines.schedule.critical_path import Dates, backward, forward
from guatu.engines.schedule.horizon import restacked, settle
from guatu.engines.schedule.levelling.answer import Levelled, Status
from guatu.engines.schedule.levelling.budget import Clock, cells, solver_units
from guatu.engines.schedule.levelling.components import Component, components
from guatu.engines.schedule.levelling.dated import ruled_out, waits_for_a_period
from guatu.engines.schedule.levelling.day_bounds import last_day_bound
from guatu.engines.schedule.levelling.day_proof import MOST_NODES, DayProof, finish_sooner
from guatu.engines.schedule.levelling.day_search import DaySearch, Ground, Score, Timed
from guatu.engines.schedule.levelling.solver import Slice
from guatu.engines.schedule.levelling.working_days import day_plan, decode_days
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.plan import NONE, Plan

Objective = Literal["deadlines", "lateness"]

LONGEST_HORIZON = 400_000
"""Days, a thousand years: a plan that ends later cannot be meant."""
BRED_SHARE = 0.3
"""Share of a part's budget for breeding, when the rest may prove it."""
FIRST_PULL, PULLS = 14, 7
"""Days a plan without a status date begins earlier at first, twice as many each time after."""
MORE_TRIES = 2
"""How often the horizon is doubled for work that only fits into some period."""
LEAST_SHARE = 0.02
"""Of the budget, for the smallest part."""


def level(
    network: Network,
    *,
    limit: float,
    workers: int = 1,
    seed: int = 0,
    objective: Objective = "deadlines",
    table: DayTable | None = None,
) -> Levelled:
    """Return the shortest schedule found within ``limit`` seconds of work for each worker.

    ``objective`` "deadlines": deadlines hold or there is no schedule (INFEASIBLE when that is
    proved, else UNKNOWN); "lateness": deadlines may break, then the sum of days late comes before
    the length.  The answer depends on the arguments alone as long as the clock does not cut it.
    """
    plan, early = settle(network, table or shipped_table())
    broken = broken_limits(plan, early)
    hard = broken if objective == "deadlines" else [b for b in broken if b.kind != "deadline"]
    if hard:
        return _impossible("不占用资源时，期限或固定日期也已不能满足，请先看倒排的冲突。")
    plan, early = _past_periods(plan, early)
    if said := ruled_out(plan, day_plan(plan)):
        return _impossible(said)
    plan, early = _long_enough(plan, early)
    if network.status_date is not None:
        return _Levelling(plan, early, limit, workers, seed, objective).run()
    return _begun_earlier(plan, early, limit, workers, seed)


def _impossible(reason: str) -> Levelled:
    return Levelled(
        status=Status.INFEASIBLE, makespan=None, bound=None, starts=None, reasons=(reason,)
    )


def _past_periods(plan: Plan, early: Dates) -> tuple[Plan, Dates]:
    """Lengthen the horizon until it holds every day on which a capacity differs."""
    ends = [plan.offset(p.last) for one in plan.network.resources for p in one.periods]
    last = max(ends, default=0) + 1
    if last <= plan.stack.beyond:
        return plan, early
    plan = replace(plan, stack=restacked(plan, last))
    return plan, forward(plan)


def _begun_earlier(plan: Plan, early: Dates, limit: float, workers: int, seed: int) -> Levelled:
    """Level a plan without a status date: begin earlier until its deadlines hold.

    The first attempt begins as late as the deadlines would let it without resources; only there
    the bound speaks of the whole plan.
    """
    answer = _Levelling(plan, early, limit / 2, workers, seed, "deadlines").run()
    ahead, share = FIRST_PULL, limit / 2 / PULLS
    for _pull in range(PULLS):
        if answer.starts is not None:
            return answer
        plan = replace(plan, status=np.maximum(plan.status - ahead, 0))
        early = forward(plan)
        attempt = _Levelling(plan, early, share, workers, seed, "deadlines", pulled=True)
        answer, ahead = attempt.run(), 2 * ahead
    return answer


def _long_enough(plan: Plan, early: Dates) -> tuple[Plan, Dates]:
    """Lengthen the horizon until one serial schedule fits in it.

    What needs a period of its own may have missed it there: then more days need not help.
    """
    tries = MORE_TRIES if waits_for_a_period(plan, day_plan(plan)) else LONGEST_HORIZON
    part = plan.forward.order[~plan.pinned[plan.forward.order]]
    while True:
        days = day_plan(plan)
        used = np.zeros((len(days.capacity), plan.stack.beyond + 2), dtype=np.int64)
        start, finish = early.start.copy(), early.finish.copy()
        held, none = np.unique(days.resource), np.zeros(len(start), dtype=np.int64)
        decode_days(part, held, days, none, used, start, finish)
        enough = bool((finish[part] < plan.stack.beyond).all())
        if enough or not tries or 2 * plan.stack.beyond > LONGEST_HORIZON:
            return plan, early
        tries -= 1
        plan = replace(plan, stack=restacked(plan, 2 * plan.stack.beyond))
        early = forward(plan)


def _score(timed: Timed) -> Score:
    return timed.score


@dataclass
class _Levelling:
    """One run over all parts of a plan."""

    plan: Plan
    early: Dates
    limit: float
    workers: int
    seed: int
    objective: Objective
    pulled: bool = False
    bounds: list[int] = field(default_factory=list)
    impossible: bool = False

    def __post_init__(self) -> None:
        self.clock = Clock(self.limit)

    def run(self) -> Levelled:
        """Level part by part, each with its share of the budget, and put the parts together."""
        plan = self.plan
        days = day_plan(plan)
        last = np.where(plan.deadline == NONE, self._last(), plan.deadline)
        ground = Ground(plan, days, self.early, backward(plan, last))
        parts = components(plan, days)
        start, finish = self.early.start.copy(), self.early.finish.copy()
        clock = self.clock
        found = []
        with ThreadPoolExecutor(self.workers) as pool:
            total = sum(len(part.nodes) for part in parts if part.scarce)
            for part in parts:
                share = len(part.nodes) / total if part.scarce else LEAST_SHARE
                timed = self._level(ground, part, clock, pool, self.limit * share)
                start[part.nodes], finish[part.nodes] = timed.start, timed.finish
                found.append(timed)
        return self._answer(found, start, finish, clock)

    def _last(self) -> int:
        """Return the last day of the plan if no resource were scarce."""
        free = self.early.finish[~self.plan.pinned]
        latest = int(free.max(initial=0))
        return max(latest, int(self.plan.deadline.max(initial=0)))

    def _level(
        self,
        ground: Ground,
        part: Component,
        clock: Clock,
        pool: ThreadPoolExecutor,
        seconds: float,
    ) -> Timed:
        """Search one part on every worker with a seed of its own; the best of all counts."""
        bound = last_day_bound(ground.plan, ground.days, ground.early, part)
        self.bounds.append(bound)
        workers = self.workers if part.scarce else 1
        exact = part.scarce and len(part.nodes) <= MOST_NODES and not len(ground.permits(part))
        bred = seconds * BRED_SHARE if exact else seconds
        searches = [
            DaySearch(ground, part, self.seed * self.workers + number) for number in range(workers)
        ]
        work = [cells(bred)] * workers
        found: list[Timed] = list(
            pool.map(lambda one, cost: one.run(cost, clock, bound), searches, work)
        )
        best = min(found, key=_score)
        if exact and not best.score.is_done(bound) and not clock.is_up():
            return self._prove(ground, part, best, pool, seconds - bred)
        return best

    def _prove(
        self,
        ground: Ground,
        part: Component,
        best: Timed,
        pool: ThreadPoolExecutor,
        seconds: float,
    ) -> Timed:
        """Search one part exactly, with another strategy on each worker."""
        known, bound, left = best, self.bounds[-1], max(self.clock.left, 0.1)
        if (known.score.late or known.score.broken) and self.objective == "lateness":
            return best

        def search(worker: int) -> DayProof:
            work = Slice(solver_units(seconds), left, worker, self.seed + worker)
            return finish_sooner(ground, part, known, bound, work)

        for proof in pool.map(search, range(self.workers)):
            self.clock.cut |= proof.cut
            if proof.bound is None:
                self.impossible = True
            else:
                self.bounds[-1] = max(self.bounds[-1], proof.bound)
            if proof.timed is not None and proof.timed.score < best.score:
                best = proof.timed
        return best

    def _answer(
        self, found: list[Timed], start: np.ndarray, finish: np.ndarray, clock: Clock
    ) -> Levelled:
        broken = sum(timed.score.broken for timed in found)
        late = sum(timed.score.late for timed in found)
        begin = self._begin(start)
        bound = max(self.bounds, default=begin - 1) - begin + 1
        if self.pulled:
            bound = int(self.plan.duration[~self.plan.pinned].max())
        makespan = max((timed.score.end for timed in found), default=begin - 1) - begin + 1
        reasons = (f"最好的安排仍超期，各期限合计超{late}个日历日。",) if late else ()
        if broken:
            reasons = ("固定开始、允许开始或有效期未能全部满足。", *reasons)
        if broken or (late and self.objective == "deadlines"):
            return Levelled(
                status=Status.INFEASIBLE if self.impossible else Status.UNKNOWN,
                makespan=None,
                bound=None if self.impossible else bound,
                starts=None,
                cut_by_clock=clock.cut,
                reasons=reasons,
            )
        best = not late and makespan <= bound
        return Levelled(
            status=Status.OPTIMAL if best else Status.FEASIBLE,
            makespan=makespan,
            bound=bound,
            starts=self._dates(start, finish),
            cut_by_clock=clock.cut,
            reasons=reasons,
        )

    def _begin(self, start: np.ndarray) -> int:
        """Return the first day of what remains: the status date, else the first day of work."""
        status = self.plan.network.status_date
        if status is not None:
            return self.plan.offset(status)
        first = start if self.pulled else self.early.start
        return int(first[~self.plan.pinned].min(initial=self.plan.stack.beyond))

    def _dates(self, start: np.ndarray, finish: np.ndarray) -> Mapping[str, tuple[date, date]]:
        """Return first and last day of every row; summaries span the rows under them."""
        plan = self.plan
        leaves: dict[str, tuple[int, int]] = {}
        for node, row in enumerate(plan.rows):
            begin = plan.offset(row.actual_start) if row.actual_start else int(start[node])
            leaves[row.id] = begin, int(finish[node])
        days: dict[str, tuple[date, date]] = {}
        for row in plan.network.activities:
            under = [leaves[leaf] for leaf in plan.family.leaves(row.id)]
            first, last = min(one[0] for one in under), max(one[1] for one in under)
            days[row.id] = (
                date.fromordinal(plan.first + first),
                date.fromordinal(plan.first + last),
            )
        return days
