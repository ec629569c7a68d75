"""Serial schedules in calendar space: every activity counts in the working days of its calendar.

A place is a working day of one calendar, as in :class:`CalendarStack`.  The decoder asks what links
ask of the next activity exactly as the forward pass does, then waits until everything it needs is
free on each day it works.
"""

from typing import NamedTuple

import numpy as np

from guatu.engines.schedule.levelling.compiled import compiled
from guatu.engines.schedule.levelling.packing import Ints
from guatu.engines.schedule.plan import NONE, Flags, Plan


class DayPlan(NamedTuple):
    """The arrays of a plan, one row a node; days are offsets in its horizon.

    Arcs, allowed places and needs are laid end to end, node i's from ``first[i]`` on.  Of an arc:
    where its day counts (``lag_rank``, ``lag_add``), how its target reads it (``next_rank``,
    ``back``).  ``low`` is the earliest place, ``top`` the first place beyond the horizon.
    ``capacity`` is the most there ever are of a resource; from day ``short_first`` to the day
    before ``short_end`` there are ``short_units`` fewer of ``short_resource``.
    """

    duration: Ints
    low: Ints
    top: Ints
    fixed: Ints
    whole: Flags
    rank: Ints
    day: Ints
    season_end: Ints
    first: Ints
    source: Ints
    from_finish: Flags
    lag_rank: Ints
    lag_add: Ints
    next_rank: Ints
    back: Ints
    choice_first: Ints
    choices: Ints
    need_first: Ints
    resource: Ints
    units: Ints
    capacity: Ints
    short_resource: Ints
    short_first: Ints
    short_end: Ints
    short_units: Ints


def day_plan(plan: Plan) -> DayPlan:
    """Lay a plan out for the decoder."""
    stack, links = plan.stack, plan.links
    own = plan.calendar * stack.span
    order = np.argsort(links.target, kind="stable")
    order = order[links.active[order]]
    target = links.target[order]
    ahead = links.lag[order] > 0
    follows = (links.from_finish & ~links.to_finish)[order]
    fixed = np.where(plan.fixed == NONE, NONE, stack.rank[np.maximum(plan.fixed, 0) + own])
    choice_first, choices = _choices(plan)
    need_first, resource, units = _needs(plan)
    short = _short(plan)
    return DayPlan(
        duration=plan.duration,
        low=stack.rank[np.maximum(np.maximum(plan.status, plan.earliest), 0) + own],
        top=stack.rank[own + stack.beyond],
        fixed=fixed,
        whole=plan.unsplittable & stack.seasonal[plan.calendar],
        rank=stack.rank,
        day=stack.day,
        season_end=stack.season_end,
        first=_first(np.bincount(target, minlength=len(own))),
        source=links.source[order],
        from_finish=links.from_finish[order],
        lag_rank=links.lag_calendar[order] * stack.span + ahead,
        lag_add=links.lag[order] - ahead,
        next_rank=follows + own[target],
        back=np.where(links.to_finish[order], plan.duration[target] - 1, 0),
        choice_first=choice_first,
        choices=choices,
        need_first=need_first,
        resource=resource,
        units=units,
        capacity=np.array([one.peak for one in plan.network.resources], dtype=np.int64),
        short_resource=short[:, 0].copy(),
        short_first=short[:, 1].copy(),
        short_end=short[:, 2].copy(),
        short_units=short[:, 3].copy(),
    )


def _short(plan: Plan) -> Ints:
    """List the windows of the horizon in which there are fewer than ever, one row a window."""
    end = plan.stack.beyond
    rows = []
    for place, one in enumerate(plan.network.resources):
        day = 0
        for period in sorted(one.periods, key=lambda period: period.first):
            first, last = plan.offset(period.first), plan.offset(period.last)
            rows += [(place, day, first, one.peak - one.capacity)]
            rows += [(place, first, last + 1, one.peak - period.capacity)]
            day = last + 1
        rows += [(place, day, end, one.peak - one.capacity)]
    cut = [(at, max(first, 0), min(last, end), units) for at, first, last, units in rows if units]
    kept = [row for row in cut if row[1] < row[2]]
    return np.array(kept, dtype=np.int64).reshape(-1, 4)


def _first(counts: Ints) -> Ints:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def _choices(plan: Plan) -> tuple[Ints, Ints]:
    """List the places of allowed starts that are working days; -1 stands for none at all."""
    stack, rows = plan.stack, []
    for node in range(len(plan.duration)):
        days = plan.allowed.get(node)
        if days is None:
            rows.append(np.empty(0, dtype=np.int64))
            continue
        inside = days[(days >= 0) & (days < stack.beyond)]
        places = stack.rank[inside + int(plan.calendar[node]) * stack.span]
        places = places[stack.day[places] == inside]
        rows.append(places if len(places) else np.array([NONE], dtype=np.int64))
    return _first(np.array([len(row) for row in rows], dtype=np.int64)), np.concatenate(rows)


