"""Processor and wall time of one piece of work."""

import resource
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")
TICK_SECONDS = 0.01
USER_TICKS, SYSTEM_TICKS = 11, 12  # places in /proc/PID/stat after the command's name


@dataclass(frozen=True)
class Spent:
    """Seconds of processor (with children that ended) and of the clock on the wall."""

    cpu: float
    wall: float


def spent(
    work: Callable[[], Result], servers: Callable[[], float] = lambda: 0.0
) -> tuple[Result, Spent]:
    """Do ``work`` once; ``servers`` tells the processor seconds others used for it so far."""
    before, began, others = _own(), time.perf_counter(), servers()
    result = work()
    wall = time.perf_counter() - began
    return result, Spent(_own() - before + servers() - others, wall)


def median(times: Iterable[Spent]) -> Spent:
    """Median of both clocks."""
    all_ = list(times)
    return Spent(
        statistics.median(one.cpu for one in all_), statistics.median(one.wall for one in all_)
    )


def process_seconds(pid: int) -> float:
    """Processor seconds of another process of this machine so far, to a hundredth."""
    tail = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(tail[USER_TICKS]) + int(tail[SYSTEM_TICKS])) * TICK_SECONDS


def peak_memory_mb() -> float:
    """Largest resident memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _own() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime
