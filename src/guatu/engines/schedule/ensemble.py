"""Many variants of one plan at once: both passes node by node, each step over all variants.

The constraints are those of :mod:`critical_path`; there one plan is swept level by level, here a
few hundred nodes are walked one after the other while durations, calendars and lags differ from
column to column.  A row of shape (1,) stands for a value that all variants share.
"""

from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass, field

import numpy as np

from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import NONE, Flags, Plan

CHASES = 30
"""Passes after which a permit that chases its user is taken never to be in time."""


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

    start: Sequence[Ints]
    finish: Sequence[Ints]


def own_durations(plan: Plan) -> list[Ints]:
    """Return the plan's own durations as rows that all variants share."""
    return [plan.duration[node : node + 1] for node in range(len(plan.duration))]


def earliest_of(plan: Plan, variants: Variants) -> Runs:
    """Return the earliest dates of every variant.

    Where a permit lapses however late it is taken out, the dates are those without its validity.
    """
    runs = _Walk(plan, variants).forward(_lows(plan, variants))
    lapsing = np.flatnonzero(lapsed(plan, runs, movable=True))
    if len(lapsing) == 0:
        return runs
    picked = _picked(variants, lapsing)
    waited, settled = _waiting(plan, picked)
    count = width(variants)
    settled = np.broadcast_to(settled, lapsing.shape)
    if settled.all() and len(lapsing) == count:
        return waited
    places = lapsing[settled]
    return Runs(
        _merged(runs.start, waited.start, places, settled, count),
        _merged(runs.finish, waited.finish, places, settled, count),
    )


def lapsed(plan: Plan, runs: Runs, *, movable: bool = False) -> Flags:
    """Mark the variants in which some permit lapses before use; ``movable``: one not taken yet."""
    found = np.zeros(1, dtype=np.bool_)
    arcs = plan.validities
    for permit, user, days in zip(
        arcs.permit.tolist(), arcs.user.tolist(), arcs.days.tolist(), strict=True
    ):
        begins = runs.start[user]
        late = (runs.finish[permit] < begins - days) & (begins < plan.stack.beyond)
        if not (movable and plan.pinned[permit]):
            found = found | late
    return found


def width(variants: Variants) -> int:
    """Return how many variants there are."""
    parts = (variants.calendar, variants.lag, variants.active)
    varied: list[Sized] = [*variants.duration]
    for part in parts:
        varied += part.values()
    return max(len(values) for values in varied)


def latest_of(plan: Plan, variants: Variants, last_finish: Sequence[Ints]) -> Runs:
    """Return the latest dates when node i may finish no later than ``last_finish[i]``.

    Validities are not looked at: for what moves a deadline they matter forward only.
    """
    return _Walk(plan, variants).backward(last_finish)


def _lows(plan: Plan, variants: Variants) -> list[Ints]:
    """Return for each node the first place its limits allow."""
    walk = _Walk(plan, variants)
    low_day = np.maximum(np.maximum(np.maximum(plan.status, plan.earliest), plan.fixed), 0)
    return [
        np.atleast_1d(plan.stack.rank[day + walk.own(node)])
        for node, day in enumerate(low_day.tolist())
    ]


def _waiting(plan: Plan, variants: Variants) -> tuple[Runs, Flags]:
    """Put permits off until they are still valid when used; tell where that came to rest."""
    walk, low, arcs = _Walk(plan, variants), _lows(plan, variants), plan.validities
    for _chase in range(CHASES):
        runs = walk.forward(low)
        for permit, user, days in zip(
            arcs.permit.tolist(), arcs.user.tolist(), arcs.days.tolist(), strict=True
        ):
            begins = runs.start[user]
            late = (runs.finish[permit] < begins - days) & (begins < plan.stack.beyond)
            if plan.pinned[permit] or not late.any():
                continue
            needed = plan.stack.rank[np.maximum(begins - days, 0) + walk.own(permit)]
            needed = needed - variants.duration[permit] + 1
            low[permit] = np.where(late, np.maximum(low[permit], needed), low[permit])
        if not lapsed(plan, runs, movable=True).any():
            break
    return runs, ~lapsed(plan, runs, movable=True)


