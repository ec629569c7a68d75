"""Why a plan cannot hold: the items any one of which, taken away, makes it feasible.

Every such item lies on the chain that drives each broken limit — a chain without it would prove
the same lateness — so the chains give the candidates, and each candidate is tried by a pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from guatu.engines.schedule.critical_path import Dates, forward
from guatu.engines.schedule.driving import early_driving
from guatu.engines.schedule.horizon import computed, lengthened_before, restacked
from guatu.engines.schedule.layout import lay_out
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Deadline
from guatu.engines.schedule.plan import NONE, Plan

Kind = Literal[
    "deadline", "link", "duration", "calendar_stop", "status_date", "fixed_start", "validity"
]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the plan asks for; ``id`` of its activity, link or calendar."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A limit the early dates do not keep, and by how many calendar days (None: for ever)."""

    kind: Literal["deadline", "fixed_start", "validity", "never"]
    node: int
    days: int | None
    other: int = NONE


def broken_limits(plan: Plan, dates: Dates) -> list[Broken]:
    """List what the early dates break."""
    beyond = plan.stack.beyond
    never = dates.finish >= beyond
    found: list[Broken] = []
    late = (plan.deadline != NONE) & (dates.finish > plan.deadline)
    for node in np.flatnonzero(late).tolist():
        days = int(dates.finish[node] - plan.deadline[node])
        found.append(Broken("deadline", node, None if never[node] else days))
    late = (plan.fixed != NONE) & (dates.start > plan.fixed)
    for node in np.flatnonzero(late).tolist():
        days = int(dates.start[node] - plan.fixed[node])
        found.append(Broken("fixed_start", node, None if never[node] else days))
    found += [
        Broken("never", node, None)
        for node in np.flatnonzero(never & ~late & (plan.deadline == NONE)).tolist()
    ]
    arcs = plan.validities
    lapsed = dates.start[arcs.user] > dates.finish[arcs.permit] + arcs.days
    for arc in np.flatnonzero(lapsed & ~never[arcs.user]).tolist():
        permit, user = int(arcs.permit[arc]), int(arcs.user[arc])
        days = int(dates.start[user] - dates.finish[permit] - arcs.days[arc])
        found.append(Broken("validity", permit, days if dates.settled else None, user))
    return found


def conflict(plan: Plan, dates: Dates, broken: list[Broken]) -> list[Item]:
    """Return the items each of which, removed alone, makes the whole plan feasible.

    When limits break independently no single item does; then those are returned that free the
    limit broken worst.
    """
    drivers = early_driving(plan, dates)
    chains = [_chain(plan, dates, drivers, limit) for limit in broken]
    shared = [item for item in chains[0] if all(item in chain for chain in chains[1:])]
    found = [item for item in shared if not _broken_without(plan, item)]
    if found:
        return found
    worst = max(range(len(broken)), key=lambda i: _severity(broken[i]))
    limit = broken[worst]
    return [
        item
        for item in chains[worst]
        if all((b.kind, b.node) != (limit.kind, limit.node) for b in _broken_without(plan, item))
    ]


def _severity(limit: Broken) -> int:
    return 10**9 if limit.days is None else limit.days


def _broken_without(plan: Plan, item: Item) -> list[Broken]:
    changed, dates = without(plan, item)
    return broken_limits(changed, dates)


def without(plan: Plan, item: Item) -> tuple[Plan, Dates]:
    """Return the plan with one item taken away, and its early dates."""
    if item.kind == "status_date":
        return computed(lengthened_before(plan))
    if item.kind == "calendar_stop":
        return computed(replace(plan, stack=restacked(plan, plan.stack.beyond, lifted=item.id)))
    changed = _REMOVALS[item.kind](plan, item.id)
    return changed, forward(changed)


def _without_deadline(plan: Plan, name: str) -> Plan:
    left = tuple(limit for limit in plan.network.deadlines if limit.activity != name)
    column = np.full_like(plan.deadline, NONE)
    for limit in left:
        for node in covered(plan, limit):
            day = plan.offset(limit.finish)
            column[node] = day if column[node] == NONE else min(int(column[node]), day)
    return replace(plan, deadline=column)


def covered(plan: Plan, limit: Deadline) -> list[int]:
    """Return the unfinished nodes a deadline speaks of: its row, or all rows under it."""
    nodes = [plan.node[leaf] for leaf in plan.family.leaves(limit.activity)]
    return [node for node in nodes if not plan.pinned[node]]


