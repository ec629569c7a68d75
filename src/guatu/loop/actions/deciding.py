"""Decisions of a meeting become duties, at the table or out of its minutes."""

import datetime as dt

from django.db import transaction

from guatu.loop.actions.dispatches import check_come
from guatu.loop.actions.drafting import draft_duty
from guatu.loop.actions.issuing import issue
from guatu.loop.actions.letters import reason_given
from guatu.loop.dispatch_moves import begin
from guatu.loop.enums import DutySource
from guatu.loop.models import AgendaItem, Decision, DispatchMeeting, Duty
from guatu.register.errors import Invalid
from guatu.register.lives import check_revision
from guatu.register.models import Document, Organisation, Post
from guatu.register.policies import require
from guatu.register.recording import Act, change, create


def decide(
    act: Act,
    item: AgendaItem,
    *,
    title: str,
    what: str = "",
    owner_unit: Organisation | None = None,
    owner_post: Post | None = None,
    leader_post: Post | None = None,
    due: dt.date | None = None,
    due_text: str = "",
    expected_revision: int | None = None,
) -> Duty:
    """Decide on an item of a final agenda: the duty is drafted, issued and tied to it at once.

    ``due`` None is 待定. Raises Stale when somebody else decided on the item meanwhile, Invalid
    before the meeting's day, without an owner and for a day before the meeting.
    """
    meeting = item.meeting
    begin(act, meeting, "decide")
    check_come(act, meeting)
    check_revision(item.revision, expected_revision)
    if not item.stands:
        raise Invalid(f"「{item.title}」不在议程上，不能议定。")
    if owner_unit is None and owner_post is None:
        raise Invalid("请选择责任单位或责任岗位。", "owner_unit")
    if due is not None and due < meeting.on:
        raise Invalid(f"完成期限 {due} 早于会议日期 {meeting.on}。", "due")
    with transaction.atomic():
        change(act, "agenda.decide", item, taken=item.taken + 1)
        duty = draft_duty(
            act,
            kind="task",
            subject=item.about or meeting.subject,
            title=title,
            what=what,
            source=DutySource.MEETING,
            owner_unit=owner_unit,
            owner_post=owner_post,
            leader_post=leader_post,
            due=due,
            due_text=due_text or ("" if due else "待定"),
            domain=meeting.domain,
        )
        issue(act, duty)
        tie(act, meeting, duty, item)
    return duty


def tie(act: Act, meeting: DispatchMeeting, duty: Duty, item: AgendaItem | None = None) -> Decision:
    """Record that the meeting decided what the duty says; ``item`` None: its minutes say so."""
    decision = Decision(
        meeting=meeting,
        item=item,
        duty=duty,
        officer=act.standing.officer if act.standing else None,
        on=act.business_date,
        at=act.at,
    )
    return create(act, "decision.take", decision)


def keep_minutes(
    act: Act,
    meeting: DispatchMeeting,
    document: Document,
    *,
    expected_revision: int | None = None,
) -> DispatchMeeting:
    """Say that a paper which was read in are the minutes of the meeting.

    Raises Invalid before its day, when it has others already, or where the paper belongs to another
    meeting.
    """
    begin(act, meeting, "minute", expected_revision)
    check_come(act, meeting)
    if meeting.minutes_id not in {None, document.pk}:
        raise other_minutes(meeting)
    other = DispatchMeeting.objects.filter(minutes=document).exclude(pk=meeting.pk).first()
    if other is not None:
        raise Invalid(f"这份材料已是「{other.title}」（{other.on}）的纪要，请核对文件。", "file")
    return change(act, "dispatch.minute", meeting, minutes=document)


def other_minutes(meeting: DispatchMeeting) -> Invalid:
    """Why a second paper cannot be the minutes of the meeting."""
    why = f"这次会议已有纪要《{meeting.minutes}》，一次会议只挂一份纪要；挂错的，请先撤下。"
    return Invalid(why, "file")


def release_minutes(
    act: Act, meeting: DispatchMeeting, *, reason: str, expected_revision: int | None = None
) -> DispatchMeeting:
    """Take the minutes off a meeting, so that others can be read in.

    The paper stays where papers are; what was confirmed out of it stays decided, with its quotes.
    """
    begin(act, meeting, "unminute", expected_revision)
    why = reason_given(reason, "撤下")
    if meeting.minutes_id is None:
        raise Invalid("这次会议没有纪要，不用撤下。")
    return change(act.because(why), "dispatch.unminute", meeting, minutes=None)


def meeting_of(document: Document | None) -> DispatchMeeting | None:
    """The meeting whose minutes a paper is; None for any other paper."""
    if document is None:
        return None
    return DispatchMeeting.objects.filter(minutes=document).select_related("subject").first()


def adopt(act: Act, meeting: DispatchMeeting, duty: Duty) -> Decision:
    """Tie a duty that a person confirmed out of the minutes to the meeting, not before its day."""
    require(act.standing, "dispatch.minutes", meeting)
    check_come(act, meeting)
    return tie(act, meeting, duty)
