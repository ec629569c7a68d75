"""Projects of the reserve: where they stand and what they lack; single ones with judgements."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.changes import own_subject, with_changes
from guatu.api.kinds.subjects import units_by_subject
from guatu.api.shapes import Code, Key, Named, Wan, coded, post_named
from guatu.attraction.queries import leads_in_sight
from guatu.investment.enums import AdmissionState, OpinionVerdict, ReviewStep
from guatu.investment.models import Admission
from guatu.investment.queries.reserve import listed_reserves, reserve_page
from guatu.investment.reserve_rules import ReserveRules, lacking, reserve_rules
from guatu.register.policies import Standing
from guatu.register.versions import rows_as_of


class ReserveShape(Schema):
    """储备项目，含已转实施和已退库的。金额单位为万元；不知道的为 null。"""

    id: uuid.UUID
    code: str = Field(examples=["XM-00001"])
    version: int
    name: str = Field(examples=["示例储备项目"])
    category: str | None = Field(description="类别名称")
    category_code: str | None = Field(description=coded("类别代码", "project_categories"))
    state: AdmissionState
    state_name: str
    since: dt.date = Field(description="从哪天起是这个状态")
    reason: str | None = Field(description="退回、退库等的理由")
    round: int = Field(description="第几次报送；0 为还没有报送")
    origin: str | None = Field(description=coded("来源代码", "reserve_origins"))
    origin_name: str | None
    unit: Named | None = Field(description="责任单位")
    total_wan: Wan | None = Field(description="总投资，万元", examples=["8000"])
    plan_year: int | None
    plan_wan: Wan | None = Field(description="plan_year 年的计划投资，万元", examples=["2000"])
    missing: list[str] = Field(description="以后各环节还缺什么")
    sample: bool = Field(description="示例数据")
    changed_at: dt.datetime


class OpinionShape(Schema):
    """一次审核意见。"""

    id: uuid.UUID
    round: int = Field(description="第几次报送")
    step: ReviewStep
    step_name: str
    verdict: OpinionVerdict
    verdict_name: str
    words: str | None
    on: dt.date
    post: Named | None


class ReserveWhole(ReserveShape):
    """单个储备项目的全部情况。"""

    nature: str | None
    content: str | None
    address: str | None
    investor: str | None
    investment_type: str | None
    funding: str | None
    land_state: str | None
    operation_mode: str | None
    problem: str | None
    start_on: dt.date | None
    finish_on: dt.date | None
    submitted_on: dt.date | None
    submitted_post: Named | None = Field(description="报送岗位")
    reserved_on: dt.date | None = Field(description="入库日期")
    lead: uuid.UUID | None = Field(description="来自哪条招商线索；无权查看的为 null")
    opinions: list[OpinionShape] = Field(description="审核意见，最近的在前")


def reserves_for(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Projects of the reserve in sight; the admission changes apart from the project."""
    admission = rows_as_of(Admission, as_of).filter(subject_id=OuterRef("subject_id"))
    rows = listed_reserves(standing, as_of)
    return with_changes(rows, own_subject(as_of), admission)


def told_reserves(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell projects of the reserve; two queries, for the rules and the units."""
    units = units_by_subject([row.subject_id for row in rows], reading.as_of)
    rules = reserve_rules(reading.day)
    return [_told(row, units, rules) for row in rows]


def _told(row: Any, units: dict[int, Any], rules: ReserveRules) -> Told:  # noqa: ANN401 -- a project or a past state
    return {
        "id": row.subject.public_id,
        "code": row.subject.code,
        "version": row.revision,
        "name": row.name,
        "category": row.category.name if row.category else None,
        "category_code": row.category.code if row.category else None,
        "state": row.state,
        "state_name": AdmissionState(row.state).label,
        "since": row.since,
        "reason": row.reason or None,
        "round": row.round,
        "origin": row.origin or None,
        "origin_name": rules.origins.get(row.origin),
        "unit": units.get(row.subject_id),
        "total_wan": row.total_wan,
        "plan_year": row.plan_year,
        "plan_wan": row.next_plan_wan,
        "missing": [
            f"{name}还缺：{'、'.join(fields)}" for name, fields in lacking(rules, row, row.state)
        ],
        "sample": row.subject.is_sample,
        "changed_at": row.changed_at,
    }


TEXTS = (
    *("nature", "content", "address", "investor", "investment_type"),
    *("funding", "land_state", "operation_mode", "problem"),
)


def _whole(row: Any, reading: Reading) -> Told:  # noqa: ANN401 -- as above
    page = reserve_page(row, reading.as_of)
    admission = page.admission
    leads = leads_in_sight(reading.standing, reading.as_of).filter(became=row.subject_id)
    return {
        **{name: getattr(row, name) or None for name in TEXTS},
        "start_on": row.start_on,
        "finish_on": row.finish_on,
        "submitted_on": admission.submitted_on,
        "submitted_post": post_named(admission.submitted_post),
        "reserved_on": admission.reserved_on,
        "lead": leads.values_list("subject__public_id", flat=True).first(),
        "opinions": [
            {
                "id": one.public_id,
                "round": one.round,
                "step": one.step,
                "step_name": one.get_step_display(),
                "verdict": one.verdict,
                "verdict_name": one.get_verdict_display(),
                "words": one.words or None,
                "on": one.on,
                "post": post_named(one.post),
            }
            for one in page.opinions
        ],
    }


RESERVES = Kind(
    path="reserves",
    name="储备项目",
    policy="reserve.list",
    rows=reserves_for,
    key="subject__public_id",
    changed="changed_at",
    shape=ReserveShape,
    tell=told_reserves,
    whole=ReserveWhole,
    tell_whole=_whole,
    filters=(
        Filter("state", AdmissionState, "状态", "state"),
        Filter("category", Code, coded("类别代码", "project_categories"), "category__code"),
        Filter("unit", Key, "责任单位编号", "subject__unit__public_id"),
        Filter("origin", Code, coded("来源代码", "reserve_origins"), "origin"),
    ),
)
