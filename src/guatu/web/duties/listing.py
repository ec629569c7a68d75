"""The list of duties: worst on top, everything narrowed by chips in the address."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from guatu.campaign.search.conditions import DUTY_FIELDS
from guatu.loop.enums import DUTY_DOMAINS, Colour, DutySource, DutyState, Strength
from guatu.loop.queries.duties import with_lamp, with_names
from guatu.loop.queries.sight import DutyRow, duties_in_sight
from guatu.register.policies import Standing
from guatu.register.rules import rule_on
from guatu.web.components import LampFace
from guatu.web.duties.faces import duty_url, lamp_face
from guatu.web.duties.of_post import OwnerPostFilter
from guatu.web.format import UNDATED
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    Filter,
    Grouping,
    Kind,
    ListPage,
    MenuItem,
    post_grouping,
    unit_grouping,
)
from guatu.web.lists.units import UnitFilter
from guatu.web.requests import OfficerRequest

UNSET = "未定"
UNCLASSED = "未分领域"
CODE = Column(
    "code", "编号", "code", width="m", sort=("code",), export_as="事项编号", optional=True
)
"""A workbook always has it: by it a list that comes back is matched."""
TOLD_TO_FIRMS = frozenset({"lamp", "title", "subject", "owner", "unit", "due", "state"})
"""Columns, groupings and filters of what a firm is told of a duty on it."""


def _owner(duty: DutyRow) -> str | None:
    return str(duty.owner_unit) if duty.owner_unit else None


def _face(duty: DutyRow) -> LampFace:
    """The light of a row as the query computed it."""
    days = None if duty.due is None else (duty.due - duty.lamp_today).days  # type: ignore[attr-defined]
    return lamp_face(duty, Colour(duty.lamp_colour), days)  # type: ignore[attr-defined]


class DutyList(ListPage):
    """Duties in sight."""

    request: OfficerRequest
    action = "duty.list"
    title = "责任事项"
    columns = (
        Column(
            "lamp",
            "亮灯",
            _face,
            Kind.LAMP,
            width="lamp",
            sort=("lamp_rank", "due"),
        ),
        Column(
            "title",
            "事项",
            "title",
            name=True,
            sort=("title",),
            template="duties/title_cell.html",
        ),
        Column("subject", "对象", "subject.title", width="m", sort=("subject__title",), bare=True),
        Column(
            "owner", "责任单位", _owner, width="m", sort=("owner_unit__order_path",), missing=UNSET
        ),
        Column(
            "leader",
            "包保领导",
            "leader_post.title",
            width="m",
            sort=("leader_post__rank",),
            missing=UNSET,
            bare=True,
        ),
        Column("due", "期限", "due", Kind.DATE, width="s", sort=("due",), missing=UNDATED),
        Column("state", "状态", "get_state_display", width="s", sort=("state",)),
        Column("reported", "最近报告", "reported_on", Kind.DATE, width="s", sort=("reported_on",)),
        CODE,
        Column(
            "domain",
            "领域",
            "get_domain_display",
            width="s",
            sort=("domain",),
            missing=UNCLASSED,
            optional=True,
        ),
        Column(
            "strength",
            "力度",
            "get_strength_display",
            width="s",
            sort=("strength",),
            missing=UNSET,
            optional=True,
        ),
        Column("source", "来源", "get_source_display", width="s", sort=("source",), optional=True),
        Column(
            "issued",
            "下达日期",
            "issued_on",
            Kind.DATE,
            width="s",
            sort=("issued_on",),
            missing="未下达",
            optional=True,
        ),
    )
    export_only = (CODE, Column("outside_number", "台账编号", "outside_number"))
    groupings = (
        unit_grouping("unit", "责任单位", "owner_unit"),
        post_grouping("leader", "包保领导", "leader_post"),
        Grouping("lamp", "亮灯", "lamp_colour", labels=dict(Colour.choices)),
        Grouping("state", "状态", "state", labels=dict(DutyState.choices)),
        Grouping("domain", "领域", "domain", labels=DUTY_DOMAINS),
    )
    template_name = "duties/duties.html"
    saved = "duties"
    search_fields = DUTY_FIELDS
    search_unit = "owner_unit_id"
    search_hint = "事项、编号、台账编号、对象、拼音首字母"
    default_sort = ("lamp_rank", "due")
    bulk = (
        BulkAction("下达", "/duties/bulk/issue/", "duty.draft"),
        BulkAction("改派", "/duties/bulk/owner/", "duty.draft"),
        BulkAction("无变化", "/duties/bulk/no-change/", "duty.owe"),
        BulkAction("申请延期", "/duties/bulk/postpone/", "duty.owe"),
        BulkAction("催办", "/duties/bulk/urge/", "duty.draft"),
        BulkAction("调整力度", "/duties/bulk/strength/", "duty.draft"),
    )
    empty_help = "材料中的承诺经确认、下达后，会出现在这里。"

    def page_columns(self) -> tuple[Column, ...]:
        """All of them; to a firm only what it is told of a duty."""
        return tuple(one for one in self.columns if self._tells(one.id))

    def export_columns(self) -> tuple[Column, ...]:
        """The codes, by which a list that comes back is matched; a firm brings none in."""
        return () if self.request.standing.is_outside else self.export_only

    def page_groupings(self) -> Sequence[Grouping]:
        """Those of which the rows tell."""
        return tuple(one for one in self.groupings if self._tells(one.id))

    def _tells(self, name: str) -> bool:
        return name in TOLD_TO_FIRMS or not self.request.standing.is_outside

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Duties in sight with their light."""
        today = as_of or standing.today
        rows = with_lamp(duties_in_sight(standing, as_of), rule_on("lamp.duty", today), today)
        return with_names(rows)

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("lamp", "state", "domain", "strength", "source", "unit", "post")

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips; those of one unit alone would say nothing."""
        chips = (
            ChoiceFilter("lamp", "亮灯", "lamp_colour", dict(Colour.choices)),
            ChoiceFilter("state", "状态", "state", dict(DutyState.choices)),
            ChoiceFilter("domain", "领域", "domain", DUTY_DOMAINS, folded=True),
            ChoiceFilter("strength", "力度", "strength", dict(Strength.choices), folded=True),
            ChoiceFilter("source", "来源", "source", dict(DutySource.choices), folded=True),
            UnitFilter("unit", "责任单位", "owner_unit"),
            OwnerPostFilter("post", "责任岗位"),
        )
        return tuple(one for one in chips if self._tells(one.id))

    def row_url(self, row: DutyRow) -> str:
        """The duty's own page."""
        return duty_url(row)

    def row_menu(self, row: DutyRow) -> Sequence[MenuItem]:
        """Where the row leads; what may be done stands there."""
        return (MenuItem("查看与办理", f"{duty_url(row)}#acts"),)
