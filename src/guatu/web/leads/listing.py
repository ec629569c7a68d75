"""The list of leads: nobody followed up longest on top; sums say how many rows do not tell."""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from guatu.attraction.models import Lead
from guatu.attraction.queries import listed_leads
from guatu.attraction.rules import LeadRules, lead_rules
from guatu.campaign.search.conditions import LEAD_FIELDS
from guatu.register.models import Organisation, Post
from guatu.register.policies import Standing, may
from guatu.web.leads.faces import lead_url
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    ConditionFilter,
    Grouping,
    Kind,
    ListPage,
    MenuItem,
)
from guatu.web.lists.filters import Filter
from guatu.web.requests import OfficerRequest


def units() -> dict[str, str]:
    """Units that own leads by key, in protocol order."""
    rows = Organisation.objects.filter(subjects__lead__isnull=False).distinct()
    return {str(unit.pk): str(unit) for unit in rows.order_by("order_path", "pk")}


def leaders() -> dict[str, str]:
    """Leaders who vouch for leads by the key of their post, in protocol order."""
    rows = Post.objects.filter(pk__in=Lead.objects.values("leader_post"))
    rows = rows.select_related("organisation")
    return {
        str(post.pk): str(post) for post in rows.order_by("organisation__order_path", "rank", "pk")
    }


class LeadList(ListPage):
    """Leads in sight."""

    request: OfficerRequest

    title = "招商线索"
    action = "lead.list"
    template_name = "leads/list.html"
    columns = (
        Column("stage", "阶段", "stage_name", width="s", sort=("stage_order",)),
        Column("name", "线索名称", "name", name=True, sort=("name",), template="leads/name.html"),
        Column("investor", "投资方", "investor", width="l", sort=("investor",)),
        Column("tactic", "招商方式", "tactic_name", width="s", sort=("tactic",)),
        Column("unit", "责任单位", "unit_name", width="m", sort=("unit_order",), missing="待定"),
        Column(
            "intended",
            "意向投资",
            "intended_wan",
            Kind.NUMBER,
            unit="万元",
            width="m",
            sort=("intended_wan",),
            total="intended_wan",
        ),
        Column(
            "last",
            "最近跟进",
            "last_on",
            Kind.DATE,
            width="s",
            sort=("quiet_since",),
            template="leads/last.html",
            missing="没有记录",
        ),
        Column(
            "next",
            "下一步",
            "next_step",
            width="l",
            sort=("next_due",),
            template="leads/next.html",
            missing="未定",
        ),
        Column("code", "编号", "subject.code", width="m", sort=("subject__code",), optional=True),
        Column("source", "线索来源", "source_name", width="m", sort=("source",), optional=True),
        Column(
            "leader",
            "包保领导",
            "leader_post.title",
            width="m",
            sort=("leader_post__rank",),
            missing="未定",
            optional=True,
        ),
        Column(
            "first",
            "首次接触日期",
            "first_on",
            Kind.DATE,
            width="m",
            sort=("first_on",),
            optional=True,
        ),
        Column("site", "意向选址", "site", width="l", sort=("site",), optional=True),
    )
    export_only = (
        Column("next_due", "下一步时限", "next_due", Kind.DATE),
        Column("next_who", "下一步责任岗位", "next_who"),
    )
    saved = "leads"
    bulk = (BulkAction("改派", "/leads/bulk/assign/", "lead.add"),)
    search_fields = LEAD_FIELDS
    search_unit = "subject__unit_id"
    search_hint = "名称、投资方、编号、拼音首字母"
    default_sort = ("-stale", "stage_order", "quiet_since")
    empty_help = "新建一条线索，或从「材料」导入招商线索台账。"

    @cached_property
    def rules(self) -> LeadRules:
        """Rules of the day that is read."""
        return lead_rules(self.request.as_of or self.request.standing.today)

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("follow", "stage", "source", "tactic", "unit", "leader")

    def page_filters(self) -> tuple[Filter, ...]:
        """How it is followed up, stage, source, tactic, unit, leader; by the rules of the day."""
        today = self.request.as_of or self.request.standing.today
        live = Q(stage__in=[code for code, one in self.rules.stages.items() if one.is_live])
        followed = (
            ("stale", "久未跟进", Q(stale=True)),
            ("late", "下一步逾期", Q(next_due__lt=today)),
            ("none", "没有下一步", Q(next_due=None) & live),
        )
        return (
            ConditionFilter("follow", "跟进", followed),
            ChoiceFilter("stage", "阶段", "stage", self.rules.stage_names()),
            ChoiceFilter("source", "来源", "source", self.rules.sources, folded=True),
            ChoiceFilter("tactic", "方式", "tactic", self.rules.tactics, folded=True),
            ChoiceFilter("unit", "单位", "subject__unit_id", units),
            ChoiceFilter("leader", "包保领导", "leader_post_id", leaders),
        )

    def page_groupings(self) -> tuple[Grouping, ...]:
        """By stage, source, tactic and unit; the first three as the rules of the day name them."""
        return (
            Grouping("stage", "阶段", "stage", labels=self.rules.stage_names()),
            Grouping("source", "来源", "source", labels=self.rules.sources, missing="未报"),
            Grouping("tactic", "方式", "tactic", labels=self.rules.tactics, missing="未报"),
            Grouping(
                "unit", "责任单位", "subject__unit_id", "unit_name", ("unit_order",), missing="待定"
            ),
        )

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Leads in sight with what the cells read."""
        return listed_leads(standing, as_of, self.rules)

    def row_url(self, row: Any) -> str:  # noqa: ANN401 -- a row of listed_leads
        """The page of the lead."""
        return lead_url(row)

    def row_key(self, row: Any) -> str:  # noqa: ANN401 -- as above
        """Public key of the subject."""
        return str(row.subject.public_id)

    def row_menu(self, row: Any) -> Sequence[MenuItem]:  # noqa: ANN401 -- as above
        """Steps that most often follow from reading the row; their pages ask the policy."""
        if not may(self.request.standing, "lead.add"):
            return ()
        key = row.subject.public_id
        return (
            MenuItem("记跟进", reverse("leads:follow", args=[key])),
            MenuItem("调整阶段", reverse("leads:act", args=[key, "stage"])),
            MenuItem("修改", reverse("leads:act", args=[key, "edit"])),
        )

    def context(self) -> dict[str, Any]:
        """Whether the officer may add a lead, and bring a ledger in."""
        now = self.request.as_of is None
        return {
            "can_add": now and may(self.request.standing, "lead.add"),
            "can_load": now and may(self.request.standing, "intake.upload", "ledger"),
        }
