"""What a plan says of itself: one sentence, four key figures, four dates a step. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guatu.loop.plan.clock_words import ClockTold
from guatu.loop.plan.clocks import is_approval
from guatu.loop.plan.leave import leave_words
from guatu.loop.plan.sketch import Sketch, Step
from guatu.web.plans.dated import Dated
from guatu.web.plans.scale import MonthDay

LEAST_CRITICAL = 0.05
START, PERMIT = "start", "permit"
"""Nodes of the province's path that everyone asks about: 开工建设 and 施工许可."""


@dataclass(frozen=True)
class Verdict:
    """Whether the plan holds: ``tone`` (ok, broken, none) and the sentence."""

    tone: str
    word: str
    words: str


def verdict(
    sketch: Sketch, dates: Mapping[str, Dated], *, feasible: bool, late_by: int | None
) -> Verdict:
    """Say in one sentence whether every deadline holds, and by how much it does or does not."""
    open_deadlines = [step for step in sketch.deadlines if step.finished is None]
    if not sketch.deadlines:
        ends = [row.early_finish for row in dates.values() if row.early_finish]
        end = f"按现有安排最早 {max(ends)} 全部完成。" if ends else ""
        return Verdict("none", "未定期限", f"还没有定下必须完成的日期，无从倒排。{end}")
    if feasible:
        return _holds(open_deadlines, dates)
    if late_by is None:
        return Verdict("broken", "不可行", "按现有条件永远不能完成。")
    worst = _worst(open_deadlines, dates)
    said = ""
    if worst is not None:
        finish = dates[worst.key].early_finish
        said = f"「{worst.name}」要求 {worst.due} 前完成，最早 {finish} 才能完成。"
    return Verdict("broken", f"不可行：差 {late_by} 个日历日", said)


def _holds(open_deadlines: Sequence[Step], dates: Mapping[str, Dated]) -> Verdict:
    if not open_deadlines:
        return Verdict("ok", "已完成", "定了期限的工作都已完成。")
    last = max(open_deadlines, key=lambda step: step.due or dt.date.min)
    slack = [
        row.office
        for key, row in dates.items()
        if row.office is not None and row.critical and row.late_finish is not None
    ]
    least = min(slack, default=None)
    room = (
        ""
        if least is None
        else f"，最紧处还有 {least} 个工作日余量"
        if least
        else "，一天余量也没有"
    )
    return Verdict("ok", "可行", f"「{last.name}」能在 {last.due} 前完成{room}。")


def _worst(deadlines: Sequence[Step], dates: Mapping[str, Dated]) -> Step | None:
    """Deadline broken by most days."""
    late = [
        (finish - step.due, step)
        for step in deadlines
        if step.due and (finish := dates.get(step.key, Dated()).early_finish) and finish > step.due
    ]
    return max(late, key=lambda pair: pair[0])[1] if late else None


@dataclass(frozen=True)
class KeyDate:
    """A day everyone asks for: its label, the day or what stands in its place, and a note.

    ``provisional``: the day rests on a year whose notice is not out.
    """

    label: str
    text: str
    note: str
    tone: str = ""
    provisional: bool = False


def key_dates(sketch: Sketch, dates: Mapping[str, Dated]) -> list[KeyDate]:
    """Latest start of works and latest permit, as the deadlines leave them."""
    return [
        _key_date("最迟取得施工许可", "已取得", sketch.steps.get(PERMIT), dates),
        _key_date("最迟开工", "已开工", sketch.steps.get(START), dates),
    ]


def first_step(sketch: Sketch, dates: Mapping[str, Dated]) -> KeyDate | None:
    """Say what has to begin first, and by which day at the latest."""
    waiting = [
        (row.late_start, key)
        for key, row in dates.items()
        if row.late_start and not (sketch.steps[key].started or sketch.steps[key].finished)
    ]
    if not waiting:
        return None
    day, key = min(waiting)
    return KeyDate(
        "最先要动手",
        str(day),
        f"最迟这天开始「{sketch.steps[key].name}」",
        provisional=dates[key].late_provisional,
    )


def _key_date(label: str, done: str, step: Step | None, dates: Mapping[str, Dated]) -> KeyDate:
    if step is None or not step.networked:
        return KeyDate(label, "—", "本计划没有这一步")
    if step.finished is not None:
        return KeyDate(label, str(step.finished), done)
    row = dates.get(step.key, Dated())
    if row.late_finish is None:
        return KeyDate(label, "已来不及", _soonest(row) or "无法推算", "broken")
    return KeyDate(label, str(row.late_finish), _soonest(row), provisional=row.late_provisional)


