"""Following up: a dated record of a contact, its next step, and what became of that."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.rules import lead_rules
from guatu.attraction.told_steps import taker_of
from guatu.attraction.values import LONGEST, check_day, check_step_post
from guatu.loop.actions import draft_duty, issue
from guatu.loop.campaign_days import ask_about, past_doubts
from guatu.loop.enums import DutySource
from guatu.loop.models import Duty
from guatu.register.enums import Domain
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Post
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create

STEP_LENGTH = 300
GONE = "这项下一步刚被别人办结或改过。"


@dataclass(frozen=True)
class Next:
    """What comes next, by when, and which post does it; None: who `taker_of` finds, or the unit."""

    step: str
    due: dt.date | None
    post: Post | None


def follow_up(
    act: Act,
    lead: Lead,
    *,
    way: str,
    said: str,
    on: dt.date | None = None,
    with_whom: str = "",
    next_step: Next | None = None,
    ends: Sequence[FollowUp] = (),
    knowing: bool = False,
) -> FollowUp:
    """Record a contact; ``on`` None is the business day. ``ends`` are next steps done by it.

    Raises Invalid for an unknown way, no words, a day to come, a next step without day, or
    one nobody is there to do; for a day before the campaign unless ``knowing``.
    """
    require(act.standing, "lead.follow", lead)
    rules = lead_rules(act.business_date)
    if way not in rules.ways:
        raise Invalid("请选择跟进方式。", "way")
    said = said.strip()
    if not said:
        raise Invalid("请写明谈了什么。", "said")
    if len(said) > LONGEST:
        raise Invalid(f"跟进情况不超过 {LONGEST} 字。", "said")
    day = on or act.business_date
    check_day(day, act.business_date, "跟进日期", "on")
    past = past_doubts(lead.name, "跟进日期", day, act.business_date, "on")
    stage = rules.stages[lead.stage]
    planned = _checked(lead, next_step, day)
    if planned is not None and not (stage.is_live or stage.stale_days):
        raise Invalid(f"线索已「{stage.name}」，不再安排下一步。", "next_step")
    ask_about(past, knowing=knowing)
    officer = act.standing.officer if act.standing else None
    row = FollowUp(
        subject=lead.subject,
        way=way,
        on=day,
        officer=officer,
        post=_acting_post(act, lead),
        with_whom=with_whom.strip()[:200],
        said=said,
        next_step=planned.step if planned else "",
        next_due=planned.due if planned else None,
        next_post=planned.post if planned else None,
    )
    with transaction.atomic():
        create(act, "lead.follow", row)
        _end(act, lead, ends, "已跟进")
        if lead.first_on is None or day < lead.first_on:
            change(act, "lead.follow", lead, first_on=day)
    return row


def _acting_post(act: Act, lead: Lead) -> Post | None:
    """Post in which the officer speaks: the lead's own where held, else the first."""
    if act.standing is None:
        return None
    own = [post for post in act.standing.posts if post.pk == lead.owner_post_id]
    return next(iter((*own, *act.standing.posts)), None)


def _checked(lead: Lead, given: Next | None, day: dt.date) -> Next | None:
    if given is None or not given.step.strip():
        if given is not None and (given.due is not None):
            raise Invalid("填了时限，请写明下一步做什么。", "next_step")
        return None
    step = given.step.strip()
    if len(step) > STEP_LENGTH:
        raise Invalid(f"下一步不超过 {STEP_LENGTH} 字。", "next_step")
    if given.due is None:
        raise Invalid("下一步须写明时限。", "next_due")
    if given.due < day:
        raise Invalid(f"下一步的时限 {given.due} 早于跟进日期 {day}。", "next_due")
    if given.post is not None:
        check_step_post(given.post, lead.subject.unit, "next_post", "下一步的责任岗位")
        return Next(step, given.due, given.post)
    taker = taker_of(lead)
    if taker is None and lead.subject.unit is None:
        raise Invalid("线索没有责任单位，下一步须写明由谁办。", "next_post")
    return Next(step, given.due, taker)


def open_steps_of(lead: Lead) -> list[FollowUp]:
    """Next steps of a lead that nobody has done and no duty stands for."""
    rows = FollowUp.objects.filter(subject=lead.subject_id, step_ended_on=None, duty=None)
    return list(rows.exclude(next_step="").order_by("next_due", "pk"))


def end_step(
    act: Act, lead: Lead, step: FollowUp, *, result: str, expected_revision: int | None = None
) -> FollowUp:
    """Say that a next step is done, or why it is not needed any more. Raises Invalid, Stale."""
    require(act.standing, "lead.follow", lead)
    if expected_revision is not None and expected_revision != step.revision:
        raise Stale(GONE)
    result = result.strip()
    if not result:
        raise Invalid("请写明办理结果。", "result")
    if len(result) > STEP_LENGTH:
        raise Invalid(f"办理结果不超过 {STEP_LENGTH} 字。", "result")
    with transaction.atomic():
        _end(act, lead, [step], result)
    return step


def _end(act: Act, lead: Lead, steps: Sequence[FollowUp], result: str) -> None:
    for step in steps:
        _check_open(lead, step)
    told = {"step_ended_on": act.business_date, "step_result": result}
    change_many(act, "step.end", [(step, told) for step in steps])


def _check_open(lead: Lead, step: FollowUp) -> None:
    if step.subject_id != lead.subject_id or not step.next_step:
        raise Invalid("没有找到这项下一步。")
    if step.step_ended_on is not None:
        raise Invalid(f"「{step.next_step}」已于 {step.step_ended_on} 办结。")
    if step.duty_id is not None:
        raise Invalid(f"「{step.next_step}」已转为责任事项，请在事项中办理。")


def step_into_duty(
    act: Act,
    lead: Lead,
    step: FollowUp,
    *,
    due: dt.date | None = None,
    expected_revision: int | None = None,
) -> Duty:
    """Make a duty of a next step, issued to its post or unit; the duty then stands for it.

    ``due`` None is the step's day. For whoever may draft duties. Raises Invalid, also for a day
    gone by: no duty begins late. Stale.
    """
    require(act.standing, "lead.follow", lead)
    if expected_revision is not None and expected_revision != step.revision:
        raise Stale(GONE)
    _check_open(lead, step)
    due = due or step.next_due
    if due is not None and due < act.business_date:
        raise Invalid(f"时限 {due} 早于业务日期 {act.business_date}，请另定时限。", "due")
    with transaction.atomic():
        duty = draft_duty(
            act,
            kind="task",
            subject=lead.subject,
            title=step.next_step,
            what=f"{lead.name}：{step.next_step}",
            source=DutySource.LEADER,
            domain=Domain.ATTRACTION,
            owner_post=step.next_post,
            owner_unit=None if step.next_post else lead.subject.unit,
            leader_post=lead.leader_post,
            due=due,
        )
        issue(act, duty)
        change(act, "step.into_duty", step, duty=duty)
    return duty
