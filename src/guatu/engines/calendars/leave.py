"""Leave to work on days a calendar has off, granted to one piece of work for dated periods."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from guatu.engines.calendars.work_calendar import CalendarSpec, in_windows

LeaveKind = Literal["rest", "stop", "all"]
LEAVE_KINDS: tuple[LeaveKind, ...] = ("rest", "stop", "all")


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave from ``first`` to ``last``, both included, and the approval it rests on.

    ``rest``: days off are worked, those of a stop are not; ``stop``: no stop holds, days off stay
    off; ``all``: every day is worked.
    """

    first: date
    last: date
    kind: LeaveKind
    basis: str = ""


def granted(spec: CalendarSpec, leave: Sequence[Leave]) -> CalendarSpec:
    """Return the calendar of work that has leave; in whatever order leaves come it is the same.

    >>> outdoor = CalendarSpec(stop=(((11, 1), (3, 31)),))
    >>> week = Leave(date(2026, 11, 2), date(2026, 11, 8), "stop")
    >>> len(granted(outdoor, [week]).lifted)
    7
    """
    if not leave:
        return spec
    days = {kind: frozenset(_days(leave, kind)) for kind in LEAVE_KINDS}
    rest = days["rest"] - (_stopped(spec, days["rest"]) - spec.off)
    return replace(
        spec, work=spec.work | rest | days["all"], lifted=spec.lifted | days["stop"] | days["all"]
    )


def leave_words(leave: Sequence[Leave]) -> str:
    """Tell leaves apart, without what they rest on."""
    return "；".join(f"{one.kind} {one.first}/{one.last}" for one in leave)


def _days(leave: Iterable[Leave], kind: LeaveKind) -> Iterator[int]:
    """Yield the days of one kind; periods that overlap are walked once."""
    reached = 0
    spans = sorted((o.first.toordinal(), o.last.toordinal()) for o in leave if o.kind == kind)
    for first, last in spans:
        yield from range(max(first, reached + 1), last + 1)
        reached = max(reached, last)


def _stopped(spec: CalendarSpec, days: frozenset[int]) -> frozenset[int]:
    if not days or not spec.stop:
        return frozenset()
    first = min(days)
    inside = in_windows(spec, first, max(days) - first + 1)
    return days & frozenset((np.flatnonzero(inside) + first).tolist())
