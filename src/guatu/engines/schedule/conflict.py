"""Why a plan cannot hold: the items any one of which, taken away, makes it feasible.

Every such item lies on the chain that drives each broken limit — a chain without it would prove
the same lateness — so the chains give the candidates, and each candidate is tried by a pass.
Limits that break independently of one another have a set of items each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from guatu.engines.schedule.activity import Draft
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


MOST_SETS = 12
"""Conflicts that are told one by one; whoever has more is told that there are more."""


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


@dataclass(frozen=True, slots=True)
class Limit:
    """A broken limit as people name it; ``id`` of its row, ``other`` of who uses a permit."""

    kind: Literal["deadline", "fixed_start", "validity", "never"]
    id: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Items each of which, removed alone, frees every limit of ``frees``.

    Without items: no single one frees any of these limits.
    """

    frees: tuple[Limit, ...]
    items: tuple[Item, ...]


def conflicts(plan: Plan, dates: Dates, broken: list[Broken]) -> list[Conflict]:
    """Return the items each of which, removed alone, makes the whole plan feasible, as one set.

    When limits break independently no single item does; then there is a set for each, the worst
    broken first, and what no single item frees comes last, without items.  One item out of each
    of the sets then makes the plan feasible, unless there is such a rest.
    """
    return _Sets(plan, dates, broken).found()


@dataclass
class _Sets:
    """The sets of one plan; what each removal leaves broken is found once."""

    plan: Plan
    dates: Dates
    broken: list[Broken]
    tried: dict[Item, frozenset[Limit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.drivers = early_driving(self.plan, self.dates)
        self.covering: dict[int, list[Deadline]] = {}
        for entry in self.plan.network.deadlines:
            for node in covered(self.plan, entry):
                self.covering.setdefault(node, []).append(entry)
        nodes: dict[Limit, list[Broken]] = {}
        for one in self.broken:
            for limit in self._named(one, self.plan):
                nodes.setdefault(limit, []).append(one)
        worst = {limit: max(map(_severity, parts)) for limit, parts in nodes.items()}
        self.limits = sorted(nodes, key=lambda limit: -worst[limit])
        self.chains = {limit: self._shared(nodes[limit]) for limit in self.limits}

    def found(self) -> list[Conflict]:
        """Return the sets."""
        first, *others = (self.chains[limit] for limit in self.limits)
        shared = [item for item in first if all(item in chain for chain in others)]
        whole = [item for item in shared if not self._left(item)]
        if whole:
            return [Conflict(tuple(self.limits), tuple(whole))]
        sets: list[Conflict] = []
        rest: list[Limit] = []
        waiting = list(self.limits)
        while waiting:
            limit = waiting.pop(0)
            items = [item for item in self.chains[limit] if self._frees(item, limit)]
            if not items or len(sets) == MOST_SETS:
                rest.append(limit)
                continue
            left = frozenset[Limit]().union(*map(self._left, items))
            freed = tuple(other for other in self.limits if other not in left)
            sets.append(Conflict(freed, tuple(items)))
            waiting = [other for other in waiting if other not in freed]
        return [*sets, Conflict(tuple(rest), ())] if rest else sets

    def _frees(self, item: Item, limit: Limit) -> bool:
        """Tell whether a removal frees a limit and breaks no other.

        Work that never ends breaks its deadline; without the deadline it still never ends.
        """
        left = self._left(item)
        return limit not in left and left <= set(self.limits)

    def _left(self, item: Item) -> frozenset[Limit]:
        """Return the limits that stay broken without the item."""
        if item not in self.tried:
            changed, dates = without(self.plan, item)
            still = broken_limits(changed, dates)
            self.tried[item] = frozenset(
                limit for one in still for limit in self._named(one, changed, item)
            )
        return self.tried[item]

    def _named(self, one: Broken, plan: Plan, gone: Item | None = None) -> Iterator[Limit]:
        """Name a broken limit: a row's day may be that of deadlines on rows above it too."""
        row = plan.rows[one.node]
        if one.kind == "deadline":
            for entry in self.covering[plan.node[row.id]]:
                over = plan.offset(entry.finish) - int(plan.deadline[one.node])
                if gone != Item("deadline", entry.activity) and (
                    one.days is None or one.days > over
                ):
                    yield Limit("deadline", entry.activity)
        else:
            yield Limit(one.kind, row.id, "" if one.other == NONE else plan.rows[one.other].id)

    def _shared(self, parts: Sequence[Broken]) -> list[Item]:
        """Return what lies on the chain of each row that breaks one limit."""
        first, *others = (_chain(self.plan, self.dates, self.drivers, part) for part in parts)
        return [item for item in first if all(item in chain for chain in others)]


def _severity(limit: Broken) -> int:
    return 10**9 if limit.days is None else limit.days


def without(plan: Plan, item: Item) -> tuple[Plan, Dates]:
    """Return the plan with one item taken away, and its early dates."""
    if item.kind == "status_date":
        return computed(lengthened_before(plan))
    if item.kind == "calendar_stop":
        changed = replace(plan, network=_without_stop(plan.network, item.id))
        return computed(replace(changed, stack=restacked(changed, plan.stack.beyond)))
    changed = _REMOVALS[item.kind](plan, item.id)
    return changed, forward(changed)


def _without_stop(network: Draft, name: str) -> Draft:
    """Return the rows with the stops of one calendar lifted; what was checked stays checked."""
    lifted = {**network.calendars, name: replace(network.calendars[name], stop=())}
    return Draft(
        calendars=lifted,
        status_date=network.status_date,
        activities=network.activities,
        links=network.links,
        deadlines=network.deadlines,
        resources=network.resources,
        follow_on=network.follow_on,
        calendar_names=network.calendar_names,
    )


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
