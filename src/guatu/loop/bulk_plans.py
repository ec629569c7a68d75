"""What a bulk step would do to each of many duties, reforms and notices (`register.bulk_plans`)."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from guatu.loop.actions.drafting import check_people
from guatu.loop.actions.issuing import unowed
from guatu.loop.actions.reporting import affirmed_words, unaffirmed
from guatu.loop.enums import DutyState, ExtensionState, Strength
from guatu.loop.letter_people import Readers, readers_on
from guatu.loop.models import Blocker, Duty, Extension, Letter, Notice, Reform, Urge
from guatu.loop.moves import LIFE
from guatu.loop.office_days import office_days
from guatu.loop.urge_rights import USUAL, Thing, rights_on, urging
from guatu.register.bulk_plans import Judge, Plan, among, planned
from guatu.register.errors import Invalid
from guatu.register.giving import plan_giving
from guatu.register.models import Organisation, Post
from guatu.register.recording import Act


def plan_issue(act: Act, duties: Sequence[Duty]) -> Plan:
    """Issue drafts: from here on somebody owes them."""

    def judge(duty: Duty) -> Mapping[str, Any]:
        if unowed(duty):
            raise Invalid("还没有责任单位，不能下达")
        return {"state": LIFE["issue"].after(duty), "issued_on": act.business_date}

    return _plan(act, duties, "issue", judge)


def plan_affirm(act: Act, duties: Sequence[Duty]) -> Plan:
    """Report 无变化 of each: what was said last is still so."""

    def judge(duty: Duty) -> Mapping[str, Any]:
        if why := unaffirmed(act, duty):
            raise Invalid(why)
        return {"affirmed": affirmed_words(duty)}

    return _plan(act, duties, "affirm", judge)


def plan_edit(
    act: Act,
    duties: Sequence[Duty],
    *,
    owner_post: Post | None = None,
    owner_unit: Organisation | None = None,
    leader_post: Post | None = None,
    strength: Strength | None = None,
) -> Plan:
    """Give duties another owner, leader or strength; None leaves what there is.

    Issued duties need ``act.reason``. Raises Invalid where nothing is given, and for what would
    fail for every row alike: a post out of use or outside of the unit, no reason.
    """
    given: dict[str, Any] = {
        "owner_post": owner_post,
        "owner_unit": owner_unit or (owner_post.organisation if owner_post else None),
        "leader_post": leader_post,
        "strength": strength,
    }
    given = {name: value for name, value in given.items() if value is not None}
    if not given:
        raise Invalid("请选择要改成什么。")
    for post in (owner_post, leader_post):
        if post is not None and not post.active:
            raise Invalid(f"{post}已停用。", "owner_post" if post is owner_post else "leader_post")
    check_people(Duty(owner_post=owner_post, owner_unit=owner_unit, leader_post=leader_post))
    if owner_unit is not None and owner_post is None:
        given["owner_post"] = None
    if not act.reason.strip() and any(duty.state != DutyState.DRAFT for duty in duties):
        raise Invalid("所选含已下达的事项，请说明理由。", "reason")

    def judge(duty: Duty) -> Mapping[str, Any]:
        if all(_same(duty, name, value) for name, value in given.items()):
            raise Invalid("已经如此，没有变化")
        check_people(
            Duty(
                owner_post=given.get("owner_post", duty.owner_post),
                owner_unit=given.get("owner_unit", duty.owner_unit),
                leader_post=given.get("leader_post", duty.leader_post),
            )
        )
        return given

    return _plan(act, duties, "edit", judge)


def _same(duty: Duty, name: str, value: object) -> bool:
    if name == "strength":
        return duty.strength == value
    return bool(getattr(duty, f"{name}_id") == getattr(value, "pk", None))


def plan_extension(act: Act, duties: Sequence[Duty], *, to_due: dt.date, reason: str) -> Plan:
    """Ask for one later due day: the day moves when the request is approved, not before.

    Raises Invalid for a day that is not to come and without a reason.
    """
    if to_due <= act.business_date:
        raise Invalid("新期限须晚于今天。", "to_due")
    if not reason.strip():
        raise Invalid("请说明延期理由。", "reason")
    pending = among(
        [duty.pk for duty in duties],
        lambda keys: Extension.objects.filter(
            duty_id__in=keys, state=ExtensionState.PENDING
        ).values_list("duty_id", "pk"),
    )

    def judge(duty: Duty) -> Mapping[str, Any]:
        if duty.due is None:
            raise Invalid("期限待定，不必延期")
        if to_due <= duty.due:
            raise Invalid(f"现期限 {duty.due} 不早于新期限")
        if duty.pk in pending:
            raise Invalid("已有一份延期申请在等批复")
        return {"from_due": duty.due, "to_due": to_due, "reason": reason.strip()}

    return _plan(act.because(reason.strip()), duties, "ask_extension", judge)


def plan_urge(act: Act, duties: Sequence[Duty], *, words: str = "") -> Plan:
    """Press the owners by the rule ``urge.rights``: downward alone, once a working day."""
    judge = _urge_judge(act, duties, words, "duty")
    return _plan(act, duties, "", judge, policy="duty.urge")


def plan_letter_urge(act: Act, letters: Sequence[Letter], *, words: str = "") -> Plan:
    """Press those who were sent letters, by the same rule and as often."""
    readers = readers_on(act.business_date, letters)
    judge = _urge_judge(act, letters, words, "letter", readers)
    return planned(act, letters, "letter.urge", judge, unit_of=lambda letter: letter.addressee_unit)


def plan_blocker_urge(act: Act, blockers: Sequence[Blocker], *, words: str = "") -> Plan:
    """Press whoever has each blocker, by the same rule and as often."""
    judge = _urge_judge(act, blockers, words, "blocker")
    return planned(
        act, blockers, "blocker.urge", judge, unit_of=lambda blocker: blocker.remover_unit
    )


def _urge_judge(
    act: Act, things: Sequence[Thing], words: str, kind: str, readers: Readers | None = None
) -> Callable[[Thing], Mapping[str, Any]]:
    """Tell what an urge of each of ``things`` would say; two questions and the calendar's."""
    standing = act.standing
    if standing is None:
        raise Invalid("催办须由具体岗位提出。")
    rights, calendar = rights_on(act.business_date), office_days()
    own, key = standing.post_ids, f"{kind}_id"
    last = among(
        [thing.pk for thing in things],
        lambda keys: (
            Urge.objects.filter(**{f"{key}__in": keys}, post_id__in=own)
            .order_by("on")
            .values_list(key, "on")
        ),
    )

    def judge(thing: Thing) -> Mapping[str, Any]:
        try:
            found = urging(standing, thing, rights, act.business_date, readers)
        except Invalid as refusal:
            raise Invalid(str(refusal).removeprefix(f"「{thing.title}」")) from None
        before = last.get(thing.pk)
        if before is not None and calendar.between(before, act.business_date) < 1:
            raise Invalid(f"{before} 已经催办过，下一个工作日可再催办")
        return {
            "post": found.post,
            "to_unit": found.whom.unit,
            "to_post": found.whom.post,
            "words": words.strip() or USUAL,
        }

    return judge


