"""What levelling answers: a status, a length, how far it may be from the best, the starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """OPTIMAL is proved; FEASIBLE may be improved; INFEASIBLE is proved; UNKNOWN is neither."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What every answer has: lengths in periods or days; ``reasons`` are plain sentences.

    ``bound`` is a length proved to be reached at least; ``cut_by_clock`` tells that the clock on
    the wall, not the work budget, ended the search, so that another run may answer differently.
    """

    status: Status
    makespan: int | None
    bound: int | None
    cut_by_clock: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def gap(self) -> float | None:
        """How much of the length might be saved at most; None without a schedule."""
        if self.makespan is None or self.bound is None:
            return None
        return (self.makespan - self.bound) / self.makespan if self.makespan else 0.0


@dataclass(frozen=True, kw_only=True)
class LevelledProject(Outcome):
    """A project in periods: starts by job from 0, None without a schedule."""

    starts: tuple[int, ...] | None


@dataclass(frozen=True, kw_only=True)
class Levelled(Outcome):
    """A plan in days: first and last day worked by activity, None without a schedule.

    ``makespan`` counts calendar days from the first day of the plan to its last.
    """

    starts: Mapping[str, tuple[date, date]] | None
