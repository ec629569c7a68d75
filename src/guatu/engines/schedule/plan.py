"""A network turned into arrays: what the passes need and nothing else.

Nodes are the rows without children; a started activity whose start drives others gets a second,
pinned node for that start, because only what remains of it can still move.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from guatu.engines.calendars import DayTable
from guatu.engines.schedule.activity import Activity, Draft
from guatu.engines.schedule.calendar_stack import NEVER, CalendarStack
from guatu.engines.schedule.family import Family
from guatu.engines.schedule.levels import Ints, Step, Sweep, Ways

Flags = NDArray[np.bool_]

NONE = -1


@dataclass(frozen=True)
class Links:
    """Links between nodes; ``owner`` is the place of the link in the network's tuple."""

    source: Ints
    target: Ints
    from_finish: Flags
    to_finish: Flags
    lag: Ints
    lag_calendar: Ints
    owner: Ints
    active: Flags


@dataclass(frozen=True)
class Validities:
    """Permits and who must start within ``days`` calendar days of their finish."""

    permit: Ints
    user: Ints
    days: Ints


@dataclass(frozen=True)
class Plan:
    """The arrays of one network over one horizon; days are offsets from ordinal ``first``."""

    network: Draft
    table: DayTable
    family: Family
    rows: tuple[Activity, ...]
    first: int
    stack: CalendarStack
    calendar: Ints
    duration: Ints
    status: Ints
    earliest: Ints
    fixed: Ints
    unsplittable: Flags
    pinned: Flags
    pinned_start: Ints
    pinned_finish: Ints
    allowed: Mapping[int, Ints]
    links: Links
    validities: Validities
    deadline: Ints
    ways: Ways

    @property
    def forward(self) -> Sweep:
        """The order of the forward pass."""
        return self.ways.forward

    @property
    def backward(self) -> Sweep:
        """The order of the backward pass."""
        return self.ways.backward

    @cached_property
    def linear(self) -> bool:
        """Whether all is counted in one calendar, so that both passes are sums of day numbers."""
        if len(self.calendar) == 0 or self.pinned.any() or self.allowed:
            return False
        own = self.calendar[0]
        lagged = self.links.lag_calendar[self.links.lag != 0]
        seasonal = bool(self.stack.calendars[own].stopped.any()) and bool(self.unsplittable.any())
        return bool((self.calendar == own).all() and (lagged == own).all() and not seasonal)

    @cached_property
    def forward_steps(self) -> list[Step]:
        """The steps of the forward pass, if linear."""
        return self.forward.steps(self._weight)

    @cached_property
    def backward_steps(self) -> list[Step]:
        """The steps of the backward pass, if linear."""
        return self.backward.steps(self._weight)

    @property
    def _weight(self) -> Ints:
        """For each link how many places later the target begins than the source, if linear."""
        links, duration = self.links, self.duration
        weight = links.lag + np.where(links.from_finish, duration[links.source] - 1, 0)
        weight += np.where(links.from_finish & ~links.to_finish, 1, 0)
        weight -= np.where(links.to_finish, duration[links.target] - 1, 0)
        return np.where(links.active, weight, -NEVER)

    @cached_property
    def node(self) -> Mapping[str, int]:
        """The node of each row without children."""
        return {row.id: place for place, row in enumerate(self.rows)}

    def offset(self, day: date) -> int:
        """Return the day as an offset in this horizon."""
        return day.toordinal() - self.first

    def day(self, offset: int) -> date | None:
        """Return the date of an offset; None for one beyond every horizon."""
        return date.fromordinal(self.first + offset) if offset < self.stack.beyond else None

    def days(self, offsets: Ints) -> list[date | None]:
        """Return the dates of many offsets, as `day` does."""
        first, beyond, wanted = self.first, self.stack.beyond, offsets.tolist()
        known = {
            offset: date.fromordinal(first + offset) if offset < beyond else None
            for offset in set(wanted)
        }
        return [known[offset] for offset in wanted]
