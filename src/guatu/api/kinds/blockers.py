"""Blockers: what stands in the way, who can remove it, the working days it has cost."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.urges import UrgedShape, told_urges
from guatu.api.shapes import Code, Key, Named, coded, post_named, subject_named, unit_named
from guatu.loop.blocker_causes import causes_on
from guatu.loop.blocker_days import days_of
from guatu.loop.blocker_holders import holding_post, holding_unit
from guatu.loop.enums import BlockerState
from guatu.loop.office_days import office_days
from guatu.loop.queries.blockers import blockers_in_sight, named
from guatu.loop.queries.sight import identity
from guatu.register.policies import Standing


class BlockerShape(Schema):
    """堵点。"""

    id: uuid.UUID
    code: str = Field(examples=["DD-00001"])
    version: int
    title: str = Field(examples=["资金未到位：示例路改造项目"])
    what: str | None
    cause: str = Field(description=coded("成因代码", "blocker_causes"), examples=["funds"])
    cause_name: str
    asked: str | None = Field(description="请求解决的事")
    state: BlockerState
    state_name: str
    subject: Named
    duty: uuid.UUID | None
    node: str | None
    remover_unit: Named | None = Field(description="由谁解决")
    remover_post: Named | None
    upper_unit: Named | None = Field(description="提请上级协调到哪里")
    holder_unit: Named | None = Field(description="现由谁办；已完结或撤回的为 null")
    holder_post: Named | None
    raised_on: dt.date
    raised_unit: Named | None
    days_lost: int | None = Field(description="损失工日；已撤回的为 null")
    answer: str | None
    returned_reason: str | None
    closed_on: dt.date | None
    changed_at: dt.datetime


class BlockerWhole(BlockerShape):
    """单个堵点的全部情况。"""

    urges: list[UrgedShape] = Field(description="催办记录")


def listed_blockers(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Blockers in sight with what they name."""
    return named(blockers_in_sight(standing, as_of), as_of)


def told_blockers(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell blockers; a constant number of queries for causes and working days."""
    causes, days = causes_on(reading.day), office_days(reading.as_of)
    return [
        {
            "id": row.public_id,
            "code": row.code,
            "version": row.revision,
            "title": row.title,
            "what": row.what or None,
            "cause": row.cause,
            "cause_name": causes[row.cause].name if row.cause in causes else row.cause,
            "asked": row.asked or None,
            "state": row.state,
            "state_name": BlockerState(row.state).label,
            "subject": subject_named(row.subject),
            "duty": row.duty.public_id if row.duty else None,
            "node": row.activity.node if row.activity else None,
            "remover_unit": unit_named(row.remover_unit),
            "remover_post": post_named(row.remover_post),
            "upper_unit": unit_named(row.upper_unit),
            "holder_unit": unit_named(holding_unit(row)),
            "holder_post": post_named(holding_post(row)),
            "raised_on": row.raised_on,
            "raised_unit": unit_named(row.raised_unit),
            "days_lost": days_of(row, reading.day, days),
            "answer": row.answer or None,
            "returned_reason": row.returned_reason or None,
            "closed_on": row.closed_on,
            "changed_at": row.known_from,
        }
        for row in rows
    ]


def _whole(row: Any, reading: Reading) -> Told:  # noqa: ANN401 -- a blocker or a past state
    return {"urges": told_urges(reading.as_of, blocker_id=identity(row))}


BLOCKERS = Kind(
    path="blockers",
    name="堵点",
    policy="blocker.list",
    rows=listed_blockers,
    shape=BlockerShape,
    tell=told_blockers,
    whole=BlockerWhole,
    tell_whole=_whole,
    filters=(
        Filter("state", BlockerState, "状态", "state"),
        Filter("cause", Code, coded("成因代码", "blocker_causes"), "cause"),
        Filter("subject", Key, "对象编号", "subject__public_id"),
        Filter("remover_unit", Key, "解决单位编号", "remover_unit__public_id"),
    ),
)
