"""Dispatch meetings one may see; single ones with agenda, decisions and what the last one left."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.changes import with_changes
from guatu.api.shapes import (
    Code,
    Day,
    Key,
    Named,
    coded,
    post_named,
    subject_named,
    texts,
    unit_named,
)
from guatu.loop.dispatch_rules import AgendaRule, dispatch_kinds
from guatu.loop.enums import DispatchState, DutyState
from guatu.loop.models import Decision, Duty
from guatu.loop.queries.dispatches import (
    DispatchPage,
    dispatch_page,
    dispatches_in_sight,
    with_taken,
)
from guatu.loop.queries.sight import identity
from guatu.register.enums import Domain
from guatu.register.models import Document
from guatu.register.policies import Standing
from guatu.register.versions import end_of, rows_as_of


class MeetingShape(Schema):
    """调度会、推进会。范围的三项都为 null 即全区。"""

    id: uuid.UUID
    code: str
    version: int
    kind: str = Field(description=coded("种类代码", "meeting_kinds"))
    kind_name: str
    title: str = Field(examples=["示例调度会"])
    state: DispatchState
    state_name: str
    on: dt.date
    time: str | None = Field(description="几点；null 为待定", examples=["09:00"])
    where: str | None = Field(description="地点")
    chair_post: Named
    domain: Domain | None = Field(description="范围：篇章")
    unit: Named | None = Field(description="范围：单位")
    area: Named | None = Field(description="范围：片区")
    final_on: dt.date | None = Field(description="定稿日期")
    decided: int = Field(description="议定事项数")
    cancelled_reason: str | None
    sample: bool = Field(description="示例数据")
    changed_at: dt.datetime


class AgendaShape(Schema):
    """一项议题。number 为 null 的已移出议程。"""

    id: uuid.UUID
    number: int | None
    tier: int
    tier_name: str
    cause: str | None = Field(
        description=coded("例外的种类", "agenda_causes") + "；null 为手工增加"
    )
    cause_name: str
    title: str
    reason: str | None
    ask: str | None = Field(description="请会议定什么")
    unit: Named | None
    subject: Named | None
    duty: uuid.UUID | None
    blocker: uuid.UUID | None
    letter: uuid.UUID | None
    decided: int
    dropped_reason: str | None


class DecisionShape(Schema):
    """一项议定事项，即一个责任事项。"""

    duty: uuid.UUID
    code: str
    title: str
    state: DutyState
    state_name: str
    owner_unit: Named | None
    owner_post: Named | None
    leader_post: Named | None
    due: dt.date | None
    on: dt.date = Field(description="议定日期")
    item: uuid.UUID | None = Field(description="所属议题；null 为纪要所载")
    quote: str | None = Field(description="纪要原文")


class CarriedShape(Schema):
    """上次议定的一项，定稿时所知。"""

    duty: uuid.UUID
    title: str
    owner: str
    due: dt.date | None
    state: str
    lamp: str
    words: str
    progress: str | None


class CountShape(Schema):
    """定稿时一类例外的项数。"""

    code: str
    name: str
    count: int


class MeetingWhole(MeetingShape):
    """单次会议的全部情况。议题、议定事项只列令牌本人看得到的。"""

    attendants: list[str]
    agenda: list[AgendaShape]
    decisions: list[DecisionShape]
    carried: list[CarriedShape] = Field(description="上次议定事项落实情况")
    counted_on: dt.date | None = Field(description="定稿时的数字是哪天的")
    counts: list[CountShape]
    minutes: str | None = Field(description="会议纪要的题名；正文不经接口提供")


def meetings_for(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Meetings in sight with how much they decided; a decision changes what is told of one."""
    way = "pk" if as_of is None else "row_id"
    taken = Decision.objects.filter(meeting_id=OuterRef(way))
    if as_of is not None:
        taken = taken.filter(at__lt=end_of(as_of))
    rows = with_taken(dispatches_in_sight(standing, as_of), as_of).select_related("subject")
    return with_changes(rows, taken, column="at")


