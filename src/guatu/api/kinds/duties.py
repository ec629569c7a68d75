"""Duties: who owes what by when, the light with its reason; single ones with reports."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.urges import UrgedShape, told_urges
from guatu.api.shapes import Day, Key, Light, Named, coded, post_named, subject_named, unit_named
from guatu.loop.enums import DutyState
from guatu.loop.models import Report
from guatu.loop.queries.duties import conditions, kinds_on, lamp_of, with_names
from guatu.loop.queries.sight import duties_in_sight, identity
from guatu.register.policies import Standing
from guatu.register.rules import rule_on
from guatu.register.versions import end_of

REPORTS_TOLD = 20
INSIDE = ("owner_post", "leader_post", "due_text", "progress", "reported_on", "returned_reason")
"""Fields that tell of the work on a duty, empty where a firm reads."""


class DutyShape(Schema):
    """责任事项。期限待定时 due 为 null，due_text 是原话。"""

    id: uuid.UUID
    code: str = Field(examples=["ZR-00001"])
    outside_number: str | None = Field(description="督办台账等原表里的编号", examples=["DB-102"])
    version: int
    title: str = Field(examples=["示例责任：推进示例路改造"])
    what: str | None
    kind: str = Field(description=coded("类别代码", "duty_kinds"))
    state: DutyState
    state_name: str
    lamp: Light
    lamp_days: int | None = Field(description="距期限天数，负数为已逾期")
    subject: Named
    owner_unit: Named | None
    owner_post: Named | None
    leader_post: Named | None
    due: dt.date | None
    due_text: str | None
    progress: str | None = Field(description="最近一次有变化的报告")
    reported_on: dt.date | None
    returned_reason: str | None
    closed_on: dt.date | None
    changed_at: dt.datetime


class ReportShape(Schema):
    """一次报告。changed 为 false 即「无变化」。"""

    id: uuid.UUID
    changed: bool
    text: str | None
    on: dt.date
    post: Named | None
    supplement: bool = Field(description="配合单位的补充")


class DutyWhole(DutyShape):
    """单个责任事项的全部情况。"""

    missing: list[str] = Field(description="办结还缺什么")
    reports: list[ReportShape] = Field(description=f"最近 {REPORTS_TOLD} 次报告")
    urges: list[UrgedShape] = Field(description="催办记录")


def listed_duties(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Duties in sight with what they name."""
    return with_names(duties_in_sight(standing, as_of))


def told_duties(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell duties; one query for the rule of lights. A firm reads nothing of the work on them."""
    rule = rule_on("lamp.duty", reading.day)
    told = [_told(row, lamp_of(row, rule, reading.day)) for row in rows]
    if reading.standing.is_outside:
        return [one | dict.fromkeys(INSIDE) for one in told]
    return told


def _told(row: Any, lamp: Any) -> Told:  # noqa: ANN401 -- a duty or a past state, and its light
    return {
        "id": row.public_id,
        "code": row.code,
        "outside_number": row.outside_number or None,
        "version": row.revision,
        "title": row.title,
        "what": row.what or None,
        "kind": row.kind,
        "state": row.state,
        "state_name": DutyState(row.state).label,
        "lamp": {"colour": lamp.colour, "word": lamp.word, "reason": lamp.words},
        "lamp_days": lamp.days,
        "subject": subject_named(row.subject),
        "owner_unit": unit_named(row.owner_unit),
        "owner_post": post_named(row.owner_post),
        "leader_post": post_named(row.leader_post),
        "due": row.due,
        "due_text": row.due_text or None,
        "progress": row.progress or None,
        "reported_on": row.reported_on,
        "returned_reason": row.returned_reason or None,
        "closed_on": row.closed_on,
        "changed_at": row.known_from,
    }


def _whole(row: Any, reading: Reading) -> Told:  # noqa: ANN401 -- a duty or a past state
    if reading.standing.is_outside:
        return {"missing": [], "reports": [], "urges": []}
    held = conditions(row, kinds_on(reading.day), reading.as_of)
    reports = Report.objects.filter(duty_id=identity(row)).select_related("post__organisation")
    if reading.as_of is not None:
        reports = reports.filter(at__lt=end_of(reading.as_of))
    return {
        "missing": [one.words for one in held if not one.held],
        "reports": [
            {
                "id": one.public_id,
                "changed": one.changed,
                "text": one.text or None,
                "on": one.business_date,
                "post": post_named(one.post),
                "supplement": one.supplement,
            }
            for one in reports[:REPORTS_TOLD]
        ],
        "urges": told_urges(reading.as_of, duty_id=identity(row)),
    }


DUTIES = Kind(
    path="duties",
    name="责任事项",
    policy="duty.list",
    rows=listed_duties,
    shape=DutyShape,
    tell=told_duties,
    whole=DutyWhole,
    tell_whole=_whole,
    filters=(
        Filter("state", DutyState, "状态", "state"),
        Filter("subject", Key, "对象（项目、企业等）编号", "subject__public_id"),
        Filter("owner_unit", Key, "责任单位编号", "owner_unit__public_id"),
        Filter("due_until", Day, "期限不晚于", "due__lte"),
        Filter("due_from", Day, "期限不早于", "due__gte"),
    ),
)
