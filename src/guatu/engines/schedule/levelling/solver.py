"""CP-SAT set up so that its answer depends on its work alone."""

from dataclasses import dataclass

from ortools.sat.python import cp_model

STRATEGIES = 2
"""Ways to search that differ: from above by shorter schedules, from below by cores."""


@dataclass(frozen=True)
class Slice:
    """How much to search and how: deterministic time, seconds on the clock, a strategy, a seed."""

    units: float
    seconds: float
    strategy: int
    seed: int


def solver_for(work: Slice) -> cp_model.CpSolver:
    """Return a solver whose answer depends on its work alone.

    One thread: several would race.  No linear relaxation: on these models it costs more than it
    prunes.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.random_seed = work.seed
    solver.parameters.max_deterministic_time = work.units
    solver.parameters.max_time_in_seconds = work.seconds
    if work.strategy % STRATEGIES == 1:
        solver.parameters.optimize_with_core = True
    return solver
