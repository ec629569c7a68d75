"""What a brief counts: each figure is a condition on rows, the same for the figure and its list."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import Count, Q, QuerySet

from guatu.investment.fields import SERIES
from guatu.investment.queries.money import series_of
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

    ``unreported`` projects of the scope have no figure; ``updated`` got one this week.
    """

    code: str
    name: str
    value: Decimal | None
    before: Decimal | None
    known: int
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
    """The money series of projects at the end of a week, and the projects updated in it; one query.

    A project's figure is its year's own, else the latest cumulative one, as its page shows it.
    """
    keys = set(subjects)
    start = end_of(first - dt.timedelta(days=1))
    rows = Observation.objects.filter(
        subject_id__in=keys, indicator__code__in=SERIES, period__startswith=str(year)
    )
    if as_of is not None:
        rows = rows.filter(vintage__lt=end_of(as_of))
    moment = None if as_of is None else end_of(as_of)
    told = _plain(rows)
    now = _totals([row for row in told if _held(row, moment)], year)
    then = _totals([row for row in told if row.vintage < start and _held(row, start)], year)
    fresh: dict[str, set[int]] = {code: set() for code in SERIES}
    for row in told:
        if row.vintage >= start:
            fresh[row.indicator.code].add(row.subject_id)
    answer = []
    for code, name in SERIES.items():
        value, known = now[code]
        unreported = len(keys) - known
        updated = len(fresh[code])
        answer.append(Money(code, name, value, then[code][0], known, unreported, updated))
    return answer, set().union(*fresh.values())


def _plain(rows: QuerySet[Observation]) -> list[Any]:
    """Figures as plain things: thousands of rows, and only what is summed is needed of each."""
    names = ("pk", "subject_id", "period", "basis", "value", "vintage", "superseded_at")
    return [
        SimpleNamespace(
            **dict(zip(names, row[:-1], strict=True)),
            indicator=SimpleNamespace(code=row[-1]),
            cell=None,
        )
        for row in rows.values_list(*names, "indicator__code")
    ]


def _held(row: Any, moment: dt.datetime | None) -> bool:  # noqa: ANN401 -- a figure or its plain form
    if moment is None:
        return row.superseded_at is None
    return row.vintage < moment and (row.superseded_at is None or row.superseded_at >= moment)


def _totals(rows: list[Any], year: int) -> dict[str, tuple[Decimal | None, int]]:
    """Sum of each series and how many projects it knows of; None where none."""
    by_subject: dict[int, list[Any]] = {}
    for row in rows:
        by_subject.setdefault(row.subject_id, []).append(row)
    known: dict[str, list[Decimal]] = {code: [] for code in SERIES}
    for some in by_subject.values():
        for series in series_of(some, year):
            if series.year is not None and series.year.value is not None:
                known[series.code].append(series.year.value)
    return {
        code: (sum(values, Decimal(0)) if values else None, len(values))
        for code, values in known.items()
    }
