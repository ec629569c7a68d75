"""The search behind repairs: how much of which option is enough, and what goes together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from guatu.engines.calendars import DayTable
from guatu.engines.schedule.changes import Change
from guatu.engines.schedule.ensemble import latest_of, own_durations
from guatu.engines.schedule.horizon import settle
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.options import Kind, Offer, Option, Shorter, options
from guatu.engines.schedule.plan import NONE
from guatu.engines.schedule.trials import Trials, lateness, limits_of, with_twins
from guatu.engines.schedule.walk import Runs, Variants

MOST_PARTS = 12
"""Nobody grants more than a dozen things at once: beyond that the deadline moves."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option and how much of it."""

    option: Option
    ask: int

    @property
    def changes(self) -> tuple[Change, ...]:
        """What asking for so much changes."""
        return self.option.changes(self.ask)


def all_changes(parts: Sequence[Chosen]) -> tuple[Change, ...]:
    """Return the changes of all parts, in order."""
    return tuple(change for part in parts for change in part.changes)


def _same_thing(option: Option, other: Option) -> bool:
    """Tell whether two options cannot both be chosen: two durations, two uses of one day off."""
    both = isinstance(option, Shorter) and isinstance(other, Shorter)
    return option.id == other.id and (both or option == other or option.kind == other.kind)


