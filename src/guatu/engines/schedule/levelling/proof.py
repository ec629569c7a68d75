"""Exact search with CP-SAT: a shorter schedule, a proof that there is none, or a bound."""

from typing import NamedTuple

from ortools.sat.python import cp_model

from guatu.engines.schedule.levelling.population import Schedule
from guatu.engines.schedule.levelling.solver import Slice, solver_for
from guatu.engines.schedule.rcpsp import Rcpsp


class Found(NamedTuple):
    """A shorter schedule or None, a bound, and whether the clock, not the work, ended it."""

    schedule: Schedule | None
    bound: int
    cut: bool


def shorten(project: Rcpsp, known: Schedule, bound: int, work: Slice) -> Found:
    """Look for a schedule shorter than the known one; ``bound`` is a length proved so far."""
    ends = known.length - 1
    model = cp_model.CpModel()
    starts = [
        model.new_int_var(head, ends - tail, "")
        for head, tail in zip(project.heads, project.tails, strict=True)
    ]
    intervals = [
        model.new_fixed_size_interval_var(start, lasts, "")
        for start, lasts in zip(starts, project.durations, strict=True)
    ]
    length = model.new_int_var(bound, ends, "")
    for job, after in enumerate(project.successors):
        for other in after:
            model.add(starts[other] >= starts[job] + project.durations[job])
        if not after:
            model.add(length >= starts[job] + project.durations[job])
    for resource, capacity in enumerate(project.capacities):
        users = [
            job for job, row in enumerate(project.needs) if row[resource] and project.durations[job]
        ]
        model.add_cumulative(
            [intervals[job] for job in users],
            [project.needs[job][resource] for job in users],
            capacity,
        )
    for job, start in enumerate(starts):
        model.add_hint(start, min(known.starts[job], ends - project.tails[job]))
    model.minimize(length)
    solver = solver_for(work)
    status = solver.solve(model)
    cut = solver.wall_time >= work.seconds
    if status == cp_model.INFEASIBLE:
        return Found(None, known.length, cut=False)
    proved = min(max(bound, round(solver.best_objective_bound)), known.length)
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        found = tuple(solver.value(start) for start in starts)
        return Found(Schedule(found, solver.value(length)), proved, cut)
    return Found(None, proved, cut)
