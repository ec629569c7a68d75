"""Drivers and conflicts in words a clerk reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from guatu.engines.schedule.conflict import Item
from guatu.engines.schedule.critical_path import Dates
from guatu.engines.schedule.network import Activity, Link
from guatu.engines.schedule.plan import NONE, Plan

LINK_WORDS = {
    "FS": ("完成", "开始"),
    "SS": ("开始", "开始"),
    "FF": ("完成", "完成"),
    "SF": ("开始", "完成"),
}


@dataclass(frozen=True, slots=True)
class Driver:
    """What a date comes from: kind, id of the thing, and the sentence."""

    kind: str
    id: str
    reason: str


@dataclass(frozen=True)
class Reasons:
    """Words for one plan and its early dates."""

    plan: Plan
    dates: Dates

    @cached_property
    def rows(self) -> Mapping[str, Activity]:
        """Every activity by id."""
        return {row.id: row for row in self.plan.network.activities}

    def early(self, node: int, link: int) -> tuple[Driver, Driver]:
        """Return what drives the early start and the early finish of a node."""
        row = self.plan.rows[node]
        if self.plan.pinned[node]:
            reported = Driver("actual", row.id, f"{row.label}已按实际日期完成")
            return reported, reported
        duration = self._duration(row)
        limit = self._link(link) if link != NONE else self._limit(node)
        begin = Driver("actual", row.id, f"{row.label}已实际开始") if row.actual_start else limit
        if link != NONE and (row.actual_start or self.plan.links.to_finish[link]):
            # What remains of begun work waits for its predecessors too.
            return (begin if row.actual_start else duration), limit
        return begin, duration

    def late(self, node: int, link: int, late: Dates) -> tuple[Driver, Driver]:
        """Return what drives the late start and the late finish of a node."""
        plan, row = self.plan, self.plan.rows[node]
        if plan.pinned[node]:
            return self.early(node, link)
        duration = self._duration(row)
        if link != NONE:
            limit = self._link(link)
            if not plan.links.from_finish[link]:
                return limit, duration
        elif plan.fixed[node] != NONE and late.start[node] == plan.fixed[node]:
            return self._fixed(row), duration
        elif late.bound[node] == late.raised[node]:
            limit = Driver("validity", row.id, f"{row.label}须在前置许可有效期内开始")
            return limit, duration
        elif plan.deadline[node] != NONE:
            limit = self._deadline(node)
        else:
            limit = Driver("plan_end", row.id, "没有期限，以整个计划的结束为限")
        begin = Driver("actual", row.id, f"{row.label}已实际开始") if row.actual_start else duration
        return begin, limit

    def child(self, leaf: str) -> Driver:
        """Return the driver of a summary's date: the row under it."""
        return Driver("child", leaf, f"由下级{self.rows[leaf].label}决定")

    def conflict(self, item: Item) -> str:
        """Return the sentence for one item of the conflict set."""
        say: Mapping[str, Callable[[str], str]] = {
            "deadline": self._say_deadline,
            "link": self._say_link,
            "duration": lambda key: self._duration(self.rows[key]).reason,
            "calendar_stop": self._say_stop,
            "status_date": lambda _key: f"{self.plan.network.status_date}之前已不能安排工作",
            "fixed_start": lambda key: self._fixed(self.rows[key]).reason,
            "validity": self._say_validity,
        }
        return say[item.kind](item.id)

    def _limit(self, node: int) -> Driver:
        """Return the limit that drives a node which no link drives."""
        plan, row = self.plan, self.plan.rows[node]
        if self.dates.raised[node] >= self.dates.bound[node]:
            return Driver("validity", row.id, f"{row.label}过早取得会在使用前失效")
        if plan.fixed[node] >= max(plan.earliest[node], plan.status[node]):
            return self._fixed(row)
        if plan.earliest[node] > plan.status[node]:
            day = plan.day(int(plan.earliest[node]))
            return Driver("start_no_earlier", row.id, f"{row.label}不得早于{day}开始")
        status = plan.network.status_date
        return Driver("status_date", "", f"状态日期{status}" if status else "倒排的最迟起点")

    def _link(self, link: int) -> Driver:
        owner = self.plan.network.links[int(self.plan.links.owner[link])]
        return Driver("link", owner.key, self._say(owner))

    def _say(self, link: Link) -> str:
        before, after = self.rows[link.predecessor], self.rows[link.successor]
        first, then = LINK_WORDS[link.type]
        lag = f"{'后' if link.lag > 0 else '前'}{abs(link.lag)}天" if link.lag else "后"
        return f"{before.label}{first}{lag}，{after.label}才能{then}"

    def _say_link(self, key: str) -> str:
        return "；".join(self._say(link) for link in self.plan.network.links if link.key == key)

    @staticmethod
    def _duration(row: Activity) -> Driver:
        days = row.duration if row.remaining is None else row.remaining
        return Driver("duration", row.id, f"{row.label}需要{days}天")

    @staticmethod
    def _fixed(row: Activity) -> Driver:
        return Driver("fixed_start", row.id, f"{row.label}定于{row.fixed_start}开始")

    def _deadline(self, node: int) -> Driver:
        leaf = self.plan.rows[node].id
        for limit in self.plan.network.deadlines:
            day = self.plan.offset(limit.finish)
            if day == self.plan.deadline[node] and leaf in self.plan.family.leaves(limit.activity):
                label = self.rows[limit.activity].label
                return Driver("deadline", limit.activity, f"{label}须于{limit.finish}前完成")
        raise LookupError(leaf)

    def _say_deadline(self, key: str) -> str:
        finish = min(d.finish for d in self.plan.network.deadlines if d.activity == key)
        nodes = [self.plan.node[leaf] for leaf in self.plan.family.leaves(key)]
        day = self.plan.day(max(int(self.dates.finish[node]) for node in nodes))
        reached = f"最早{day}才能完成" if day else "按现有条件永远不能完成"
        return f"{self.rows[key].label}须于{finish}前完成，{reached}"

    def _say_stop(self, key: str) -> str:
        windows = "、".join(
            f"{a[0]:02}-{a[1]:02}至{b[0]:02}-{b[1]:02}"
            for a, b in self.plan.network.calendars[key].stop
        )
        return f"日历“{key}”{windows}停工"

    def _say_validity(self, key: str) -> str:
        return f"{self.rows[key].label}完成后{self.rows[key].valid_days}天内不开始后续工作即失效"
