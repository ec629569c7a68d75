"""Many plans as one set of arrays: the rows of all, then the past starts of all."""

from collections.abc import Callable, Sequence

import numpy as np

from guatu.engines.schedule.activity import Draft
from guatu.engines.schedule.critical_path import Dates
from guatu.engines.schedule.family import Family
from guatu.engines.schedule.levels import Ints, Ways
from guatu.engines.schedule.plan import Flags, Links, Plan, Validities


class Joined:
    """Plans over one horizon and one stack of calendars, side by side in ``plan``.

    ``nodes[i]`` are the nodes of plan i in ``plan``; ``group`` is its inverse.  Nothing of the
    joined plan goes by name: ids may repeat from plan to plan.
    """

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans = plans
        self.nodes = _places(plans)
        total = sum(len(nodes) for nodes in self.nodes)
        self.group = np.empty(total, dtype=np.int64)
        for number, nodes in enumerate(self.nodes):
            self.group[nodes] = number
        self.plan = self._plan(total)

    def of(self, number: int, dates: Dates) -> Dates:
        """Return what the dates of the whole say of one plan."""
        nodes = self.nodes[number]
        return Dates(
            dates.start[nodes],
            dates.finish[nodes],
            dates.place[nodes],
            dates.bound[nodes],
            dates.raised[nodes],
            dates.settled,
        )

    def _plan(self, total: int) -> Plan:
        first, links, validities = self.plans[0], self._links(), self._validities()
        return Plan(
            network=Draft(
                calendars=first.stack.specs,
                status_date=first.network.status_date,
                activities=(),
                follow_on=first.network.follow_on,
            ),
            table=first.table,
            family=Family({}, {}),
            rows=tuple(row for plan in self.plans for row in plan.rows),
            first=first.first,
            stack=first.stack,
            calendar=self._column(lambda plan: plan.calendar),
            duration=self._column(lambda plan: plan.duration),
            status=self._column(lambda plan: plan.status),
            earliest=self._column(lambda plan: plan.earliest),
            fixed=self._column(lambda plan: plan.fixed),
            unsplittable=self._column(lambda plan: plan.unsplittable).astype(np.bool_),
            pinned=self._column(lambda plan: plan.pinned).astype(np.bool_),
            pinned_start=self._column(lambda plan: plan.pinned_start),
            pinned_finish=self._column(lambda plan: plan.pinned_finish),
            allowed={
                int(nodes[node]): days
                for plan, nodes in zip(self.plans, self.nodes, strict=True)
                for node, days in plan.allowed.items()
            },
            links=links,
            validities=validities,
            deadline=self._column(lambda plan: plan.deadline),
            ways=Ways(total, links.source, links.target),
        )

    def _column(self, of: Callable[[Plan], Ints | Flags]) -> Ints:
        found = np.empty(len(self.group), dtype=np.int64)
        for plan, nodes in zip(self.plans, self.nodes, strict=True):
            found[nodes] = of(plan)
        return found

    def _moved(self, of: Callable[[Plan], Ints]) -> Ints:
        pairs = zip(self.plans, self.nodes, strict=True)
        return np.concatenate([nodes[of(plan)] for plan, nodes in pairs])

    def _links(self) -> Links:
        def together(of: Callable[[Links], Ints | Flags]) -> Ints | Flags:
            return np.concatenate([of(plan.links) for plan in self.plans])

        return Links(
            source=self._moved(lambda plan: plan.links.source),
            target=self._moved(lambda plan: plan.links.target),
            from_finish=together(lambda links: links.from_finish).astype(np.bool_),
            to_finish=together(lambda links: links.to_finish).astype(np.bool_),
            lag=together(lambda links: links.lag).astype(np.int64),
            lag_calendar=together(lambda links: links.lag_calendar).astype(np.int64),
            owner=together(lambda links: links.owner).astype(np.int64),
            active=together(lambda links: links.active).astype(np.bool_),
        )

    def _validities(self) -> Validities:
        return Validities(
            permit=self._moved(lambda plan: plan.validities.permit),
            user=self._moved(lambda plan: plan.validities.user),
            days=np.concatenate([plan.validities.days for plan in self.plans]),
        )


def _places(plans: Sequence[Plan]) -> list[Ints]:
    """Return where the nodes of each plan lie: its rows among the rows, the rest behind them."""
    rows = np.cumsum([0, *(len(plan.rows) for plan in plans)])
    extra = rows[-1] + np.cumsum([0, *(len(plan.duration) - len(plan.rows) for plan in plans)])
    return [
        np.concatenate(
            [np.arange(rows[place], rows[place + 1]), np.arange(extra[place], extra[place + 1])]
        )
        for place in range(len(plans))
    ]
