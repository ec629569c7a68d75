"""The two passes: least dates forward, greatest dates backward, each in its own calendar.

Both are exact fixpoints of the same constraints, so early dates do not depend on the deadlines and
the backward pass mirrors the forward one day by day.  A place is a position in
:class:`CalendarStack`.day; an activity of duration d at place k works ``day[k]`` to
``day[k + d - 1]``.  A milestone takes part like one day of work that costs none.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from guatu.engines.schedule.calendar_stack import NEVER
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import NONE, Plan

ROUNDS = 400
"""Passes after which permits that chase their users are taken never to settle."""


@dataclass(frozen=True)
class Dates:
    """First and last working day of every node as offsets; ``place`` is where it begins.

    ``bound`` is the place its links and limits ask for, before seasons and allowed starts moved
    it; ``raised`` tells which permits wait for their users, ``settled`` whether that came to rest.
    """

    start: Ints
    finish: Ints
    place: Ints
    bound: Ints
    raised: Ints
    settled: bool = True


def forward(plan: Plan, rounds: int = ROUNDS) -> Dates:
    """Return the earliest dates; offsets at ``stack.beyond`` mean that there are none."""
    own = plan.calendar * plan.stack.span
    low_day = np.maximum(np.maximum(plan.status, plan.earliest), plan.fixed)
    low = plan.stack.rank[np.maximum(low_day, 0) + own]
    raised = np.full(len(low), -NEVER)
    once = _forward_linear if plan.linear else _forward_mixed
    arcs = plan.validities
    for _round in range(rounds):
        place, bound, start, finish = once(plan, np.maximum(low, raised))
        if len(arcs.permit) == 0:
            return Dates(start, finish, place, bound, raised)
        user = start[arcs.user]
        movable = ~plan.pinned[arcs.permit] & (user < plan.stack.beyond)
        late = movable & (finish[arcs.permit] < user - arcs.days)
        if not late.any():
            return Dates(start, finish, place, bound, raised)
        permit = arcs.permit[late]
        needed = plan.stack.rank[np.maximum(user - arcs.days, 0)[late] + own[permit]]
        np.maximum.at(raised, permit, needed - plan.duration[permit] + 1)
    return Dates(start, finish, place, bound, raised, settled=False)


def backward(plan: Plan, last_finish: Ints) -> Dates:
    """Return the latest dates when node i may finish no later than ``last_finish[i]``.

    Meant for plans whose early dates keep every limit; otherwise dates lie before the horizon's
    meaning and only their order counts.
    """
    stack = plan.stack
    own = plan.calendar * stack.span
    high = stack.rank[np.minimum(last_finish, stack.beyond) + 1 + own] - plan.duration
    fixed = plan.fixed != NONE
    high[fixed] = np.minimum(high[fixed], stack.rank[(plan.fixed + 1 + own)[fixed]] - 1)
    once = _backward_linear if plan.linear else _backward_mixed
    arcs = plan.validities
    lowered = np.full(len(high), NEVER)
    for _round in range(ROUNDS):
        place, bound, start, finish = once(plan, np.minimum(high, lowered))
        permit = np.where(
            plan.pinned[arcs.permit], plan.pinned_finish[arcs.permit], finish[arcs.permit]
        )
        late = start[arcs.user] > permit + arcs.days
        if not late.any():
            break
        user = arcs.user[late]
        allowed = np.clip((permit + arcs.days)[late] + 1, 0, stack.beyond + 1)
        np.minimum.at(lowered, user, stack.rank[allowed + own[user]] - 1)
    return Dates(start, finish, place, bound, lowered)


def _spread(plan: Plan, place: Ints) -> tuple[Ints, Ints]:
    """Turn places into first and last days; what is over keeps its days."""
    start = plan.stack.day[place]
    finish = plan.stack.day[place + plan.duration - 1]
    start[plan.pinned] = plan.pinned_start[plan.pinned]
    finish[plan.pinned] = plan.pinned_finish[plan.pinned]
    return start, finish


Pass = tuple[Ints, Ints, Ints, Ints]


def _forward_linear(plan: Plan, low: Ints) -> Pass:
    """One calendar: sums of day numbers, step by step."""
    place, latest = low[plan.forward.order], np.maximum.reduceat
    for nodes, source, weight, first in plan.forward_steps:
        latest(place.take(source) + weight, first, out=place[nodes])
    place = np.minimum(place[plan.forward.position], _last_place(plan))
    return place, place, *_spread(plan, place)


def _backward_linear(plan: Plan, high: Ints) -> Pass:
    place, earliest = high[plan.backward.order], np.minimum.reduceat
    for nodes, source, weight, first in plan.backward_steps:
        earliest(place.take(source) - weight, first, out=place[nodes])
    place = np.maximum(place[plan.backward.position], _first_place(plan))
    return place, place, *_spread(plan, place)


def _last_place(plan: Plan) -> Ints:
    """Return one past the last working day: its day is beyond the horizon."""
    return plan.stack.rank[plan.calendar * plan.stack.span + plan.stack.beyond]


def _first_place(plan: Plan) -> Ints:
    return plan.stack.rank[plan.calendar * plan.stack.span]


def _forward_mixed(plan: Plan, low: Ints) -> Pass:
    """Calendars differ: each level goes from days to places and back."""
    stack, order, picked = plan.stack, plan.forward, plan.links
    links = order.links
    source, target = picked.source[links], picked.target[links]
    ahead = picked.lag[links] > 0
    slot = 2 * order.position[source] + picked.from_finish[links]
    lag_rank = picked.lag_calendar[links] * stack.span + ahead
    lag_add = picked.lag[links] - ahead
    next_day = (picked.from_finish & ~picked.to_finish)[links] + plan.calendar[target] * stack.span
    back = np.where(picked.to_finish[links], plan.duration[target] - 1, 0)
    back[~picked.active[links]] = NEVER
    duration, days = plan.duration[order.order], np.empty(2 * len(low), dtype=np.int64)
    place = low[order.order]
    bound, top = place.copy(), _last_place(plan)[order.order]
    moves = Moves(plan, order.order)
    nodes, starts, first = order.node_starts, order.link_starts, order.first_link
    rank, day = stack.rank, stack.day
    for level in range(len(nodes) - 1):
        a, b, la, lb = nodes[level], nodes[level + 1], starts[level], starts[level + 1]
        if level:
            reached = day[rank[days[slot[la:lb]] + lag_rank[la:lb]] + lag_add[la:lb]]
            asked = rank[reached + next_day[la:lb]] - back[la:lb]
            np.maximum(place[a:b], np.maximum.reduceat(asked, first[a:b]), out=place[a:b])
        np.minimum(place[a:b], top[a:b], out=place[a:b])
        bound[a:b] = place[a:b]
        moves.later(place, a, b)
        days[2 * a : 2 * b : 2] = day[place[a:b]]
        days[2 * a + 1 : 2 * b : 2] = day[place[a:b] + duration[a:b] - 1]
        if level == 0:
            _pin(plan, order.order, days, b)
    place, bound = place[order.position], bound[order.position]
    return place, bound, *_spread(plan, place)


def _pin(plan: Plan, order: Ints, days: Ints, count: int) -> None:
    """Put in the days of what is over: nothing binds it, so it stands in the first level."""
    over = np.flatnonzero(plan.pinned[order[:count]])
    days[2 * over] = plan.pinned_start[order[over]]
    days[2 * over + 1] = plan.pinned_finish[order[over]]


def _backward_mixed(plan: Plan, high: Ints) -> Pass:
    stack, order, picked = plan.stack, plan.backward, plan.links
    links = order.links
    source, target = picked.source[links], picked.target[links]
    ahead = picked.lag[links] > 0
    slot = 2 * order.position[target] + picked.to_finish[links]
    # Day y of the successor, less one for FS, then the rank of the day after it.
    lag_rank = picked.lag_calendar[links] * stack.span + 1
    lag_rank -= (picked.from_finish & ~picked.to_finish)[links]
    lag_add = np.where(ahead, -picked.lag[links], -1 - picked.lag[links])
    own_rank = plan.calendar[source] * stack.span + 1 - ahead
    back = np.where(picked.from_finish[links], plan.duration[source], 1)
    back[~picked.active[links]] = -NEVER
    duration, days = plan.duration[order.order], np.empty(2 * len(high), dtype=np.int64)
    place = high[order.order]
    bound, bottom = place.copy(), _first_place(plan)[order.order]
    moves = Moves(plan, order.order)
    nodes, starts, first = order.node_starts, order.link_starts, order.first_link
    rank, day = stack.rank, stack.day
    for level in range(len(nodes) - 1):
        a, b, la, lb = nodes[level], nodes[level + 1], starts[level], starts[level + 1]
        if level:
            reached = day[rank[days[slot[la:lb]] + lag_rank[la:lb]] + lag_add[la:lb]]
            asked = rank[reached + own_rank[la:lb]] - back[la:lb]
            np.minimum(place[a:b], np.minimum.reduceat(asked, first[a:b]), out=place[a:b])
        np.maximum(place[a:b], bottom[a:b], out=place[a:b])
        bound[a:b] = place[a:b]
        moves.earlier(place, a, b)
        days[2 * a : 2 * b : 2] = day[place[a:b]]
        days[2 * a + 1 : 2 * b : 2] = day[place[a:b] + duration[a:b] - 1]
    place, bound = place[order.position], bound[order.position]
    return place, bound, *_spread(plan, place)


class Moves:
    """Moves what may not run across a stop, or may start on certain days only."""

    def __init__(self, plan: Plan, order: Ints) -> None:
        self.stack = plan.stack
        self.duration = plan.duration[order]
        whole = plan.unsplittable[order] & plan.stack.seasonal[plan.calendar[order]]
        self.whole: Ints = np.flatnonzero(whole)
        self.places = self.whole.tolist()
        self.calendar = plan.calendar[order]
        position = np.empty(len(order), dtype=np.int64)
        position[order] = np.arange(len(order))
        self.allowed = {int(position[node]): self._places(plan, node) for node in plan.allowed}

    def later(self, place: Ints, a: int, b: int) -> None:
        """Move nodes a…b to the first place where they fit."""
        if self.places:
            self._later_season(place, self._whole(a, b))
        for node in self._restricted(a, b):
            choices = self.allowed[node]
            later = choices[choices >= place[node]]
            end = self.stack.rank[self.calendar[node] * self.stack.span + self.stack.beyond]
            place[node] = later[0] if len(later) else end

    def earlier(self, place: Ints, a: int, b: int) -> None:
        """Move nodes a…b to the last place where they fit."""
        if self.places:
            self._earlier_season(place, self._whole(a, b))
        for node in self._restricted(a, b):
            choices = self.allowed[node]
            sooner = choices[choices <= place[node]]
            begin = self.stack.rank[self.calendar[node] * self.stack.span]
            place[node] = sooner[-1] if len(sooner) else begin

    def _whole(self, a: int, b: int) -> Ints:
        return self.whole[bisect_left(self.places, a) : bisect_left(self.places, b)]

    def _restricted(self, a: int, b: int) -> list[int]:
        return [node for node in self.allowed if a <= node < b] if self.allowed else []

    def _later_season(self, place: Ints, nodes: Ints) -> None:
        while len(nodes):
            end = self.stack.season_end[place[nodes]]
            across = place[nodes] + self.duration[nodes] > end
            nodes = nodes[across]
            place[nodes] = end[across]

    def _earlier_season(self, place: Ints, nodes: Ints) -> None:
        while len(nodes):
            start = self.stack.season_start[place[nodes] + self.duration[nodes] - 1]
            across = place[nodes] < start
            nodes = nodes[across]
            place[nodes] = start[across] - self.duration[nodes]

    def _places(self, plan: Plan, node: int) -> Ints:
        """Return the places of the allowed starts that are working days and fit their season."""
        stack, own = plan.stack, int(plan.calendar[node]) * plan.stack.span
        days = plan.allowed[node]
        places: Ints = stack.rank[days + own]
        places = places[stack.day[places] == days]
        if plan.unsplittable[node]:
            places = places[places + plan.duration[node] <= stack.season_end[places]]
        return places
