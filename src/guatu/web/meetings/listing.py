"""The list of dispatch meetings: those to come first, the latest on top."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When

from guatu.loop.dispatch_rules import dispatch_kinds
from guatu.loop.enums import DispatchState
from guatu.loop.queries.dispatches import (
    MeetingRow,
    dispatches_in_sight,
    scope_of,
    scope_words,
    with_taken,
)
from guatu.register.enums import Domain
from guatu.register.policies import Standing
from guatu.web import format as written
from guatu.web.lists import (
    ChoiceFilter,
    Column,
    Filter,
    Grouping,
    Kind,
    ListPage,
    month_grouping,
    post_grouping,
    unit_grouping,
)
from guatu.web.meetings.faces import meeting_url


def _scope(row: MeetingRow) -> str:
    return scope_words(scope_of(row)) or "全区"


def _time(row: MeetingRow) -> str | None:
    return written.clock(row.time) if row.time else None


class MeetingList(ListPage):
    """Meetings in sight."""

    action = "dispatch.list"
    title = "调度会"
    note = "议程按例外编排，议定事项即责任事项。"
    columns = (
        Column("on", "日期", "on", Kind.DATE, width="s", sort=("on",)),
        Column("time", "时间", _time, width="xs", missing="待定", bare=True),
        Column("title", "会议", "title", name=True, sort=("title",)),
        Column("kind", "种类", "kind_name", width="s", sort=("kind",), bare=True),
        Column("scope", "范围", _scope, width="m", bare=True),
        Column("chair", "主持", lambda row: str(row.chair_post), width="l"),
        Column("state", "状态", "get_state_display", width="s", sort=("state",)),
        Column(
            "taken",
            "议定",
            "taken",
            Kind.NUMBER,
            unit="项",
            width="xs",
            sort=("taken",),
            total="taken",
        ),
    )
    export_only = (Column("code", "编号", "code"),)
    template_name = "meetings/meetings.html"
    saved = "meetings"
    search_fields = ("title", "code", "where")
    search_hint = "会议、编号、地点"
    default_sort = ("state_rank", "-on")
    empty_help = "新建会议后按例外编排议程，定稿后参会单位才看得到。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Meetings in sight with the name of their kind and how much they decided."""
        self.kinds = {
            one.code: one.name for one in dispatch_kinds(as_of or standing.today).values()
        }
        names = [When(kind=code, then=Value(name)) for code, name in self.kinds.items()]
        rows = with_taken(dispatches_in_sight(standing, as_of), as_of)
        told: QuerySet[Any] = rows.annotate(
            kind_name=Case(*names, default=F("kind"), output_field=CharField()),
            state_rank=Case(
                When(state=DispatchState.CANCELLED, then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            ),
        )
        return told

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("state", "kind", "domain")

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips."""
        return (
            ChoiceFilter("state", "状态", "state", dict(DispatchState.choices)),
            ChoiceFilter("kind", "种类", "kind", self._kinds),
            ChoiceFilter("domain", "篇章", "domain", dict(Domain.choices)),
        )

    def page_groupings(self) -> tuple[Grouping, ...]:
        """By month, state, chair, what it looks at, kind as the rule of the day names it."""
        return (
            month_grouping("month", "月份", "on", latest_first=True),
            Grouping("kind", "种类", "kind", labels=self._kinds),
            Grouping("state", "状态", "state", labels=dict(DispatchState.choices)),
            post_grouping("chair", "主持", "chair_post"),
            unit_grouping("unit", "单位", "unit", missing="不限单位"),
            Grouping("domain", "篇章", "domain", labels=dict(Domain.choices), missing="不限篇章"),
        )

    def _kinds(self) -> Mapping[str, str]:
        return self.kinds

    def row_url(self, row: MeetingRow) -> str:
        """The meeting's own page."""
        return meeting_url(row)
