"""A budget of work that is the same on every machine, and a clock that only guards it.

Compiled loops count the cells of the timeline they look at, CP-SAT its deterministic time; both are
set to about one second of a quiet core of the machine the benchmarks name.
"""

import time
from dataclasses import dataclass, field

CELLS_A_SECOND = 400_000_000
SOLVER_UNITS_A_SECOND = 0.4
PATIENCE = 5.0
"""How many times its budget a search may last on the clock; a loaded machine is slower."""
GRACE_SECONDS = 30.0


@dataclass
class Clock:
    """The guard of one search: ``limit`` seconds of work for each worker."""

    limit: float
    cut: bool = False
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds on the wall until the search must end."""
        return self.limit * PATIENCE + GRACE_SECONDS - (time.monotonic() - self.began)

    def is_up(self) -> bool:
        """Tell whether time is up, and remember that it was."""
        self.cut = self.cut or self.left <= 0
        return self.cut


def cells(seconds: float) -> int:
    """Return the work of so many seconds in cells looked at."""
    return int(seconds * CELLS_A_SECOND)


def solver_units(seconds: float) -> float:
    """Return the work of so many seconds in CP-SAT's deterministic time."""
    return seconds * SOLVER_UNITS_A_SECOND
