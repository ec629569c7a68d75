"""Projects: facts, stage, light with its reason; single ones with nodes, parties and what lacks."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.changes import own_subject, with_changes
from guatu.api.kinds.nodes import NodeShape, told_nodes
from guatu.api.kinds.subjects import units_by_subject
from guatu.api.shapes import Code, Key, Light, Named, Wan, coded, masked_name, masked_phone
from guatu.investment.gates import missing_in, path_of
from guatu.investment.queries import listed_projects
from guatu.loop.enums import Colour
from guatu.loop.queries.timetable import lamps_of, nodes_of
from guatu.register.enums import PartyRole
from guatu.register.models import Party
from guatu.register.policies import Standing
from guatu.register.versions import rows_as_of


class ProjectShape(Schema):
    """项目。金额单位为万元；不知道的为 null。"""

    id: uuid.UUID
    code: str = Field(examples=["XM-00001"])
    version: int
    name: str = Field(examples=["示例路改造项目"])
    category: str | None = Field(description="类别名称")
    category_code: str | None = Field(description=coded("类别代码", "project_categories"))
    stage: str | None = Field(description=coded("阶段代码", "project_stages") + "；null 为未知")
    stage_name: str | None
    unit: Named | None = Field(description="责任单位")
    total_wan: Wan | None = Field(description="总投资，万元", examples=["12000.5"])
    year_plan_wan: Wan | None = Field(description="年计划投资，万元", examples=["3000"])
    lamp: Light
    lamp_since: dt.date | None
    lamp_margin_days: int | None = Field(description="时差，工作日；负数为来不及的日历天数")
    next_node: str | None
    next_due: dt.date | None
    starred: bool
    sample: bool = Field(description="示例数据")
    changed_at: dt.datetime


class PartyShape(Schema):
    """参与方。区外人员的姓名和电话隐去一部分。"""

    role: PartyRole
    role_name: str
    post: str | None
    unit: str | None
    outside: str | None
    phone: str | None


class ProjectWhole(ProjectShape):
    """单个项目的全部情况。"""

    gbt_code: str | None
    nature: str | None
    content: str | None
    address: str | None
    investor: str | None
    funding: str | None
    start_on: dt.date | None
    finish_on: dt.date | None
    progress: str | None
    problem: str | None
    nodes: list[NodeShape]
    parties: list[PartyShape]
    missing: list[str] = Field(description="进入下一阶段还缺什么")


def projects_for(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Projects in sight; another unit counts as a change, a light counted anew does not."""
    return with_changes(listed_projects(standing, as_of), own_subject(as_of))


def told_projects(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell listed projects; two queries for all."""
    keys = [row.subject_id for row in rows]
    lamps, units = lamps_of(keys, reading.as_of), units_by_subject(keys, reading.as_of)
    return [
        {
            "id": row.subject.public_id,
            "code": row.subject.code,
            "version": row.revision,
            "name": row.name,
            "category": row.category.name if row.category else None,
            "category_code": row.category.code if row.category else None,
            "stage": row.stage.code if row.stage else None,
            "stage_name": row.stage.name if row.stage else None,
            "unit": units.get(row.subject_id),
            "total_wan": row.total_wan,
            "year_plan_wan": row.year_plan_wan,
            "lamp": _light(row.lamp_colour, lamps.get(row.subject_id)),
            "lamp_since": row.lamp_since,
            "lamp_margin_days": row.lamp_margin,
            "next_node": row.next_node,
            "next_due": row.next_due,
            "starred": row.starred,
            "sample": row.subject.is_sample,
            "changed_at": row.changed_at,
        }
        for row in rows
    ]


def _light(colour: str, lamp: Any) -> Told:  # noqa: ANN401 -- a lamp or a past state
    reason = lamp.reason.get("words") if lamp is not None else None
    return {"colour": colour, "word": Colour(colour).label, "reason": reason}


def _whole(row: Any, reading: Reading) -> Told:  # noqa: ANN401 -- a project or a past state
    nodes = nodes_of([row.subject_id], reading.as_of).get(row.subject_id, [])
    names = ("gbt_code", "nature", "content", "address", "investor", "funding")
    texts = {name: getattr(row, name) or None for name in (*names, "progress", "problem")}
    missing = missing_in(row.stage, row, path_of(row), nodes) if row.stage else []
    return {
        **texts,
        "start_on": row.start_on,
        "finish_on": row.finish_on,
        "nodes": told_nodes(nodes, reading),
        "parties": _parties(row.subject_id, reading),
        "missing": [item.words for item in missing],
    }


def _parties(subject: int, reading: Reading) -> list[Told]:
    way = "subject_id" if reading.as_of is None else "row__subject_id"
    rows = rows_as_of(Party, reading.as_of).filter(**{way: subject}, ended=False)
    named = rows.select_related("post__organisation", "unit")
    ordered = named.order_by("post__organisation__order_path", "post__rank", "pk")
    return [
        {
            "role": party.role,
            "role_name": PartyRole(party.role).label,
            "post": str(party.post) if party.post else None,
            "unit": party.unit.name if party.unit else None,
            "outside": _outside(party),
            "phone": party.post.office_phone or None
            if party.post
            else masked_phone(party.outside_phone),
        }
        for party in ordered
    ]


def _outside(party: Any) -> str | None:  # noqa: ANN401 -- a party or a past state
    """Name of an outside body; of a person the first sign alone."""
    name = str(party.outside_name)
    return masked_name(name) if party.role == PartyRole.CONTACT else name or None


PROJECTS = Kind(
    path="projects",
    name="项目",
    policy="project.list",
    rows=projects_for,
    key="subject__public_id",
    changed="changed_at",
    shape=ProjectShape,
    tell=told_projects,
    whole=ProjectWhole,
    tell_whole=_whole,
    filters=(
        Filter("stage", Code, coded("阶段代码", "project_stages"), "stage__code"),
        Filter("category", Code, coded("类别代码", "project_categories"), "category__code"),
        Filter("unit", Key, "责任单位编号", "subject__unit__public_id"),
        Filter("lamp", Colour, "灯的颜色", "lamp_colour"),
    ),
)
