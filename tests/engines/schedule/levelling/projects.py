"""Small projects for tests, how PSPLIB would write them, and a checker that shares no code."""

import random

from guatu.engines.schedule.rcpsp import Rcpsp


def project(jobs: int, seed: int, *, resources: int = 3, tight: float = 0.4) -> Rcpsp:
    """Invent a project with a dummy first and last job, the way PSPLIB's generator does."""
    chance = random.Random(seed)  # noqa: S311 -- an invented project is no secret
    durations = [0, *(chance.randint(1, 9) for _ in range(jobs)), 0]
    needs = [tuple(chance.randint(0, 9) for _ in range(resources)) for _ in range(jobs)]
    successors: list[set[int]] = [set() for _ in durations]
    for job in range(1, jobs + 1):
        before = range(max(1, job - 6), job)
        for other in chance.sample(before, min(len(before), chance.randint(0, 2))):
            successors[other].add(job)
        if not any(job in after for after in successors):
            successors[0].add(job)
    for job in range(1, jobs + 1):
        if not successors[job]:
            successors[job].add(jobs + 1)
    none = (0,) * resources
    most = [max(row[r] for row in needs) for r in range(resources)]
    total = [sum(row[r] for row in needs) for r in range(resources)]
    capacities = tuple(
        round(low + tight * (high - low) / 4) for low, high in zip(most, total, strict=True)
    )
    return Rcpsp(
        tuple(durations),
        tuple(tuple(sorted(a)) for a in successors),
        (none, *needs, none),
        capacities,
    )


def as_psplib(made: Rcpsp) -> str:
    """Write a project as PSPLIB does."""
    rule = "*" * 72
    jobs = range(len(made.durations))
    relations = [
        " ".join(
            map(
                str,
                (
                    job + 1,
                    1,
                    len(made.successors[job]),
                    *(other + 1 for other in made.successors[job]),
                ),
            )
        )
        for job in jobs
    ]
    requests = [
        " ".join(map(str, (job + 1, 1, made.durations[job], *made.needs[job]))) for job in jobs
    ]
    names = "  ".join(f"R {number}" for number in range(1, len(made.capacities) + 1))
    return "\n".join(
        [
            rule,
            "projects                      :  1",
            f"jobs (incl. supersource/sink ):  {len(jobs)}",
            "RESOURCES",
            f"  - renewable                 :  {len(made.capacities)}   R",
            "  - nonrenewable              :  0   N",
            "  - doubly constrained        :  0   D",
            rule,
            "PRECEDENCE RELATIONS:",
            "jobnr.    #modes  #successors   successors",
            *relations,
            rule,
            "REQUESTS/DURATIONS:",
            f"jobnr. mode duration  {names}",
            "-" * 72,
            *requests,
            rule,
            "RESOURCEAVAILABILITIES:",
            f"  {names}",
            " ".join(map(str, made.capacities)),
            rule,
            "",
        ]
    )


def faults(made: Rcpsp, starts: tuple[int, ...]) -> list[str]:
    """List what a schedule violates."""
    found = [f"job {job} starts at {start}" for job, start in enumerate(starts) if start < 0]
    ends = [start + lasts for start, lasts in zip(starts, made.durations, strict=True)]
    found += [
        f"{job} before {other}"
        for job, after in enumerate(made.successors)
        for other in after
        if starts[other] < ends[job]
    ]
    for period in range(max(ends, default=0)):
        running = [job for job, end in enumerate(ends) if starts[job] <= period < end]
        for resource, capacity in enumerate(made.capacities):
            used = sum(made.needs[job][resource] for job in running)
            if used > capacity:
                found.append(f"resource {resource} in period {period}: {used} of {capacity}")
    return found


def shortest(made: Rcpsp) -> int:
    """Find the least length by trying every order of the jobs: one of them is optimal."""
    best = sum(made.durations)
    before = [
        {job for job, after in enumerate(made.successors) if other in after}
        for other in range(len(made.durations))
    ]

    def place(starts: dict[int, int]) -> None:
        nonlocal best
        ends = {job: start + made.durations[job] for job, start in starts.items()}
        if max(ends.values(), default=0) >= best:
            return
        if len(starts) == len(made.durations):
            best = max(ends.values())
            return
        for job in range(len(made.durations)):
            if job not in starts and before[job] <= starts.keys():
                begin = max((ends[other] for other in before[job]), default=0)
                while not _fits(made, starts, job, begin):
                    begin += 1
                place({**starts, job: begin})

    place({})
    return best


def _fits(made: Rcpsp, starts: dict[int, int], job: int, begin: int) -> bool:
    for period in range(begin, begin + made.durations[job]):
        running = [
            other
            for other, start in starts.items()
            if start <= period < start + made.durations[other]
        ]
        for resource, capacity in enumerate(made.capacities):
            if sum(made.needs[one][resource] for one in [*running, job]) > capacity:
                return False
    return True
