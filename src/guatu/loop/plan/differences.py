"""What one sketch changes over another, item by item, in words a reader understands."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guatu.loop.enums import LinkType
from guatu.loop.plan.leave import leave_words
from guatu.loop.plan.lookup import planned
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.loop.plan.targets import standing_after

COLUMNS: Mapping[str, str] = {
    "name": "名称",
    "duration": "工期",
    "low": "最短工期",
    "high": "最长工期",
    "remaining": "剩余工期",
    "calendar": "日历",
    "splittable": "可中断",
    "due": "期限",
    "firm": "倒排期限",
    "valid_days": "有效天数",
    "leave": "获准施工",
    "meeting": "评审会",
    "forecast": "预计完成",
    "no_earlier": "最早开始",
    "fixed_start": "固定开始",
    "cause": "成因",
    "needs": "所需资源",
}
"""What of a step an edit may change, and what it is called."""
DAYS = frozenset({"duration", "low", "high", "remaining", "valid_days"})
NAMED = frozenset({"calendar", "meeting"})
NOTHING = "未定"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: of which item, what, and old → new as they are read.

    ``kind`` is added, removed or changed, or stands: a day that an edit of the deadline leaves
    behind it. ``item`` names a step or a link; ``what`` is empty for an item that came or went as a
    whole.
    """

    kind: str
    key: str
    item: str
    what: str = ""
    old: str = ""
    new: str = ""

    @property
    def words(self) -> str:
        """The difference as one clause."""
        if self.kind == "added":
            return f"新增{self.item}"
        if self.kind == "removed":
            return f"移出{self.item}"
        if self.kind == "stands":
            return f"{self.item}{self.what} {self.old} 已另行确定，不随倒排调整，晚于{self.new}"
        return f"{self.item}{self.what} {self.old} → {self.new}"


def difference(
    before: Sketch, after: Sketch, calendars: Mapping[str, str] | None = None
) -> list[Difference]:
    """List what ``after`` changes: steps in their order, then links.

    ``calendars`` gives the names of calendars by code.
    """
    names = calendars or {}
    found = list(_steps(planned(before), planned(after), names))
    return [*found, *_targets(before, after), *_ties(before, after, names)]


def _steps(
    before: Mapping[str, Step], after: Mapping[str, Step], names: Mapping[str, str]
) -> Iterator[Difference]:
    for key, step in after.items():
        old = before.get(key)
        if old is None:
            yield Difference("added", key, f"「{step.name}」（{step.duration} 天）")
            continue
        for column, what in COLUMNS.items():
            was, now = getattr(old, column), getattr(step, column)
            if was != now:
                texts = (_text(column, value, names) for value in (was, now))
                yield Difference("changed", key, f"「{old.name}」", what, *texts)
    for key, step in before.items():
        if key not in after:
            yield Difference("removed", key, f"「{step.name}」")


def _targets(before: Sketch, after: Sketch) -> Iterator[Difference]:
    """Tell the targets of work in one line, and what stands behind a deadline that moved."""
    both = [(before.steps[key], step) for key, step in after.steps.items() if key in before.steps]
    moved = [(old, step) for old, step in both if step.kind and step.target != old.target]
    moved = [(old, step) for old, step in moved if step.target is not None]
    if moved:
        spans = (_span(step.target for step in steps) for steps in zip(*moved, strict=True))
        yield Difference("changed", "", f"{len(moved)} 项工作", "倒排目标", *spans)
    for step, limit in standing_after(before, after):
        last = f"「{limit.name}」的期限 {limit.due}"
        yield Difference("stands", step.key, f"「{step.name}」", "期限", str(step.due), last)


def _span(days: Iterable[dt.date | None]) -> str:
    known = sorted(day for day in days if day is not None)
    return f"{known[0]} 至 {known[-1]}" if known else NOTHING


def _ties(before: Sketch, after: Sketch, names: Mapping[str, str]) -> Iterator[Difference]:
    old = {tie.key: tie for tie in before.ties}
    new = {tie.key: tie for tie in after.ties}
    for key, tie in new.items():
        if key not in old:
            yield Difference("added", _key(tie), f"联系{_tie(tie, after)}（{_lag(tie, names)}）")
        elif tie != old[key]:
            lags = (_lag(row, names) for row in (old[key], tie))
            yield Difference("changed", _key(tie), f"联系{_tie(tie, after)}", "间隔", *lags)
    for key, tie in old.items():
        if key not in new:
            yield Difference("removed", _key(tie), f"联系{_tie(tie, before)}")


def _key(tie: Tie) -> str:
    return f"{tie.before}>{tie.after}"


def _tie(tie: Tie, sketch: Sketch) -> str:
    before, after = sketch.steps[tie.before], sketch.steps[tie.after]
    return f"「{before.name}」→「{after.name}」{LinkType(tie.type).label}"


def _needs(value: Any, names: Mapping[str, str]) -> str:  # noqa: ANN401 -- one column's value
    return "、".join(f"{names.get(code, code)} {n}" for code, n in value.items())


def _leave(value: Any, _names: Mapping[str, str]) -> str:  # noqa: ANN401 -- as above
    return leave_words(value)


LISTED: Mapping[str, Callable[[Any, Mapping[str, str]], str]] = {"needs": _needs, "leave": _leave}
"""Columns that hold several things."""


def _lag(tie: Tie, names: Mapping[str, str]) -> str:
    if not tie.lag:
        return "不间隔"
    own = f"，按{names.get(tie.lag_calendar, tie.lag_calendar)}" if tie.lag_calendar else ""
    return f"{tie.lag} 天{own}"


def _text(column: str, value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or value == "":
        return NOTHING
    if column in DAYS:
        return f"{value} 天"
    if column in LISTED:
        return LISTED[column](value, names) or "无"
    if isinstance(value, dt.date):
        return value.isoformat()
    return names.get(str(value), str(value)) if column in NAMED else str(value)
