"""Leads: who may invest, how far it has come, what comes next; single ones with what was said."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Value, When
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.changes import own_subject, with_changes
from guatu.api.kinds.subjects import units_by_subject
from guatu.api.shapes import (
    Code,
    Day,
    Key,
    Named,
    Wan,
    coded,
    masked_name,
    masked_phone,
    post_named,
    subject_named,
    unit_named,
)
from guatu.attraction.actions.moving import missing_ahead
from guatu.attraction.models import FollowUp
from guatu.attraction.queries import lead_page, listed_leads
from guatu.attraction.rules import LeadRules, lead_rules
from guatu.register.policies import Standing, may, sees
from guatu.register.versions import rows_as_of


class LeadShape(Schema):
    """招商线索。金额单位为万元；不知道的为 null。"""

    id: uuid.UUID
    code: str
    version: int
    name: str = Field(examples=["示例装备制造线索"])
    investor: str | None = Field(description="投资方")
    stage: str = Field(description=coded("阶段代码", "lead_stages"), examples=["clue"])
    stage_name: str | None
    stage_since: dt.date
    source: str | None = Field(description=coded("来源代码", "lead_sources"))
    source_name: str | None
    tactic: str | None = Field(description=coded("招商方式代码", "lead_tactics"))
    tactic_name: str | None
    unit: Named | None = Field(description="责任单位")
    owner_post: Named | None
    leader_post: Named | None = Field(description="包保领导")
    intended_wan: Wan | None = Field(description="意向投资，万元", examples=["5000"])
    first_on: dt.date | None = Field(description="首次接触")
    followed_on: dt.date | None = Field(description="最近跟进")
    stale: bool = Field(description="久未跟进，按规则计算")
    next_step: str | None = Field(description="最早到期的下一步")
    next_due: dt.date | None
    sample: bool = Field(description="示例数据")
    changed_at: dt.datetime


class FollowUpShape(Schema):
    """一次跟进。post 为 null 的来自台账。"""

    id: uuid.UUID
    on: dt.date
    way: str = Field(description=coded("跟进方式代码", "lead_ways"))
    way_name: str
    post: Named | None
    with_whom: str | None = Field(description="对方人员，隐去一部分；只向办理这条线索的人提供")
    said: str
    next_step: str | None
    next_due: dt.date | None
    next_post: Named | None
    ended_on: dt.date | None
    result: str | None
    duty: uuid.UUID | None = Field(description="下一步转成的责任事项")


class PromiseShape(Schema):
    """承诺事项和依据。"""

    id: uuid.UUID
    what: str
    basis: str
    basis_kind: str = Field(examples=["行政法规"])
    basis_name: str
    basis_number: str


class ContactShape(Schema):
    """企业联系人。姓名和电话隐去一部分。"""

    name: str | None
    phone: str | None


class LeadWhole(LeadShape):
    """单条线索的全部情况。"""

    stage_reason: str | None
    enterprise: Named | None = Field(description="企业库对应企业")
    industry: str | None = Field(description=coded("行业代码", "industries"))
    content: str | None
    site: str | None
    area: Named | None = Field(description="片区")
    progress: str | None = Field(description="台账所述进展")
    problem: str | None
    project: uuid.UUID | None = Field(description="转成的项目；无权查看的为 null")
    missing: list[str] = Field(description="进入下一阶段还缺什么；读过去某一天时为空")
    contacts: list[ContactShape]
    follow_ups: list[FollowUpShape] = Field(description="跟进记录，最近的在前")
    promises: list[PromiseShape]


def leads_for(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Leads in sight with ``idle``: being worked on, and nobody has said what comes next."""
    rules = lead_rules(as_of or standing.today)
    live = [code for code, stage in rules.stages.items() if stage.is_live]
    rows = listed_leads(standing, as_of, rules).annotate(
        idle=Case(
            When(Q(next_due=None, stage__in=live), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
    )
    told = rows_as_of(FollowUp, as_of).filter(subject_id=OuterRef("subject_id"))
    return with_changes(rows, own_subject(as_of), told)


def told_leads(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell leads; two queries, for the rules and the units."""
    units = units_by_subject([row.subject_id for row in rows], reading.as_of)
    rules = lead_rules(reading.day)
    return [_told(row, units, rules) for row in rows]


def _told(row: Any, units: dict[int, Any], rules: LeadRules) -> Told:  # noqa: ANN401 -- a lead or a past state
    return {
        "id": row.subject.public_id,
        "code": row.subject.code,
        "version": row.revision,
        "name": row.name,
        "investor": row.investor or None,
        "stage": row.stage,
        "stage_name": row.stage_name,
        "stage_since": row.stage_since,
        "source": row.source or None,
        "source_name": rules.sources.get(row.source),
        "tactic": row.tactic or None,
        "tactic_name": row.tactic_name,
        "unit": units.get(row.subject_id),
        "owner_post": post_named(row.owner_post),
        "leader_post": post_named(row.leader_post),
        "intended_wan": row.intended_wan,
        "first_on": row.first_on,
        "followed_on": row.last_on,
        "stale": row.stale,
        "next_step": row.next_step,
        "next_due": row.next_due,
        "sample": row.subject.is_sample,
        "changed_at": row.changed_at,
    }


def _whole(row: Any, reading: Reading) -> Told:  # noqa: ANN401 -- a lead or a past state
    page, rules = lead_page(reading.standing, row, reading.as_of), lead_rules(reading.day)
    now = reading.as_of is None
    # As on the page, which tells them to nobody while a past day is read.
    opened = now and may(reading.standing, "lead.follow", row)
    texts = ("stage_reason", "content", "site", "progress", "problem")
    seen = row.became is not None and sees(reading.standing, row.became)
    lacking = missing_ahead(row, rules) if now else []
    return {
        **{name: getattr(row, name) or None for name in texts},
        "enterprise": subject_named(row.enterprise.subject) if row.enterprise else None,
        "industry": row.industry.code if row.industry else None,
        "area": unit_named(page.subject.area),
        "project": row.became.public_id if seen else None,
        "missing": [f"进入「{name}」还缺：{'、'.join(fields)}" for name, fields in lacking],
        "contacts": [
            {"name": masked_name(one.outside_name), "phone": masked_phone(one.outside_phone)}
            for one in page.contacts
        ],
        "follow_ups": [_followed(one, rules, opened=opened) for one in page.follow_ups],
        "promises": [_promised(one, rules) for one in page.promises],
    }


def _followed(row: Any, rules: LeadRules, *, opened: bool) -> Told:  # noqa: ANN401 -- a follow-up or a past state
    return {
        "id": row.public_id,
        "on": row.on,
        "way": row.way,
        "way_name": rules.ways.get(row.way, row.way),
        "post": post_named(row.post),
        "with_whom": masked_name(row.with_whom) if opened else None,
        "said": row.said,
        "next_step": row.next_step or None,
        "next_due": row.next_due,
        "next_post": post_named(row.next_post),
        "ended_on": row.step_ended_on,
        "result": row.step_result or None,
        "duty": row.duty.public_id if row.duty else None,
    }


def _promised(row: Any, rules: LeadRules) -> Told:  # noqa: ANN401 -- a promise or a past state
    return {
        "id": row.public_id,
        "what": row.what,
        "basis": row.basis,
        "basis_kind": rules.bases.get(row.basis, row.basis),
        "basis_name": row.basis_name,
        "basis_number": row.basis_number,
    }


LEADS = Kind(
    path="leads",
    name="招商线索",
    policy="lead.list",
    rows=leads_for,
    key="subject__public_id",
    changed="changed_at",
    shape=LeadShape,
    tell=told_leads,
    whole=LeadWhole,
    tell_whole=_whole,
    filters=(
        Filter("stage", Code, coded("阶段代码", "lead_stages"), "stage"),
        Filter("source", Code, coded("来源代码", "lead_sources"), "source"),
        Filter("tactic", Code, coded("招商方式代码", "lead_tactics"), "tactic"),
        Filter("unit", Key, "责任单位编号", "subject__unit__public_id"),
        Filter("leader_post", Key, "包保领导岗位编号", "leader_post__public_id"),
        Filter("stale", bool, "久未跟进", "stale"),
        Filter("idle", bool, "推进中而没有下一步", "idle"),
        Filter("next_due_until", Day, "下一步期限不晚于", "next_due__lte"),
    ),
)
