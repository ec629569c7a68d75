"""Many plans at once, each as if it stood alone: one pass of the arrays instead of hundreds."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.back import ActivityDates, BackSchedule, Rows, last_finish, late_by
from guatu.engines.schedule.conflict import Broken, broken_limits
from guatu.engines.schedule.critical_path import backward
from guatu.engines.schedule.horizon import computed, restacked, settle
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import BadNetwork, Network
from guatu.engines.schedule.plan import Plan
from guatu.engines.schedule.ranges import assumed_ranges
from guatu.engines.schedule.reasons import Reasons


def back_schedules(
    networks: Sequence[Network], table: DayTable | None = None
) -> list[BackSchedule]:
    """Schedule every network backward; in order, the answers of `back_schedule` for each.

    Only ``conflict`` is left empty: to search why a plan cannot hold takes a pass for each of its
    items, so that is asked of the one plan that is looked at.  The networks share calendars and
    status date, and no id of one stands in another; resources are ignored.  Raises BadNetwork when
    they do not.
    """
    if not networks:
        return []
    table = table or shipped_table()
    plan, early = settle(merged(networks), table)
    group = groups(plan, networks)
    broken: dict[int, list[Broken]] = {}
    for limit in broken_limits(plan, early):
        broken.setdefault(int(group[limit.node]), []).append(limit)
    late = backward(plan, last_finish(plan, early, group))
    rows = Rows(plan, early, late, Reasons(plan, early), group).all()
    failed = [networks[place] for place in sorted(broken)]
    without = _without_late_dates(failed, table)
    answers = []
    for place, network in enumerate(networks):
        source = without if place in broken else rows
        own = {row.id: source[row.id] for row in network.activities}
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
    plan, early = settle(merged(networks), table)
    return Rows(plan, early, None, Reasons(plan, early), groups(plan, networks)).all()


def certainties(networks: Sequence[Network], table: DayTable | None = None) -> list[bool | None]:
    """Tell of each network whether its deadlines hold for certain, cannot hold, or None: either.

    For certain when they hold with every duration at its longest; impossible when one breaks with
    every duration at its shortest.  Ranges are those of `assumed_ranges`.  What neither settles
    has to be sampled.  Raises BadNetwork as `back_schedules`.
    """
    if not networks:
        return []
    plan, _ = settle(merged(networks), table or shipped_table())
    group = groups(plan, networks)
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


def merged(networks: Sequence[Network]) -> Network:
    """Put the networks side by side as one; BadNetwork when they cannot be."""
    first = networks[0]
    for network in networks:
        same = (first.calendars, first.status_date, first.follow_on)
        if (network.calendars, network.status_date, network.follow_on) != same:
            raise BadNetwork("一并推算的计划须用同一套日历和同一个状态日期。")
    return Network(
        calendars=first.calendars,
        status_date=first.status_date,
        activities=tuple(chain.from_iterable(one.activities for one in networks)),
        links=tuple(chain.from_iterable(one.links for one in networks)),
        deadlines=tuple(chain.from_iterable(one.deadlines for one in networks)),
        follow_on=first.follow_on,
    )


def groups(plan: Plan, networks: Sequence[Network]) -> Ints:
    """Return the place of the network of each node; nodes beyond the rows are pinned anyway."""
    place = {row.id: number for number, one in enumerate(networks) for row in one.activities}
    group = [place[row.id] for row in plan.rows]
    extra = len(plan.duration) - len(group)
    return np.array([*group, *[0] * extra], dtype=np.int64)
