"""Reminders of next steps: told once in the inbox, to whoever can act, by the rule as data."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from guatu.attraction import actions
from guatu.attraction.actions import Next, remind_of_steps
from guatu.attraction.models import FollowUp, StepReminder
from guatu.attraction.queries.steps import steps_on_desk
from guatu.campaign import tick
from guatu.loop.models import Notice
from guatu.loop.queries.inbox import unread_of
from guatu.register.models import Event, Rule
from guatu.register.models import Holding as Held
from guatu.register.recording import change
from tests.attraction.conftest import Place
from tests.factories import NOON, TODAY, act_of, system_act

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def planned(place: Place, step: str, due: dt.date) -> FollowUp:
    return actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="有意", next_step=Next(step, due, None)
    )


def run(day: dt.date) -> int:
    return remind_of_steps(system_act(NOON + (day - TODAY), day))


def said(place: Place) -> list[str]:
    return [row.words["said"] for row in unread_of(place.clerk)]


def test_next_step_when_its_day_comes_then_one_notice_and_no_second(place: Place) -> None:
    planned(place, "送资料", TODAY + DAY)
    assert (run(TODAY), said(place)) == (0, [])
    assert run(TODAY + DAY) == 1
    due = TODAY + DAY
    assert said(place) == [f"下一步「送资料」{due} 当天到期，请跟进或办结"]
    assert [run(TODAY + DAY), run(TODAY), run(TODAY + 9 * DAY)] == [0, 0, 0]
    notice = Notice.objects.get()
    assert (notice.post, notice.subject) == (place.post, place.lead.subject)
    assert notice.words["path"] == f"/leads/{place.lead.subject.public_id}/"
    assert list(unread_of(place.office)) == list(unread_of(place.stranger)) == []


def test_next_step_when_the_timer_missed_its_day_then_told_late_once_with_the_days(
    place: Place,
) -> None:
    planned(place, "送资料", TODAY + DAY)
    assert run(TODAY + 4 * DAY) == 1
    assert said(place) == [f"下一步「送资料」{TODAY + DAY} 到期，逾期 3 天，请跟进或办结"]
    kept = StepReminder.objects.get()
    assert (kept.rung, kept.fell_on, kept.rule.key) == ("due", TODAY + DAY, "lead.reminders")
    verbs = Event.objects.filter(subject=place.lead.subject).values_list("verb", flat=True)
    assert {"notice.tell", "step.remind"} <= set(verbs)


def test_next_step_when_done_or_a_duty_or_the_lead_ended_then_nobody_is_told(place: Place) -> None:
    done, duty, ends = (planned(place, name, TODAY) for name in ("送资料", "订合同", "再约谈"))
    actions.end_step(act_of(place.clerk), place.lead, done, result="已送")
    actions.step_into_duty(act_of(place.office), place.lead, duty)
    actions.move_lead(act_of(place.clerk), place.lead, "ended", reason="对方放弃")
    ends.refresh_from_db()
    assert (ends.step_ended_on, run(TODAY + 3 * DAY)) == (TODAY, 0)


def test_next_step_when_nobody_holds_its_post_then_passed_on_and_said(place: Place) -> None:
    planned(place, "送资料", TODAY)
    Held.objects.filter(post=place.post).update(until=TODAY - DAY)
    assert run(TODAY) == 1
    notice = Notice.objects.get()
    assert (notice.post, notice.unit) == (None, place.office.posts[0].organisation)
    assert "招商岗暂无人任职，转由您处理" in notice.words["said"]


def test_next_step_when_it_is_its_units_then_the_unit_is_told(place: Place) -> None:
    step = planned(place, "送资料", TODAY + DAY)
    change(act_of(place.office), "lead.import", step, next_post=None)
    assert run(TODAY + DAY) == 1
    notice = Notice.objects.get()
    assert (notice.post, notice.unit) == (None, place.unit)
    assert said(place) == [f"下一步「送资料」{TODAY + DAY} 当天到期，请跟进或办结"]


def test_next_step_when_its_lead_went_to_another_unit_then_that_unit_has_it(place: Place) -> None:
    actions.follow_up(
        act_of(place.clerk),
        place.lead,
        way="phone",
        said="有意",
        next_step=Next("送资料", TODAY + DAY, place.post),
    )
    unit = place.stranger.posts[0].organisation
    change(act_of(place.office), "lead.move", place.lead.subject, unit=unit)
    assert run(TODAY + DAY) == 1
    notice = Notice.objects.get()
    assert (notice.post, notice.unit) == (None, unit)
    assert [step.next_step for step in steps_on_desk(place.stranger)] == ["送资料"]
    assert steps_on_desk(place.clerk) == []


def test_next_step_when_who_has_it_is_the_head_then_the_rule_says_who_else(place: Place) -> None:
    rule = Rule.objects.get(key="lead.reminders")
    (rung,) = rule.value["steps"]
    rule.value["steps"] = [rung | {"to": "unit_head", "beyond": ["office"]}]
    rule.save()
    place.lead.leader_post = place.leader_post
    place.lead.save()
    actions.follow_up(
        act_of(place.clerk),
        place.lead,
        way="phone",
        said="有意",
        next_step=Next("送资料", TODAY, place.post),
    )
    assert run(TODAY) == 1
    notice = Notice.objects.get()
    assert (notice.post, notice.unit) == (None, place.office.posts[0].organisation)


def test_next_steps_when_one_post_owes_many_then_one_notice_leads_to_the_list(
    place: Place,
) -> None:
    for number in range(12):
        planned(place, f"示例第 {number} 步", TODAY + number * DAY)
    day = TODAY + 11 * DAY
    assert (run(day), StepReminder.objects.count()) == (1, 12)
    assert said(place) == [f"12 项招商下一步已到时限，最早 {TODAY}，请逐项跟进或办结"]
    assert Notice.objects.get().words["path"] == "/leads/?follow=late"
    assert run(day) == 0


def test_rule_when_it_has_two_rungs_then_each_is_told_once(place: Place) -> None:
    rule = Rule.objects.get(key="lead.reminders")
    rule.value["steps"].append(
        {
            "key": "late",
            "when": {"from": "due", "offset": 3, "unit": "day"},
            "to": "leader",
            "act": "remind",
        }
    )
    rule.save()
    place.lead.leader_post = place.leader_post
    place.lead.save()
    planned(place, "送资料", TODAY)
    assert (run(TODAY + 4 * DAY), run(TODAY + 5 * DAY)) == (2, 0)
    told = Notice.objects.order_by("pk").values_list("post_id", flat=True)
    assert set(told) == {place.post.pk, place.leader_post.pk}


def test_rule_when_there_is_none_then_nobody_is_told(place: Place) -> None:
    planned(place, "送资料", TODAY)
    Rule.objects.filter(key="lead.reminders").delete()
    assert run(TODAY) == 0


def test_reminder_when_kept_twice_then_the_database_refuses(place: Place) -> None:
    planned(place, "送资料", TODAY)
    run(TODAY)
    kept = StepReminder.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        StepReminder.objects.create(
            follow_up=kept.follow_up,
            rung=kept.rung,
            fell_on=TODAY,
            notice=kept.notice,
            rule=kept.rule,
        )


def test_tick_when_run_twice_then_counts_the_reminder_once(place: Place) -> None:
    planned(place, "送资料", TODAY)
    assert [tick.run(NOON).notices, tick.run(NOON).notices] == [1, 0]
