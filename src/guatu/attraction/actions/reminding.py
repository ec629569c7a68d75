"""Reminding of next steps: each rung of the dated rule is told once, in the inbox of its post."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Min

from guatu.attraction.models import FollowUp, StepReminder
from guatu.attraction.queries.steps import open_steps, with_unit_alone
from guatu.engines.escalation import FURTHEST, Facts, Reached, Step, Term, reached_by
from guatu.loop.actions.noticing import APART
from guatu.loop.enums import NoticeKind
from guatu.loop.escalation.causes import Cause
from guatu.loop.escalation.directory import Addressee, Directory, Instead, directory_on
from guatu.loop.escalation.ladders import Ladders, ladders_through
from guatu.loop.escalation.words import instead_words
from guatu.loop.models import Notice
from guatu.loop.plan.calendars import office_calendar
from guatu.register.models import Campaign, Post
from guatu.register.recording import Act, create_many

RULE = "lead.reminders"
BY_RULE = "按招商下一步到期提醒规则"
LATE_LIST = "/leads/?follow=late"
REACH = dt.timedelta(days=2 * FURTHEST)


@dataclass(frozen=True)
class _Due:
    """A rung of a next step to tell of, and whom."""

    step: FollowUp
    reached: Reached
    addressee: Addressee


def remind_of_steps(act: Act) -> int:
    """Tell of next steps that fell due by the campaign's day; returns how many notices that makes.

    A second run changes nothing, and neither does one on an earlier day. Nothing is told of a step
    that was done, or that a duty stands for. Where no rule holds nobody is told.
    """
    day = act.business_date
    ladders = ladders_through((RULE,))
    act = act.because(act.reason or BY_RULE)
    with transaction.atomic():
        # The campaign row is held so that of two timers the second finds what the first told.
        campaign = Campaign.objects.select_for_update().first()
        fallen = list(_fallen(day, ladders))
        if campaign is None or not fallen:
            return 0
        directory = directory_on(day)
        due = [
            _Due(step, one, _whom(directory, _cause(step, post), one.step))
            for step, post, one in fallen
        ]
        told = [*_told(due, act, campaign)]
        create_many(act, "notice.tell", [notice for notice, _ in told])
        kept = [
            StepReminder(
                follow_up=one.step,
                rung=one.reached.step.key,
                fell_on=one.reached.on,
                notice=notice,
                rule_id=ladders.rule_of(one.reached).row,
            )
            for notice, some in told
            for one in some
        ]
        create_many(act, "step.remind", kept)
    return len(told)


def _fallen(day: dt.date, ladders: Ladders) -> Iterator[tuple[FollowUp, Post | None, Reached]]:
    """Rungs that open steps have reached and nobody was told of, by step; four queries.

    The post is None where the step is with the lead's unit alone.
    """
    rungs = ladders.by_rule.get(RULE, ())
    ahead = max((-step.offset for one in rungs for step in one.steps), default=0)
    rows = FollowUp.objects.filter(next_due__lte=day + dt.timedelta(days=max(ahead, 0) * 2))
    rows = open_steps(rows)
    first = rows.order_by().aggregate(first=Min("on"))["first"] if rungs else None
    if first is None:
        return
    calendar = office_calendar(min(first, day), day + REACH)
    known = set(StepReminder.objects.order_by().values_list("follow_up_id", "rung"))
    rows = rows.annotate(alone=ExpressionWrapper(with_unit_alone(), BooleanField()))
    for step in rows.select_related("subject__lead", "subject__unit", "next_post"):
        facts = Facts((Term(since=step.on, due=step.next_due),))
        reached = reached_by(day, rungs, facts, calendar)
        for one in reached:
            if (step.pk, one.step.key) not in known:
                yield step, None if step.alone else step.next_post, one


def _whom(directory: Directory, cause: Cause, rung: Step) -> Addressee:
    return directory.whom(rung.to, cause, beyond=rung.beyond)


def _cause(step: FollowUp, post: Post | None) -> Cause:
    unit = post.organisation_id if post else step.subject.unit_id
    return Cause(
        RULE,
        step.subject_id,
        Facts((Term(since=step.on, due=step.next_due),)),
        owner_post=post.pk if post else None,
        owner_unit=unit,
        leader_post=step.subject.lead.leader_post_id,
    )


def _told(
    due: Sequence[_Due], act: Act, campaign: Campaign
) -> Iterator[tuple[Notice, Sequence[_Due]]]:
    """Notices with what each tells of: one a step, or one for all to whoever owes many."""
    whom: dict[tuple[int | None, int | None], dict[int, list[_Due]]] = {}
    for one in due:
        if one.addressee.post is not None or one.addressee.unit is not None:
            steps = whom.setdefault((one.addressee.post, one.addressee.unit), {})
            steps.setdefault(one.step.pk, []).append(one)
    for (post, unit), by_step in whom.items():
        some = list(by_step.values())
        for group in some if len(some) <= APART else [[one for few in some for one in few]]:
            alone = group[0] if len(some) <= APART else None
            words = _words(alone, act.business_date) if alone else _many(group, len(some))
            notice = Notice(
                subject=alone.step.subject if alone else campaign.subject,
                kind=NoticeKind.REMIND,
                post_id=post,
                unit_id=unit,
                words=words,
                on=act.business_date,
                at=act.at,
            )
            yield notice, group


def _words(one: _Due, day: dt.date) -> Mapping[str, str]:
    due = one.step.next_due
    days = (day - due).days if due else 0
    stands = f"{due} 当天到期"
    if days:
        stands = f"{due} 到期，" + (f"逾期 {days} 天" if days > 0 else f"还有 {-days} 天")
    said = f"下一步「{one.step.next_step}」{stands}，请跟进或办结"
    return {
        "title": one.step.subject.lead.name,
        "path": f"/leads/{one.step.subject.public_id}/",
        "said": said + _passed_on(one.addressee.instead),
    }


def _many(some: Sequence[_Due], count: int) -> Mapping[str, str]:
    days = sorted(one.step.next_due for one in some if one.step.next_due)
    said = f"{count} 项招商下一步已到时限，最早 {days[0]}，请逐项跟进或办结"
    return {
        "title": "招商下一步到期",
        "path": LATE_LIST,
        "said": said + _passed_on(some[0].addressee.instead),
    }


def _passed_on(instead: Instead | None) -> str:
    if instead is None:
        return ""
    meant = {"to": instead.to, "name": instead.name, "why": instead.why}
    return f"；{instead_words(meant)}，转由您处理"