def _soonest(row: Dated) -> str:
    mark = "（暂定）" if row.early_provisional else ""
    return f"最早 {row.early_finish}{mark}" if row.early_finish else ""


def stop_words(stops: Sequence[tuple[MonthDay, MonthDay]]) -> str:
    """Write seasonal stops.

    >>> stop_words([((11, 1), (3, 31))])
    '11月1日—3月31日'
    """
    return "、".join(f"{a[0]}月{a[1]}日—{b[0]}月{b[1]}日" for a, b in stops)


@dataclass(frozen=True)
class FourDates:
    """A step as a line of the table: finish as agreed, wanted, expected and as it was.

    ``slip`` = calendar days the expected or actual finish lies behind the baseline. ``said`` tells
    that its owner said the expected day; else it was computed. ``because`` names whose delay it is.
    ``on_path``: it is one of the works that set the earliest finish of a deadline.
    """

    step: Step
    dated: Dated
    calendar: str
    baseline: dt.date | None
    target: dt.date | None
    expected: dt.date | None
    said: bool
    slip: int | None
    state: str
    criticality: float | None = None
    clock: ClockTold | None = None
    body: str = ""
    because: str = ""
    on_path: bool = False

    @property
    def timed(self) -> bool:
        """Whether it is an approval that the law gives so many days for."""
        return is_approval(self.step) and bool(self.step.duration)

    @property
    def unchecked(self) -> str:
        """What a duration rests on that nobody has checked yet; empty where it is certain."""
        basis = self.step.basis
        return str(basis.get("source") or "来源未注明") if basis.get("status") == "pending" else ""

    @property
    def critical_words(self) -> str:
        """Share of the samples in which a day more of it is a day of the deadline."""
        shown = self.criticality is not None and self.criticality >= LEAST_CRITICAL
        return f"关键度 {self.criticality:.0%}" if shown else ""

    @property
    def slip_words(self) -> str:
        """The slip with its sign."""
        if self.slip is None:
            return ""
        return (
            f"晚 {self.slip} 天" if self.slip > 0 else f"早 {-self.slip} 天" if self.slip else "无"
        )

    @property
    def leave(self) -> str:
        """On which days off it may work, by what approval."""
        return leave_words(self.step.leave)

    @property
    def floats(self) -> str:
        """Total float in days of its own calendar, of the offices, of the calendar."""
        counts = (self.dated.own, self.dated.office, self.dated.days)
        return " / ".join("—" if count is None else str(count) for count in counts)

    @property
    def spare(self) -> list[tuple[str, str]]:
        """Total and free float, each with how it is counted; nothing where there is none."""
        dated = self.dated
        total = (dated.own, dated.office, dated.days)
        free = (dated.free, dated.free_office, dated.free_days)
        named = (("总时差", total), ("自由时差", free))
        return [(name, self._counted(counts)) for name, counts in named if None not in counts]

    def _counted(self, counts: Sequence[int | None]) -> str:
        labels = (f"自身日历（{self.calendar}）", "机关", "日历")
        return "，".join(f"{label} {count} 天" for label, count in zip(labels, counts, strict=True))


@dataclass(frozen=True)
class StageRows:
    """The lines of one stage."""

    name: str
    rows: list[FourDates] = field(default_factory=list)


def four_dates(
    step: Step,
    dated: Dated,
    agreed: dt.date | None,
    calendar: str,
    state: str,
    *,
    criticality: float | None = None,
    clock: ClockTold | None = None,
    body: str = "",
    because: str = "",
    on_path: bool = False,
) -> FourDates:
    """Line up the four dates of a step; ``criticality`` 0…1 where it was sampled."""
    baseline = agreed or step.baseline
    expected = None if step.finished else step.forecast or dated.early_finish
    reached = step.finished or expected
    slip = (reached - baseline).days if reached and baseline else None
    return FourDates(
        step=step,
        dated=dated,
        calendar=calendar,
        baseline=baseline,
        target=step.due or dated.late_finish,
        expected=expected,
        said=step.forecast is not None and step.finished is None,
        slip=slip,
        state=state,
        criticality=None if step.finished else criticality,
        clock=clock,
        body=body,
        because=because,
        on_path=on_path,
    )