def _needs(plan: Plan) -> tuple[Ints, Ints, Ints]:
    """List what each node holds on every day it works; milestones and what is over hold nothing."""
    place = {resource.id: at for at, resource in enumerate(plan.network.resources)}
    counts = np.zeros(len(plan.duration), dtype=np.int64)
    resource: list[int] = []
    units: list[int] = []
    for node, row in enumerate(plan.rows):
        if plan.pinned[node] or row.duration == 0:
            continue
        held = [(place[key], need) for key, need in row.needs.items() if need and key in place]
        counts[node] = len(held)
        resource += [key for key, _need in held]
        units += [need for _key, need in held]
    return _first(counts), np.array(resource, dtype=np.int64), np.array(units, dtype=np.int64)


@compiled
def hold(node: int, place: int, plan: DayPlan, used: Ints, sign: int) -> None:
    """Take what a node needs on each day it works from ``place`` on; give it back with sign −1."""
    for need in range(plan.need_first[node], plan.need_first[node + 1]):
        for taken in range(place, place + plan.duration[node]):
            used[plan.resource[need], plan.day[taken]] += sign * plan.units[need]


@compiled
def open_place(node: int, place: int, plan: DayPlan) -> int:
    """Return the first place that has a season long enough and is an allowed start."""
    choice, choices_end = plan.choice_first[node], plan.choice_first[node + 1]
    limited, lasts = choices_end > choice, plan.duration[node]
    while True:
        before = place
        if plan.whole[node]:
            while place < plan.top[node] and place + lasts > plan.season_end[place]:
                place = plan.season_end[place]
        if limited:
            while choice < choices_end and plan.choices[choice] < place:
                choice += 1
            place = plan.choices[choice] if choice < choices_end else plan.top[node]
        if place == before or place >= plan.top[node]:
            return place


@compiled
def free_place(node: int, place: int, plan: DayPlan, used: Ints) -> tuple[int, int]:
    """Return the first open place with all it needs free on every day, and the cells looked at.

    The node's ``top`` when there is none.
    """
    lasts, cells = plan.duration[node], 0
    while True:
        place = open_place(node, place, plan)
        if place + lasts > plan.top[node]:
            return plan.top[node], cells
        full = place - 1
        for need in range(plan.need_first[node], plan.need_first[node + 1]):
            resource, most = plan.resource[need], plan.capacity[plan.resource[need]]
            most -= plan.units[need]
            last = place + lasts - 1
            while last > full and used[resource, plan.day[last]] <= most:
                last -= 1
            cells += place + lasts - last
            full = max(full, last)
        if full < place:
            return place, cells
        place = full + 1


@compiled
def begin_anew(order: Ints, held: Ints, plan: DayPlan, used: Ints) -> None:
    """Leave of the resources taken only what is short of them and what fixed nodes need."""
    for resource in held:
        used[resource] = 0
    for short in range(len(plan.short_resource)):
        for at in range(plan.short_first[short], plan.short_end[short]):
            used[plan.short_resource[short], at] = plan.short_units[short]
    for node in order:
        if plan.fixed[node] != NONE:
            hold(node, plan.fixed[node], plan, used, 1)


@compiled
def decode_days(
    order: Ints, held: Ints, plan: DayPlan, raised: Ints, used: Ints, start: Ints, finish: Ints
) -> tuple[int, int]:
    """Place the nodes of ``order`` in turn; return limits broken and cells looked at.

    ``held`` lists the resources they use, ``raised`` the places nodes must wait for, ``used``
    (resources × days) what is taken, written anew.  ``start`` and ``finish`` hold the days of what
    is over and receive the rest; a node that finds no place ends beyond the horizon.
    """
    duration, rank, day = plan.duration, plan.rank, plan.day
    broken, cells = 0, len(order)
    begin_anew(order, held, plan, used)
    for node in order:
        lasts = duration[node]
        place = max(plan.low[node], raised[node])
        for arc in range(plan.first[node], plan.first[node + 1]):
            other = plan.source[arc]
            known = finish[other] if plan.from_finish[arc] else start[other]
            reached = day[rank[known + plan.lag_rank[arc]] + plan.lag_add[arc]]
            place = max(place, rank[reached + plan.next_rank[arc]] - plan.back[arc])
        if plan.fixed[node] != NONE:
            settled = plan.fixed[node]
            if place <= settled:
                start[node], finish[node] = day[settled], day[settled + lasts - 1]
                continue
            broken += 1
            hold(node, settled, plan, used, -1)
        place, looked = free_place(node, place, plan, used)
        cells += looked
        if place == plan.top[node]:
            broken += 1
        if place < plan.top[node]:
            hold(node, place, plan, used, 1)
        start[node], finish[node] = day[place], day[place + lasts - 1]
    return broken, cells
