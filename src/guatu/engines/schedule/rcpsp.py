"""A project in whole periods: jobs, what must precede what, renewable resources.

The resource-constrained project scheduling problem as Kolisch & Sprecher, "PSPLIB – a project
scheduling problem library" (EJOR 96, 1997) state it.  Jobs are numbered from 0 in here.
"""

from dataclasses import dataclass
from functools import cached_property

LONGEST = 1_000_000
"""Periods all jobs together may last; levelling keeps one cell a period."""
LARGEST = 2**60
"""Units of a resource that still fit a word of the levelling kernels."""


class BadProject(ValueError):
    """A project that cannot be scheduled as written, said in one plain Chinese sentence."""


@dataclass(frozen=True)
class Rcpsp:
    """Durations, successors and needs by job, capacities by resource.

    A need may exceed its capacity: then the project has no schedule, which is an answer.
    Raises BadProject for negative or huge numbers, unknown successors and cycles.
    """

    durations: tuple[int, ...]
    successors: tuple[tuple[int, ...], ...]
    needs: tuple[tuple[int, ...], ...]
    capacities: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.durations:
            raise BadProject("项目里没有任何工作。")
        if not len(self.durations) == len(self.successors) == len(self.needs):
            raise BadProject("工期、后续和资源需要的行数不一致。")
        if min(self.durations) < 0 or sum(self.durations) > LONGEST:
            raise BadProject(f"工期不能为负，合计不能超过{LONGEST}。")
        for row in (self.capacities, *self.needs):
            if len(row) != len(self.capacities):
                raise BadProject("各工作的资源种数与总量的种数不一致。")
            if row and not 0 <= min(row) <= max(row) < LARGEST:
                raise BadProject("资源数量不能为负，也不能大到无法计算。")
        for job, after in enumerate(self.successors, start=1):
            if any(not 0 <= other < len(self.durations) for other in after):
                raise BadProject(f"工作{job}的后续工作不存在。")
        if len(self.order) < len(self.durations):
            left = sorted(set(range(len(self.durations))) - set(self.order))
            named = "、".join(str(job + 1) for job in left[:12])
            raise BadProject(f"这些工作互为前置，成了循环，或在循环之后：{named}。")

    @cached_property
    def predecessors(self) -> tuple[tuple[int, ...], ...]:
        """The direct predecessors of each job."""
        before: list[list[int]] = [[] for _job in self.durations]
        for job, after in enumerate(self.successors):
            for other in after:
                before[other].append(job)
        return tuple(map(tuple, before))

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The jobs, predecessors first; jobs on or behind a cycle are missing."""
        waiting = [len(before) for before in self.predecessors]
        order = [job for job, count in enumerate(waiting) if count == 0]
        for job in order:
            for other in self.successors[job]:
                waiting[other] -= 1
                if waiting[other] == 0:
                    order.append(other)
        return tuple(order)

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """For each job the longest chain before its start."""
        heads = [0] * len(self.durations)
        for job in self.order:
            for other in self.successors[job]:
                heads[other] = max(heads[other], heads[job] + self.durations[job])
        return tuple(heads)

    @cached_property
    def tails(self) -> tuple[int, ...]:
        """For each job the longest chain from its start to the end of the project."""
        tails = list(self.durations)
        for job in reversed(self.order):
            after = (tails[other] for other in self.successors[job])
            tails[job] = self.durations[job] + max(after, default=0)
        return tuple(tails)
