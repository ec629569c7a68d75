"""What a brief counts: each figure is a condition on rows, the same for the figure and its list."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from guatu.campaign.targets.counting import Observed, money_rows, started_on
from guatu.engines.apportion import Sum, total
from guatu.investment.fields import SERIES
from guatu.loop.enums import OPEN_BLOCKERS, OPEN_STATES, OWED_STATES, BlockerState, DutyState
from guatu.register.models import Observation
from guatu.register.versions import end_of

Days = tuple[dt.date, dt.date]

KINDS: Mapping[str, Mapping[str, str]] = {
    "duties": {
        "open": "在办责任事项",
        "red": "其中逾期",
        "amber": "其中临期",
        "issued": "新下达",
        "closed": "办结",
    },
    "projects": {
        "all": "项目",
        "red": "亮红灯",
        "amber": "亮黄灯",
        "worse": "灯色转差",
        "better": "灯色转好",
        "added": "新增",
        "money": "更新投资数据",
    },
    "blockers": {
        "open": "未完结堵点",
        "upper": "其中上级协调",
        "raised": "新上报",
        "closed": "完结",
    },
    "letters": {
        "owed": "待回复函件",
        "overdue": "其中逾期未回复",
        "sent": "送达",
        "answered": "收到回复",
    },
}
"""Figures by kind of row, in the order they are told."""


@dataclass(frozen=True)
class Figure:
    """A count of rows this week and, by the same condition, last week; None = nothing to compare.

    ``flow`` marks what happened in the week, beside what stands at its end.
    """

    kind: str
    key: str
    label: str
    value: int
    before: int | None
    flow: bool = False

    @property
    def change(self) -> int | None:
        """How many more than last week."""
        return None if self.before is None else self.value - self.before


FLOWS = frozenset(
    {"issued", "closed", "worse", "better", "added", "money", "raised", "sent", "answered"}
)


@dataclass(frozen=True)
class Money:
    """A money series of the year so far in 万元: the sum at the end of this week and of the last.

    ``unreported`` figures that are owed are missing, as the target account counts them;
    ``updated`` projects got a figure this week.
    """

    code: str
    name: str
    value: Decimal | None
    before: Decimal | None
    unreported: int
    updated: int

    @property
    def change(self) -> Decimal | None:
        """How much more than a week ago; None where either is unknown."""
        if self.value is None or self.before is None:
            return None
        return self.value - self.before


def conditions_of(kind: str, days: Days, rule: Mapping[str, Any]) -> dict[str, Q]:
    """Condition of each figure of duties, blockers or letters for a week.

    ``rule`` is the value of ``lamp.duty``: when a duty is late or close.
    """
    first, last = days
    if kind == "duties":
        late = last - dt.timedelta(days=rule["red_from_days_late"])
        near = last + dt.timedelta(days=rule["amber_within_days"])
        still = Q(state__in=OPEN_STATES)
        return {
            "open": still,
            "red": still & Q(due__lte=late),
            "amber": still & Q(due__gt=late, due__lte=near),
            "issued": Q(issued_on__range=days) & ~Q(state=DutyState.DRAFT),
            "closed": Q(state=DutyState.CLOSED, closed_on__range=days),
        }
    if kind == "blockers":
        return {
            "open": Q(state__in=OPEN_BLOCKERS),
            "upper": Q(state=BlockerState.UPPER),
            "raised": Q(raised_on__range=days) & ~Q(state=BlockerState.WITHDRAWN),
            "closed": Q(state=BlockerState.CLOSED, closed_on__range=days),
        }
    owed = Q(state__in=OWED_STATES, reply_due__isnull=False)
    return {
        "owed": owed,
        "overdue": owed & Q(reply_due__lt=last),
        "sent": Q(sent_on__range=(first, last)),
        "answered": Q(replied_on__range=(first, last)),
    }


def counted(rows: QuerySet[Any], conditions: Mapping[str, Q]) -> dict[str, int]:
    """Number of rows by figure; one query."""
    wanted = {key: Count("pk", filter=condition) for key, condition in conditions.items()}
    found: dict[str, int] = rows.order_by().aggregate(**wanted)
    return found


def figures(kind: str, now: Mapping[str, int], before: Mapping[str, int]) -> list[Figure]:
    """Figures of a kind in their order."""
    return [
        Figure(kind, key, label, now.get(key, 0), before.get(key), key in FLOWS)
        for key, label in KINDS[kind].items()
    ]


def money_of(
    subjects: Iterable[int], first: dt.date, as_of: dt.date | None, year: int
) -> tuple[list[Money], set[int]]:
    """The money series of projects at the end of a week, and the projects updated in it.

    Counted as the target account counts them, two queries.
    """
    keys = set(subjects)
    start = end_of(first - dt.timedelta(days=1))
    moment = None if as_of is None else end_of(as_of)
    told = _told(keys, moment, year)
    started = started_on(as_of) & keys
    now = _sums([row for row in told if row.held_at(moment)], keys, started)
    then = _sums([row for row in told if row.held_at(start)], keys, set())
    fresh: dict[str, set[int]] = {code: set() for code in SERIES}
    for row in told:
        if row.vintage >= start:
            fresh[row.figure[4]].add(row.figure[5])
    answer = [
        Money(code, name, now[code].value, then[code].value, now[code].unknown, len(fresh[code]))
        for code, name in SERIES.items()
    ]
    return answer, set().union(*fresh.values())


class _Told(NamedTuple):
    """A figure as the target account reads it, and from when to when it held."""

    figure: Observed
    vintage: dt.datetime
    superseded_at: dt.datetime | None

    def held_at(self, moment: dt.datetime | None) -> bool:
        """Whether it was the latest known at a moment, or is now."""
        if moment is None:
            return self.superseded_at is None
        return self.vintage < moment and (
            self.superseded_at is None or self.superseded_at >= moment
        )


def _told(keys: set[int], moment: dt.datetime | None, year: int) -> list[_Told]:
    """Every version of the year's figures of projects known at a moment; one query."""
    rows = Observation.objects.filter(
        subject_id__in=keys, indicator__code__in=SERIES, period__startswith=str(year)
    )
    if moment is not None:
        rows = rows.filter(vintage__lt=moment)
    columns = ("pk", "period", "basis", "value", "indicator__code", "subject_id")
    found = rows.order_by("pk").values_list(*columns, "vintage", "superseded_at")
    return [_Told(row[:6], row[6], row[7]) for row in found]


def _sums(told: Iterable[_Told], keys: set[int], started: set[int]) -> dict[str, Sum]:
    """Sum of each series, and how many rows are not reported."""
    units = dict.fromkeys(keys)
    rows = money_rows({code: code for code in SERIES}, units, started, (row.figure for row in told))
    return {code: total(row.value for row in some) for code, some in rows.items()}
