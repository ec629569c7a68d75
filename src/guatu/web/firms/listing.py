"""The list of account plans: those with something overdue on top."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from guatu.growth.queries import listed_plans
from guatu.growth.queries.plans import STATES
from guatu.register.policies import Standing
from guatu.web.firms.faces import plan_state, plan_url
from guatu.web.lists import ChoiceFilter, Column, Filter, Grouping, Kind, ListPage
from guatu.web.lists.units import UnitFilter


def _unit(row: Any) -> str | None:  # noqa: ANN401 -- a plan or a past state
    return str(row.subject.unit) if row.subject.unit else None


def _leader(row: Any) -> str | None:  # noqa: ANN401 -- as above
    return str(row.leader_post) if row.leader_post else None


class PlanList(ListPage):
    """Account plans in sight."""

    action = "firm_plan.list"
    title = "一企一策"
    columns = (
        Column("state", "状态", plan_state, width="s", sort=("state_rank",)),
        Column("name", "企业", "subject.title", name=True, sort=("subject__title",)),
        Column("year", "年度", "year", width="xs", sort=("year",)),
        Column(
            "unit",
            "责任单位",
            _unit,
            width="m",
            sort=("subject__unit__order_path",),
            missing="未定",
        ),
        Column("leader", "包保领导", _leader, width="l", missing="未定", bare=True),
        Column(
            "measures",
            "措施",
            "measures_count",
            Kind.NUMBER,
            unit="项",
            width="s",
            sort=("measures_count",),
            total="measures_count",
        ),
        Column(
            "closed",
            "已办结",
            "closed_count",
            Kind.NUMBER,
            unit="项",
            width="s",
            sort=("closed_count",),
            total="closed_count",
        ),
        Column(
            "due", "最近期限", "next_due", Kind.DATE, width="s", sort=("next_due",), missing="—"
        ),
    )
    groupings = (
        Grouping(
            "unit",
            "责任单位",
            "subject__unit_id",
            "subject__unit__name",
            ("subject__unit__order_path",),
        ),
        Grouping("year", "年度", "year", "year", ("year",)),
    )
    search_fields = ("subject__title", "subject__code", "subject__initials", "aims")
    search_hint = "企业名称、编号、拼音首字母、目标"
    saved = "firm_plans"
    default_sort = ("state_rank", "next_due")
    empty_help = "在企业的「经营数据与服务」页建立一企一策，措施作为责任事项下达。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
        """Plans in sight with what the cells read."""
        return listed_plans(standing, as_of)

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("state", "unit")

    def page_filters(self) -> tuple[Filter, ...]:
        """State and unit."""
        names = {str(rank): name for rank, name in enumerate(STATES)}
        return (
            ChoiceFilter("state", "状态", "state_rank", names),
            UnitFilter("unit", "责任单位", "subject__unit"),
        )

    def row_key(self, row: Any) -> str:  # noqa: ANN401 -- as above
        """Public key of the plan."""
        return str(row.public_id)

    def row_url(self, row: Any) -> str:  # noqa: ANN401 -- as above
        """The plan's own page."""
        return plan_url(row)
