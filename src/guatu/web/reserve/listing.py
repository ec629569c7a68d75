"""The list of the reserve: what waits for somebody on top; sums tell how many rows say nothing."""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.urls import reverse

from guatu.campaign.search.conditions import PROJECT_FIELDS, projects_named
from guatu.investment.enums import GONE, AdmissionState
from guatu.investment.fields import label
from guatu.investment.queries.reserve import listed_reserves
from guatu.investment.reserve_rules import AHEAD, ReserveRules, is_known, reserve_rules
from guatu.register.models import Organisation
from guatu.register.policies import Standing, may
from guatu.register.search import words_of
from guatu.web.lists import BulkAction, ChoiceFilter, Column, Grouping, Kind, ListPage, MenuItem
from guatu.web.lists.filters import Filter
from guatu.web.projects.filters import KnownFilter
from guatu.web.projects.listing import CODE, GBT_CODE, INVESTOR, NATURE, categories
from guatu.web.requests import OfficerRequest
from guatu.web.reserve.faces import reserve_url

SHOWN = 2


def units() -> dict[str, str]:
    """Units that own projects of the reserve by key, in protocol order."""
    rows = Organisation.objects.filter(subjects__admission__isnull=False).distinct()
    return {str(unit.pk): str(unit) for unit in rows.order_by("order_path", "pk")}


def state_of(row: Any) -> str:  # noqa: ANN401 -- a row of listed_reserves
    """Word of its state."""
    return str(AdmissionState(row.state).label)


def lacks(row: Any) -> list[str]:  # noqa: ANN401 -- as above
    """Fields that the steps ahead need and nobody has told."""
    return [label(name) for name in row.needs.split() if not is_known(row, name)]


def lacks_words(row: Any) -> str:  # noqa: ANN401 -- as above
    """The same as a cell tells it: the first two and how many there are."""
    names = lacks(row)
    rest = f"等 {len(names)} 项" if len(names) > SHOWN else ""
    return f"{'、'.join(names[:SHOWN])}{rest}"


def with_needs(rows: QuerySet[Any], rules: ReserveRules) -> QuerySet[Any]:
    """Add ``needs``, the fields of the steps ahead by the rules of the day, divided by spaces."""
    told = {
        state: " ".join(name for step in steps for name in rules.needs.get(step, ()))
        for state, steps in AHEAD.items()
    }
    cases = [When(state=state, then=Value(names)) for state, names in told.items()]
    needs = Case(*cases, default=Value(""), output_field=CharField())
    found: QuerySet[Any] = rows.annotate(needs=needs)
    return found


class ReserveList(ListPage):
    """Projects of the reserve in sight; those begun or taken out only when asked for."""

    request: OfficerRequest

    title = "储备项目"
    action = "reserve.list"
    template_name = "reserve/list.html"
    columns = (
        Column("state", "状态", state_of, width="s", sort=("state_order", "since")),
        Column("name", "项目名称", "name", name=True, sort=("name",), template="leads/name.html"),
        Column(
            "category",
            "类别",
            "category.name",
            width="m",
            sort=("category__order",),
            missing="未知",
            bare=True,
        ),
        Column("unit", "责任单位", "unit_name", width="m", sort=("unit_order",), missing="待定"),
        Column(
            "total",
            "总投资",
            "total_wan",
            Kind.NUMBER,
            unit="万元",
            width="m",
            sort=("total_wan",),
            total="total_wan",
        ),
        Column(
            "next",
            "下年计划",
            "next_plan_wan",
            Kind.NUMBER,
            unit="万元",
            width="m",
            sort=("next_plan_wan",),
            total="next_plan_wan",
        ),
        Column("since", "进入状态", "since", Kind.DATE, width="s", sort=("since",), bare=True),
        Column(
            "lacks",
            "还缺",
            lacks_words,
            width="l",
            missing="—",
            export=lambda row: "、".join(lacks(row)),
        ),
        CODE,
        GBT_CODE,
        NATURE,
        INVESTOR,
    )
    saved = "reserve"
    bulk = (BulkAction("调整责任单位", "/reserve/bulk/unit/", "reserve.propose"),)
    search_fields = PROJECT_FIELDS
    search_hint = "名称、编号、项目代码、拼音首字母"
    default_sort = ("state_order", "since", "unit_order")
    empty_help = "报一个谋划项目，或从「材料」导入储备项目库台账。"

    @cached_property
    def rules(self) -> ReserveRules:
        """Rules of the day that is read."""
        return reserve_rules(self.request.as_of or self.request.standing.today)

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("state", "category", "unit", "origin")

    def page_filters(self) -> tuple[Filter, ...]:
        """State, category, unit, origin; the last by the rules of the day."""
        return (
            ChoiceFilter("state", "状态", "state", dict(AdmissionState.choices)),
            KnownFilter("category", "类别", "category__code", categories),
            KnownFilter("unit", "单位", "subject__unit_id", units, "待定"),
            ChoiceFilter("origin", "来源", "origin", dict(self.rules.origins)),
        )

    def page_groupings(self) -> tuple[Grouping, ...]:
        """By state, unit, category and origin; origins as the rule of the day names them."""
        return (
            Grouping("state", "状态", "state", labels=dict(AdmissionState.choices)),
            Grouping("unit", "责任单位", "unit_key", "unit_name", ("unit_order",), missing="待定"),
            Grouping(
                "category",
                "类别",
                "category_id",
                "category__name",
                ("category__order",),
                missing="未知",
            ),
            Grouping("origin", "来源", "origin", labels=dict(self.rules.origins), missing="未报"),
        )

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """What is in the reserve, and of the rest what the state filter asks for.

        Looking for words finds what was taken out, too, as the search over everything does.
        """
        asked = set(self.request.GET.getlist("state"))
        if self.request.GET.get("q", "").strip():
            asked.add(AdmissionState.REMOVED.value)
        gone = [state.value for state in GONE if state.value not in asked]
        return with_needs(listed_reserves(standing, as_of).exclude(state__in=gone), self.rules)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Search short names, too."""
        return rows.filter(projects_named(words_of(text), unit="unit_key"))

    def row_url(self, row: Any) -> str:  # noqa: ANN401 -- as above
        """The page in the reserve."""
        return reserve_url(row)

    def row_key(self, row: Any) -> str:  # noqa: ANN401 -- as above
        """Public key of the subject."""
        return str(row.subject.public_id)

    def row_menu(self, row: Any) -> Sequence[MenuItem]:  # noqa: ANN401 -- as above
        """Amending and submitting where the state allows it; their pages ask the policy."""
        if not may(self.request.standing, "reserve.propose"):
            return ()
        key = row.subject.public_id
        acts = (("修改", "edit"), ("报送审核", "submit"))
        return [MenuItem(name, reverse("reserve:act", args=[key, slug])) for name, slug in acts]

    def context(self) -> dict[str, Any]:
        """Whether the officer may propose, and bring a ledger in."""
        now = self.request.as_of is None
        return {
            "can_add": now and may(self.request.standing, "reserve.propose"),
            "can_load": now and may(self.request.standing, "intake.upload", "ledger"),
        }
