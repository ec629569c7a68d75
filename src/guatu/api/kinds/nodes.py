"""Nodes of the projects' timetables: what was promised, what is expected, what was done."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.shapes import Code, Day, Key, Named, coded, post_named, unit_named
from guatu.loop.models import Activity
from guatu.register.enums import SubjectKind
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import rows_as_of


class NodeShape(Schema):
    """项目节点。不知道的日期为 null。"""

    id: uuid.UUID
    project: uuid.UUID = Field(description="项目编号")
    node: str = Field(description=coded("节点代码", "project_nodes"), examples=["n05"])
    name: str = Field(examples=["取得施工许可"])
    version: int
    stage: str = Field(description=coded("阶段代码", "project_stages"))
    due: dt.date | None = Field(description="期限")
    baseline: dt.date | None = Field(description="最初的期限")
    forecast: dt.date | None = Field(description="预计完成")
    started: dt.date | None
    finished: dt.date | None
    evidenced: bool = Field(description="完成有佐证")
    owner_unit: Named | None
    owner_post: Named | None
    changed_at: dt.datetime


def nodes_in_sight(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Nodes of the projects the officer may see, or their states of a past day."""
    rows: QuerySet[Any] = rows_as_of(Activity, as_of).filter(in_sight(standing, "subject__"))
    rows = rows.filter(kind="", subject__kind=SubjectKind.PROJECT)
    return rows.select_related("subject", "owner_unit", "owner_post__organisation")


def told_nodes(rows: Sequence[Any], _: Reading) -> list[Told]:
    """Tell nodes; no query where their subjects were read along."""
    return [
        {
            "id": row.public_id,
            "project": row.subject.public_id,
            "node": row.node,
            "name": row.name,
            "version": row.revision,
            "stage": row.stage,
            "due": row.due,
            "baseline": row.baseline,
            "forecast": row.forecast,
            "started": row.started,
            "finished": row.finished,
            "evidenced": row.finished is not None and row.evidence_id is not None,
            "owner_unit": unit_named(row.owner_unit),
            "owner_post": post_named(row.owner_post),
            "changed_at": row.known_from,
        }
        for row in rows
    ]


NODES = Kind(
    path="nodes",
    name="项目节点",
    policy="project.list",
    rows=nodes_in_sight,
    shape=NodeShape,
    tell=told_nodes,
    filters=(
        Filter("project", Key, "项目编号", "subject__public_id"),
        Filter("node", Code, coded("节点代码", "project_nodes"), "node"),
        Filter("due_until", Day, "期限不晚于", "due__lte"),
        Filter("finished_from", Day, "完成不早于", "finished__gte"),
    ),
)
