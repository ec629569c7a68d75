"""Drivers and conflicts in words a clerk reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from guatu.engines.calendars import MonthDay
from guatu.engines.schedule.conflict import Item, Limit
from guatu.engines.schedule.critical_path import Dates
from guatu.engines.schedule.driving import early_driving, stopped_since
from guatu.engines.schedule.network import Activity, Link
from guatu.engines.schedule.plan import NONE, Plan

LINK_WORDS = {
    "FS": ("完成", "开始"),
    "SS": ("开始", "开始"),
    "FF": ("完成", "完成"),
    "SF": ("开始", "完成"),
}


HELD_NAMED = 2
"""Works a sentence names that a stop holds back."""


def stop_words(windows: Sequence[tuple[MonthDay, MonthDay]]) -> str:
    """Write seasonal stops.

    >>> stop_words([((11, 1), (3, 31))])
    '11月1日—3月31日'
    """
    return "、".join(f"{a[0]}月{a[1]}日—{b[0]}月{b[1]}日" for a, b in windows)


@dataclass(frozen=True, slots=True)
class Driver:
    """What a date comes from: kind, id of the thing, and the sentence.

    ``behind`` is the key of the link after which a stop or the days allowed held the work back.
    """

    kind: str
    id: str
    reason: str
    behind: str = ""

    @property
    def link(self) -> str:
        """The key of the link that makes the work wait; empty where none does."""
        return self.id if self.kind == "link" else self.behind


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
        held = self._held(node)
        if held is not None and link != NONE:
            held = replace(held, behind=self._link(link).id)
        if row.actual_start:
            # What remains of begun work waits for its predecessors too.
            waits = self._link(link) if link != NONE else duration
            return Driver("actual", row.id, f"{row.label}已实际开始"), held or waits
        if held is not None:
            return held, duration
        limit = self._link(link) if link != NONE else self._limit(node)
        ends = link != NONE and self.plan.links.to_finish[link]
        return (duration, limit) if ends else (limit, duration)

    @cached_property
    def _stopped(self) -> Sequence[int]:
        """For each node the first day of the stop that holds it back, or NONE."""
        plan, dates = self.plan, self.dates
        days: list[int] = stopped_since(plan, dates, early_driving(plan, dates)).tolist()
        return days

    def _held(self, node: int) -> Driver | None:
        """Return the stop, or the days it may start on, that hold a node back; None for neither."""
        plan, row = self.plan, self.plan.rows[node]
        if self._stopped[node] == NONE and node not in plan.allowed:
            return None
        moved = self._moved(node)
        day = plan.day(int(self.dates.start[node]))
        if moved and node in plan.allowed:
            then = f"，{day}是最早的一天" if day else "，而那些日子都已过去或不合用"
            return Driver("allowed_starts", row.id, f"{row.label}只能在规定的日子开始{then}")
        if self._stopped[node] == NONE:
            return None
        code = row.calendar
        name, what = self._calendar(code), "接着做" if row.actual_start else "开始"
        then = f"，到{day}才能{what}" if day else "，停工之间的日子总不够用"
        first = date.fromordinal(plan.first + self._stopped[node])
        window = next(
            window for window in plan.network.calendars[code].stop if _within(first, window)
        )
        if moved:
            month, number = window[0]
            said = f"{self._duration(row).reason}，在“{name}”{month}月{number}日停工前做不完"
        else:
            said = f"{row.label}可以{what}时“{name}”正在停工（{stop_words([window])}）"
        return Driver("calendar_stop", code, said + then)

    def _moved(self, node: int) -> bool:
        """Tell whether a node begins later than its links and limits ask, for it must fit."""
        return bool(self.dates.place[node] > self.dates.bound[node])

    def _calendar(self, code: str) -> str:
        return self.plan.network.calendar_names.get(code, code)

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
            "duration": self._say_duration,
            "calendar_stop": self._say_stop,
            "status_date": lambda _key: f"{self.plan.network.status_date}之前已不能安排工作",
            "fixed_start": lambda key: self._fixed(self.rows[key]).reason,
            "validity": self._say_validity,
        }
        return say[item.kind](item.id)

    def limit(self, limit: Limit) -> str:
        """Name a broken limit."""
        row = self.rows[limit.id]
        if limit.kind == "deadline":
            due = min(d.finish for d in self.plan.network.deadlines if d.activity == limit.id)
            return f"{row.label}的期限{due}"
        if limit.kind == "fixed_start":
            return f"{row.label}定于{row.fixed_start}开始"
        if limit.kind == "validity":
            return f"{row.label}在有效期内用于{self.rows[limit.other].label}"
        return f"{row.label}排得下"

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

    def _say_duration(self, key: str) -> str:
        node = self.plan.node[key]
        held = self._held(node) if self._moved(node) else None
        by_stop = held is not None and held.kind == "calendar_stop"
        return held.reason if held and by_stop else self._duration(self.rows[key]).reason

    def _say_stop(self, key: str) -> str:
        """Say when a calendar stops and whom it holds back: the longest waits first."""
        plan, place = self.plan, self.plan.stack.place(key)
        held = [
            (int(self.dates.start[node]) - since, row)
            for node, (row, since) in enumerate(zip(plan.rows, self._stopped, strict=False))
            if since != NONE and plan.calendar[node] == place
        ]
        longest = sorted(held, key=lambda pair: -pair[0])
        labels = "".join(row.label for _days, row in longest[:HELD_NAMED])
        more = f"等{len(held)}项" if len(held) > HELD_NAMED else ""
        said = f"“{self._calendar(key)}”{stop_words(plan.network.calendars[key].stop)}停工"
        return f"{said}，{labels}{more}因此推后" if held else said

    def _say_validity(self, key: str) -> str:
        return f"{self.rows[key].label}完成后{self.rows[key].valid_days}天内不开始后续工作即失效"


def _within(day: date, window: tuple[MonthDay, MonthDay]) -> bool:
    first, last = window
    code = (day.month, day.day)
    return first <= code <= last if first <= last else code >= first or code <= last
