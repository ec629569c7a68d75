"""Deadlines as shown: room left, the chance of keeping each, and how earlier forecasts fared."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from guatu.loop.plan.sketch import Step
from guatu.register.versions import SHANGHAI
from guatu.web.plans.dated import Dated
from guatu.web.plans.drawing import state_of
from guatu.web.plans.reading import Reckoned

SHOWN_BEFORE = 4
CAUSES_NAMED = 2
SURE, LEAST = 0.99, 0.01


class ForecastRow(Protocol):
    """What is read of a stored forecast."""

    made_on: dt.date
    at: dt.datetime
    due: dt.date
    p_on_time: float
    p50: dt.date | None
    p80: dt.date | None
    p90: dt.date | None
    samples: int
    score: float | None


def percent(chance: float) -> str:
    """Write a chance without claiming certainty.

    >>> percent(0.624), percent(0.999), percent(0.0)
    ('62%', '大于 99%', '小于 1%')
    """
    if chance > SURE:
        return "大于 99%"
    return "小于 1%" if chance < LEAST else f"{chance:.0%}"


@dataclass(frozen=True)
class Chance:
    """One forecast in words; ``at``: its hour, where another was made the same day."""

    made_on: dt.date
    percent: str
    spread: str
    p80: dt.date | None
    score_words: str
    at: str = ""

    @property
    def note(self) -> str:
        """Day kept in four cases of five, as a line under the chance."""
        return f"八成把握在 {self.p80} 前完成" if self.p80 else "八成把握的日期算不出"


def chance_of(row: ForecastRow) -> Chance:
    """Put a stored forecast into words."""
    days = [day.isoformat() if day else "无法完成" for day in (row.p50, row.p80, row.p90)]
    score = "" if row.score is None else f"评分 {row.score:.2f}"
    return Chance(
        row.made_on,
        percent(row.p_on_time),
        " / ".join(days),
        row.p80,
        score,
    )


def causes_of(plan: Reckoned, deadline: str) -> str:
    """Say what a deadline's chance mainly hangs on; empty where nothing varies.

    ``deadline`` is the key of its step.
    """
    finishes = plan.risk.finishes if plan.risk else ()
    shares = {
        cause.name: cause.variance_share
        for finish in finishes
        if finish.activity == deadline
        for cause in finish.causes[:CAUSES_NAMED]
    }
    named = "、".join(f"{name} {share:.0%}" for name, share in shares.items() if share >= LEAST)
    return f"波动主要来自{named}" if named else ""


@dataclass(frozen=True)
class Deadline:
    """One deadline of the plan: when it will be reached at the earliest, and how surely."""

    step: Step
    reached: dt.date | None
    short: bool
    room: str
    state: str
    latest: Chance | None
    causes: str
    record: list[Chance]
    no_chance: str


def deadlines_of(plan: Reckoned, forecasts: Mapping[str, Sequence[ForecastRow]]) -> list[Deadline]:
    """Deadlines in the order of their days; ``forecasts`` by key, the newest first."""
    steps = sorted(plan.sketch.deadlines, key=lambda step: step.due or dt.date.max)
    return [_deadline(step, plan, list(forecasts.get(step.key, ()))) for step in steps]


def _deadline(step: Step, plan: Reckoned, rows: list[ForecastRow]) -> Deadline:
    dated = plan.dates.get(step.key, Dated())
    reached = step.finished or dated.early_finish
    behind = (reached - step.due).days if reached and step.due else None
    days = Counter(row.made_on for row in rows)
    chances = [
        replace(chance_of(row), at=_hour(row) if days[row.made_on] > 1 else "") for row in rows
    ]
    sampled = bool(rows) and rows[0].samples > 0 and step.finished is None
    return Deadline(
        step=step,
        reached=reached,
        short=behind is not None and behind > 0,
        room=_kept(behind) if step.finished else _room(behind, dated),
        state=state_of(step, dated),
        latest=chances[0] if chances and step.finished is None else None,
        causes=causes_of(plan, step.key) if sampled else "",
        record=chances[1 : 1 + SHOWN_BEFORE] if step.finished is None else chances[:SHOWN_BEFORE],
        no_chance="已完成" if step.finished else "尚未测算",
    )


def _kept(behind: int | None) -> str:
    """Say how a finished deadline was kept, by the day it was done."""
    if not behind:
        return "按期完成"
    return f"晚 {behind} 天完成" if behind > 0 else f"提前 {-behind} 天完成"


def _hour(row: ForecastRow) -> str:
    return f"{row.at.astimezone(SHANGHAI):%H:%M}"


def _room(behind: int | None, dated: Dated) -> str:
    if behind is None:
        return "无法完成"
    if behind > 0:
        return f"差 {behind} 天"
    days = dated.days if dated.days is not None else -behind
    return f"余 {days} 天"
