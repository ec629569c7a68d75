"""One walk through the nodes of a plan, each step over all variants of it.

The constraints are those of :mod:`critical_path`; there one plan is swept level by level, here a
few hundred nodes are walked one after the other while durations, calendars and lags differ from
column to column.  A row of shape (1,) stands for a value that all variants share.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import NONE, Flags, Plan


@dataclass(frozen=True)
class Variants:
    """What differs from the plan; every array has one entry a variant, or one for all.

    ``duration`` has a row a node; ``calendar`` gives other calendars to some nodes, ``lag`` other
    lags to some links, and ``active`` switches some links on or off.
    """

    duration: Sequence[Ints]
    calendar: Mapping[int, Ints] = field(default_factory=dict)
    lag: Mapping[int, Ints] = field(default_factory=dict)
    active: Mapping[int, Flags] = field(default_factory=dict)


@dataclass(frozen=True)
class Runs:
    """First and last days of every node, a row each, as offsets; beyond the horizon: never."""

    start: "Rows"
    finish: "Rows"


class Rows:
    """A row a node, worked out when first asked for: most days of most nodes never are."""

    def __init__(self, count: int, row: Callable[[int], Ints]) -> None:
        self._rows: list[Ints | None] = [None] * count
        self._row = row

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, node: int) -> Ints:
        row = self._rows[node]
        if row is None:
            row = self._rows[node] = self._row(node)
        return row


class Walk:
    """One walk through the nodes; the arrays of the stack are kept at hand."""

    def __init__(self, plan: Plan, variants: Variants) -> None:
        self.plan, self.variants = plan, variants
        self.duration = variants.duration
        self.rank, self.day = plan.stack.rank, plan.stack.day
        self.span, self.beyond = plan.stack.span, plan.stack.beyond
        self.calendar, self.pinned = plan.calendar.tolist(), plan.pinned.tolist()
        links = plan.links
        self.source, self.target = links.source.tolist(), links.target.tolist()
        self.from_finish, self.to_finish = links.from_finish.tolist(), links.to_finish.tolist()
        self.lags, self.lag_calendar = links.lag.tolist(), links.lag_calendar.tolist()
        self.live = [
            place
            for place, active in enumerate(links.active.tolist())
            if place in variants.active or active
        ]
        whole = plan.unsplittable & plan.stack.seasonal[plan.calendar]
        whole[list(variants.calendar)] |= plan.unsplittable[list(variants.calendar)]
        self.whole = whole.tolist()

    def own(self, node: int) -> int | Ints:
        """Return where the node's calendar begins in ``rank``, or where in each variant."""
        other = self.variants.calendar.get(node)
        return self.calendar[node] * self.span if other is None else other * self.span

    def lows(self) -> list[Ints]:
        """Return for each node the first place its limits allow."""
        plan = self.plan
        day = np.maximum(np.maximum(np.maximum(plan.status, plan.earliest), plan.fixed), 0)
        shared = self.rank[day + plan.calendar * self.span]
        low: list[Ints] = [shared[node : node + 1] for node in range(len(shared))]
        for node in self.variants.calendar:
            low[node] = self.rank[day[node] + self.own(node)]
        return low

    @cached_property
    def near(self) -> list[bool]:
        """For each link whether it leads on within one calendar, in all variants.

        The target then follows so many places after the source, and nobody has to ask which days
        those are: looking days up and back costs more than all the rest of a walk.  Not across a
        finish that is bound, nor from a past day, nor backward from a day beyond the horizon.
        """
        links, calendar = self.plan.links, self.plan.calendar
        near = ~links.to_finish & ~self.plan.pinned[links.source]
        near &= calendar[links.source] == calendar[links.target]
        near &= (links.lag == 0) | (
            (links.lag > 0) & (links.lag_calendar == calendar[links.target])
        )
        near[[*self.variants.lag, *self.variants.active]] = False
        other = list(self.variants.calendar)
        near &= ~np.isin(links.source, other) & ~np.isin(links.target, other)
        found: list[bool] = near.tolist()
        return found

    def forward(self, low: Sequence[Ints]) -> Runs:
        """Walk from the first node to the last."""
        near, far = self._incoming
        place: list[Ints] = [*low]
        after: list[Ints] = [*low]
        runs = self._runs(place, after)
        for node in self.plan.forward.order.tolist():
            if self.pinned[node]:
                continue
            begin = low[node]
            for link in near[node]:
                reached = (after if self.from_finish[link] else place)[self.source[link]]
                lag = self.lags[link]
                begin = np.maximum(begin, reached + lag if lag else reached)
            if far[node]:
                begin = self._after(node, far[node], begin, runs)
            place[node] = begin = self._fitting(node, begin)
            after[node] = begin + self.duration[node]
        return runs

    @cached_property
    def _incoming(self) -> tuple[list[list[int]], list[list[int]]]:
        """The links into each node: those within one calendar, and the others."""
        both: tuple[list[list[int]], list[list[int]]] = (
            [[] for _ in self.calendar],
            [[] for _ in self.calendar],
        )
        for link in self.live:
            both[0 if self.near[link] else 1][self.target[link]].append(link)
        return both

    def _runs(self, place: Sequence[Ints], after: Sequence[Ints]) -> Runs:
        """Return days of the places nodes begin at, and of those before ``after``."""
        plan = self.plan

        def start(node: int) -> Ints:
            pinned = self.pinned[node]
            return plan.pinned_start[node : node + 1] if pinned else self.day[place[node]]

        def finish(node: int) -> Ints:
            pinned = self.pinned[node]
            return plan.pinned_finish[node : node + 1] if pinned else self.day[after[node] - 1]

        return Runs(Rows(len(place), start), Rows(len(place), finish))

    def backward(self, last_finish: Sequence[Ints]) -> Runs:
        """Walk from the last node to the first; what is over keeps its days."""
        plan = self.plan
        outgoing: list[list[int]] = [[] for _ in last_finish]
        for link in self.live:
            outgoing[self.source[link]].append(link)
        place: list[Ints] = [*last_finish]
        after: list[Ints] = [*last_finish]
        runs = self._runs(place, after)
        for node in plan.backward.order.tolist():
            if self.pinned[node]:
                continue
            high = np.minimum(last_finish[node], self.beyond) + 1
            place[node] = begin = self._before(node, outgoing[node], high, runs)
            after[node] = begin + self.duration[node]
        return runs

    def _after(self, node: int, links: Sequence[int], place: Ints, runs: Runs) -> Ints:
        """Return the first place from ``place`` on that is after all these links."""
        begin: Ints | None = None
        end: Ints | None = None
        for link in links:
            day = (runs.finish if self.from_finish[link] else runs.start)[self.source[link]]
            reached = self._lagged(link, day)
            if self.from_finish[link] and not self.to_finish[link]:
                reached = reached + 1
            if link in self.variants.active:
                reached = np.where(self.variants.active[link], reached, 0)
            if self.to_finish[link]:
                end = reached if end is None else np.maximum(end, reached)
            else:
                begin = reached if begin is None else np.maximum(begin, reached)
        own = self.own(node)
        if begin is not None:
            place = np.maximum(place, self.rank[begin + own])
        if end is not None:
            place = np.maximum(place, self.rank[end + own] - self.duration[node] + 1)
        return place

    def _fitting(self, node: int, place: Ints) -> Ints:
        """Return the first place from ``place`` on where the node fits."""
        place = np.minimum(place, self.rank[self.own(node) + self.beyond])
        if self.whole[node]:
            place = self._later_season(place, self.duration[node])
        return self._later_start(node, place) if node in self.plan.allowed else place

    def _before(self, node: int, links: Sequence[int], high: Ints, runs: Runs) -> Ints:
        """Return the last place before all its links, moved to where it fits.

        ``high`` and the bounds here are one past the last day allowed.
        """
        begin: Ints | None = None
        end = high
        for link in links:
            day = (runs.finish if self.to_finish[link] else runs.start)[self.target[link]]
            gap = self.from_finish[link] and not self.to_finish[link]
            reached = self._lagged_back(link, day - gap)
            if link in self.variants.active:
                reached = np.where(self.variants.active[link], reached, self.beyond)
            if self.from_finish[link]:
                end = np.minimum(end, reached)
            else:
                begin = reached if begin is None else np.minimum(begin, reached)
        own = self.own(node)
        place: Ints = self.rank[end + own] - self.duration[node]
        if begin is not None:
            place = np.minimum(place, self.rank[begin + own] - 1)
        if self.plan.fixed[node] != NONE:
            place = np.minimum(place, self.rank[self.plan.fixed[node] + 1 + own] - 1)
        place = np.maximum(place, self.rank[own])
        if self.whole[node]:
            place = self._earlier_season(place, self.duration[node])
        return self._earlier_start(node, place) if node in self.plan.allowed else place

    def _lagged(self, link: int, day: Ints) -> Ints:
        """Return the day ``lag`` days of the link's calendar after ``day``."""
        lag = self.variants.lag.get(link)
        calendar = self.lag_calendar[link] * self.span
        if lag is not None:
            ahead = lag > 0
            moved: Ints = self.day[self.rank[day + calendar + ahead] + lag - ahead]
            return np.where(lag == 0, day, moved)
        days = self.lags[link]
        if days == 0:
            return day
        step = 1 if days > 0 else 0
        reached: Ints = self.day[self.rank[day + calendar + step] + days - step]
        return reached

    def _lagged_back(self, link: int, day: Ints) -> Ints:
        """Return one past the last day from which ``lag`` days lead no further than ``day``."""
        lag = self.variants.lag.get(link)
        if lag is None:
            lag = np.array([self.lags[link]])
        ahead = lag > 0
        ranked = self.rank[day + 1 + self.lag_calendar[link] * self.span]
        reached: Ints = self.day[ranked + np.where(ahead, -lag, -1 - lag)] + 1 - ahead
        return np.where(lag == 0, day + 1, reached)

    def _later_season(self, place: Ints, duration: Ints) -> Ints:
        season_end = self.plan.stack.season_end
        while True:
            end = season_end[place]
            across = place + duration > end
            if not across.any():
                return place
            place = np.where(across, end, place)

    def _earlier_season(self, place: Ints, duration: Ints) -> Ints:
        season_start = self.plan.stack.season_start
        while True:
            begin = season_start[place + duration - 1]
            across = place < begin
            if not across.any():
                return place
            place = np.where(across, begin - duration, place)

    def _later_start(self, node: int, place: Ints) -> Ints:
        return self._by_calendar(node, place, self._later_choice)

    def _earlier_start(self, node: int, place: Ints) -> Ints:
        return self._by_calendar(node, place, self._earlier_choice)

    def _by_calendar(
        self, node: int, place: Ints, move: Callable[[int, int, Ints, Ints], Ints]
    ) -> Ints:
        """Move to allowed starts, calendar by calendar where variants differ in it."""
        duration = self.duration[node]
        other = self.variants.calendar.get(node)
        if other is None:
            return move(node, self.calendar[node], place, duration)
        shape = np.broadcast(place, duration, other).shape
        place, duration, other = (
            np.broadcast_to(values, shape).copy() for values in (place, duration, other)
        )
        for calendar in np.unique(other).tolist():
            picked = other == calendar
            place[picked] = move(node, calendar, place[picked], duration[picked])
        return place

    def _choices(self, node: int, calendar: int) -> Ints:
        """Return the places of the allowed starts that are working days."""
        days = self.plan.allowed[node]
        places: Ints = self.rank[days + calendar * self.span]
        worked: Ints = places[self.day[places] == days]
        return worked

    def _later_choice(self, node: int, calendar: int, place: Ints, duration: Ints) -> Ints:
        end = self.rank[calendar * self.span + self.beyond]
        choices = np.append(self._choices(node, calendar), end)
        index = np.searchsorted(choices, place)
        while True:
            found: Ints = choices[np.minimum(index, len(choices) - 1)]
            across = (found + duration > self.plan.stack.season_end[found]) & (found < end)
            if not self.whole[node] or not across.any():
                return found
            index = index + across

    def _earlier_choice(self, node: int, calendar: int, place: Ints, duration: Ints) -> Ints:
        begin = self.rank[calendar * self.span]
        choices = np.insert(self._choices(node, calendar), 0, begin)
        index = np.searchsorted(choices, place, side="right") - 1
        while True:
            found: Ints = choices[np.maximum(index, 0)]
            across = (found + duration > self.plan.stack.season_end[found]) & (index > 0)
            if not self.whole[node] or not across.any():
                return found
            index = index - across