def plan_reforms(
    act: Act,
    reforms: Sequence[Reform],
    *,
    unit: Organisation | None = None,
    leader_post: Post | None = None,
) -> Plan:
    """Give reforms to another unit or leader; duties given out before stay where they are."""
    return plan_giving(
        act,
        reforms,
        "reform.edit",
        lambda _reform: {},
        unit=unit,
        leader_post=leader_post,
        thing_of=lambda reform: reform.subject,
    )


def plan_reading(act: Act, notices: Sequence[Notice]) -> Plan:
    """Mark notices read, each by itself; they carry ``seen`` (`queries.inbox`)."""

    def judge(notice: Notice) -> Mapping[str, Any]:
        if notice.seen:  # type: ignore[attr-defined]  # annotated by the query
            raise Invalid("已经读过")
        return {}

    return planned(act, notices, "notice.read", judge, unit_of=_told_unit)


def _told_unit(notice: Notice) -> Organisation | None:
    return notice.post.organisation if notice.post else notice.unit


def _plan(act: Act, duties: Sequence[Duty], action: str, judge: Judge, policy: str = "") -> Plan:
    move = LIFE.get(action)

    def judged(duty: Duty) -> Mapping[str, Any]:
        if move is not None and (closed := LIFE.closed_to(duty, action)):
            raise Invalid(closed)
        return judge(duty)

    asked = policy or (move.policy if move else "")
    return planned(act, duties, asked, judged, unit_of=lambda duty: duty.owner_unit)
