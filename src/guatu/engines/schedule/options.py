"""What may be asked of whom when a deadline breaks: each option from its least to its most."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

import numpy as np

from guatu.engines.calendars import Leave, LeaveKind, WorkCalendar, granted
from guatu.engines.schedule.changes import Change, Overlap, SetDuration, WorkOn
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Activity, Crash, Link
from guatu.engines.schedule.plan import Plan
from guatu.engines.schedule.trials import BEGIN
from guatu.engines.schedule.walk import Runs

Kind = Literal[
    "promise",
    "renewal",
    "fixed_start",
    "overlap",
    "crash",
    "crew",
    "overtime",
    "winter",
    "deadline",
    "combination",
]


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of repair and its place in the order of cost, 1 the cheapest; valid since a day."""

    kind: Kind
    rank: int
    name: str
    since: date = date(2026, 11, 22)


OFFERS: tuple[Offer, ...] = (
    Offer("promise", 1, "压缩办理时限"),
    Offer("renewal", 2, "延续许可有效期"),
    Offer("fixed_start", 3, "调整固定开始"),
    Offer("overlap", 4, "工序搭接"),
    Offer("crash", 5, "赶工措施"),
    Offer("crew", 6, "增加班组"),
    Offer("overtime", 7, "休息日施工"),
    Offer("winter", 8, "停工期施工"),
    Offer("deadline", 9, "推迟期限"),
)
"""Administrative acts before money, money before winter work, and the deadline last."""

LONGEST_LEAVE = 1_830
"""Days within which days off are asked for: five years; who has as many asks for no more."""
OF_OFFICES = frozenset({"approval", "procurement", "funds"})
"""Causes of work done by offices: no second crew halves it, nothing may overlap it."""
OF_DESKS = OF_OFFICES | {"design"}
"""Causes of work done at desks: no crew, no overtime on site."""


class Option(Protocol):
    """One thing to ask for, more or less of it; the more, the earlier the dates."""

    @property
    def kind(self) -> Kind:
        """Its kind among the offers."""

    @property
    def id(self) -> str:
        """The activity or link it is about."""

    @property
    def least(self) -> int:
        """The least that can be asked."""

    @property
    def most(self) -> int:
        """The most that can be asked."""

    def changes(self, ask: int) -> tuple[Change, ...]:
        """Return what asking for so much changes."""

    def used(self, ask: int, start: int, finish: int) -> "Option":
        """Return the option cut down to what is used when the activity runs on these days."""

    def words(self, ask: int) -> str:
        """Say what is asked."""


@dataclass(frozen=True)
class Shorter:
    """Fewer days for what remains of an activity."""

    kind: Kind
    row: Activity
    days: int
    least: int
    most: int
    crash: Crash | None = None

    @property
    def id(self) -> str:
        """The activity."""
        return self.row.id

    def changes(self, ask: int) -> tuple[Change, ...]:
        """Set the shorter duration."""
        return (SetDuration(self.row.id, self.days - ask),)

    def used(self, ask: int, start: int, finish: int) -> "Shorter":  # noqa: ARG002 -- see Option
        """All of it is used."""
        return self

    def words(self, ask: int) -> str:
        """Say by whom and to how many days."""
        label, left = self.row.label, self.days - ask
        if self.crash is not None:
            paid = f"（费用{self.crash.cost}万元）" if self.crash.cost is not None else ""
            done = f"采取“{self.crash.what}”措施" if self.crash.what else "赶工"
            return f"{label}{done}，由{self.days}天缩短到{left}天{paid}"
        if self.kind == "crew":
            return f"{label}增加班组（最多一倍），由{self.days}天缩短到{left}天"
        legal = f"（法定时限{self.row.legal_days}天）" if self.row.legal_days is not None else ""
        return f"请将{label}的办理时限由{self.days}天压缩到{left}天{legal}"


