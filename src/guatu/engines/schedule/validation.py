"""What a plan must satisfy before anything is computed; each failure is one sentence."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter

import numpy as np

from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR, LEAVE_KINDS
from guatu.engines.schedule.activity import (
    LINK_TYPES,
    Activity,
    BadNetwork,
    Draft,
    Link,
    Period,
    Resource,
)
from guatu.engines.schedule.circles import NAMED, circle, self_link
from guatu.engines.schedule.family import Family
from guatu.engines.schedule.levels import Ints, find_cycle

LONGEST = 36_500
"""Days, a hundred years: more is a slip of the pen."""
MOST_LEAVES, MOST_LEAVE_DAYS = 100, 10_000
"""Periods of leave one activity may have, and days in them all together."""
MOST_PERIODS = 200
"""Periods in which the capacity of one resource may differ."""


def validate(network: Draft) -> None:
    """Check the whole plan; BadNetwork names the first thing that is wrong."""
    if not network.activities:
        raise BadNetwork("计划里没有任何工作。")
    _unique("工作", [activity.id for activity in network.activities])
    _unique("资源", [resource.id for resource in network.resources])
    if network.status_date is not None:
        _in_table("状态日期", network.status_date)
    elif not network.deadlines:
        raise BadNetwork("计划既没有状态日期，也没有期限，无从推算。")
    for activity in network.activities:
        _check_activity(activity, network)
    family = Family.of(network.activities)
    _check_links(network, family)
    _check_needs(network)
    _check_deadlines(network)
    _check_cycles(network, family)


def _check_activity(activity: Activity, network: Draft) -> None:
    """Check one row; the rare fields are looked at only where some of them are set."""
    if activity.calendar not in network.calendars:
        raise BadNetwork(f"工作{activity.label}的日历“{activity.calendar}”没有定义。")
    if not 0 <= activity.duration <= LONGEST:
        raise _bad_days(activity, "工期", activity.duration)
    if _RARE_DAYS(activity) != _NO_DAYS:
        _check_days(activity)
    if activity.crash:
        _check_crash(activity)
    if activity.leave:
        _check_leave(activity)
    if _DATES(activity) != _NO_DATES:
        _check_dates(activity)
        _check_actuals(activity, network.status_date)


_RARE_DAYS = attrgetter("remaining", "valid_days", "low", "high", "legal_days", "promised_days")
_NO_DAYS = (None,) * 6
_DATES = attrgetter(
    "start_no_earlier", "fixed_start", "actual_start", "actual_finish", "allowed_starts"
)
_NO_DATES = (None,) * 5


def _check_days(activity: Activity) -> None:
    words = ("剩余工期", "有效期", "最短工期", "最长工期", "法定时限", "承诺时限")
    for what, days in zip(words, _RARE_DAYS(activity), strict=True):
        if days is not None and not 0 <= days <= LONGEST:
            raise _bad_days(activity, what, days)
    low, high = activity.low, activity.high
    if low is not None and high is not None and low > high:
        raise BadNetwork(f"工作{activity.label}的最短工期{low}天长于最长工期{high}天。")


def _bad_days(activity: Activity, what: str, days: int) -> BadNetwork:
    return BadNetwork(f"工作{activity.label}的{what}是{days}天，应在0到{LONGEST}天之间。")


def _check_crash(activity: Activity) -> None:
    for option in activity.crash:
        if option.days < 1:
            raise BadNetwork(f"工作{activity.label}的赶工措施缩短{option.days}天，至少应是1天。")
        if option.cost is not None and not (option.cost.is_finite() and option.cost >= 0):
            raise BadNetwork(f"工作{activity.label}的赶工费用“{option.cost}”不是金额。")


def _check_leave(activity: Activity) -> None:
    if len(activity.leave) > MOST_LEAVES:
        raise BadNetwork(f"工作{activity.label}的获准施工超过{MOST_LEAVES}段。")
    for leave in activity.leave:
        if leave.kind not in LEAVE_KINDS:
            kinds = "、".join(LEAVE_KINDS)
            raise BadNetwork(f"工作{activity.label}的获准施工“{leave.kind}”不是{kinds}之一。")
        for day in (leave.first, leave.last):
            _in_table(f"工作{activity.label}的获准施工日期", day)
        if leave.first > leave.last:
            raise BadNetwork(
                f"工作{activity.label}的获准施工从{leave.first}到{leave.last}，先后颠倒。"
            )
    days = sum((leave.last - leave.first).days + 1 for leave in activity.leave)
    if days > MOST_LEAVE_DAYS:
        raise BadNetwork(
            f"工作{activity.label}的获准施工合计{days}天，不能超过{MOST_LEAVE_DAYS}天。"
        )


def _check_dates(activity: Activity) -> None:
    for what, day in (
        ("最早开始", activity.start_no_earlier),
        ("固定开始", activity.fixed_start),
        ("实际开始", activity.actual_start),
        ("实际完成", activity.actual_finish),
        *(("允许开始", day) for day in _strange(activity.allowed_starts or ())),
    ):
        if day is not None:
            _in_table(f"工作{activity.label}的{what}日期", day)


def _strange(days: Sequence[date]) -> Sequence[date]:
    """Return the days, if not all are in the table: the first and the last tell of the hundreds."""
    known = not days or FIRST_YEAR <= min(days).year <= max(days).year <= LAST_YEAR
    return () if known else days


def _check_actuals(activity: Activity, status_date: date | None) -> None:
    start, finish = activity.actual_start, activity.actual_finish
    if start is not None and status_date is None:
        raise BadNetwork(f"工作{activity.label}已有实际开始日期，计划就必须有状态日期。")
    if finish is not None and start is None:
        raise BadNetwork(f"工作{activity.label}有实际完成日期，却没有实际开始日期。")
    if start is not None and finish is not None and finish < start:
        raise BadNetwork(f"工作{activity.label}的实际完成{finish}早于实际开始{start}。")
    for what, day in (("实际开始", start), ("实际完成", finish)):
        if day is not None and status_date is not None and day > status_date:
            raise BadNetwork(f"工作{activity.label}的{what}{day}晚于状态日期{status_date}。")


def _check_links(network: Draft, family: Family) -> None:
    known = {activity.id: activity for activity in network.activities}
    _unique("联系", [link.id for link in network.links if link.id])
    if not _all_plain(network, known):
        for link in network.links:
            _check_link(link, network, known)
    if family.children:
        _check_summaries(network, family, known)


def _all_plain(network: Draft, known: Mapping[str, Activity]) -> bool:
    """Tell at once whether nothing is wrong with any link: sets instead of a look at each."""
    links = network.links
    ends = {link.predecessor for link in links} | {link.successor for link in links}
    calendars = {link.lag_calendar for link in links} - {None}
    return (
        ends <= known.keys()
        and {link.type for link in links} <= set(LINK_TYPES)
        and calendars <= network.calendars.keys()
        and all(abs(lag) <= LONGEST for lag in {link.lag for link in links})
        and not any(link.predecessor == link.successor for link in links)
    )


def _check_link(link: Link, network: Draft, known: Mapping[str, Activity]) -> None:
    before, after = link.predecessor, link.successor
    if before not in known or after not in known:
        missing = after if before in known else before
        raise BadNetwork(f"联系“{link.key}”指向的工作“{missing}”不存在。")
    if link.type not in LINK_TYPES:
        raise BadNetwork(f"联系“{link.key}”的类型“{link.type}”不是FS、SS、FF、SF之一。")
    if link.lag_calendar is not None and link.lag_calendar not in network.calendars:
        raise BadNetwork(f"联系“{link.key}”的日历“{link.lag_calendar}”没有定义。")
    if abs(link.lag) > LONGEST:
        raise BadNetwork(f"联系“{link.key}”的间隔{link.lag}天超过{LONGEST}天。")
    if before == after:
        raise self_link(known[before].label)


def _check_summaries(network: Draft, family: Family, known: dict[str, Activity]) -> None:
    """A summary can be finished before others start, or start after them; the rest is unclear."""
    for link in network.links:
        before, after = known[link.predecessor], known[link.successor]
        if family.is_within(before.id, after.id) or family.is_within(after.id, before.id):
            raise BadNetwork(f"汇总行与自己的下级不能相联系：{before.label}→{after.label}。")
        if before.id in family.children and link.type in {"SS", "SF"}:
            raise BadNetwork(f"汇总行{before.label}的开始不能作前置（{link.type}），请联系其下级。")
        if after.id in family.children and link.type in {"FF", "SF"}:
            raise BadNetwork(f"汇总行{after.label}的完成不能作后续（{link.type}），请联系其下级。")
    for summary in family.children:
        row = known[summary]
        if row.fixed_start or row.allowed_starts is not None or row.valid_days is not None:
            raise BadNetwork(f"汇总行{row.label}不能有固定开始、允许开始或有效期，请写在其下级。")
        if row.leave:
            raise BadNetwork(f"汇总行{row.label}不能有获准施工，请写在其下级。")


def _check_needs(network: Draft) -> None:
    if not network.resources:
        return
    capacity = {resource.id: resource.peak for resource in network.resources}
    for resource in network.resources:
        if resource.capacity < 0:
            raise BadNetwork(f"资源“{resource.id}”的数量是{resource.capacity}，不能为负。")
        if resource.periods:
            _check_periods(resource)
    for activity in network.activities:
        for resource_id, need in activity.needs.items():
            if resource_id not in capacity:
                raise BadNetwork(f"工作{activity.label}需要的资源“{resource_id}”没有定义。")
            if need < 0:
                raise BadNetwork(
                    f"工作{activity.label}需要资源“{resource_id}”的数量是{need}，不能为负。"
                )
            if need > capacity[resource_id]:
                raise BadNetwork(
                    f"工作{activity.label}需要资源“{resource_id}”{need}，"
                    f"而总共只有{capacity[resource_id]}。"
                )


def _check_periods(resource: Resource) -> None:
    """Check where the capacity differs: days in the table, in order, one period a day."""
    label = f"资源“{resource.id}”的分期数量"
    if len(resource.periods) > MOST_PERIODS:
        raise BadNetwork(f"{label}超过{MOST_PERIODS}段。")
    before: Period | None = None
    for period in sorted(resource.periods, key=lambda one: (one.first, one.last)):
        for day in (period.first, period.last):
            _in_table(f"{label}日期", day)
        if period.first > period.last:
            raise BadNetwork(f"{label}从{period.first}到{period.last}，先后颠倒。")
        if period.capacity < 0:
            raise BadNetwork(f"{label}有一段是{period.capacity}，不能为负。")
        if before is not None and period.first <= before.last:
            raise BadNetwork(
                f"{label}重叠：{before.first}至{before.last}，{period.first}至{period.last}。"
            )
        before = period


def check_needed(network: Draft) -> None:
    """Refuse needs of resources that are not defined, where none is defined at all."""
    for words in undefined_needs(network):
        raise BadNetwork(words)


def undefined_needs(network: Draft) -> Iterator[str]:
    """Say which needs are of nothing, where no resource is defined; else they are refused."""
    if network.resources:
        return  # checked with the rest
    for activity in network.activities:
        for resource_id, need in activity.needs.items():
            if need:
                yield f"工作{activity.label}需要的资源“{resource_id}”没有定义。"


def _check_deadlines(network: Draft) -> None:
    known = {activity.id: activity for activity in network.activities}
    for deadline in network.deadlines:
        if deadline.activity not in known:
            raise BadNetwork(f"期限指向的工作“{deadline.activity}”不存在。")
        activity = known[deadline.activity]
        _in_table(f"工作{activity.label}的期限", deadline.finish)
        status = network.status_date
        if status is not None and deadline.finish < status and activity.actual_finish is None:
            raise BadNetwork(f"工作{activity.label}的期限{deadline.finish}早于状态日期{status}。")


def _check_cycles(network: Draft, family: Family) -> None:
    places = {activity.id: place for place, activity in enumerate(network.activities)}
    links = network.links
    before = [link.predecessor for link in links]
    after = [link.successor for link in links]
    if family.children:
        pairs = [
            (first, then)
            for link in links
            for first in family.leaves(link.predecessor)
            for then in family.leaves(link.successor)
        ]
        before, after = [first for first, _ in pairs], [then for _, then in pairs]
    count = len(places)
    cycle = find_cycle(count, _numbers(places, before), _numbers(places, after))
    if cycle:
        raise circle([network.activities[place].label for place in cycle])


def _in_table(what: str, day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadNetwork(f"{what}{day}不在日历表的{FIRST_YEAR}—{LAST_YEAR}年之内。")


def _unique(what: str, ids: Sequence[str]) -> None:
    if len(set(ids)) < len(ids):
        twice = [key for key, times in Counter(sorted(ids)).items() if times > 1]
        raise BadNetwork(f"{what}编号重复：{'、'.join(twice[:NAMED])}。")


def _numbers(places: Mapping[str, int], ids: Sequence[str]) -> Ints:
    return np.fromiter(map(places.__getitem__, ids), dtype=np.int64, count=len(ids))
