"""Many plans at once, each as if it stood alone: one pass of the arrays instead of hundreds."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.back import BackSchedule, Rows, back_schedule, last_finish
from guatu.engines.schedule.conflict import broken_limits
from guatu.engines.schedule.critical_path import backward
from guatu.engines.schedule.horizon import settle
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import BadNetwork, Network
from guatu.engines.schedule.plan import Plan
from guatu.engines.schedule.reasons import Reasons


def back_schedules(
    networks: Sequence[Network], table: DayTable | None = None
) -> list[BackSchedule]:
    """Schedule every network backward; the answers are those of `back_schedule`, in order.

    The networks share calendars and status date, and no id of one stands in another; resources
    are ignored.  Raises BadNetwork when they do not.
    """
    if not networks:
        return []
    table = table or shipped_table()
    plan, early = settle(_merged(networks), table)
    group = _groups(plan, networks)
    broken = {int(group[limit.node]) for limit in broken_limits(plan, early)}
    late = backward(plan, last_finish(plan, early, group))
    rows = Rows(plan, early, late, Reasons(plan, early), group).all()
    answers = []
    for place, network in enumerate(networks):
        if place in broken:
            answers.append(back_schedule(network, table))
            continue
        own = {row.id: rows[row.id] for row in network.activities}
        provisional = any(row.provisional for row in own.values())
        answers.append(
            BackSchedule(
                feasible=True,
                infeasible_by_calendar_days=0,
                conflict=(),
                provisional=provisional,
                activities=own,
            )
        )
    return answers


def _merged(networks: Sequence[Network]) -> Network:
    first = networks[0]
    for network in networks:
        if network.calendars != first.calendars or network.status_date != first.status_date:
            raise BadNetwork("一并推算的计划须用同一套日历和同一个状态日期。")
    return Network(
        calendars=first.calendars,
        status_date=first.status_date,
        activities=tuple(chain.from_iterable(one.activities for one in networks)),
        links=tuple(chain.from_iterable(one.links for one in networks)),
        deadlines=tuple(chain.from_iterable(one.deadlines for one in networks)),
    )


def _groups(plan: Plan, networks: Sequence[Network]) -> Ints:
    """Return the place of the network of each node; nodes beyond the rows are pinned anyway."""
    place = {row.id: number for number, one in enumerate(networks) for row in one.activities}
    group = [place[row.id] for row in plan.rows]
    extra = len(plan.duration) - len(group)
    return np.array([*group, *[0] * extra], dtype=np.int64)