@dataclass(frozen=True)
class Overlapped:
    """A successor that begins before its predecessor ends, and does not end before it."""

    link: Link
    before: Activity
    after: Activity
    most: int
    kind: Kind = "overlap"
    least: int = 1

    @property
    def id(self) -> str:
        """The link."""
        return self.link.key

    def changes(self, ask: int) -> tuple[Change, ...]:
        """Let the link's start wait for all but the last ``ask`` days."""
        return (Overlap(self.link.key, self.before.duration - ask),)

    def used(self, ask: int, start: int, finish: int) -> "Overlapped":  # noqa: ARG002 -- as above
        """All of it is used."""
        return self

    def words(self, ask: int) -> str:
        """Say how much the two overlap."""
        begun = self.before.duration - ask
        return (
            f"{self.before.label}开工{begun}天后{self.after.label}即可开始"
            f"（搭接{ask}天），{self.after.label}的完成不得早于{self.before.label}的完成，"
            "须经设计、监理确认"
        )


@dataclass(frozen=True)
class OnDays:
    """Leave to work on days the calendar has off: the first ``ask`` of ``days``, or the last.

    ``days`` are all those between its first and its last that such leave opens.  ``lifted`` holds
    the whole stop, day by day, when it is one that is asked to be lifted.
    """

    kind: Kind
    row: Activity
    days: tuple[int, ...]
    lifted: tuple[int, ...] = ()
    from_end: bool = False
    least: int = 1

    @property
    def id(self) -> str:
        """The activity."""
        return self.row.id

    @property
    def most(self) -> int:
        """All days there are."""
        return len(self.days)

    def asked(self, ask: int) -> tuple[int, ...]:
        """Return the days asked for, as ordinals."""
        return self.days[-ask:] if self.from_end else self.days[:ask]

    def changes(self, ask: int) -> tuple[Change, ...]:
        """Work on the days asked for; a stop is lifted as far as they reach."""
        days = self.asked(ask)
        first, last = days[0], days[-1]
        if self.lifted:
            ends = (first, self.lifted[-1]) if self.from_end else (self.lifted[0], last)
            return (WorkOn(self.row.id, (_leave(*ends, "stop"),)),)
        return (WorkOn(self.row.id, (_leave(first, last, "rest"),)),)

    def used(self, ask: int, start: int, finish: int) -> "OnDays":
        """Leave out days off before the start or after the finish; a stop is lifted as a whole."""
        if self.lifted:
            return self
        return replace(self, days=tuple(d for d in self.asked(ask) if start <= d <= finish))

    def words(self, ask: int) -> str:
        """Say which days, and how many."""
        days = [date.fromordinal(day) for day in self.asked(ask)]
        what = "停工期内" if self.lifted else "休息日"
        until = f"至{days[-1]}" if len(days) > 1 else ""
        return f"准许{self.row.label}在{what}施工{len(days)}天（{days[0]}{until}）"


def _may_ask(row: Activity) -> bool:
    """Tell whether there is room for more leave, whatever else is joined to it."""
    return sum((one.last - one.first).days + 1 for one in row.leave) <= LONGEST_LEAVE


def _leave(first: int, last: int, kind: LeaveKind) -> Leave:
    return Leave(date.fromordinal(first), date.fromordinal(last), kind)


def options(
    plan: Plan, nodes: Mapping[int, Ints], base: Runs, desks: Collection[str] = ()
) -> Iterator[Option]:
    """Yield all that may be asked for some activities.

    ``nodes`` gives for each the earliest day it could start on were every day worked; ``base``
    holds the dates of the plan as it stands.  ``desks`` are the activities known to be done at
    desks, beside those whose cause or limits say so: only what crews do gets more of them, works
    on days off or overlaps.
    """
    for node, ready in nodes.items():
        row, days = plan.rows[node], int(plan.duration[node])
        built = _by_crews(row, desks)
        if row.duration > 0:
            yield from _shorter(row, days, built=built)
        begin, end = int(ready[0]), int(base.finish[node][0])
        if built:
            yield from _days_off(plan, node, begin, min(end, plan.stack.beyond - 1))
        yield from _stops(plan, node, begin, min(end, plan.stack.beyond - 1))
    yield from _overlaps(plan, nodes, desks)


