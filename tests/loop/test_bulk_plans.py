"""Bulk steps: the plan tells what moves and why not; the act writes one event each, or nothing."""

import datetime as dt
from dataclasses import replace

import pytest

from guatu.loop.actions import ask_extension, edit_duty, issue, report_no_change
from guatu.loop.actions.bulk import (
    affirm_many,
    ask_extensions,
    edit_many,
    issue_many,
    urge_many,
)
from guatu.loop.bulk_plans import plan_affirm, plan_edit, plan_extension, plan_issue, plan_urge
from guatu.loop.enums import Strength
from guatu.loop.models import Duty, Extension, Urge
from guatu.register.absences import add_absence
from guatu.register.bulk_plans import MOST, NOT_YOURS
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Event, Party
from guatu.register.policies import standing_of
from guatu.register.sealing import seal, verify
from tests.factories import NOON, TODAY, act_of, system_act
from tests.loop.builders import District, doing, drafted, issued, refusal, submitted

pytestmark = pytest.mark.django_db
LATER = dt.date(2025, 6, 30)
WHY = "职责调整"


def test_reassign_when_planned_then_units_reasons_and_one_event_each(place: District) -> None:
    mine = [issued(place), doing(place), drafted(place)]
    there = issued(place, owner_post=place.stranger_post)
    act = act_of(place.office, reason=WHY)
    plan = plan_edit(act, [*mine, there], owner_post=place.stranger_post)
    assert [(share.unit, share.moving, share.refused) for share in plan.by_unit] == [
        (place.unit, 3, 0),
        (place.stranger_post.organisation, 0, 1),
    ]
    assert [(one.row, one.refusal) for one in plan.refused] == [(there, "已经如此，没有变化")]
    assert edit_many(plan) == 3
    owned = Duty.objects.filter(owner_post=place.stranger_post)
    assert set(owned.values_list("owner_unit", flat=True)) == {place.stranger_post.organisation_id}
    events = Event.objects.filter(verb="duty.edit", batch=plan.act.batch)
    assert (events.count(), set(events.values_list("reason", flat=True))) == (3, {WHY})
    # The new owner sees the subject, whoever owned before does by its unit.
    named = Party.objects.filter(subject=place.subject, ended=False)
    assert set(named.values_list("post", flat=True)) == {place.stranger_post.pk}
    seal(NOON)
    assert verify().faults == []


def test_reassign_when_compared_with_one_by_one_then_rows_and_namings_are_the_same(
    place: District,
) -> None:
    one, many = issued(place), issued(place)
    edit_duty(act_of(place.office, reason=WHY), one, owner_post=place.stranger_post)
    plan = plan_edit(act_of(place.office, reason=WHY), [many], owner_post=place.stranger_post)
    edit_many(plan)
    columns = ("owner_post", "owner_unit", "leader_post", "state", "revision")
    found = [Duty.objects.filter(pk=duty.pk).values(*columns).get() for duty in (one, many)]
    assert found[0] == found[1]
    assert Party.objects.filter(ended=False, post=place.stranger_post).count() == 1


def test_reassign_when_reason_missing_closed_or_not_ones_own_then_each_says_why(
    place: District,
) -> None:
    running = issued(place)
    with pytest.raises(Invalid) as caught:
        plan_edit(act_of(place.office), [running], strength=Strength.ENSURE)
    assert refusal(caught) == ("所选含已下达的事项，请说明理由。", "reason")
    with pytest.raises(Invalid) as caught:
        plan_edit(
            act_of(place.office, reason=WHY),
            [running],
            owner_post=place.stranger_post,
            owner_unit=place.unit,
        )
    assert refusal(caught) == ("责任岗位不在责任单位之内。", "owner_post")
    plan = plan_edit(act_of(place.owner, reason=WHY), [running], strength=Strength.ENSURE)
    assert [one.refusal for one in plan.verdicts] == [NOT_YOURS]
    with pytest.raises(Invalid, match="没有改动"):
        edit_many(plan)
    with pytest.raises(Invalid, match="请选择要改成什么"):
        plan_edit(act_of(place.office, reason=WHY), [running])
    with pytest.raises(Invalid, match=f"一次最多办理 {MOST} 项"):
        plan_edit(act_of(place.office, reason=WHY), [running] * (MOST + 1), strength=Strength.SEEK)


def test_reassign_when_somebody_was_faster_then_none_is_done(place: District) -> None:
    first, second = issued(place), issued(place)
    plan = plan_edit(
        act_of(place.office, reason=WHY), [first, second], owner_post=place.stranger_post
    )
    other = Duty.objects.get(pk=second.pk)
    edit_duty(act_of(place.office, reason="更正"), other, title="更正后的名称")
    with pytest.raises(Stale):
        edit_many(plan)
    assert Duty.objects.filter(owner_post=place.stranger_post).count() == 0