def told_meetings(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell meetings; one query for their kinds."""
    kinds = dispatch_kinds(reading.day)
    return [_told(row, getattr(kinds.get(row.kind), "name", row.kind)) for row in rows]


def _told(row: Any, kind_name: str) -> Told:  # noqa: ANN401 -- a meeting or a past state
    return {
        "id": row.public_id,
        "code": row.code,
        "version": row.revision,
        "kind": row.kind,
        "kind_name": kind_name,
        "title": row.title,
        "state": row.state,
        "state_name": DispatchState(row.state).label,
        "on": row.on,
        "time": f"{row.time:%H:%M}" if row.time else None,
        "where": row.where or None,
        "chair_post": post_named(row.chair_post),
        "domain": row.domain or None,
        "unit": unit_named(row.unit),
        "area": unit_named(row.area),
        "final_on": row.final_on,
        "decided": row.taken,
        "cancelled_reason": row.cancelled_reason or None,
        "sample": row.subject.is_sample,
        "changed_at": row.changed_at,
    }


def _whole(row: Any, reading: Reading) -> Told:  # noqa: ANN401 -- as above
    page = dispatch_page(reading.standing, row, reading.as_of)
    figures = row.figures
    minutes = Document.objects.filter(pk=row.minutes_id).values_list("title", flat=True)
    return {
        "attendants": texts(page.attendants),
        "agenda": list(_agenda(page.items, page.rule)),
        "decisions": _decisions(page, reading.as_of),
        "carried": [one | {"progress": one["progress"] or None} for one in page.carried],
        "counted_on": figures.get("day"),
        "counts": figures.get("counts", []),
        "minutes": minutes.first() if row.minutes_id else None,
    }


def _agenda(items: Sequence[Any], rule: AgendaRule) -> Iterable[Told]:
    """What stands, numbered as on the page, then what was taken off; not what was cleared up."""
    number = 0
    for item in items:
        if not item.stands and not item.dropped:
            continue
        number += item.stands
        yield {
            "id": item.public_id,
            "number": number if item.stands else None,
            "tier": item.tier,
            "tier_name": rule.tier_name(item.tier),
            "cause": item.cause or None,
            "cause_name": rule.cause_name(item.cause),
            "title": item.title,
            "reason": item.reason or None,
            "ask": item.ask or None,
            "unit": unit_named(item.unit),
            "subject": subject_named(item.about) if item.about else None,
            "duty": item.duty.public_id if item.duty else None,
            "blocker": item.blocker.public_id if item.blocker else None,
            "letter": item.letter.public_id if item.letter else None,
            "decided": item.taken,
            "dropped_reason": item.dropped_reason or None,
        }


def _decisions(page: DispatchPage, as_of: dt.date | None) -> list[Told]:
    """Decisions with their duties, as these are or as they were known; one query."""
    way = "pk" if as_of is None else "row_id"
    keys = [one.duty_id for one in page.decisions]
    rows = rows_as_of(Duty, as_of).filter(**{f"{way}__in": keys})
    named = rows.select_related(
        "owner_unit", "owner_post__organisation", "leader_post__organisation"
    )
    duties = {identity(row): row for row in named}
    return [_decided(one, duties[one.duty_id]) for one in page.decisions if one.duty_id in duties]


def _decided(row: Decision, duty: Any) -> Told:  # noqa: ANN401 -- a duty or a past state
    quote = row.duty.quote
    return {
        "duty": duty.public_id,
        "code": duty.code,
        "title": duty.title,
        "state": duty.state,
        "state_name": DutyState(duty.state).label,
        "owner_unit": unit_named(duty.owner_unit),
        "owner_post": post_named(duty.owner_post),
        "leader_post": post_named(duty.leader_post),
        "due": duty.due,
        "on": row.on,
        "item": row.item.public_id if row.item else None,
        "quote": quote.text if quote else None,
    }


MEETINGS = Kind(
    path="meetings",
    name="调度会",
    policy="dispatch.list",
    rows=meetings_for,
    shape=MeetingShape,
    tell=told_meetings,
    whole=MeetingWhole,
    tell_whole=_whole,
    changed="changed_at",
    note="定稿以前只向专班和区领导提供，定稿后也向统计部门和参会单位提供。",
    filters=(
        Filter("state", DispatchState, "状态", "state"),
        Filter("kind", Code, coded("种类代码", "meeting_kinds"), "kind"),
        Filter("domain", Domain, "篇章", "domain"),
        Filter("unit", Key, "范围所限单位的编号", "unit__public_id"),
        Filter("on_from", Day, "日期不早于", "on__gte"),
        Filter("on_until", Day, "日期不晚于", "on__lte"),
    ),
)
