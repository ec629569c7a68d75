"""The list of blockers: open ones first, the costliest on top, with who has them; days summed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When

from guatu.investment.models import Category
from guatu.loop.blocker_causes import BlockerCause, causes_on
from guatu.loop.blocker_days import BlockerRow
from guatu.loop.blocker_holders import holder_named, holding, remover_named
from guatu.loop.enums import OPEN_BLOCKERS, BlockerState
from guatu.loop.queries.blocker_stays import SYSTEM
from guatu.loop.queries.blockers import blockers_in_sight, counted, named
from guatu.register.policies import Standing
from guatu.web.blockers.faces import blocker_url
from guatu.web.blockers.had import DAYS, HAD, Had, HadFilter
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    Filter,
    Grouping,
    Kind,
    ListPage,
    MenuItem,
    unit_grouping,
)
from guatu.web.lists.units import SubjectFilter, UnitFilter
from guatu.web.requests import OfficerRequest

NOT_COUNTED = "—"
CLOSED_RANK, WITHDRAWN_RANK = 1, 2


def _holder(row: BlockerRow) -> str:
    return holder_named(row) or (SYSTEM if row.is_open else "")


def _raiser(row: BlockerRow) -> str | None:
    return str(row.raised_unit) if row.raised_unit else None


REMOVER = Column("remover", "由谁解决", remover_named, width="l", optional=True)
"""At first it stands in the cell of who has it, and apart in the workbook alone."""


CODE = Column("code", "编号", "code", width="m", sort=("code",), optional=True)


class BlockerList(ListPage):
    """Blockers in sight."""

    action = "blocker.list"
    title = "堵点"
    note = "损失工日从上报起算，退回补充和事项暂停的日子不计；已撤回的不计。"
    columns = (
        Column(
            "title",
            "堵点",
            "title",
            name=True,
            sort=("title",),
            template="duties/title_cell.html",
        ),
        Column("subject", "对象", "subject.title", width="m", sort=("subject__title",), bare=True),
        Column("cause", "成因", "cause_name", width="l", sort=("cause_name",)),
        Column(
            "holder",
            "现由谁办",
            _holder,
            width="l",
            sort=("holder_order", "remover_unit__order_path"),
            template="blockers/holder_cell.html",
            missing=NOT_COUNTED,
        ),
        Column("state", "状态", "get_state_display", width="s", sort=("state",)),
        Column(
            "days",
            "损失",
            "days",
            Kind.NUMBER,
            unit="工日",
            width="s",
            sort=("days",),
            total="days_summed",
            missing=NOT_COUNTED,
        ),
        Column("raised_on", "上报日期", "raised_on", Kind.DATE, width="s", sort=("raised_on",)),
        Column(
            "raiser",
            "上报单位",
            _raiser,
            width="m",
            sort=("raised_unit__order_path",),
            missing="系统",
            bare=True,
        ),
        CODE,
        REMOVER,
        Column("asked", "请求解决", "asked", width="xl", missing=NOT_COUNTED, optional=True),
        Column(
            "closed",
            "完结日期",
            "closed_on",
            Kind.DATE,
            width="s",
            sort=("closed_on",),
            missing=NOT_COUNTED,
            optional=True,
        ),
    )
    export_only = (
        CODE,
        Column("duty", "责任事项", lambda row: row.duty.title if row.duty else None),
        Column("what", "具体情况", "what"),
    )
    template_name = "blockers/blockers.html"
    saved = "blockers"
    search_fields = (
        *("title", "code", "initials", "what"),
        *("subject__title", "subject__initials"),
    )
    search_unit = "remover_unit_id"
    search_hint = "堵点、编号、对象、拼音首字母"
    default_sort = ("state_rank", "-days_summed")
    bulk = (BulkAction("催办", "/blockers/urge/", "duty.draft"),)
    empty_help = "在责任事项、项目、节点或企业页点「上报堵点」，三步即报。"
    request: OfficerRequest
    causes: Mapping[str, BlockerCause]

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Blockers in sight with their days and the names of their causes."""
        self.causes = causes_on(as_of or standing.today)
        rows = counted(blockers_in_sight(standing, as_of), standing, as_of)
        rows = self.had.annotated(rows).annotate(
            holder_unit=holding("unit_id"),
            holder_name=holding("unit__name"),
            holder_order=holding("unit__order_path"),
            cause_name=Case(
                *(When(cause=code, then=Value(one.name)) for code, one in self.causes.items()),
                default=F("cause"),
                output_field=CharField(),
            ),
            state_rank=Case(
                When(state__in=OPEN_BLOCKERS, then=Value(0)),
                When(state=BlockerState.CLOSED, then=Value(CLOSED_RANK)),
                default=Value(WITHDRAWN_RANK),
                output_field=IntegerField(),
            ),
        )
        return named(rows)

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("state", "cause", "unit", HAD, "category", "subject")

    def page_columns(self) -> tuple[Column, ...]:
        """Who solves it apart in a workbook; the days of the unit asked for by who had it."""
        columns: tuple[Column, ...] = self.columns
        if self.had:
            columns = tuple(DAYS if one.id == "raiser" else one for one in columns)
        if self.request.GET.get("export"):
            columns = tuple(one for one in columns if one is not REMOVER)
            place = next(n for n, one in enumerate(columns) if one.id == "holder")
            columns = (*columns[:place], replace(REMOVER, optional=False), *columns[place:])
        return columns

    @cached_property
    def had(self) -> Had:
        """Units whose days the address asks for."""
        return Had(self.request)

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips; a cause is named by the rule of the day."""
        return (
            ChoiceFilter("state", "状态", "state", dict(BlockerState.choices)),
            ChoiceFilter("cause", "成因", "cause", self._causes),
            UnitFilter("unit", "由谁解决", "remover_unit"),
            HadFilter(HAD, "经手单位", self.had),
            ChoiceFilter(
                "category", "项目类别", "subject__project__category__code", self._categories
            ),
            SubjectFilter("subject", "对象"),
        )

    def page_groupings(self) -> tuple[Grouping, ...]:
        """By cause as the rule of the day names it, by who has, removes or raised it, by state."""
        return (
            Grouping("cause", "成因", "cause", labels=self._causes),
            Grouping(
                "holder",
                "现由谁办",
                "holder_unit",
                "holder_name",
                ("holder_order",),
                missing="已完结或撤回",
            ),
            unit_grouping("remover", "由谁解决", "remover_unit"),
            unit_grouping("raiser", "上报单位", "raised_unit", missing="系统"),
            Grouping("state", "状态", "state", labels=dict(BlockerState.choices)),
        )

    def _causes(self) -> Mapping[str, str]:
        return {code: one.name for code, one in self.causes.items()}

    def _categories(self) -> Mapping[str, str]:
        if not hasattr(self, "_named_categories"):
            self._named_categories = dict(Category.objects.values_list("code", "name"))
        return self._named_categories

    def row_url(self, row: BlockerRow) -> str:
        """The blocker's own page."""
        return blocker_url(row)

    def row_menu(self, row: BlockerRow) -> Sequence[MenuItem]:
        """Where the row leads; what may be done stands there."""
        return (MenuItem("查看与办理", f"{blocker_url(row)}#acts"),)