def _picked(variants: Variants, columns: Ints) -> Variants:
    def take(values: Ints) -> Ints:
        return values if len(values) == 1 else values[columns]

    return Variants(
        duration=[take(row) for row in variants.duration],
        calendar={node: take(values) for node, values in variants.calendar.items()},
        lag={link: take(values) for link, values in variants.lag.items()},
        active={
            link: values if len(values) == 1 else values[columns]
            for link, values in variants.active.items()
        },
    )


def _merged(
    before: Sequence[Ints], after: Sequence[Ints], columns: Ints, settled: Flags, count: int
) -> list[Ints]:
    """Put the settled columns of ``after`` in the place they have among all."""
    rows = []
    for old, new in zip(before, after, strict=True):
        row = np.full(count, old[0]) if len(old) == 1 else old.copy()
        row[columns] = new[0] if len(new) == 1 else new[settled]
        rows.append(row)
    return rows


class _Walk:
    """One walk through the nodes; the arrays of the stack are kept at hand."""

    def __init__(self, plan: Plan, variants: Variants) -> None:
        self.plan, self.variants = plan, variants
        self.duration = variants.duration
        self.rank, self.day = plan.stack.rank, plan.stack.day
        self.span, self.beyond = plan.stack.span, plan.stack.beyond
        self.calendar = plan.calendar.tolist()
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

    def forward(self, low: Sequence[Ints]) -> Runs:
        """Walk from the first node to the last."""
        plan = self.plan
        incoming: list[list[int]] = [[] for _ in low]
        for link in self.live:
            incoming[self.target[link]].append(link)
        start: list[Ints] = [plan.pinned_start[node : node + 1] for node in range(len(low))]
        finish: list[Ints] = [plan.pinned_finish[node : node + 1] for node in range(len(low))]
        for node in plan.forward.order.tolist():
            if plan.pinned[node]:
                continue
            place = self._after(node, incoming[node], low[node], start, finish)
            start[node] = self.day[place]
            finish[node] = self.day[place + self.duration[node] - 1]
        return Runs(start, finish)

    def backward(self, last_finish: Sequence[Ints]) -> Runs:
        """Walk from the last node to the first; what is over keeps its days."""
        plan = self.plan
        outgoing: list[list[int]] = [[] for _ in last_finish]
        for link in self.live:
            outgoing[self.source[link]].append(link)
        start: list[Ints] = [plan.pinned_start[n : n + 1] for n in range(len(last_finish))]
        finish: list[Ints] = [plan.pinned_finish[n : n + 1] for n in range(len(last_finish))]
        for node in plan.backward.order.tolist():
            if plan.pinned[node]:
                continue
            high = np.minimum(last_finish[node], self.beyond) + 1
            place = self._before(node, outgoing[node], high, start, finish)
            start[node] = self.day[place]
            finish[node] = self.day[place + self.duration[node] - 1]
        return Runs(start, finish)

    def _after(
        self,
        node: int,
        links: Sequence[int],
        low: Ints,
        start: Sequence[Ints],
        finish: Sequence[Ints],
    ) -> Ints:
        """Return the first place after all its links, moved to where it fits."""
        begin: Ints | None = None
        end: Ints | None = None
        for link in links:
            day = (finish if self.from_finish[link] else start)[self.source[link]]
            reached = self._lagged(link, day)
            if self.from_finish[link] and not self.to_finish[link]:
                reached = reached + 1
            if link in self.variants.active:
                reached = np.where(self.variants.active[link], reached, 0)
            if self.to_finish[link]:
                end = reached if end is None else np.maximum(end, reached)
            else:
                begin = reached if begin is None else np.maximum(begin, reached)
        own, place = self.own(node), low
        if begin is not None:
            place = np.maximum(place, self.rank[begin + own])
        if end is not None:
            place = np.maximum(place, self.rank[end + own] - self.duration[node] + 1)
        place = np.minimum(place, self.rank[own + self.beyond])
        if self.whole[node]:
            place = self._later_season(place, self.duration[node])
        return self._later_start(node, place) if node in self.plan.allowed else place

    def _before(
        self,
        node: int,
        links: Sequence[int],
        high: Ints,
        start: Sequence[Ints],
        finish: Sequence[Ints],
    ) -> Ints:
        """Return the last place before all its links, moved to where it fits.

        ``high`` and the bounds here are one past the last day allowed.
        """
        begin: Ints | None = None
        end = high
        for link in links:
            day = (finish if self.to_finish[link] else start)[self.target[link]]
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
