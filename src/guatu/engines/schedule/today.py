"""Which activities to act on today: those whose days are days of a deadline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.back import BackSchedule
from guatu.engines.schedule.copies import finishes_of
from guatu.engines.schedule.ensemble import earliest_of
from guatu.engines.schedule.horizon import restacked, settle
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Deadline, Network
from guatu.engines.schedule.plan import Plan
from guatu.engines.schedule.trials import NEVER_LATE, Limit, deadlines_of
from guatu.engines.schedule.walk import Rows, Variants

SOON = 7
"""Calendar days from now within which an activity counts as ready to begin."""
TIGHT = 30
"""A deadline with so few calendar days to spare is watched beside the broken ones."""
FASTER, SLOWER = 1, 5
"""Working days by which an activity is shortened, and by which it is left lying, to see."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What acting on an activity does for one deadline, in calendar days.

    ``spare``: days between finish and deadline as things stand, negative when late.
    """

    deadline: str
    spare: int
    saved: int
    lost: int


@dataclass(frozen=True, slots=True)
class Action:
    """An activity to act on today.

    ``saved``: calendar days of the worst deadline won by shortening it by one working day;
    ``lost``: those that five working days of inaction cost.  ``begun`` tells work in progress from
    work that can begin on ``ready``.
    """

    activity: str
    begun: bool
    ready: date | None
    saved: int
    lost: int
    deadlines: tuple[Saved, ...]
    reason: str


def act_today(
    network: Network,
    schedule: BackSchedule,
    *,
    soon: int = SOON,
    tight: int = TIGHT,
    table: DayTable | None = None,
    passed: Sequence[Deadline] = (),
    plan: Plan | None = None,
) -> tuple[Action, ...]:
    """Return the open and startable activities that broken or tight deadlines wait for.

    ``passed`` are deadlines before the status date, which the network itself no longer has;
    ``plan`` is the network as laid out already.  Ordered by days saved on the worst deadline, then
    by days lost through inaction.  Without a status date there is no today, and the answer is
    empty.
    """
    if network.status_date is None:
        return ()
    plan = plan or settle(network, table or shipped_table())[0]
    look = _look(Asked(plan, schedule, passed), soon)
    if not look.tried:
        return ()
    columns = look.columns()
    slower = replace(plan, duration=columns.max(axis=1))
    roomy = replace(plan, stack=restacked(slower, plan.stack.beyond))
    return look.actions(earliest_of(roomy, Variants(list(columns))).finish, tight)


@dataclass(frozen=True)
class Asked:
    """A plan with a status date, laid out and dated, and its deadlines before that date."""

    plan: Plan
    schedule: BackSchedule
    passed: Sequence[Deadline] = ()


def acts_today(
    asked: Sequence[Asked], *, soon: int = SOON, tight: int = TIGHT
) -> list[tuple[Action, ...]]:
    """Answer `act_today` of many plans in one sweep; they share a horizon and its calendars."""
    looks = [_look(one, soon) for one in asked]
    tried = [look for look in looks if look.tried]
    if not tried:
        return [() for _ in looks]
    finishes = iter(finishes_of([look.plan for look in tried], [look.columns() for look in tried]))
    return [look.actions(next(finishes), tight) if look.tried else () for look in looks]


def _order(action: Action) -> tuple[int, int, int, str]:
    return -action.saved, -action.lost, action.deadlines[0].spare, action.activity


def _ready(schedule: BackSchedule, activity: str, last: date) -> bool:
    begin = schedule.activities[activity].early_start
    return begin is not None and begin <= last


@dataclass(frozen=True)
class _Look:
    """What is tried in one plan: nodes that are open or ready, for limits that may need them."""

    plan: Plan
    schedule: BackSchedule
    nodes: Sequence[int]
    limits: Sequence[Limit]

    @property
    def tried(self) -> bool:
        """Whether there is anything to act on and anything to win."""
        return bool(self.nodes and self.limits)

    def columns(self) -> Ints:
        """Return durations to try: a column a node shortened, a node left, and as it is."""
        nodes, plan = self.nodes, self.plan
        columns = np.repeat(plan.duration[:, None], 2 * len(nodes) + 1, axis=1)
        for place, node in enumerate(nodes):
            milestone = plan.rows[node].duration == 0
            columns[node, place] -= 0 if milestone else FASTER
            columns[node, len(nodes) + place] += SLOWER
        return np.maximum(columns, 1)

    def actions(self, finish: Rows | Ints, tight: int) -> tuple[Action, ...]:
        """Tell from the last days in each column what acting does for tight limits."""
        count = 2 * len(self.nodes) + 1
        spare = np.array([_days_to_spare(self.plan, limit, finish, count) for limit in self.limits])
        found = []
        for at, node in enumerate(self.nodes):
            told = _told(self.limits, spare, at, tight)
            if told:
                begin = self.schedule.activities[self.plan.rows[node].id].early_start
                found.append(_action(self.plan, node, told, begin))
        return tuple(sorted(found, key=_order))


def _look(asked: Asked, soon: int) -> _Look:
    """Find the nodes open or ready within ``soon`` days, and the deadlines of unfinished work."""
    plan, network = asked.plan, asked.plan.network
    if network.status_date is None:
        return _Look(plan, asked.schedule, (), ())
    last = network.status_date + timedelta(days=soon)
    nodes = [
        node
        for node, row in enumerate(plan.rows)
        if not plan.pinned[node] and _ready(asked.schedule, row.id, last)
    ]
    limits = deadlines_of(plan, (*network.deadlines, *asked.passed))
    return _Look(plan, asked.schedule, nodes, limits)


def _days_to_spare(plan: Plan, limit: Limit, finish: Rows | Ints, count: int) -> Ints:
    ends = finish[limit.nodes[0]]
    for node in limit.nodes[1:]:
        ends = np.maximum(ends, finish[node])
    days = np.where(ends < plan.stack.beyond, limit.day - ends, -NEVER_LATE)
    return np.broadcast_to(days, (count,))


def _told(limits: Sequence[Limit], spare: Ints, at: int, tight: int) -> list[Saved]:
    """Return what the node of column ``at`` does for tight limits, the worst of them first."""
    left = spare.shape[1] // 2 + at
    told = (
        Saved(
            limit.id,
            spare=int(days[-1]),
            saved=int(days[at] - days[-1]),
            lost=int(days[-1] - days[left]),
        )
        for limit, days in zip(limits, spare, strict=True)
        if days[-1] <= tight
    )
    return sorted((one for one in told if max(one.saved, one.lost) > 0), key=lambda one: one.spare)


def _action(plan: Plan, node: int, told: Sequence[Saved], begin: date | None) -> Action:
    """Put one activity's figures together; ``told`` has the worst deadline first."""
    row, worst = plan.rows[node], told[0]
    due = next(row.label for row in plan.network.activities if row.id == worst.deadline)
    begun = row.actual_start is not None
    state = f"已晚{-worst.spare}天" if worst.spare < 0 else f"还有{worst.spare}天余地"
    if worst.spare <= -NEVER_LATE:
        state = "按现有条件不能实现"
    said = f"{row.label}{'在办' if begun else '可以开始'}，{due}的期限{state}"
    if worst.saved:
        said += f"；它每缩短1天，{due}提前{worst.saved}天"
    if worst.lost:
        said += f"；再拖{SLOWER}个工作日，{due}推迟{worst.lost}天"
    return Action(
        activity=row.id,
        begun=begun,
        ready=None if begun else begin,
        saved=worst.saved,
        lost=worst.lost,
        deadlines=tuple(told),
        reason=said,
    )
