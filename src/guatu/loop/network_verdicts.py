"""Judging a subject by its network: float and chance against a table of dated bounds.

The table is the dated rule ``lamp.network``: rows ``{"colour", "when", "bound"?}`` in order; the
first that holds decides, and when none does the light is green. ``when`` is one of

* ``missed``: a promised day has passed and the work is not done;
* ``infeasible``: the earliest finish lies behind a deadline;
* ``p_late``: the chance of missing a deadline is ``bound`` (0…1) or more;
* ``float``: the least float to a deadline is ``bound`` office days or less;
* ``slip``: a node's earliest finish lies ``bound`` calendar days or more behind its promised day.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from guatu.loop.enums import Colour
from guatu.loop.plan.computing import Computed
from guatu.loop.plan.storing import Outlook
from guatu.loop.verdicts import NodeDates, Verdict

Bounds = Sequence[Mapping[str, str | float]]
Found = tuple[NodeDates | None, dt.date | None, str]


def judge_network(
    nodes: Sequence[NodeDates], outlook: Outlook, day: dt.date, bounds: Bounds
) -> Verdict | None:
    """Judge on ``day`` by the plan; None where it has no open deadline to judge by.

    A plan the engine refuses is 未评 with the engine's sentence.
    """
    if outlook.computed is None:
        return Verdict(Colour.UNRATED, None, None, outlook.refusal)
    if not any(step.finished is None for step in outlook.sketch.deadlines):
        return None
    case = _Case({node.code: node for node in nodes}, outlook.computed, outlook.p_late, day)
    verdict = None
    for row in bounds:
        found = case.test(str(row["when"]), float(row.get("bound", 0)))
        if found is not None:
            verdict = Verdict(Colour(str(row["colour"])), found[1], found[0], found[2])
            break
    if verdict is None:
        verdict = Verdict(Colour.GREEN, case.deadline_day, case.tightest, case.spare_words)
    return replace(verdict, margin=outlook.computed.margin, p_late=outlook.p_late)


@dataclass(frozen=True)
class _Case:
    """One plan before the table: each test answers with node, date and words, or None."""

    nodes: Mapping[str, NodeDates]
    computed: Computed
    p_late: float | None
    day: dt.date

    def test(self, when: str, bound: float) -> Found | None:
        """Try one row of the table; KeyError for a test this version does not know."""
        tests: Mapping[str, Callable[[float], Found | None]] = {
            "missed": self._missed,
            "infeasible": self._infeasible,
            "p_late": self._likely_late,
            "float": self._tight,
            "slip": self._slipping,
        }
        return tests[when](bound)

    @cached_property
    def tightest(self) -> NodeDates | None:
        """The open activity with the least float, the earliest first: the one to act on."""
        open_rows = [
            (row.total_float_office, row.early_start or dt.date.max, key)
            for key, row in self.computed.schedule.activities.items()
            if row.total_float_office is not None and self._open(key)
        ]
        if open_rows:
            return self.nodes.get(min(open_rows)[2])
        critical = [
            (row.early_start or dt.date.max, key)
            for key, row in self.computed.schedule.activities.items()
            if row.critical and self._open(key)
        ]
        return self.nodes.get(min(critical)[1]) if critical else None

    @cached_property
    def deadline_day(self) -> dt.date | None:
        """The first open deadline."""
        days = [s.due for s in self.computed.sketch.deadlines if s.finished is None and s.due]
        return min(days, default=None)

    @property
    def spare_words(self) -> str:
        """How much room there is, named by the tightest work."""
        named = f"「{self.tightest.name}」是最紧的一项，" if self.tightest else ""
        chance = "" if self.p_late is None else f"，按期完成的把握为 {1 - self.p_late:.0%}"
        return f"{named}时差 {self.computed.margin} 个机关工作日{chance}。{self.lapsed_words}"

    @property
    def lapsed_words(self) -> str:
        """What the law says of the tightest work when it is an approval out of time."""
        step = self.computed.sketch.steps[self.tightest.code] if self.tightest else None
        if step is None or step.clock is None:
            return ""
        lapsed = step.clock.lapsed(self.computed.calendars.table, self.day)
        return f"「{step.name}」法定最后一日 {lapsed} 已过，尚未办结。" if lapsed else ""

    def _open(self, key: str) -> bool:
        return self.computed.sketch.steps[key].finished is None

    def _missed(self, _bound: float) -> Found | None:
        late = [
            node
            for node in self.nodes.values()
            if node.promised and node.finished is None and node.due and node.due < self.day
        ]
        if not late:
            return None
        worst = min(late, key=lambda node: node.due or self.day)
        return worst, worst.due, f"「{worst.name}」应于 {worst.due} 前完成，尚未完成。"

    def _infeasible(self, _bound: float) -> Found | None:
        if self.computed.feasible:
            return None
        steps = self.computed.sketch.steps
        broken = [
            (row.early_finish - step.due, step.key, step.due, row.early_finish)
            for step in self.computed.sketch.deadlines
            if (row := self.computed.schedule.activities.get(step.key)) is not None
            and row.early_finish is not None
            and step.due is not None
            and step.finished is None
            and row.early_finish > step.due
        ]
        act_on = f"首先要推动「{self.tightest.name}」。" if self.tightest else ""
        act_on += self.lapsed_words
        if not broken:
            return self.tightest, self.deadline_day, f"按现有安排无法满足全部限定条件。{act_on}"
        _, key, due, finish = max(broken)
        words = f"最早 {finish} 才能完成「{steps[key].name}」，期限是 {due}。"
        return self.tightest or self.nodes.get(key), due, words + act_on

    def _likely_late(self, bound: float) -> Found | None:
        if self.p_late is None or self.p_late < bound:
            return None
        words = f"按期完成的把握只有 {1 - self.p_late:.0%}。"
        return self.tightest, self.deadline_day, words + self.spare_words

    def _tight(self, bound: float) -> Found | None:
        margin = self.computed.margin
        if margin is None or margin > bound:
            return None
        return self.tightest, self.deadline_day, self.spare_words

    def _slipping(self, bound: float) -> Found | None:
        slips = [
            ((row.early_finish - node.due).days, node, row.early_finish)
            for key, row in self.computed.schedule.activities.items()
            if (node := self.nodes.get(key)) is not None
            and node.promised
            and node.finished is None
            and node.due is not None
            and row.early_finish is not None
        ]
        worst = max(slips, key=lambda slip: slip[0], default=None)
        if worst is None or worst[0] < max(bound, 1):
            return None
        _, node, finish = worst
        return node, node.due, f"「{node.name}」预计 {finish} 完成，晚于承诺的 {node.due}。"
