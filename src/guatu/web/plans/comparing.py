"""What one plan changes over another: deadlines broken and saved, dates moved. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from guatu.loop.plan.sketch import Step
from guatu.web.plans.dated import Dated
from guatu.web.plans.reading import Reckoned

MOST_MOVES = 12


@dataclass(frozen=True)
class DeadlineMove:
    """A deadline before and after; ``effect`` is broken, saved, worse, better or same."""

    name: str
    due_before: dt.date | None
    due: dt.date | None
    before: dt.date | None
    after: dt.date | None
    effect: str

    @property
    def words(self) -> str:
        """The effect in words."""
        return {
            "broken": "由赶得上变为赶不上",
            "saved": "由赶不上变为赶得上",
            "worse": "更晚",
            "better": "更早",
            "same": "不变",
        }[self.effect]


@dataclass(frozen=True)
class Move:
    """A step whose finish or float changes; days in the calendar, later is positive."""

    key: str
    name: str
    before: dt.date | None
    after: dt.date | None
    days: int | None
    float_before: int | None
    float_after: int | None

    @property
    def words(self) -> str:
        """How far it moves."""
        if self.days is None:
            return "新增" if self.before is None else "移出"
        if not self.days:
            return "日期不变"
        return f"晚 {self.days} 天" if self.days > 0 else f"早 {-self.days} 天"


@dataclass(frozen=True)
class Compared:
    """Two reckoned plans side by side."""

    deadlines: list[DeadlineMove]
    moves: list[Move]

    @property
    def counted(self) -> str:
        """How many dates move, and of how many steps the float alone changes."""
        shifted = sum(move.days != 0 for move in self.moves)
        rest = len(self.moves) - shifted
        return f"日期变动 {shifted} 项" + (f"，仅时差变动 {rest} 项" if rest else "")

    @property
    def shown(self) -> list[Move]:
        """The moves that matter most."""
        return self.moves[:MOST_MOVES]

    @property
    def hidden(self) -> int:
        """How many more there are."""
        return max(len(self.moves) - MOST_MOVES, 0)


def compare(before: Reckoned, after: Reckoned) -> Compared:
    """Line two plans up; moves with the largest shift first."""
    found = list(_moves(before, after))
    found.sort(key=lambda move: (-abs(move.days or 0), move.key))
    return Compared(list(_deadlines(before, after)), found)


def _deadlines(before: Reckoned, after: Reckoned) -> Iterator[DeadlineMove]:
    keys = dict.fromkeys([*_keys(before), *_keys(after)])
    for key in keys:
        old, new = before.sketch.steps.get(key), after.sketch.steps.get(key)
        was, now = _reached(old, before), _reached(new, after)
        due_before = old.due if old and old.firm else None
        due = new.due if new and new.firm else None
        name = (new or old).name  # type: ignore[union-attr]
        yield DeadlineMove(name, due_before, due, was, now, _effect(due_before, due, was, now))


def _keys(plan: Reckoned) -> list[str]:
    return [step.key for step in plan.sketch.deadlines]


def _reached(step: Step | None, plan: Reckoned) -> dt.date | None:
    if step is None:
        return None
    return step.finished or plan.dates.get(step.key, Dated()).early_finish


def _effect(
    due_before: dt.date | None,
    due: dt.date | None,
    was: dt.date | None,
    now: dt.date | None,
) -> str:
    kept_before, kept = _kept(due_before, was), _kept(due, now)
    if kept != kept_before:
        return "saved" if kept else "broken"
    if was == now or was is None or now is None:
        return "same"
    return "worse" if now > was else "better"


def _kept(due: dt.date | None, reached: dt.date | None) -> bool:
    return due is None or (reached is not None and reached <= due)


def _moves(before: Reckoned, after: Reckoned) -> Iterator[Move]:
    for key, step in {**before.sketch.steps, **after.sketch.steps}.items():
        old, new = before.dates.get(key), after.dates.get(key)
        if old is None and new is None:
            continue
        was, now = (row.early_finish if row else None for row in (old, new))
        floats = (old.office if old else None, new.office if new else None)
        if was == now and floats[0] == floats[1]:
            continue
        days = (now - was).days if was and now else None
        yield Move(key, step.name, was, now, days, *floats)
