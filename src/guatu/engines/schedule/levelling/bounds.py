"""Lengths no schedule of a project can beat, from chains and from the work resources must do."""

from guatu.engines.schedule.rcpsp import Rcpsp

ENTRIES = 1_000_000
"""Jobs times heads that are looked at for one resource; beyond, every so-many-th head is."""


def lower_bound(project: Rcpsp) -> int:
    """Return the best of the bounds below."""
    return max(critical_chain(project), energy(project))


def critical_chain(project: Rcpsp) -> int:
    """Return the longest chain of jobs that must follow one another."""
    return max(project.tails)


def energy(project: Rcpsp) -> int:
    """Return how long the busiest resource must work, with what lies before and after its work.

    For every head h and every trailing time q: the jobs that can neither start before h nor be
    followed by less than q need h + work / capacity + q (energetic reasoning of Baptiste, Le Pape &
    Nuijten, Annals of Operations Research 92, 1999, over whole intervals).
    """
    best = 0
    for resource, capacity in enumerate(project.capacities):
        jobs = [
            (project.heads[job], project.tails[job] - lasts, lasts * row[resource])
            for job, (lasts, row) in enumerate(zip(project.durations, project.needs, strict=True))
            if lasts * row[resource]
        ]
        heads = sorted({head for head, _trail, _work in jobs})
        for least in heads[:: len(heads) * len(jobs) // ENTRIES + 1]:
            late = sorted(
                ((trail, work) for head, trail, work in jobs if head >= least), reverse=True
            )
            total = 0
            for trail, work in late:
                total += work
                best = max(best, least - (-total // capacity) + trail)
    return best