def _without_link(plan: Plan, name: str) -> Plan:
    gone = [place for place, link in enumerate(plan.network.links) if link.key == name]
    kept = plan.links.active & ~np.isin(plan.links.owner, gone)
    validities = plan.validities
    ended = {
        (plan.node[before], plan.node[after])
        for place in gone
        for before in plan.family.leaves(plan.network.links[place].predecessor)
        for after in plan.family.leaves(plan.network.links[place].successor)
    }
    pairs = zip(validities.permit.tolist(), validities.user.tolist(), strict=True)
    stays = np.array([pair not in ended for pair in pairs], dtype=np.bool_)
    return replace(
        plan,
        links=replace(plan.links, active=kept),
        validities=replace(
            validities,
            permit=validities.permit[stays],
            user=validities.user[stays],
            days=validities.days[stays],
        ),
    )


def _without_duration(plan: Plan, name: str) -> Plan:
    row = plan.rows[plan.node[name]]
    if row.actual_start is not None:
        rows = tuple(
            replace(other, duration=0, remaining=0) if other.id == name else other
            for other in plan.network.activities
        )
        network = replace(plan.network, activities=rows)
        return lay_out(network, plan.table, first=plan.first, stack=plan.stack)
    duration = plan.duration.copy()
    duration[plan.node[name]] = 1
    return replace(plan, duration=duration)


def _without_fixed(plan: Plan, name: str) -> Plan:
    fixed = plan.fixed.copy()
    fixed[plan.node[name]] = NONE
    return replace(plan, fixed=fixed)


def _without_validity(plan: Plan, name: str) -> Plan:
    arcs = plan.validities
    stays = arcs.permit != plan.node[name]
    kept = replace(arcs, permit=arcs.permit[stays], user=arcs.user[stays], days=arcs.days[stays])
    return replace(plan, validities=kept)


_REMOVALS = {
    "deadline": _without_deadline,
    "link": _without_link,
    "duration": _without_duration,
    "fixed_start": _without_fixed,
    "validity": _without_validity,
}


def _chain(plan: Plan, dates: Dates, drivers: Ints, limit: Broken) -> list[Item]:
    """List what proves the limit broken, from the beginning of the plan to the limit."""
    found: dict[Item, None] = {}
    if limit.kind == "deadline":
        leaf = plan.rows[limit.node].id
        for entry in plan.network.deadlines:
            if leaf in plan.family.leaves(entry.activity):
                found[Item("deadline", entry.activity)] = None
    elif limit.kind != "never":
        found[Item(limit.kind, plan.rows[limit.node].id)] = None
    starts = [limit.node] if limit.other == NONE else [limit.other, limit.node]
    if limit.other != NONE:
        found.update(dict.fromkeys(_uses(plan, limit.node)))
    for item in _driven(plan, dates, drivers, starts):
        found[item] = None
    found[Item("status_date", "")] = None
    return list(found)[::-1]


def _driven(plan: Plan, dates: Dates, drivers: Ints, starts: list[int]) -> Iterator[Item]:
    """Walk back from the nodes along what drives their early dates."""
    users = _users(plan)
    seen: set[int] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        link = int(drivers[node])
        if node < len(plan.rows):
            yield from _own(plan, node)
        if dates.raised[node] >= dates.bound[node] or not dates.settled:
            for user in users.get(node, ()):
                yield Item("validity", plan.rows[node].id)
                waiting.append(user)
            if node in users:
                yield from _uses(plan, node)
        if link != NONE:
            owner = plan.network.links[int(plan.links.owner[link])]
            yield Item("link", owner.key)
            if owner.lag:
                yield from _stop(plan, plan.stack.names[int(plan.links.lag_calendar[link])])
            waiting.append(int(plan.links.source[link]))


def _own(plan: Plan, node: int) -> Iterator[Item]:
    row = plan.rows[node]
    yield Item("duration", row.id)
    yield from _stop(plan, row.calendar)
    if plan.fixed[node] != NONE:
        yield Item("fixed_start", row.id)


def _stop(plan: Plan, name: str) -> Iterator[Item]:
    if name and plan.network.calendars[name].stop:
        yield Item("calendar_stop", name)


def _uses(plan: Plan, permit: int) -> Iterator[Item]:
    """Name the links by which a permit is used: without the link it need not be valid."""
    for link in plan.network.links:
        if link.predecessor == plan.rows[permit].id:
            yield Item("link", link.key)


def _users(plan: Plan) -> Mapping[int, list[int]]:
    users: dict[int, list[int]] = {}
    arcs = plan.validities
    for permit, user in zip(arcs.permit.tolist(), arcs.user.tolist(), strict=True):
        users.setdefault(permit, []).append(user)
    return users