class Search:
    """One plan, its limits, and the tries made on it; ``offers`` by kind tell what may be asked.

    ``desks`` as in :func:`options`.
    """

    def __init__(
        self,
        network: Network,
        table: DayTable,
        offers: Mapping[Kind, Offer],
        desks: Collection[str] = (),
    ) -> None:
        self.network, self.offers, self.desks = network, offers, desks
        self.plan, _early = settle(with_twins(network), table)
        self.limits = limits_of(self.plan)
        self.base, self.late = self.tried([()])

    def tried(self, columns: Sequence[Sequence[Change]]) -> tuple[Runs, Ints]:
        """Return the dates of each set of changes, and how late it leaves each limit."""
        trials = Trials(self.plan, len(columns))
        for column, changes in enumerate(columns):
            trials.make(column, changes)
        plan, runs = trials.run()
        return runs, lateness(plan, self.limits, runs, len(columns))

    @cached_property
    def worst(self) -> int:
        """The limit broken worst; deadlines come first among equals."""
        return int(self.late[:, 0].argmax())

    @cached_property
    def options(self) -> list[Option]:
        """All that may be asked for where it can help, alone or along with others."""
        nodes = [n for n in range(len(self.plan.rows)) if not self.plan.pinned[n]]
        trials = Trials(self.plan, len(nodes))
        for column, node in enumerate(nodes):
            trials.strip(column, node)
        plan, runs = trials.run()
        totals = lateness(plan, self.limits, runs, len(nodes)).sum(axis=0)
        helps = totals < self.late[:, 0].sum()
        helped = {
            node: np.broadcast_to(runs.start[node], (len(nodes),))[column : column + 1]
            for column, node in enumerate(nodes)
            if helps[column] or self._too_late(node)
        }
        found = options(self.plan, helped, self.base, self.desks)
        return [option for option in found if option.kind in self.offers]

    def _too_late(self, node: int) -> bool:
        """Tell whether a node must end before it can, for the limits to be kept."""
        return int(self.latest.finish[node][0]) < int(self.base.finish[node][0])

    @cached_property
    def latest(self) -> Runs:
        """The latest dates that keep the deadlines, before the earliest where these break."""
        plan = self.plan
        last = np.where(plan.deadline == NONE, plan.stack.beyond, plan.deadline)
        return latest_of(
            plan, Variants(own_durations(plan)), [last[n : n + 1] for n in range(len(last))]
        )

    def singles(self) -> list[Chosen]:
        """Return every option by itself, no more of it than helps."""
        return self.least([Chosen(option, option.most) for option in self.options], ())

    def together(self) -> list[Chosen]:
        """Join options until the plan holds, or as far as a dozen of them bring it."""
        parts = self._grown()
        left = self.total(parts)
        return self._needed(self._completed(parts, left) if left else parts)

    def total(self, parts: Sequence[Chosen]) -> int:
        """Return how late all limits are together with the parts in place."""
        return int(self.tried([all_changes(parts)])[1].sum())

    def _more(self, parts: Sequence[Chosen]) -> list[Chosen]:
        """Return the options that can still be joined to the parts, the cheapest first."""
        more: list[Chosen] = []
        for option in sorted(self.options, key=lambda one: self.offers[one.kind].rank):
            if not any(_same_thing(option, part.option) for part in [*parts, *more]):
                more.append(Chosen(option, option.most))
        return more

    def _grown(self) -> list[Chosen]:
        """Join whatever gains most, step by step, while one more gains anything."""
        parts: list[Chosen] = []
        total = int(self.late[:, 0].sum())
        while total and len(parts) < MOST_PARTS:
            more = [
                Chosen(option, option.most)
                for option in self.options
                if not any(_same_thing(option, part.option) for part in parts)
            ]
            if not more:
                break
            totals = self.tried([all_changes([*parts, part]) for part in more])[1].sum(axis=0)
            ranks = [self.offers[part.option.kind].rank for part in more]
            best = int(np.lexsort((ranks, totals))[0])
            if totals[best] >= total:
                break
            parts.append(more[best])
            total = int(totals[best])
        return parts

    def _completed(self, parts: list[Chosen], total: int) -> list[Chosen]:
        """Add what only helps together, where chains run side by side, the cheapest first.

        Of the remaining options, cheapest first, the shortest sufficient beginning ends with one
        that is needed; it is taken, and the search goes on before it (Junker 2004, QuickXplain).
        """
        more = self._more(parts)
        goal = self.total([*parts, *more])
        if goal >= total:
            return parts
        taken: list[Chosen] = []
        while more and self.total([*parts, *taken]) > goal:
            tries = [all_changes([*parts, *taken, *more[:count]]) for count in range(len(more) + 1)]
            enough = self.tried(tries)[1].sum(axis=0) <= goal
            last = int(enough.argmax()) - 1
            taken.append(more[last])
            more = more[:last]
            if len(parts) + len(taken) > MOST_PARTS:
                return parts
        return [*parts, *taken]

    def least(self, chosen: Sequence[Chosen], before: Sequence[Change]) -> list[Chosen]:
        """Return each with the least that reaches what its most does, tried on top of changes."""
        if not chosen:
            return []
        _runs, late = self.tried([(*before, *part.changes) for part in chosen])
        goal = late.sum(axis=0)
        low = np.array([part.option.least for part in chosen])
        high = np.array([part.ask for part in chosen])
        while (low < high).any():
            middle = (low + high) // 2
            tries = [
                (*before, *part.option.changes(ask))
                for part, ask in zip(chosen, middle.tolist(), strict=True)
            ]
            enough = self.tried(tries)[1].sum(axis=0) <= goal
            high = np.where(enough, middle, high)
            low = np.where(enough, low, middle + 1)
        return [replace(part, ask=ask) for part, ask in zip(chosen, high.tolist(), strict=True)]

    def _needed(self, parts: Sequence[Chosen]) -> list[Chosen]:
        """Drop what the rest can do without, dearest first, and cut the rest to its least."""
        kept = sorted(parts, key=lambda part: self.offers[part.option.kind].rank)
        if not kept:
            return []
        goal = int(self.tried([all_changes(kept)])[1].sum())
        for part in kept[::-1]:
            rest = [other for other in kept if other is not part]
            if rest and int(self.tried([all_changes(rest)])[1].sum()) <= goal:
                kept = rest
        for place in reversed(range(len(kept))):
            rest = [other for other in kept if other is not kept[place]]
            kept[place] = self.least([kept[place]], all_changes(rest))[0]
        return kept

    def used(self, part: Chosen, runs: Runs, column: int, count: int) -> tuple[Option, int]:
        """Leave out asked days that the activity does not work on after all."""
        if isinstance(part.option, Shorter) or part.option.id not in self.plan.node:
            return part.option, part.ask
        node = self.plan.node[part.option.id]
        start, finish = (
            int(np.broadcast_to(days[node], (count,))[column]) + self.plan.first
            for days in (runs.start, runs.finish)
        )
        option = part.option.used(part.ask, start, finish)
        return option, min(part.ask, option.most)