def test_postpone_when_planned_then_rule_of_extensions_holds(place: District) -> None:
    plain, undated, asked = issued(place), issued(place, None), issued(place)
    review, _ = submitted(place)
    ask_extension(act_of(place.owner), asked, to_due=LATER, reason="待批")
    act = act_of(place.owner)
    plan = plan_extension(act, [plain, undated, asked, review], to_due=LATER, reason="汛期")
    assert {one.row.pk: one.refusal for one in plan.refused} == {
        undated.pk: "期限待定，不必延期",
        asked.pk: "已有一份延期申请在等批复",
        review.pk: "现在是待核，不能申请延期",
    }
    assert ask_extensions(plan) == 1
    assert Extension.objects.filter(duty=plain, reason="汛期", to_due=LATER).count() == 1
    assert Duty.objects.get(pk=plain.pk).due == plain.due
    with pytest.raises(Invalid, match="新期限须晚于今天"):
        plan_extension(act, [plain], to_due=TODAY, reason="汛期")


def test_urge_when_planned_then_downward_once_a_working_day(place: District) -> None:
    first, second = issued(place), drafted(place)
    plan = plan_urge(act_of(place.leader), [first, second], words="请加快")
    assert [bool(one.refusal) for one in plan.verdicts] == [False, True]
    urge_many(plan)
    again = plan_urge(act_of(place.leader), [first])
    assert [one.refusal for one in again.verdicts] == [
        "2025-03-18 已经催办过，下一个工作日可再催办"
    ]
    row = Urge.objects.get()
    assert (row.duty, row.words, row.to_post) == (first, "请加快", place.owner_post)


def test_issue_when_compared_with_one_by_one_then_rows_and_namings_are_the_same(
    place: District,
) -> None:
    one, many = (drafted(place, owner_post=place.stranger_post) for _ in range(2))
    nobodys = drafted(place)
    edit_duty(act_of(place.office), nobodys, owner_post=None, owner_unit=None)
    running = issued(place)
    issue(act_of(place.office), one)
    plan = plan_issue(act_of(place.office), [many, nobodys, running])
    assert [(told.row, told.refusal) for told in plan.refused] == [
        (nobodys, "还没有责任单位，不能下达"),
        (running, "现在是已下达，不能下达"),
    ]
    assert issue_many(plan) == 1
    columns = ("state", "issued_on", "revision")
    found = [Duty.objects.filter(pk=duty.pk).values(*columns).get() for duty in (one, many)]
    assert found[0] == found[1]
    assert Party.objects.filter(ended=False, post=place.stranger_post).count() == 1
    assert Event.objects.filter(verb="duty.issue", row=many.pk).count() == 1


def test_no_change_when_planned_then_only_what_may_be_affirmed(place: District) -> None:
    fresh, again = issued(place), issued(place)
    report_no_change(act_of(place.owner), [again])
    plan = plan_affirm(act_of(place.owner), [fresh, again])
    assert [(told.row, told.told) for told in plan.moving] == [(fresh, {"affirmed": "尚未开展"})]
    assert [told.refusal for told in plan.refused] == ["今天已经报告过，不必重复"]
    affirm_many(plan)
    assert Duty.objects.get(pk=fresh.pk).reported_on == TODAY
    assert Event.objects.filter(verb="report.affirm").count() == 2


def test_bulk_when_deputy_acts_then_only_what_is_the_absents_says_so(place: District) -> None:
    own = issued(place, owner_post=place.stranger_post)
    acted = issued(place)
    add_absence(
        system_act(), place.owner_post, since=TODAY, until=TODAY, deputy_post=place.stranger_post
    )
    deputy = standing_of(place.stranger.officer, TODAY)
    plan = plan_extension(act_of(deputy), [own, acted], to_due=LATER, reason="汛期")
    assert [one.behalf for one in plan.moving] == [None, place.owner_post]
    ask_extensions(replace(plan, act=act_of(deputy)))
    told = Event.objects.filter(verb="extension.ask").order_by("subject_id", "pk")
    assert sorted(str(event.behalf or "") for event in told) == ["", str(place.owner_post)]


def test_plan_when_duties_are_many_then_questions_do_not_grow(
    place: District, django_assert_num_queries: object
) -> None:
    few, more = [issued(place)], [issued(place) for _ in range(9)]
    for duties in (few, more):
        with django_assert_num_queries(0):  # type: ignore[operator]
            plan_edit(act_of(place.office, reason=WHY), duties, owner_post=place.stranger_post)
