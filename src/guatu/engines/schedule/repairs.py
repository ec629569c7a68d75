"""The cheapest repairs of a plan that breaks its limits, each the least that is enough.

Asking for more never makes a date later, so the least of every option that reaches what its most
reaches is found by bisection, all options side by side.  When no single one saves the plan, the
best are joined one after another and what turned out needless is dropped again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.back import BackSchedule
from guatu.engines.schedule.changes import Change, SetDeadline, SetStart, SetValidDays
from guatu.engines.schedule.ensemble import earliest_of, own_durations
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.options import OFFERS, Kind, Offer, price
from guatu.engines.schedule.search import Chosen, Search, all_changes
from guatu.engines.schedule.trials import NEVER_LATE, Limit, lateness, limits_of
from guatu.engines.schedule.walk import Variants

JOINED = 10
"""The rank of a combination lies behind its dearest part by this share of a rank: 1/10."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to repair a plan.

    ``asked`` says it in a sentence, ``changes`` holds it as data; ``ask`` counts days: fewer,
    excepted, or later ones.  ``deadline`` is the limit broken worst and ``days_gained`` what that
    gains, None where without the repair it is never reached; ``remaining`` is the worst lateness
    left in calendar days over all limits, None for ever.  ``parts`` are the repairs a combination
    joins.
    """

    kind: Kind
    id: str
    asked: str
    ask: int
    deadline: str
    days_gained: int | None
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
    desks: Collection[str] = (),
) -> tuple[Repair, ...]:
    """Return repairs of an infeasible plan: those that save it first, the cheapest first.

    ``schedule`` is its backward schedule; a feasible one needs none.  ``offers`` tells which kinds
    may be asked for and in which order of cost; ``desks`` are activities known to be done at
    desks, to which no crew is sent.
    """
    if schedule.feasible:
        return ()
    by_kind = {offer.kind: offer for offer in offers}
    telling = _Telling(Search(network, table or shipped_table(), by_kind, desks))
    singles = telling.singles()
    found = [*singles, *telling.relaxed(telling.search.late[:, 0])]
    if not any(repair.makes_feasible for repair in singles):
        found += telling.joined()
    return tuple(sorted(found, key=_order))


def _order(repair: Repair) -> tuple[bool, float, int, int, str]:
    gained = 0 if repair.makes_feasible else -(repair.days_gained or 0)
    return not repair.makes_feasible, repair.rank, gained, repair.ask, repair.id


_GIVES_WAY: Mapping[str, Kind] = {
    "deadline": "deadline",
    "fixed_start": "fixed_start",
    "validity": "renewal",
}


def _beats(one: Repair, other: Repair) -> bool:
    """Tell whether a repair of the same thing saves the plan, or asks less and leaves no more."""
    left = [NEVER_LATE if r.remaining is None else r.remaining for r in (one, other)]
    same = (one.kind, one.id) == (other.kind, other.id) and one.cost == other.cost
    saves = one.makes_feasible and not other.makes_feasible
    return same and (saves or (one.ask < other.ask and left[0] <= left[1]))


class _Telling:
    """Puts what a search found into repairs."""

    def __init__(self, search: Search) -> None:
        self.search, self.plan, self.limits = search, search.plan, search.limits

    def singles(self) -> list[Repair]:
        """Return every option that gains anything by itself, no more of it than needed."""
        found = self._repairs(self.search.singles())
        return [one for one in found if not any(_beats(other, one) for other in found)]

    def joined(self) -> list[Repair]:
        """Return the options that save the plan together; the deadlines move where all do not."""
        parts = self.search.together()
        if len(parts) > 1 or (parts and self.search.total(parts)):
            return [self._combination(parts)]
        return []

    def relaxed(self, late: Ints, *, least: bool = True) -> list[Repair]:
        """Move deadlines and fixed starts, renew permits, by exactly as much as they are broken."""
        found: dict[tuple[Kind, str], Repair] = {}
        for place, limit in enumerate(self.limits):
            days = int(late[place])
            if limit.kind == "never" or not 0 < days < NEVER_LATE:
                continue
            kind: Kind = _GIVES_WAY[limit.kind]
            known = found.get((kind, limit.id))
            if kind not in self.search.offers or (known is not None and known.ask >= days):
                continue
            left, days = self._given_way(limit, late, days, least=least)
            asked, change = self._give_way(limit, days)
            found[kind, limit.id] = self._repair(
                kind, limit.id, asked, ask=days, late=left, changes=(change,)
            )
        return list(found.values())

    def _given_way(self, limit: Limit, late: Ints, days: int, *, least: bool) -> tuple[Ints, int]:
        """Return how late all limits are when one gives way, ``least``: by what is just enough."""
        left, low = late.copy(), 1
        same = [
            n for n, one in enumerate(self.limits) if (one.kind, one.id) == (limit.kind, limit.id)
        ]
        left[same] = np.maximum(left[same] - days, 0)
        while least and limit.kind == "validity" and low < days:
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
        row = next(row for row in self.search.network.activities if row.id == limit.id)
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

    def _repairs(
        self, chosen: Sequence[Chosen], before: Sequence[Change] = (), *, joined: bool = False
    ) -> list[Repair]:
        """Turn options into repairs, cut to what is used; those that gain nothing are left out.

        Parts of a combination are told as they are: alone they may gain nothing.
        """
        if not chosen:
            return []
        runs, late = self.search.tried([(*before, *part.changes) for part in chosen])
        before_late = self.search.tried([before])[1][:, 0]
        found = []
        for column, part in enumerate(chosen):
            if not joined and late[:, column].sum() >= before_late.sum():
                continue
            option, ask = part.option, part.ask
            if not joined:
                option, ask = self.search.used(part, runs, column, len(chosen))
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
            deadline=self.limits[self.search.worst].id,
            days_gained=self._gained(int(late[self.search.worst])),
            remaining=None if remaining >= NEVER_LATE // 2 else remaining,
            rank=self.search.offers[kind].rank,
            cost=cost,
            makes_feasible=remaining == 0,
            changes=changes,
        )

    def _gained(self, late: int) -> int | None:
        """Return what the limit broken worst gains; None where it was out of reach."""
        before = int(self.search.late[self.search.worst, 0])
        return None if before >= NEVER_LATE else before - late

    def _combination(self, parts: Sequence[Chosen]) -> Repair:
        """Join the parts; each tells what it gains on top of those before it."""
        runs, late_of = self.search.tried([all_changes(parts)])
        used = [Chosen(*self.search.used(part, runs, 0, 1)) for part in parts]
        told: list[Repair] = []
        for place, part in enumerate(used):
            told += self._repairs([part], all_changes(used[:place]), joined=True)
        late = late_of[:, 0]
        moved = self.relaxed(late, least=False)
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
            deadline=self.limits[self.search.worst].id,
            days_gained=self._gained(left[self.search.worst]),
            remaining=None if max(left) >= NEVER_LATE // 2 else max(left),
            rank=max(repair.rank for repair in told) + 1 / JOINED,
            cost=sum(costs, Decimal()) if costs else None,
            makes_feasible=max(left) == 0,
            changes=changes,
            parts=tuple(told),
        )