def _by_office(row: Activity) -> bool:
    limits = (row.legal_days, row.promised_days, row.valid_days)
    return row.cause in OF_OFFICES or any(limit is not None for limit in limits)


def _by_crews(row: Activity, desks: Collection[str]) -> bool:
    return not _by_office(row) and row.cause not in OF_DESKS and row.id not in desks


def _shorter(row: Activity, days: int, *, built: bool) -> Iterator[Shorter]:
    for crash in row.crash:
        saved = min(crash.days, days - 1)
        if saved > 0:
            yield Shorter("crash", row, days, saved, saved, crash)
    if _by_office(row) and row.cause in {None, "approval"}:
        floor = days // 2 if row.promised_days is None else min(row.promised_days, days)
        if days - max(floor, 1) > 0:
            yield Shorter("promise", row, days, 1, days - max(floor, 1))
    elif built and days > 1:
        yield Shorter("crew", row, days, 1, days // 2)


def _days_off(plan: Plan, node: int, begin: int, end: int) -> Iterator[OnDays]:
    """Offer the days off, not those of a stop, from when the activity could start to its end."""
    calendar = plan.stack.calendars[int(plan.calendar[node])]
    row = plan.rows[node]
    end = min(end, begin + LONGEST_LEAVE - 1)
    if end < begin or row.duration == 0 or not _may_ask(row):
        return
    spec = granted(calendar.spec, [_leave(begin + plan.first, end + plan.first, "rest")])
    free = WorkCalendar.over(spec, plan.table, plan.first, plan.stack.beyond).works
    days = tuple((np.flatnonzero(free & ~calendar.works) + plan.first).tolist())
    if days:
        yield OnDays("overtime", row, days)


def _stops(plan: Plan, node: int, begin: int, end: int) -> Iterator[OnDays]:
    """Offer every stop between when the activity could start and its end, from both its ends."""
    calendar = plan.stack.calendars[int(plan.calendar[node])]
    stopped = np.flatnonzero(calendar.stopped)
    if len(stopped) == 0 or not _may_ask(plan.rows[node]):
        return
    for window in np.split(stopped, np.flatnonzero(np.diff(stopped) > 1) + 1):
        if window[-1] < begin or window[0] > end:
            continue
        lifted = tuple((window + plan.first).tolist())
        free = replace(calendar.spec, lifted=calendar.spec.lifted | frozenset(lifted))
        works = WorkCalendar.over(free, plan.table, plan.first, plan.stack.beyond).works
        days = tuple((window[works[window] & (window >= begin)] + plan.first).tolist())
        if not days:
            continue
        row = plan.rows[node]
        if window[0] >= begin:
            yield OnDays("winter", row, days, lifted)
        yield OnDays("winter", row, days, lifted, from_end=True)


def _overlaps(
    plan: Plan, nodes: Mapping[int, Ints], desks: Collection[str]
) -> Iterator[Overlapped]:
    """Offer links between works of crews that have an overlapping twin and one of the nodes."""
    links = plan.network.links
    keys = [link.key for link in links]
    known = set(keys)
    for link in links:
        ends = (plan.node.get(link.predecessor), plan.node.get(link.successor))
        if link.key + BEGIN not in known or keys.count(link.key) > 1 or None in ends:
            continue
        before, after = (plan.rows[node] for node in ends if node is not None)
        whole: Sequence[Activity] = [row for row in (before, after) if row.duration > 1]
        built = len(whole) == len(ends) and all(_by_crews(row, desks) for row in whole)
        if built and nodes.keys() & set(ends):
            yield Overlapped(link, before, after, before.duration // 2)


def price(option: Option) -> Decimal | None:
    """Return the declared price of an option, in 万元."""
    crash = option.crash if isinstance(option, Shorter) else None
    return None if crash is None else crash.cost
