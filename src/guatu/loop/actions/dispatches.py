"""Calling a dispatch meeting: when, where, who chairs and attends; how it ends."""

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from guatu.loop.actions.letters import reason_given
from guatu.loop.actions.summoning import tell_off
from guatu.loop.dispatch_moves import begin
from guatu.loop.dispatch_rules import dispatch_kinds
from guatu.loop.exceptions import Scope
from guatu.loop.letter_people import whom_to_ask
from guatu.loop.letter_text import TITLE_LENGTH, checked_line, checked_text
from guatu.loop.models import Attendant, DispatchMeeting
from guatu.loop.queries.dispatches import scope_words
from guatu.register.campaign import current
from guatu.register.enums import ADMINISTRATORS, OrganisationKind, Role
from guatu.register.errors import Invalid
from guatu.register.keys import code as readable
from guatu.register.models import Campaign, Organisation, Post
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create, create_many
from guatu.register.seats import held_on

Attending = Post | Organisation


class DispatchSaid(TypedDict, total=False):
    """What is said of a meeting; ``attendants`` are all of them."""

    title: str
    on: dt.date
    time: dt.time | None
    where: str
    chair_post: Post
    domain: str
    unit: Organisation | None
    area: Organisation | None
    attendants: Sequence[Attending]


def call_meeting(act: Act, kind: str, **said: Unpack[DispatchSaid]) -> DispatchMeeting:
    """Call a meeting as 筹备; its agenda is built afterwards.

    An empty title is made of kind and scope. Raises Invalid for an unknown kind, a day outside of
    the campaign's year and a chair nobody holds.
    """
    require(act.standing, "dispatch.make")
    told = dispatch_kinds(act.business_date).get(kind)
    if told is None:
        raise Invalid("请选择会议种类。", "kind")
    campaign = campaign_now()
    values = {name: value for name, value in said.items() if name != "attendants"}
    meeting = DispatchMeeting(
        district_code=campaign.district.district_code,
        kind=kind,
        subject=campaign.subject,
        made_on=act.business_date,
        **values,
    )
    if not meeting.title.strip() and meeting.on is not None:
        scope = Scope(meeting.domain, meeting.unit, meeting.area)
        meeting.title = _apart(told.title_of(scope_words(scope), meeting.on), meeting.on)
    _check(meeting, campaign)
    with transaction.atomic():
        list(Campaign.objects.select_for_update().values_list("pk"))
        last = DispatchMeeting.objects.aggregate(last=Max("pk"))["last"] or 0
        meeting.code = readable("HY", last + 1)
        create(act, "dispatch.call", meeting)
        create_many(act, "dispatch.invite", _rows(meeting, said.get("attendants", ())))
    return meeting


def _apart(title: str, on: dt.date) -> str:
    """Tell a second meeting of the same name in one year apart by its number."""
    alike = DispatchMeeting.objects.filter(title__startswith=title, on__year=on.year)
    taken = set(alike.values_list("title", flat=True))
    numbered = (f"{title}（第{number}次）" for number in range(2, len(taken) + 3))
    return next(name for name in (title, *numbered) if name not in taken)


def change_meeting(
    act: Act,
    meeting: DispatchMeeting,
    *,
    expected_revision: int | None = None,
    **said: Unpack[DispatchSaid],
) -> DispatchMeeting:
    """Change what is said of a meeting that is not final yet. Raises Invalid, Stale."""
    begin(act, meeting, "change", expected_revision)
    values = {name: value for name, value in said.items() if name != "attendants"}
    fields = DispatchMeeting._meta.local_fields
    edited = DispatchMeeting(**{f.attname: getattr(meeting, f.attname) for f in fields})
    for name, value in values.items():
        setattr(edited, name, value)
    _check(edited, campaign_now())
    with transaction.atomic():
        change(act, "dispatch.edit", meeting, **{name: getattr(edited, name) for name in values})
        if "attendants" in said:
            _replace(act, meeting, said["attendants"])
    return meeting


def hold_meeting(
    act: Act, meeting: DispatchMeeting, *, expected_revision: int | None = None
) -> DispatchMeeting:
    """定稿 → 已召开. Raises Invalid before its day."""
    move = begin(act, meeting, "hold", expected_revision)
    check_come(act, meeting)
    return change(act, "dispatch.hold", meeting, state=move.target)


