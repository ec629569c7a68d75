"""Many plans at once, each as if it stood alone: one pass of the arrays instead of hundreds."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.activity import BadNetwork
from guatu.engines.schedule.back import BackSchedule, late_by
from guatu.engines.schedule.conflict import Broken, broken_limits
from guatu.engines.schedule.critical_path import Dates, backward
from guatu.engines.schedule.groups import last_finish
from guatu.engines.schedule.horizon import check_dates, computed, laid_out, outside, restacked
from guatu.engines.schedule.joined import Joined
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.plan import NONE, Plan
from guatu.engines.schedule.ranges import assumed_ranges
from guatu.engines.schedule.rows import Rows, with_summaries


class Portfolio:
    """Plans that share calendars and status date, laid out and dated once.

    ``plans`` are the networks as arrays, in order.  Resources are ignored.  Raises BadNetwork when
    the networks differ in calendars, status date or whether work follows on, or have no status
    date: there each plan begins on a day of its own.
    """

    def __init__(self, networks: Sequence[Network], table: DayTable | None = None) -> None:
        _check(networks)
        self.networks = networks
        laid = laid_out(networks, table or shipped_table())
        self._joined = Joined(laid)
        self._plan, self._early = computed(self._joined.plan)
        self.plans = [replace(plan, stack=self._plan.stack) for plan in laid]

    def settled(self, number: int) -> tuple[Plan, Dates]:
        """Return one plan with its early dates, as `horizon.settle` does of its network."""
        return self.plans[number], self._joined.of(number, self._early)

    def refused(self) -> dict[int, BadNetwork]:
        """Return which plans have a date outside the table of working days, and the sentence."""
        found: dict[int, BadNetwork] = {}
        if outside(self._plan, self._early) == NONE:
            return found
        for number in range(len(self.networks)):
            try:
                check_dates(*self.settled(number))
            except BadNetwork as bad:
                found[number] = bad
        return found

    def schedules(self) -> list[BackSchedule]:
        """Schedule every network backward: the dates and floats of `back_schedule` for each.

        ``conflict``, ``drivers`` and the further counts of free float are left empty: why a plan
        cannot hold and what drives its dates is asked of the one plan that is looked at.
        """
        plan, group = self._plan, self._joined.group
        broken: dict[int, list[Broken]] = {}
        for limit in broken_limits(plan, self._early):
            broken.setdefault(int(group[limit.node]), []).append(limit)
        late = backward(plan, last_finish(plan, self._early, group))
        failed = np.isin(group, list(broken))
        rows = Rows(plan, self._early, late, group, failed=failed).leaves()
        answers, begin = [], 0
        for number, own in enumerate(self.plans):
            end = begin + len(own.rows)
            named = {row.id: dates for row, dates in zip(own.rows, rows[begin:end], strict=True)}
            dates = with_summaries(own, named)
            answers.append(
                BackSchedule(
                    feasible=number not in broken,
                    infeasible_by_calendar_days=late_by(broken.get(number, [])),
                    conflict=(),
                    provisional=any(row.provisional for row in dates.values()),
                    activities=dates,
                )
            )
            begin = end
        return answers

    @cached_property
    def certainties(self) -> list[bool | None]:
        """Whether the deadlines of each plan hold for certain, cannot hold, or None: either.

        For certain when they hold with every duration at its longest; impossible when one breaks
        with every duration at its shortest.  Ranges are those of `assumed_ranges`.  What neither
        settles has to be sampled.
        """
        shortest, longest = self._plan.duration.copy(), self._plan.duration.copy()
        for plan, nodes in zip(self.plans, self._joined.nodes, strict=True):
            pinned, places = plan.pinned.tolist(), nodes.tolist()
            for key, span in assumed_ranges(plan.network).items():
                own = plan.node.get(key)
                if own is None or pinned[own] or span.high == 0:
                    continue
                row, node = plan.rows[own], places[own]
                part = int(plan.duration[own]) / max(row.duration, 1) if row.actual_start else 1.0
                shortest[node] = max(math.floor(span.low * part), 1)
                longest[node] = max(math.ceil(span.high * part), 1)
        at_worst, at_best = self._breaking(longest), self._breaking(shortest)
        return [
            True if place not in at_worst else False if place in at_best else None
            for place in range(len(self.networks))
        ]

    def _breaking(self, duration: Ints) -> set[int]:
        """Return the plans that break a limit with these durations."""
        changed = replace(self._plan, duration=duration)
        changed = replace(changed, stack=restacked(changed, self._plan.stack.beyond))
        return {int(self._joined.group[limit.node]) for limit in broken_limits(*computed(changed))}


def back_schedules(
    networks: Sequence[Network], table: DayTable | None = None
) -> list[BackSchedule]:
    """Schedule every network backward; see `Portfolio.schedules`."""
    return Portfolio(networks, table).schedules() if networks else []


def _check(networks: Sequence[Network]) -> None:
    first = networks[0]
    shared = (first.calendars, first.status_date, first.follow_on)
    for network in networks:
        same = (network.calendars, network.status_date, network.follow_on) == shared
        if not same or network.status_date is None:
            raise BadNetwork("一并推算的计划须用同一套日历和同一个状态日期。")
