"""Drafting a duty and changing what it says."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from guatu.loop.actions.giving import tell_given, with_given_day
from guatu.loop.actions.helping import Helper, co_owner_of, keep_parties_in_step
from guatu.loop.campaign_days import campaign_start, check_due
from guatu.loop.enums import DutySource, DutyState, Strength
from guatu.loop.models import Activity, Duty, Quota
from guatu.loop.moves import begin
from guatu.loop.queries.duties import kinds_on
from guatu.register.enums import ADMINISTRATORS, Domain, Role
from guatu.register.errors import Invalid
from guatu.register.keys import code as readable
from guatu.register.models import Campaign, Document, Organisation, Post, Quote, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create, create_many

TITLE_LENGTH = 300
NEEDS = {"node": ("activity", "节点事项必须选择对应的项目节点。")}
NEEDS["quota"] = ("quota", "清单事项必须选择对应的清单。")


class Told(TypedDict, total=False):
    """What a duty says beside its title; a missing owner unit is that of the owner post."""

    what: str
    owner_unit: Organisation | None
    owner_post: Post | None
    leader_post: Post | None
    due: dt.date | None
    due_text: str
    strength: Strength | str
    domain: Domain | str


class Said(Told, total=False):
    """What of a duty may be edited."""

    title: str


class Drawn(Told, total=False):
    """What a duty may be drawn up with: besides what it says, where it comes from and closes by."""

    document: Document | None
    quote: Quote | None
    activity: Activity | None
    quota: Quota | None


def draft_duty(
    act: Act,
    *,
    kind: str,
    subject: Subject,
    title: str,
    source: DutySource,
    co_owners: Sequence[Helper] = (),
    code: str | None = None,
    **drawn: Unpack[Drawn],
) -> Duty:
    """Write a duty as 拟定; nobody owes it before it is issued.

    ``due`` None is 待定, in the words of ``due_text``. Raises Invalid for an unknown kind, an empty
    title, a kind without what it closes by, an owner that cannot be one, or a due day before the
    campaign that no quote states.
    """
    require(act.standing, "duty.draft", subject)
    told = {"title": title, **drawn}
    duty = Duty(kind=kind, subject=subject, source=source, **_with_unit(told))
    duty.district_code = subject.district_code
    duty.domain = duty.domain or subject.domain
    if duty.document is None and duty.quote is not None:
        duty.document = duty.quote.document
    _check(duty, act.business_date)
    if duty.due is not None and duty.quote is None:
        check_due(duty.title, duty.due, campaign_start(), "due")
    with transaction.atomic():
        duty.code = code or _next_code()
        create(act, "duty.draft", duty)
        helpers = [co_owner_of(duty, who) for who in dict.fromkeys(co_owners)]
        create_many(act, "duty.name_co_owner", helpers)
    return duty


def edit_duty(
    act: Act, duty: Duty, *, expected_revision: int | None = None, **values: Unpack[Said]
) -> Duty:
    """Change what a duty says: all of a draft; of an issued one only with ``act.reason``.

    The due day of an issued duty moves by an approved extension alone; one still 待定 may be set.
    Who is made to owe it is told. Raises Invalid, Stale.
    """
    begin(act, duty, "edit", expected_revision)
    new = with_given_day(duty, _with_unit(values), act.business_date)
    if duty.state != DutyState.DRAFT:
        if not act.reason.strip():
            raise Invalid("已下达的事项，修改须说明理由。", "reason")
        if "due" in new and duty.due is not None and new["due"] != duty.due:
            raise Invalid("已下达事项的期限只能通过延期审批调整。", "due")
    edited = Duty(**{f.attname: getattr(duty, f.attname) for f in Duty._meta.local_fields})
    for name, value in new.items():
        setattr(edited, name, value)
    _check(edited, act.business_date)
    if edited.due is not None and edited.due != duty.due:
        check_due(edited.title, edited.due, campaign_start(), "due")
    with transaction.atomic():
        change(act, "duty.edit", duty, **new)
        if duty.state != DutyState.DRAFT:
            keep_parties_in_step(act, duty.subject)
        if "given_on" in new:
            tell_given(act, [duty])
    return duty


def _with_unit(values: Mapping[str, Any]) -> dict[str, Any]:
    """Trim texts, and let a new owner post bring its unit along."""
    new = {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}
    post = new.get("owner_post")
    if isinstance(post, Post) and new.get("owner_unit") is None:
        new["owner_unit"] = post.organisation
    return new


def _check(duty: Duty, day: dt.date) -> None:
    if duty.kind not in kinds_on(day):
        raise Invalid(f"没有「{duty.kind}」这一类事项。", "kind")
    if not duty.title:
        raise Invalid("请填写事项名称。", "title")
    if len(duty.title) > TITLE_LENGTH:
        raise Invalid(f"事项名称不能超过 {TITLE_LENGTH} 字。", "title")
    column, sentence = NEEDS.get(duty.kind, ("", ""))
    if column and getattr(duty, f"{column}_id") is None:
        raise Invalid(sentence, column)
    if duty.activity is not None and duty.activity.subject_id != duty.subject_id:
        raise Invalid("所选节点不属于这个对象。", "activity")
    if duty.quote is not None and duty.quote.document_id != duty.document_id:
        raise Invalid("引文不在所选材料中。", "quote")
    check_people(duty)
    if duty.state != DutyState.DRAFT and duty.owner_post_id is None and duty.owner_unit_id is None:
        raise Invalid("已下达的事项不能没有责任单位。", "owner_unit")


def check_people(duty: Duty) -> None:
    """Raise Invalid where the owner or the leader of a duty cannot be one."""
    post, unit = duty.owner_post, duty.owner_unit
    if post is not None and post.role in ADMINISTRATORS | {Role.STATISTICIAN, Role.ENTERPRISE}:
        raise Invalid("管理员、统计和企业岗位不承担责任事项。", "owner_post")
    if post is not None and unit is not None and not post.organisation.path.startswith(unit.path):
        raise Invalid("责任岗位不在责任单位之内。", "owner_post")
    if duty.leader_post is not None and duty.leader_post.role != Role.LEADER:
        raise Invalid("包保领导须为区领导岗位。", "leader_post")


def _next_code() -> str:
    """Next readable code; the campaign row is held so that two drafters never take the same."""
    list(Campaign.objects.select_for_update().values_list("pk"))
    last = Duty.objects.aggregate(last=Max("pk"))["last"] or 0
    return readable("ZR", last + 1)
