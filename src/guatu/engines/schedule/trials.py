"""Trying many changes of one plan side by side: how late each leaves what is broken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from guatu.engines.calendars import CalendarSpec, granted
from guatu.engines.schedule.changes import Change, Overlap, SetDuration, WorkOn
from guatu.engines.schedule.ensemble import earliest_of
from guatu.engines.schedule.horizon import extended
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Deadline, Link, Network
from guatu.engines.schedule.plan import NONE, Flags, Plan
from guatu.engines.schedule.walk import Runs, Variants

NEVER_LATE = 10**6
"""Days late that stand for never."""
BEGIN, END = "＋SS", "＋FF"


@dataclass(frozen=True, slots=True)
class Limit:
    """Something the dates must keep: ``days`` it allows, the nodes it looks at."""

    kind: str
    id: str
    nodes: tuple[int, ...]
    day: int
    user: int = NONE


def limits_of(plan: Plan) -> list[Limit]:
    """Return every limit of the plan: deadlines, fixed starts, validities, and that work ends."""
    found = deadlines_of(plan, plan.network.deadlines)
    found += [
        Limit("fixed_start", plan.rows[node].id, (node,), int(plan.fixed[node]))
        for node in np.flatnonzero(plan.fixed != NONE).tolist()
    ]
    arcs = plan.validities
    found += [
        Limit("validity", plan.rows[permit].id, (permit,), days, user)
        for permit, user, days in zip(
            arcs.permit.tolist(), arcs.user.tolist(), arcs.days.tolist(), strict=True
        )
    ]
    limited = {node for limit in found for node in limit.nodes}
    found += [
        Limit("never", row.id, (node,), plan.stack.beyond)
        for node, row in enumerate(plan.rows)
        if node not in limited
    ]
    return found


def deadlines_of(plan: Plan, deadlines: Sequence[Deadline]) -> list[Limit]:
    """Return the deadlines that speak of unfinished rows, as limits on those."""
    found = []
    for limit in deadlines:
        nodes = (plan.node[leaf] for leaf in plan.family.leaves(limit.activity))
        left = tuple(node for node in nodes if not plan.pinned[node])
        if left:
            found.append(Limit("deadline", limit.activity, left, plan.offset(limit.finish)))
    return found


def lateness(plan: Plan, limits: Sequence[Limit], runs: Runs, count: int) -> Ints:
    """Return by how many calendar days each limit is broken, one row a limit, in each variant."""
    beyond = plan.stack.beyond
    rows = []
    for limit in limits:
        ends = runs.finish[limit.nodes[0]]
        for node in limit.nodes[1:]:
            ends = np.maximum(ends, runs.finish[node])
        if limit.kind == "validity":
            begins = runs.start[limit.user]
            days = np.where(begins < beyond, begins - ends - limit.day, 0)
        elif limit.kind == "fixed_start":
            days = runs.start[limit.nodes[0]] - limit.day
        else:
            days = ends - limit.day
        late = np.where((limit.kind != "validity") & (ends >= beyond), NEVER_LATE, days)
        rows.append(np.broadcast_to(np.maximum(late, 0), (count,)))
    return np.array(rows).reshape(-1, count)


def with_twins(network: Network) -> Network:
    """Return the network with the links that take the place of each plain FS link overlapped.

    They ask for less than the FS link does, so that they change nothing while it stands.
    """
    summaries = {row.parent for row in network.activities}
    calendar = {row.id: row.calendar for row in network.activities}
    twins = []
    for link in network.links:
        ends = {link.predecessor, link.successor}
        if link.type == "FS" and link.lag >= 0 and not ends & summaries:
            twins += [
                Link(
                    predecessor=link.predecessor,
                    successor=link.successor,
                    type="SS",
                    lag=1,
                    lag_calendar=calendar[link.predecessor],
                    id=link.key + BEGIN,
                ),
                Link(
                    predecessor=link.predecessor,
                    successor=link.successor,
                    type="FF",
                    id=link.key + END,
                ),
            ]
    known = {link.key for link in network.links}
    return replace(
        network, links=(*network.links, *(twin for twin in twins if twin.id not in known))
    )


class Trials:
    """A number of variants of one plan, each a column that takes changes one by one."""

    def __init__(self, plan: Plan, count: int) -> None:
        self.plan, self.count = plan, count
        self.duration: dict[int, Ints] = {}
        self.extra: dict[tuple[int, int], CalendarSpec] = {}
        self.elapsed: dict[int, Flags] = {}
        self.lag: dict[int, Ints] = {}
        self.active: dict[int, Flags] = {}

    def make(self, column: int, changes: Sequence[Change]) -> None:
        """Make changes in one column; kinds that move no date leave it as it is."""
        for change in changes:
            if isinstance(change, SetDuration):
                self._shorten(column, self.plan.node[change.activity], change.days)
            elif isinstance(change, WorkOn):
                self._work_on(column, change)
            elif isinstance(change, Overlap):
                self._overlap(column, change)

    def strip(self, column: int, node: int) -> None:
        """Let one activity take one day and work every day: more no change of it can do."""
        self._shorten(column, node, 1)
        self.elapsed.setdefault(node, np.zeros(self.count, dtype=np.bool_))[column] = True

    def run(self) -> tuple[Plan, Runs]:
        """Compute the earliest dates of all columns; the plan has the calendars they use."""
        plan, calendars = self._calendars()
        duration = [
            self.duration.get(node, plan.duration[node : node + 1])
            for node in range(len(plan.duration))
        ]
        return plan, earliest_of(plan, Variants(duration, calendars, self.lag, self.active))

    def _shorten(self, column: int, node: int, days: int) -> None:
        own = int(self.plan.duration[node])
        self.duration.setdefault(node, np.full(self.count, own))[column] = max(days, 1)

    def _work_on(self, column: int, change: WorkOn) -> None:
        node = self.plan.node[change.activity]
        known = self.plan.stack.calendars[int(self.plan.calendar[node])].spec
        self.extra[node, column] = granted(self.extra.get((node, column), known), change.leave)

    def _overlap(self, column: int, change: Overlap) -> None:
        places = self._links[change.link], self._links[change.link + BEGIN]
        for place in places[0]:
            on = self.active.setdefault(place, np.ones(self.count, dtype=np.bool_))
            on[column] = False
        for place in places[1]:
            lag = self.lag.setdefault(place, np.ones(self.count, dtype=np.int64))
            lag[column] = change.after

    @cached_property
    def _links(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, owner in enumerate(self.plan.links.owner.tolist()):
            found.setdefault(self.plan.network.links[owner].key, []).append(place)
        return found

    def _calendars(self) -> tuple[Plan, dict[int, Ints]]:
        """Lay out the calendars of columns whose activities work on other days."""
        specs = list(dict.fromkeys(self.extra.values()))
        plan, first = extended(self.plan, specs)
        places = {spec: first + place for place, spec in enumerate(specs)}
        calendars: dict[int, Ints] = {}
        for (node, column), spec in self.extra.items():
            calendars.setdefault(node, self._own(node))[column] = places[spec]
        for node, columns in self.elapsed.items():
            calendars.setdefault(node, self._own(node))[columns] = 0
        return plan, calendars

    def _own(self, node: int) -> Ints:
        return np.full(self.count, int(self.plan.calendar[node]))
