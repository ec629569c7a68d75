"""What a legal clock says on a day, in the words of the law it rests on."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.loop.enums import LimitUnit
from guatu.loop.plan.clocks import Clock
from guatu.loop.plan.sketch import Sketch
from guatu.register.rules import rule_on

if TYPE_CHECKING:
    from guatu.engines.calendars import ClockReading, DayTable

RULE = "approval.clock"
Law = Mapping[str, str]
"""Value of the rule: the law and the article each part rests on."""


@dataclass(frozen=True)
class ClockTold:
    """A clock in words: how it was accepted, its limit, where it stands, what follows from that.

    ``short`` says the same in one clause. ``rest`` is empty unless the limit has passed.
    """

    reading: "ClockReading"
    acceptance: str
    limit: str
    state: str
    rest: str
    short: str

    @property
    def over(self) -> bool:
        """Whether the limit has passed."""
        return self.reading.over > 0


@dataclass(frozen=True)
class _Case:
    """What the words are made of."""

    clock: Clock
    reading: "ClockReading"
    law: Law
    day: dt.date
    decided: dt.date | None

    def cite(self, part: str) -> str:
        """The article a part of the words rests on."""
        return f"《{self.law['law']}》{self.law[part]}"

    @property
    def unit(self) -> str:
        """What its days are called."""
        return LimitUnit(self.clock.limit_unit).label


def told(
    clock: Clock, table: "DayTable", law: Law, day: dt.date, decided: dt.date | None = None
) -> ClockTold:
    """Say how a clock stands on ``day``, or stood on the day ``decided``."""
    case = _Case(clock, clock.reading(table, day, decided), law, day, decided)
    state = _state(case)
    late = case.reading.over and case.decided is None
    rest = (
        f"逾期未作决定不等于准予许可；不在法定期限内作出准予行政许可决定的，"
        f"由其上级行政机关或者监察机关责令改正（{case.cite('late')}）。"
    )
    return ClockTold(
        reading=case.reading,
        acceptance=ACCEPTED[case.reading.acceptance.by](case),
        limit=_limit(case),
        state=state,
        rest=rest if late else "",
        short=_short(case, state),
    )


def told_of(sketch: Sketch, table: "DayTable", day: dt.date) -> dict[str, ClockTold]:
    """Say how the clocks of a plan stand, by key; one query where there is any."""
    running = [(step, step.clock) for step in sketch.steps.values() if step.clock]
    if not running:
        return {}
    law = rule_on(RULE, day).value
    return {step.key: told(clock, table, law, day, step.finished) for step, clock in running}


def _unnoticed(case: _Case) -> str:
    clock, by = case.clock, case.reading.acceptance.notice_by
    how = f"补正告知 {clock.noticed}，已过" if clock.noticed else "没有一次告知补正，已过"
    return (
        f"{how}收件后 {clock.notice_days} 个工作日（最迟 {by}）：逾期不告知的，"
        f"自收到申请材料之日 {clock.received} 起即为受理（{case.cite('notice')}）。"
    )


def _checking(case: _Case) -> str:
    clock, by = case.clock, case.reading.acceptance.notice_by
    return (
        f"尚未受理。需要补正的，最迟 {by} 一次告知；逾期不告知的，"
        f"自收到申请材料之日 {clock.received} 起即为受理（{case.cite('notice')}）。"
    )


ACCEPTED: Mapping[str, Callable[[_Case], str]] = {
    "complete": lambda case: (
        f"{case.clock.received} 收件时材料齐全、符合法定形式，当日受理（{case.cite('notice')}）。"
    ),
    "made_good": lambda case: (
        f"{case.clock.noticed} 一次告知补正，{case.clock.completed} 补齐，当日受理"
        f"（{case.cite('notice')}）。"
    ),
    "missing": lambda case: (
        f"尚未受理。{case.clock.noticed} 已一次告知补正，补齐之日受理（{case.cite('notice')}）。"
    ),
    "noticed_late": _unnoticed,
    "unnoticed": _unnoticed,
    "checking": _checking,
}


def _limit(case: _Case) -> str:
    """Say what the limit is, and which days do not count towards it."""
    clock = case.clock
    said = f"自受理次日起 {clock.limit_days} 个{case.unit}（{clock.basis}）"
    if clock.extension_days:
        more = f"，经{clock.extension_by}批准延长 {clock.extension_days} 个{case.unit}"
        said += f"{more}（{case.cite('limit')}）"
    if clock.stops:
        kinds = "、".join(dict.fromkeys(stop.kind.label for stop in clock.stops))
        said += f"；{kinds}所需时间不计算在内（{case.cite('stop')}）"
    if clock.limit_unit == LimitUnit.WORKING:
        said += f"；工作日不含法定节假日（{case.cite('days')}）"
    return f"{said}。"


def _state(case: _Case) -> str:
    """Say where the clock stands, in one sentence without its full stop."""
    reading = case.reading
    if case.decided is not None:
        over = f"，超法定时限 {reading.over} 个{case.unit}" if reading.over else "，未超法定时限"
        return f"{case.decided} 办结{over if reading.last else ''}"
    if reading.last is None:
        return "办理时限尚未起算"
    if reading.over:
        return f"超法定时限 {reading.over} 个{case.unit}"
    left = f"还剩 {reading.left} 个{case.unit}" if reading.left else "今天是最后一日"
    return f"正在停止计时，{left}" if reading.stopped else left


def _short(case: _Case, state: str) -> str:
    last, by = case.reading.last, case.reading.acceptance.by
    if case.decided is not None:
        return state
    if last is not None:
        return f"法定最后一日 {last}，{state}"
    if by == "missing":
        return "已告知补正，尚未受理"
    return f"尚未受理，补正告知最迟 {case.reading.acceptance.notice_by}"
