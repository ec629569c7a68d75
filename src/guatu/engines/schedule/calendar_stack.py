"""All calendars of a plan laid end to end, so that one gather serves activities of any of them.

Days are offsets from the first day of the horizon.  ``rank[c][t]`` is the place in ``day`` of
calendar c's first working day not before t; ``day`` turns a place back into an offset.  Both sides
of each calendar are padded: a place below gives 0, above gives ``beyond``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from guatu.engines.calendars import CalendarSpec, DayTable, WorkCalendar
from guatu.engines.schedule.levels import Ints

Flags = NDArray[np.bool_]

ELAPSED, OFFICE = 0, 1
"""Places of the two calendars every plan has beside its own."""

NEVER = 2**40

BLOCK = 512
KEPT = 16
_kept: dict[object, tuple[DayTable, "CalendarStack"]] = {}
_keeping = Lock()


@dataclass(frozen=True)
class CalendarStack:
    """The padded arrays; ``span`` is the length of one calendar's part of ``rank``."""

    names: tuple[str, ...]
    calendars: tuple[WorkCalendar, ...]
    beyond: int
    span: int
    rank: Ints
    day: Ints
    season_start: Ints
    season_end: Ints

    @cached_property
    def seasonal(self) -> Flags:
        """For each calendar whether it has stops in this horizon."""
        return np.array([bool(calendar.stopped.any()) for calendar in self.calendars])

    @cached_property
    def specs(self) -> Mapping[str, CalendarSpec]:
        """The plan's calendars by name, in their order."""
        pairs = zip(self.names, self.calendars, strict=True)
        return {name: calendar.spec for name, calendar in pairs if name}

    def place(self, name: str) -> int:
        """Return the number of the plan's calendar of that name."""
        return self.names.index(name, OFFICE + 1)


def whole(days: int) -> int:
    """Round a number of days up, so that plans of like length share their calendars."""
    return -(-days // BLOCK) * BLOCK


def stack(
    specs: Mapping[str, CalendarSpec], table: DayTable, *, first: int, count: int, padding: int
) -> CalendarStack:
    """Lay the calendars out over ``count`` days from ordinal ``first``.

    ``padding`` must exceed the longest duration plus the longest lag.  The last few answers are
    kept: the plans of one district share calendars, and nobody writes into the arrays.
    """
    padding = whole(padding)
    key = (tuple(specs.items()), id(table), first, count, padding)
    with _keeping:
        found = _kept.get(key)
    if found is None:
        # The table is held too, so that its id is not given to another.
        found = (table, _laid_out(specs, table, first, count, padding))
        with _keeping:
            _kept[key] = found
            while len(_kept) > KEPT:
                del _kept[next(iter(_kept))]
    return found[1]


def _laid_out(
    specs: Mapping[str, CalendarSpec], table: DayTable, first: int, count: int, padding: int
) -> CalendarStack:
    named: Sequence[tuple[str, CalendarSpec]] = [
        ("", CalendarSpec(base="every-day")),
        ("", CalendarSpec(base="china")),
        *specs.items(),
    ]
    calendars = tuple(WorkCalendar.over(spec, table, first, count) for _name, spec in named)
    ranks, days, starts, ends = [], [], [], []
    offset = 0
    for calendar in calendars:
        base = offset + padding
        before = calendar.before
        ranks.append(np.concatenate((before, before[-1:])) + base)
        days.append(_padded(calendar.days, padding, 0, count))
        season_start, season_end = _seasons(calendar)
        starts.append(_padded(season_start + base, padding, -NEVER, -NEVER))
        ends.append(_padded(season_end + base, padding, NEVER, NEVER))
        offset += len(days[-1])
    return CalendarStack(
        names=tuple(name for name, _spec in named),
        calendars=calendars,
        beyond=count,
        span=count + 2,
        rank=np.concatenate(ranks),
        day=np.concatenate(days),
        season_start=np.concatenate(starts),
        season_end=np.concatenate(ends),
    )


def _seasons(calendar: WorkCalendar) -> tuple[Ints, Ints]:
    """For each working day: the first of its season, and one past the last, as day numbers."""
    season = np.cumsum(calendar.stopped)[calendar.days]
    breaks = np.flatnonzero(np.diff(season)) + 1
    edges = np.concatenate(([0], breaks, [len(season)]))
    lengths = np.diff(edges)
    return np.repeat(edges[:-1], lengths), np.repeat(edges[1:], lengths)


def _padded(values: Ints, padding: int, low: int, high: int) -> Ints:
    return np.concatenate((np.full(padding, low), values, np.full(padding, high)))
