"""Levelled projects of PSPLIB against the best known lengths and against CP-SAT alone.

    python -m bench.levelling [--set j30|j60|j120 …] [--every N] [--limit S] [--workers N]
                              [--seed K] [--no-peer] [--each]

Both solve the same instances in this run with the same limit: ours a budget of work, CP-SAT (plain
model, its own defaults, the same number of workers) seconds of the clock.  Every schedule is
checked.  The instances lie beside the checkout: GUATU_SHARED names their folder.
"""

import argparse
import csv
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ortools.sat.python import cp_model

from bench.measuring.tables import table, verdict
from guatu.engines.schedule.formats.psplib import read_psplib
from guatu.engines.schedule.levelling import level_project
from guatu.engines.schedule.rcpsp import Rcpsp

SHARED = Path(os.environ.get("GUATU_SHARED", Path(__file__).resolve().parents[2] / "shared"))
FOLDER = SHARED / "data" / "schedule"
INSTANCES = {
    "j30": [f"j30{setting}_1.sm" for setting in range(1, 49)],
    "j60": [f"j60{setting}_1.sm" for setting in range(1, 48, 2)],
    "j120": [f"j120{setting}_1.sm" for setting in range(1, 57, 5)],
}
LEAST_PROVED = {"j30": 48, "j60": 18, "j120": 0}
MOST_DEVIATION = {"j30": 0.0, "j60": 0.5, "j120": 2.7}
Solve = Callable[[Rcpsp], tuple[tuple[int, ...] | None, bool]]


@dataclass(frozen=True)
class Result:
    """One schedule: its length, whether proved the shortest, and what it cost."""

    length: int | None
    proved: bool
    cpu: float
    wall: float


def best_known() -> dict[str, int]:
    """Read the shortest lengths anybody has published."""
    with (FOLDER / "psplib_best_known.csv").open(encoding="utf-8") as rows:
        return {row["file"]: int(row["ub"]) for row in csv.DictReader(rows)}


def measured(project: Rcpsp, solve: Solve) -> Result:
    """Solve one project and check the schedule."""
    cpu, wall = time.process_time(), time.perf_counter()
    starts, proved = solve(project)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if starts is None:
        return Result(None, proved, cpu, wall)
    check(project, starts)
    ends = (start + lasts for start, lasts in zip(starts, project.durations, strict=True))
    return Result(max(ends), proved, cpu, wall)


def check(project: Rcpsp, starts: tuple[int, ...]) -> None:
    """Fail on a schedule that breaks a precedence or a capacity."""
    assert min(starts) >= 0
    used: dict[tuple[int, int], int] = {}
    for job, start in enumerate(starts):
        end = start + project.durations[job]
        assert all(starts[other] >= end for other in project.successors[job])
        for resource, need in enumerate(project.needs[job]):
            for period in range(start, end):
                used[resource, period] = used.get((resource, period), 0) + need
    assert all(units <= project.capacities[resource] for (resource, _p), units in used.items())


def ours(limit: float, workers: int, seed: int) -> Solve:
    """Return our own solver."""

    def solve(project: Rcpsp) -> tuple[tuple[int, ...] | None, bool]:
        answer = level_project(project, limit=limit, workers=workers, seed=seed)
        return answer.starts, answer.status == "OPTIMAL"

    return solve


def plain(limit: float, workers: int, seed: int) -> Solve:
    """Return CP-SAT with the model its examples show, and nothing else."""

    def solve(project: Rcpsp) -> tuple[tuple[int, ...] | None, bool]:
        model = cp_model.CpModel()
        horizon = sum(project.durations)
        starts = [model.new_int_var(0, horizon, "") for _job in project.durations]
        length = model.new_int_var(0, horizon, "")
        intervals = [
            model.new_fixed_size_interval_var(start, lasts, "")
            for start, lasts in zip(starts, project.durations, strict=True)
        ]
        for job, after in enumerate(project.successors):
            model.add(length >= starts[job] + project.durations[job])
            for other in after:
                model.add(starts[other] >= starts[job] + project.durations[job])
        for resource, capacity in enumerate(project.capacities):
            model.add_cumulative(intervals, [row[resource] for row in project.needs], capacity)
        model.minimize(length)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        solver.parameters.max_time_in_seconds = limit
        status = solver.solve(model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None, False
        return tuple(solver.value(start) for start in starts), status == cp_model.OPTIMAL

    return solve


def deviation(results: list[Result], known: list[int]) -> float:
    """Return by how many percent the schedules are longer than the best known, on average."""
    found = zip(results, known, strict=True)
    return statistics.fmean(
        100 * ((result.length or 2 * best) - best) / best for result, best in found
    )


def row(name: str, who: str, results: list[Result], known: list[int]) -> list[str | int | float]:
    """Sum one set up."""
    proved, off = sum(result.proved for result in results), deviation(results, known)
    whole = len(results) == len(INSTANCES[name])
    bars = verdict(
        f"proved < {LEAST_PROVED[name]}" if whole and proved < LEAST_PROVED[name] else "",
        f"deviation > {MOST_DEVIATION[name]} %" if off > MOST_DEVIATION[name] + 1e-9 else "",
    )
    return [
        f"{name}, {len(results)}",
        who,
        proved,
        sum(result.length == best for result, best in zip(results, known, strict=True)),
        off,
        sum(result.cpu for result in results),
        sum(result.wall for result in results),
        bars if who == "guatu" else "",
    ]


def rows(options: argparse.Namespace) -> Iterator[list[str | int | float]]:
    """Run the sets asked for, ours and the peer instance by instance."""
    known = best_known()
    words = (options.limit, options.workers, options.seed)
    solvers = {"guatu": ours(*words)} | ({} if options.no_peer else {"CP-SAT alone": plain(*words)})
    for name in options.set:
        files = INSTANCES[name][:: options.every]
        results: dict[str, list[Result]] = {who: [] for who in solvers}
        for file in files:
            project = read_psplib((FOLDER / "psplib" / name / file).read_text(encoding="utf-8"))
            for who, solve in solvers.items():
                result = measured(project, solve)
                results[who].append(result)
                if options.each:
                    print(file, known[file], who, result, flush=True)
        for who, found in results.items():
            yield row(name, who, found, [known[file] for file in files])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Levelled projects of PSPLIB.")
    parser.add_argument("--set", action="append", choices=INSTANCES, help="all by default")
    parser.add_argument("--every", type=int, default=1, help="take every N-th instance")
    parser.add_argument("--limit", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--each", action="store_true", help="print every instance")
    options = parser.parse_args()
    options.set = options.set or list(INSTANCES)
    if not FOLDER.is_dir():
        print("PSPLIB is not here: set GUATU_SHARED to its folder")
        return
    warm = read_psplib((FOLDER / "psplib" / "j30" / "j301_1.sm").read_text(encoding="utf-8"))
    level_project(warm, limit=0.1, workers=options.workers)
    print(f"limit {options.limit:g} s, {options.workers} workers, seed {options.seed}\n")
    headers = [
        "set, instances",
        "solver",
        "proved",
        "= best known",
        "deviation %",
        "CPU s",
        "wall s",
    ]
    print(table([*headers, "bars"], rows(options)))


if __name__ == "__main__":
    main()
