"""The cheapest repairs of a plan that breaks its limits, each the least that is enough.

Asking for more never makes a date later, so the least of every option that reaches what its most
reaches is found by bisection, all options side by side.  When no single one saves the plan, the
best are joined one after another and what turned out needless is dropped again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.back import BackSchedule
from guatu.engines.schedule.changes import Change, SetDeadline, SetStart, SetValidDays
from guatu.engines.schedule.ensemble import (
    Runs,
    Variants,
    earliest_of,
    latest_of,
    own_durations,
)
from guatu.engines.schedule.horizon import settle
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.options import (
    OFFERS,
    Kind,
    Offer,
    Option,
    Shorter,
    options,
    price,
)
from guatu.engines.schedule.plan import NONE
from guatu.engines.schedule.trials import (
    NEVER_LATE,
    Limit,
    Trials,
    lateness,
    limits_of,
    with_twins,
)

MOST_PARTS = 12
"""Nobody grants more than a dozen things at once: beyond that the deadline moves."""
JOINED = 10
"""The rank of a combination lies behind its dearest part by this share of a rank: 1/10."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to repair a plan.

    ``asked`` says it in a sentence, ``changes`` holds it as data; ``ask`` counts days: fewer,
    excepted, or later ones.  ``deadline`` is the limit broken worst and ``days_gained`` what that
    gains; ``remaining`` is the worst lateness left in calendar days over all limits, None for
    ever.  ``parts`` are the repairs a combination joins.
    """

    kind: Kind
    id: str
    asked: str
    ask: int
    deadline: str
    days_gained: int
    remaining: int | None
    rank: float
    cost: Decimal | None
    makes_feasible: bool
    changes: tuple[Change, ...]
    parts: tuple["Repair", ...] = ()


def repairs(
    network: Network,
    schedule: BackSchedule,
    offers: Sequence[Offer] = OFFERS,
    table: DayTable | None = None,
) -> tuple[Repair, ...]:
    """Return repairs of an infeasible plan: those that save it first, the cheapest first.

    ``schedule`` is its backward schedule; a feasible one needs none.  ``offers`` tells which kinds
    may be asked for and in which order of cost.
    """
    if schedule.feasible:
        return ()
    search = _Search(network, table or shipped_table(), {offer.kind: offer for offer in offers})
    singles = search.singles()
    found = [*singles, *search.relaxed()]
    if not any(repair.makes_feasible for repair in singles):
        found += search.joined()
    return tuple(sorted(found, key=_order))


def _order(repair: Repair) -> tuple[bool, float, int, int, str]:
    gained = 0 if repair.makes_feasible else -repair.days_gained
    return not repair.makes_feasible, repair.rank, gained, repair.ask, repair.id


@dataclass(frozen=True, slots=True)
class _Chosen:
    """An option and how much of it."""

    option: Option
    ask: int

    @property
    def changes(self) -> tuple[Change, ...]:
        return self.option.changes(self.ask)


_GIVES_WAY: Mapping[str, Kind] = {
    "deadline": "deadline",
    "fixed_start": "fixed_start",
    "validity": "renewal",
}


def _beats(one: Repair, other: Repair) -> bool:
    """Tell whether a repair of the same thing asks for less and leaves no more."""
    left = [NEVER_LATE if r.remaining is None else r.remaining for r in (one, other)]
    same = (one.kind, one.id) == (other.kind, other.id) and one.cost == other.cost
    return same and one.ask < other.ask and left[0] <= left[1]


def _changes(parts: Sequence[_Chosen]) -> tuple[Change, ...]:
    return tuple(change for part in parts for change in part.changes)


def _same_thing(option: Option, other: Option) -> bool:
    """Tell whether two options cannot both be chosen: two durations, two uses of one day off."""
    both = isinstance(option, Shorter) and isinstance(other, Shorter)
    return option.id == other.id and (both or option == other or option.kind == other.kind)


class _Search:
    """One plan, its limits, and the tries made on it."""

    def __init__(self, network: Network, table: DayTable, offers: dict[Kind, Offer]) -> None:
        self.network, self.offers = network, offers
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
        return [o for o in options(self.plan, helped, self.base) if o.kind in self.offers]

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

    def singles(self) -> list[Repair]:
        """Return every option that gains anything by itself, no more of it than needed."""
        chosen = self._least([_Chosen(option, option.most) for option in self.options], ())
        found = self._repairs(chosen)
        return [one for one in found if not any(_beats(other, one) for other in found)]

    def joined(self) -> list[Repair]:
        """Join options until the plan holds; when all are not enough the deadlines move too."""
        parts = self._grown()
        total = self._total(parts)
        if total:
            parts = self._completed(parts, total)
        parts = self._needed(parts)
        if len(parts) > 1 or (parts and self._total(parts)):
            return [self._combination(parts)]
        return []

    def _total(self, parts: Sequence[_Chosen]) -> int:
        """Return how late all limits are together with the parts in place."""
        return int(self.tried([_changes(parts)])[1].sum())

    def _more(self, parts: Sequence[_Chosen]) -> list[_Chosen]:
        """Return the options that can still be joined to the parts, the cheapest first."""
        more: list[_Chosen] = []
        for option in sorted(self.options, key=lambda one: self.offers[one.kind].rank):
            if not any(_same_thing(option, part.option) for part in [*parts, *more]):
                more.append(_Chosen(option, option.most))
        return more

    def _grown(self) -> list[_Chosen]:
        """Join whatever gains most, step by step, while one more gains anything."""
        parts: list[_Chosen] = []
        total = int(self.late[:, 0].sum())
        while total and len(parts) < MOST_PARTS:
            more = [
                _Chosen(option, option.most)
                for option in self.options
                if not any(_same_thing(option, part.option) for part in parts)
            ]
            if not more:
                break
            totals = self.tried([_changes([*parts, part]) for part in more])[1].sum(axis=0)
            ranks = [self.offers[part.option.kind].rank for part in more]
            best = int(np.lexsort((ranks, totals))[0])
            if totals[best] >= total:
                break
            parts.append(more[best])
            total = int(totals[best])
        return parts

    def _completed(self, parts: list[_Chosen], total: int) -> list[_Chosen]:
        """Add what only helps together, where chains run side by side, the cheapest first.

        Of the remaining options, cheapest first, the shortest sufficient beginning ends with one
        that is needed; it is taken, and the search goes on before it (Junker 2004, QuickXplain).
        """
        more = self._more(parts)
        goal = self._total([*parts, *more])
        if goal >= total:
            return parts
        taken: list[_Chosen] = []
        while more and self._total([*parts, *taken]) > goal:
            tries = [_changes([*parts, *taken, *more[:count]]) for count in range(len(more) + 1)]
            enough = self.tried(tries)[1].sum(axis=0) <= goal
            last = int(enough.argmax()) - 1
            taken.append(more[last])
            more = more[:last]
            if len(parts) + len(taken) > MOST_PARTS:
                return parts
        return [*parts, *taken]

    def relaxed(self) -> list[Repair]:
        """Return the limits that could give way themselves."""
        return self._relaxed(self.late[:, 0])

    def _relaxed(self, late: Ints) -> list[Repair]:
        """Move deadlines and fixed starts, renew permits, by exactly as much as they are broken."""
        found: dict[tuple[Kind, str], Repair] = {}
        for place, limit in enumerate(self.limits):
            days = int(late[place])
            if limit.kind == "never" or not 0 < days < NEVER_LATE:
                continue
            kind: Kind = _GIVES_WAY[limit.kind]
            known = found.get((kind, limit.id))
            if kind not in self.offers or (known is not None and known.ask >= days):
                continue
            left, days = self._given_way(limit, late, days)
            asked, change = self._give_way(limit, days)
            found[kind, limit.id] = self._repair(
                kind, limit.id, asked, ask=days, late=left, changes=(change,)
            )
        return list(found.values())

    def _given_way(self, limit: Limit, late: Ints, days: int) -> tuple[Ints, int]:
        """Return how late all limits are when one gives way by the least that is enough."""
        left, low = late.copy(), 1
        same = [
            n for n, one in enumerate(self.limits) if (one.kind, one.id) == (limit.kind, limit.id)
        ]
        left[same] = np.maximum(left[same] - days, 0)
        while limit.kind == "validity" and low < days:
            middle = (low + days) // 2
            renewed = self._renewed(limit, middle)
            if renewed[same].any():
                low = middle + 1
            else:
                left, days = renewed, middle
        return left, days

    def _renewed(self, limit: Limit, days: int) -> Ints:
        """Return how late all limits are when a permit is valid for more days."""
        arcs = self.plan.validities
        longer = arcs.days + days * (arcs.permit == limit.nodes[0])
        plan = replace(self.plan, validities=replace(arcs, days=longer))
        runs = earliest_of(plan, Variants(own_durations(plan)))
        return lateness(plan, limits_of(plan), runs, 1)[:, 0]

    def _give_way(self, limit: Limit, days: int) -> tuple[str, Change]:
        row = next(row for row in self.network.activities if row.id == limit.id)
        if limit.kind == "validity":
            valid = limit.day + days
            asked = f"{row.label}的有效期由{limit.day}天延续到{valid}天（{days}天）"
            return asked, SetValidDays(limit.id, valid)
        old = self.plan.day(limit.day)
        if old is None:
            raise LookupError(limit)
        new = old + timedelta(days=days)
        if limit.kind == "fixed_start":
            asked = f"将{row.label}的固定开始由{old}改到{new}"
            return asked, SetStart(limit.id, no_earlier=row.start_no_earlier, fixed=new)
        return f"将{row.label}的期限由{old}推迟到{new}（{days}天）", SetDeadline(limit.id, new)

    def _least(self, chosen: Sequence[_Chosen], before: Sequence[Change]) -> list[_Chosen]:
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

    def _needed(self, parts: Sequence[_Chosen]) -> list[_Chosen]:
        """Drop what the rest can do without, dearest first, and cut the rest to its least."""
        kept = sorted(parts, key=lambda part: self.offers[part.option.kind].rank)
        if not kept:
            return []
        goal = int(self.tried([_changes(kept)])[1].sum())
        for part in kept[::-1]:
            rest = [other for other in kept if other is not part]
            if rest and int(self.tried([_changes(rest)])[1].sum()) <= goal:
                kept = rest
        for place in reversed(range(len(kept))):
            rest = [other for other in kept if other is not kept[place]]
            kept[place] = self._least([kept[place]], _changes(rest))[0]
        return kept

    def _repairs(
        self, chosen: Sequence[_Chosen], before: Sequence[Change] = (), *, idle: bool = False
    ) -> list[Repair]:
        """Turn options into repairs, unless ``idle`` leaving out those that gain nothing."""
        if not chosen:
            return []
        runs, late = self.tried([(*before, *part.changes) for part in chosen])
        before_late = self.tried([before])[1][:, 0]
        found = []
        for column, part in enumerate(chosen):
            if not idle and late[:, column].sum() >= before_late.sum():
                continue
            option, ask = self._used(part, runs, column, len(chosen))
            found.append(
                self._repair(
                    option.kind,
                    option.id,
                    option.words(ask),
                    ask=ask,
                    late=late[:, column],
                    changes=option.changes(ask),
                    cost=price(option),
                )
            )
        return found

    def _used(self, part: _Chosen, runs: Runs, column: int, count: int) -> tuple[Option, int]:
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

    def _repair(
        self,
        kind: Kind,
        key: str,
        asked: str,
        *,
        ask: int,
        late: Ints,
        changes: tuple[Change, ...],
        cost: Decimal | None = None,
    ) -> Repair:
        remaining = int(late.max())
        return Repair(
            kind=kind,
            id=key,
            asked=asked,
            ask=ask,
            deadline=self.limits[self.worst].id,
            days_gained=int(self.late[self.worst, 0] - late[self.worst]),
            remaining=None if remaining >= NEVER_LATE // 2 else remaining,
            rank=self.offers[kind].rank,
            cost=cost,
            makes_feasible=remaining == 0,
            changes=changes,
        )

    def _combination(self, parts: Sequence[_Chosen]) -> Repair:
        """Join the parts; each tells what it gains on top of those before it."""
        told: list[Repair] = []
        for place, part in enumerate(parts):
            told += self._repairs([part], _changes(parts[:place]), idle=True)
        late = self.tried([_changes(parts)])[1][:, 0]
        moved = self._relaxed(late)
        given = {(repair.kind, repair.id) for repair in moved}
        left = [
            0 if (_GIVES_WAY.get(limit.kind), limit.id) in given else int(days)
            for limit, days in zip(self.limits, late.tolist(), strict=True)
        ]
        told += moved
        changes = tuple(change for repair in told for change in repair.changes)
        costs = [repair.cost for repair in told if repair.cost is not None]
        return Repair(
            kind="combination",
            id="、".join(repair.id for repair in told),
            asked="；".join(repair.asked for repair in told),
            ask=sum(repair.ask for repair in told),
            deadline=self.limits[self.worst].id,
            days_gained=int(self.late[self.worst, 0]) - left[self.worst],
            remaining=None if max(left) >= NEVER_LATE // 2 else max(left),
            rank=max(repair.rank for repair in told) + 1 / JOINED,
            cost=sum(costs, Decimal()) if costs else None,
            makes_feasible=max(left) == 0,
            changes=changes,
            parts=tuple(told),
        )
