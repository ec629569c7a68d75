"""Visits of leaders and specialists; single ones with what they found and what came of it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.changes import with_changes
from guatu.api.shapes import Day, Key, Named, coded, post_named, subject_named, texts, unit_named
from guatu.loop.models import Finding
from guatu.loop.queries.visits import (
    FindingShown,
    verdicts_on,
    visit_page,
    visits_in_sight,
    with_counts,
)
from guatu.register.policies import Standing
from guatu.register.versions import rows_as_of


class VisitShape(Schema):
    """督帮（区领导）或走访（服务专员）。"""

    id: uuid.UUID
    code: str = Field(examples=["DB-00001"])
    version: int
    on: dt.date
    post: Named = Field(description="督帮领导或走访专员的岗位")
    places: int = Field(description="督帮项目、企业数")
    note: str | None
    withdrawn: bool = Field(description="已撤回")
    withdrawn_reason: str | None
    sample: bool = Field(description="示例数据")
    changed_at: dt.datetime


class FindingShape(Schema):
    """在一处所见。"""

    id: uuid.UUID
    subject: Named
    unit: Named | None = Field(description="责任单位")
    verdict: str = Field(description=coded("结论代码", "visit_verdicts"))
    verdict_name: str
    text: str
    evidence: list[str] = Field(description="佐证的题名；文件不经接口提供")
    duties: list[uuid.UUID] = Field(description="由此交办的责任事项")
    blockers: list[uuid.UUID] = Field(description="由此上报的堵点")


class VisitWhole(VisitShape):
    """单次督帮、走访的全部情况。各处只列令牌本人看得到的。"""

    companions: list[str] = Field(description="同行")
    findings: list[FindingShape]


def visits_for(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Visits in sight with the number of places; what was found changes apart from the visit."""
    way = "pk" if as_of is None else "row_id"
    found = rows_as_of(Finding, as_of).filter(visit_id=OuterRef(way))
    rows = with_counts(visits_in_sight(standing, as_of), as_of).select_related("subject")
    return with_changes(rows, found)


def told_visits(rows: Sequence[Any], _: Reading) -> list[Told]:
    """Tell visits; no query."""
    return [
        {
            "id": row.public_id,
            "code": row.code,
            "version": row.revision,
            "on": row.on,
            "post": post_named(row.leader_post),
            "places": row.found or 0,
            "note": row.note or None,
            "withdrawn": row.withdrawn,
            "withdrawn_reason": row.withdrawn_reason or None,
            "sample": row.subject.is_sample,
            "changed_at": row.changed_at,
        }
        for row in rows
    ]


def _whole(row: Any, reading: Reading) -> Told:  # noqa: ANN401 -- a visit or a past state
    page, verdicts = visit_page(reading.standing, row, reading.as_of), verdicts_on(reading.day)
    return {
        "companions": texts(page.companions),
        "findings": [_found(one, verdicts) for one in page.findings],
    }


def _found(shown: FindingShown, verdicts: Mapping[str, str]) -> Told:
    row = shown.finding
    return {
        "id": row.public_id,
        "subject": subject_named(row.subject),
        "unit": unit_named(row.subject.unit),
        "verdict": row.verdict,
        "verdict_name": verdicts.get(row.verdict, row.verdict),
        "text": row.text,
        "evidence": [one.title for one in shown.evidence],
        "duties": [one.duty.public_id for one in shown.outcomes if one.duty],
        "blockers": [one.blocker.public_id for one in shown.outcomes if one.blocker],
    }


VISITS = Kind(
    path="visits",
    name="督帮",
    policy="visit.list",
    rows=visits_for,
    shape=VisitShape,
    tell=told_visits,
    whole=VisitWhole,
    tell_whole=_whole,
    changed="changed_at",
    filters=(
        Filter("unit", Key, "督帮领导所在单位编号", "leader_post__organisation__public_id"),
        Filter("post", Key, "督帮领导或走访专员岗位编号", "leader_post__public_id"),
        Filter("withdrawn", bool, "已撤回", "withdrawn"),
        Filter("on_from", Day, "日期不早于", "on__gte"),
        Filter("on_until", Day, "日期不晚于", "on__lte"),
    ),
)
