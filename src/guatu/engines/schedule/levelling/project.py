"""Levelling a project in whole periods: breed schedules, then prove or shorten them exactly."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from guatu.engines.schedule.levelling.answer import LevelledProject, Status
from guatu.engines.schedule.levelling.bounds import lower_bound
from guatu.engines.schedule.levelling.budget import Clock, cells, solver_units
from guatu.engines.schedule.levelling.packing import packed
from guatu.engines.schedule.levelling.population import Island, Schedule
from guatu.engines.schedule.levelling.proof import Found, shorten
from guatu.engines.schedule.levelling.solver import Slice
from guatu.engines.schedule.rcpsp import LONGEST, Rcpsp

UNITED_SHARE = 0.3
"""Share of the last breeding that goes to the united populations."""
CLOCK_SECONDS = 0.1
"""Work after which a breeding island looks at the clock."""
STAGES: tuple[tuple[int, tuple[tuple[float, float], ...]], ...] = (
    (75, ((0.02, 0.06), (0.1, 0.27), (0.2, 0.35))),
    (105, ((0.05, 0.1), (0.5, 0.35))),
    (2_000, ((0.1, 0.05), (0.85, 0.0))),
    (LONGEST, ((1.0, 0.0),)),
)
"""Up to so many jobs: which shares of the budget go to breeding and to exact search, in turns.

Short projects are bred in no time and are worth proving; long ones are hardly ever proved.
"""


def level_project(
    project: Rcpsp, *, limit: float, workers: int = 1, seed: int = 0
) -> LevelledProject:
    """Return a short schedule within ``limit`` seconds of work for each of ``workers``.

    The answer depends on the project, the limit, the workers and the seed alone, as long as the
    clock does not cut it.
    """
    lacking = _lacking(project)
    if lacking:
        return LevelledProject(
            status=Status.INFEASIBLE, makespan=None, bound=None, starts=None, reasons=lacking
        )
    search = _Search(project, limit=limit, workers=workers, seed=seed)
    return search.run()


def _lacking(project: Rcpsp) -> tuple[str, ...]:
    """Say which job needs more of a resource than there is."""
    for job, (lasts, row) in enumerate(zip(project.durations, project.needs, strict=True), 1):
        for resource, (need, capacity) in enumerate(zip(row, project.capacities, strict=True), 1):
            if lasts and need > capacity:
                return (f"工作{job}需要资源{resource}共{need}，而总量只有{capacity}。",)
    return ()


@dataclass
class _Search:
    """One run: islands that breed, a bound that rises, the best schedule that is known."""

    project: Rcpsp
    limit: float
    workers: int
    seed: int

    def __post_init__(self) -> None:
        arrays = packed(self.project)
        self.bound = lower_bound(self.project)
        self.islands = [
            Island(self.project, arrays, self.seed * self.workers + number)
            for number in range(self.workers)
        ]
        self.islands[0].breed(0, 0)  # compiles, or loads what was compiled, before time is kept
        self.best = min((island.best for island in self.islands), key=lambda one: one.length)
        self.clock = Clock(self.limit)

    def run(self) -> LevelledProject:
        """Breed and prove in turns; stop as soon as length and bound meet."""
        jobs = len(self.project.durations)
        stages = next(stages for most, stages in STAGES if jobs <= most)
        with ThreadPoolExecutor(self.workers) as pool:
            for bred, exact in stages:
                last = bred if (bred, exact) == stages[-1] else 0.0
                self._breed(pool, self.limit * (bred - last * UNITED_SHARE))
                if last:
                    self._unite()
                    self._breed(pool, self.limit * last * UNITED_SHARE)
                if exact and self._is_open():
                    self._prove(pool, self.limit * exact)
        closed = self.best.length <= self.bound
        return LevelledProject(
            status=Status.OPTIMAL if closed else Status.FEASIBLE,
            makespan=self.best.length,
            bound=self.bound,
            starts=self.best.starts,
            cut_by_clock=self.clock.cut,
        )

    def _is_open(self) -> bool:
        return self.best.length > self.bound and not self.clock.is_up()

    def _prove(self, pool: Executor, seconds: float) -> None:
        """Search exactly with another strategy on each worker; islands take in what is found."""
        known, bound, left = self.best, self.bound, max(self.clock.left, 0.1)

        def search(worker: int) -> Found:
            work = Slice(solver_units(seconds), left, worker, self.seed + worker)
            return shorten(self.project, known, bound, work)

        for found in pool.map(search, range(self.workers)):
            self.bound = max(self.bound, found.bound)
            self.clock.cut |= found.cut
            if found.schedule:
                self._welcome(found.schedule)
                for island in self.islands:
                    island.take_in(found.schedule)

    def _breed(self, pool: Executor, seconds: float) -> None:
        """Breed on all islands, each for itself."""
        if seconds > 0 and self._is_open():
            list(pool.map(self._breed_one, self.islands, [cells(seconds)] * self.workers))
            self._welcome(min((i.best for i in self.islands), key=lambda one: one.length))

    def _unite(self) -> None:
        """Begin a last population on every island from the fittest of all that came to rest."""
        elites = [elite for i in self.islands for elite in (*i.kept, i.elite())]
        for island in self.islands:
            island.unite(elites)

    def _breed_one(self, island: Island, work: int) -> None:
        while work > 0 and island.best.length > self.bound and not self.clock.is_up():
            work -= island.breed(min(work, cells(CLOCK_SECONDS)), self.bound)

    def _welcome(self, schedule: Schedule) -> None:
        """Keep a schedule if it is the shortest."""
        self.best = min(self.best, schedule, key=lambda one: one.length)