def check_come(act: Act, meeting: DispatchMeeting) -> None:
    """Raise Invalid before the day of a meeting: nothing can have been decided at it."""
    if meeting.on > act.business_date:
        raise Invalid(
            f"会议定于 {meeting.on} 召开，还没有到日子；提前召开的，请撤回定稿、改好日期再办。"
        )


def cancel_meeting(
    act: Act, meeting: DispatchMeeting, *, reason: str, expected_revision: int | None = None
) -> DispatchMeeting:
    """End a meeting that will not be held; what it decided already keeps it from that."""
    move = begin(act, meeting, "cancel", expected_revision)
    why = reason_given(reason, "取消")
    if meeting.decisions.exists():
        raise Invalid("这次会议已有议定事项，不能取消。")
    with transaction.atomic():
        change(
            act.because(why), "dispatch.cancel", meeting, state=move.target, cancelled_reason=why
        )
        tell_off(act, meeting, f"会议取消：{why}")
    return meeting


def campaign_now() -> Campaign:
    """The campaign meetings and visits belong to. Raises Invalid before set-up."""
    campaign = current()
    if campaign is None:
        raise Invalid("还没有建立攻坚行动。")
    return campaign


def check_day(on: dt.date | None, campaign: Campaign, name: str) -> None:
    """Raise Invalid for a day outside of the campaign's year."""
    if on is None:
        raise Invalid(f"请填写{name}日期。", "on")
    if on.year < campaign.year:
        raise Invalid(f"{name}日期 {on} 早于「{campaign.name}」，请核对年份。", "on")
    if on.year > campaign.year:
        raise Invalid(f"{name}日期 {on} 晚于「{campaign.name}」，请核对年份。", "on")


def check_chair(post: Post, day: dt.date) -> None:
    """Raise Invalid for a chair who is an administrator, or whom nobody is on that day."""
    if post.role in ADMINISTRATORS | {Role.ENTERPRISE}:
        raise Invalid("管理员和企业岗位不主持会议。", "chair_post")
    if not held_on(day).filter(post=post).exists():
        message = f"主持岗位「{post}」在 {day} 无人担任，{whom_to_ask(day)}，或改由其他岗位主持。"
        raise Invalid(message, "chair_post")


def _check(meeting: DispatchMeeting, campaign: Campaign) -> None:
    meeting.title = checked_line(meeting.title, "会议名称", "title", TITLE_LENGTH)
    meeting.where = checked_text(meeting.where, "地点", "where", 120)
    check_day(meeting.on, campaign, "会议")
    if meeting.area is not None and meeting.area.kind != OrganisationKind.AREA:
        raise Invalid("请选择片区。", "area")
    if meeting.chair_post_id is None:
        raise Invalid("请选择主持岗位。", "chair_post")
    check_chair(meeting.chair_post, meeting.on)


def _rows(meeting: DispatchMeeting, attendants: Sequence[Attending]) -> list[Attendant]:
    rows = []
    for who in dict.fromkeys(attendants):
        unit, post = (who.organisation, who) if isinstance(who, Post) else (who, None)
        if post is None or post.pk != meeting.chair_post_id:
            rows.append(Attendant(meeting=meeting, unit=unit, post=post))
    return rows


def invite(act: Act, meeting: DispatchMeeting, attendants: Sequence[Attending]) -> None:
    """Add those who are not to attend yet."""
    there = Attendant.objects.filter(meeting=meeting, ended=False)
    known = set(there.values_list("unit_id", "post_id"))
    rows = [row for row in _rows(meeting, attendants) if (row.unit_id, row.post_id) not in known]
    create_many(act, "dispatch.invite", rows)


def _replace(act: Act, meeting: DispatchMeeting, attendants: Sequence[Attending]) -> None:
    rows = {
        (row.unit_id, row.post_id): row
        for row in Attendant.objects.filter(meeting=meeting, ended=False)
    }
    wanted = {(row.unit_id, row.post_id): row for row in _rows(meeting, attendants)}
    over = [(row, {"ended": True}) for key, row in rows.items() if key not in wanted]
    change_many(act, "dispatch.uninvite", over)
    create_many(act, "dispatch.invite", [row for key, row in wanted.items() if key not in rows])
