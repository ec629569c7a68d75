"""The list of projects: worst lamp on top; sums say how many rows they could not count."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from guatu.campaign.search.conditions import PROJECT_FIELDS, projects_named
from guatu.investment.models import Category, Stage
from guatu.investment.queries import listed_projects, with_leaders
from guatu.loop.enums import Colour
from guatu.register.models import Organisation
from guatu.register.policies import Standing, may
from guatu.register.search import words_of
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    Grouping,
    Kind,
    ListPage,
    MenuItem,
)
from guatu.web.projects.faces import listed_face, project_url, tightest_of
from guatu.web.projects.filters import KnownFilter, LeaderFilter
from guatu.web.requests import OfficerRequest


def stages() -> dict[str, str]:
    """Names of stages by code, in their order."""
    return dict(Stage.objects.values_list("code", "name"))


def categories() -> dict[str, str]:
    """Names of categories by code, in their order."""
    return dict(Category.objects.values_list("code", "name"))


def units() -> dict[str, str]:
    """Units that own projects by key, in protocol order."""
    rows = Organisation.objects.filter(subjects__project__isnull=False).distinct()
    return {str(unit.pk): str(unit) for unit in rows.order_by("order_path", "pk")}


FILTERS = (
    ChoiceFilter("lamp", "灯", "lamp_colour", dict(Colour.choices)),
    KnownFilter("stage", "阶段", "stage__code", stages),
    KnownFilter("category", "类别", "category__code", categories),
    KnownFilter("unit", "单位", "subject__unit_id", units, "待定"),
    LeaderFilter("leader", "包保领导", quiet=True),
)


def leader_of(row: Any) -> str | None:  # noqa: ANN401 -- a row of listed_projects
    """The first of the leaders who vouch for it, in protocol order, and how many they are."""
    more = f"等 {row.leaders} 人" if row.leaders and row.leaders > 1 else ""
    return f"{row.leader}{more}" if row.leader else None


CODE = Column("code", "编号", "subject.code", width="m", sort=("subject__code",), optional=True)
GBT_CODE = Column("gbt_code", "项目代码", "gbt_code", width="l", sort=("gbt_code",), optional=True)
NATURE = Column("nature", "建设性质", "nature", width="s", sort=("nature",), optional=True)
INVESTOR = Column("investor", "投资主体", "investor", width="l", sort=("investor",), optional=True)


class ProjectList(ListPage):
    """Projects in sight."""

    request: OfficerRequest

    title = "项目"
    action = "project.list"
    template_name = "projects/list.html"
    columns = (
        Column("lamp", "灯", listed_face, Kind.LAMP, sort=("lamp_rank", "lamp_since")),
        Column(
            "name", "项目名称", "name", name=True, sort=("name",), template="projects/name.html"
        ),
        Column(
            "category",
            "类别",
            "category.name",
            width="m",
            sort=("category__order",),
            missing="未知",
        ),
        Column("stage", "阶段", "stage.name", width="s", sort=("stage__order",), missing="未知"),
        Column("unit", "责任单位", "unit_name", width="m", sort=("unit_order",), missing="待定"),
        Column(
            "total",
            "总投资",
            "total_wan",
            Kind.NUMBER,
            unit="万元",
            width="s",
            sort=("total_wan",),
            total="total_wan",
        ),
        Column(
            "plan",
            "年计划",
            "year_plan_wan",
            Kind.NUMBER,
            unit="万元",
            width="s",
            sort=("year_plan_wan",),
            total="year_plan_wan",
        ),
        Column(
            "next",
            "最紧一项",
            tightest_of,
            width="l",
            sort=("slack",),
            template="projects/next.html",
        ),
        CODE,
        GBT_CODE,
        Column("leader", "包保领导", leader_of, width="m", missing="未定", optional=True),
        NATURE,
        Column(
            "start",
            "开工日期",
            "start_on",
            Kind.DATE,
            width="s",
            sort=("start_on",),
            optional=True,
        ),
        Column(
            "finish",
            "竣工日期",
            "finish_on",
            Kind.DATE,
            width="s",
            sort=("finish_on",),
            optional=True,
        ),
        INVESTOR,
    )
    filters = FILTERS
    groupings = (
        Grouping("unit", "责任单位", "unit_key", "unit_name", ("unit_order",), missing="待定"),
        Grouping(
            "category",
            "类别",
            "category_id",
            "category__name",
            ("category__order",),
            missing="未知",
        ),
        Grouping("stage", "阶段", "stage_id", "stage__name", ("stage__order",), missing="未知"),
        Grouping("lamp", "灯", "lamp_colour", labels=dict(Colour.choices)),
    )
    saved = "projects"
    search_fields = PROJECT_FIELDS
    search_hint = "名称、编号、项目代码、拼音首字母"
    default_sort = ("lamp_rank", "lamp_since", "unit_order")
    bulk = (BulkAction("调整责任单位", "/projects/bulk/unit/", "project.import"),)
    empty_help = "导入项目台账，或新建一个项目。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Projects in sight with what the cells read."""
        return with_leaders(listed_projects(standing, as_of), as_of)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Search short names, too."""
        return rows.filter(projects_named(words_of(text), unit="unit_key"))

    def row_url(self, row: Any) -> str:  # noqa: ANN401 -- a row of listed_projects
        """The page of the project."""
        return project_url(row)

    def row_key(self, row: Any) -> str:  # noqa: ANN401 -- as above
        """Public key of the subject."""
        return str(row.subject.public_id)

    def row_menu(self, row: Any) -> list[MenuItem]:  # noqa: ANN401 -- as above
        """Steps that most often follow from reading the row; their pages ask the policy."""
        if not may(self.request.standing, "project.import"):
            return []
        key = row.subject.public_id
        return [
            MenuItem("节点与期限", f"{reverse('projects:project', args=[key])}#nodes"),
            MenuItem("修改", reverse("projects:act", args=[key, "edit"])),
        ]

    def context(self) -> dict[str, Any]:
        """Whether the officer may add a project."""
        now = self.request.as_of is None
        return {"can_add": now and may(self.request.standing, "project.add")}
