"""Many plans at once, each as if it stood alone: one pass of the arrays instead of hundreds."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.activity import Activity, BadNetwork, Deadline, Draft, Link
from guatu.engines.schedule.back import ActivityDates, BackSchedule, Rows, last_finish, late_by
from guatu.engines.schedule.conflict import Broken, broken_limits
from guatu.engines.schedule.critical_path import backward
from guatu.engines.schedule.horizon import computed, restacked, settle
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.plan import Plan
from guatu.engines.schedule.ranges import assumed_ranges


def back_schedules(
    networks: Sequence[Network], table: DayTable | None = None
) -> list[BackSchedule]:
    """Schedule every network backward; in order, the dates and floats of `back_schedule` for each.

    ``conflict`` and ``drivers`` are left empty: why a plan cannot hold and what drives its dates is
    asked of the one plan that is looked at.  The networks share calendars and status date;
    resources are ignored.  Raises BadNetwork when they do not.
    """
    if not networks:
        return []
    table = table or shipped_table()
    plan, early = settle(_merged(networks), table)
    group = _groups(plan, networks)
    broken: dict[int, list[Broken]] = {}
    for limit in broken_limits(plan, early):
        broken.setdefault(int(group[limit.node]), []).append(limit)
    late = backward(plan, last_finish(plan, early, group))
    rows = Rows(plan, early, late, None, group).all()
    failed = sorted(broken)
    without = _without_late_dates([networks[place] for place in failed], table)
    answers = []
    for place, network in enumerate(networks):
        source, at = (without, failed.index(place)) if place in broken else (rows, place)
        own = {row.id: source[_named(at, row.id)] for row in network.activities}
        answers.append(
            BackSchedule(
                feasible=place not in broken,
                infeasible_by_calendar_days=late_by(broken.get(place, [])),
                conflict=(),
                provisional=any(row.provisional for row in own.values()),
                activities=own,
            )
        )
    return answers


def _without_late_dates(networks: Sequence[Network], table: DayTable) -> dict[str, ActivityDates]:
    """Rows of plans that cannot hold: early dates alone."""
    if not networks:
        return {}
    plan, early = settle(_merged(networks), table)
    return Rows(plan, early, None, None, _groups(plan, networks)).all()


def certainties(networks: Sequence[Network], table: DayTable | None = None) -> list[bool | None]:
    """Tell of each network whether its deadlines hold for certain, cannot hold, or None: either.

    For certain when they hold with every duration at its longest; impossible when one breaks with
    every duration at its shortest.  Ranges are those of `assumed_ranges`.  What neither settles
    has to be sampled.  Raises BadNetwork as `back_schedules`.
    """
    if not networks:
        return []
    plan, _ = settle(_merged(networks), table or shipped_table())
    group = _groups(plan, networks)
    shortest, longest = plan.duration.copy(), plan.duration.copy()
    for key, span in assumed_ranges(plan.network).items():
        node = plan.node.get(key)
        if node is None or plan.pinned[node] or span.high == 0:
            continue
        row = plan.rows[node]
        part = int(plan.duration[node]) / max(row.duration, 1) if row.actual_start else 1.0
        shortest[node] = max(math.floor(span.low * part), 1)
        longest[node] = max(math.ceil(span.high * part), 1)
    at_worst, at_best = _breaking(plan, longest, group), _breaking(plan, shortest, group)
    return [
        True if place not in at_worst else False if place in at_best else None
        for place in range(len(networks))
    ]


def _breaking(plan: Plan, duration: Ints, group: Ints) -> set[int]:
    """Return the groups that break a limit with these durations."""
    changed = replace(plan, duration=duration)
    changed = replace(changed, stack=restacked(changed, plan.stack.beyond))
    return {int(group[limit.node]) for limit in broken_limits(*computed(changed))}


def _merged(networks: Sequence[Network]) -> Draft:
    """Put the networks, each checked already, side by side; BadNetwork when they cannot be."""
    first = networks[0]
    for network in networks:
        same = (first.calendars, first.status_date, first.follow_on)
        if (network.calendars, network.status_date, network.follow_on) != same:
            raise BadNetwork("一并推算的计划须用同一套日历和同一个状态日期。")
    activities: list[Activity] = []
    links: list[Link] = []
    deadlines: list[Deadline] = []
    for place, network in enumerate(networks):
        for row in network.activities:
            parent = None if row.parent is None else _named(place, row.parent)
            activities.append(replace(row, id=_named(place, row.id), parent=parent))
        for link in network.links:
            before, after = _named(place, link.predecessor), _named(place, link.successor)
            links.append(replace(link, predecessor=before, successor=after))
        deadlines += (
            Deadline(_named(place, one.activity), one.finish) for one in network.deadlines
        )
    return Draft(
        calendars=first.calendars,
        status_date=first.status_date,
        activities=tuple(activities),
        links=tuple(links),
        deadlines=tuple(deadlines),
        follow_on=first.follow_on,
    )


def _named(place: int, key: str) -> str:
    return f"{place}/{key}"


def _groups(plan: Plan, networks: Sequence[Network]) -> Ints:
    """Return the place of the network of each node; nodes beyond the rows are pinned anyway."""
    place = {
        _named(number, row.id): number
        for number, one in enumerate(networks)
        for row in one.activities
    }
    group = [place[row.id] for row in plan.rows]
    extra = len(plan.duration) - len(group)
    return np.array([*group, *[0] * extra], dtype=np.int64)
