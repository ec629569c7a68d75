"""Letters the ladder suggests and nobody has drafted yet: about which duty, and why they wait."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse

from guatu.loop.letter_kinds import drafting_on
from guatu.loop.models import EscalationStep
from guatu.loop.queries.suggestions import NAMED, drafting_of, suggested, with_reasons
from guatu.register.policies import Standing
from guatu.web.lists import (
    Column,
    Filter,
    Grouping,
    Kind,
    ListPage,
    MenuItem,
    month_grouping,
    post_grouping,
    unit_grouping,
)
from guatu.web.lists.units import UnitFilter


class SuggestionList(ListPage):
    """Steps whose letter is not drafted yet."""

    action = "letter.draft"
    title = "待拟函件"
    note = "逾期满规则所定天数、系统建议发函而尚未拟稿的；可以不等系统，点行尾菜单自己拟稿。"
    columns = (
        Column("duty", "事项", "duty.title", name=True, sort=("duty__title",)),
        Column(
            "unit",
            "责任单位",
            "duty.owner_unit",
            width="m",
            sort=("duty__owner_unit__order_path",),
            missing="未定",
        ),
        Column("leader", "包保领导", "duty.leader_post", width="l", missing="未定", bare=True),
        Column("due", "期限", "duty.due", Kind.DATE, width="s", sort=("duty__due", "pk")),
        Column("since", "建议日期", "fell_on", Kind.DATE, width="s", sort=("fell_on", "pk")),
        Column("why", "为何未拟", "why", sort=("why", "fell_on")),
    )
    groupings = (
        unit_grouping("unit", "责任单位", "duty__owner_unit"),
        post_grouping("leader", "包保领导", "duty__leader_post"),
        Grouping("why", "为何未拟", "why", "why", ("why",)),
        month_grouping("due", "期限月份", "cycle"),
        month_grouping("since", "建议月份", "fell_on"),
    )
    saved = "suggested_letters"
    search_fields = (
        *("duty__title", "duty__code", "duty__initials"),
        *("subject__title", "subject__initials"),
    )
    search_hint = "事项、编号、对象、拼音首字母"
    default_sort = ("fell_on", "pk")
    empty_help = "系统建议发的函都已拟稿，或事项已办结、已改期。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Suggestions of the kind the rule drafts."""
        day = as_of or standing.today
        found = suggested(drafting_on(day).kind, day, as_of)
        return with_reasons(found, drafting_of(day)).select_related(*NAMED)

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("unit",)

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips."""
        return (UnitFilter("unit", "责任单位", "duty__owner_unit"),)

    def row_url(self, row: EscalationStep) -> str:
        """The duty, at its ladder."""
        return f"{reverse('duties:duty', args=[row.duty.public_id])}#ladder" if row.duty else ""

    def row_menu(self, row: EscalationStep) -> Sequence[MenuItem]:
        """Draft it by hand."""
        if row.duty is None:
            return ()
        return (MenuItem("拟稿", reverse("letters:new", args=[row.duty.public_id])),)
