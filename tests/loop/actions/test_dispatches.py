"""Meetings: an agenda of exceptions, arranged and frozen; decisions that become duties."""

import datetime as dt

import pytest

from guatu.loop.actions import ClaimGiven, accept_blocker, raise_blocker, report
from guatu.loop.actions.agendas import (
    Built,
    add_item,
    build_agenda,
    drop_item,
    finalise,
    move_item,
    restore_item,
    unfreeze,
)
from guatu.loop.actions.deciding import decide
from guatu.loop.actions.dispatches import cancel_meeting, change_meeting, hold_meeting
from guatu.loop.actions.escalating import take_steps
from guatu.loop.actions.reviewing import accept_and_close
from guatu.loop.dispatch_rules import agenda_rule
from guatu.loop.enums import DutySource
from guatu.loop.exceptions import Scope, exceptions_in
from guatu.loop.models import AgendaItem, Attendant, Blocker, Decision, Duty, EscalationStep
from guatu.loop.queries.dispatches import dispatch_page, find_dispatch, items_of, left_in
from guatu.loop.removers import Remover, Spot
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Holding, Rule
from guatu.register.recording import change
from tests.factories import NOON, TODAY, act_of, make_post, make_subject, make_unit, system_act
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District, issued, on, refusal, submitted
from tests.loop.gatherings import LATE, called, final

pytestmark = pytest.mark.django_db


def told(place: District, meeting: object) -> list[tuple[int, str, str]]:
    rows = items_of(place.office, meeting)  # type: ignore[arg-type]
    return [(row.tier, row.cause, row.title) for row in rows if row.stands]


def test_agenda_when_built_then_exceptions_alone_stand_by_tier_and_unit(place: District) -> None:
    first = make_unit(place.root, "示例首局", rank=1)
    issued(place, due=LATE, title="后面单位的红灯事项")
    issued(place, due=LATE, title="前面单位的红灯事项", owner_post=make_post(first))
    issued(place, due=TODAY + dt.timedelta(days=60), title="正常事项")
    issued(place, due=None, title="待定事项")
    blocker = raise_blocker(
        act_of(place.owner), Spot(place.subject), "funds", remover=Remover(place.unit)
    )
    Blocker.objects.filter(pk=blocker.pk).update(
        state="upper",
        upper_unit=place.root,
        upper_since=TODAY - dt.timedelta(days=7),
        upper_level=1,
    )
    meeting = called(place)
    assert build_agenda(act_of(place.office), meeting) == Built(3, 0, 3)
    assert told(place, meeting) == [
        (1, "blocker_up", blocker.title),
        (2, "duty_red", "前面单位的红灯事项"),
        (2, "duty_red", "后面单位的红灯事项"),
    ]
    item = meeting.items.get(cause="blocker_up")
    assert item.reason == "已提请示例区协调 5 个工作日，尚未答复，累计损失 0 个工作日"
    assert (item.ask, item.blocker, item.about) == (
        "请明确由谁牵头、何时解决",
        blocker,
        place.subject,
    )


def test_agenda_when_a_blocker_is_only_taken_on_then_it_still_stands_as_unanswered(
    place: District,
) -> None:
    there = bureau(place)
    blocker = raised(place, there.remover, Spot(place.subject))
    accept_blocker(on(there.standing, 7), blocker)
    day = on(place.office, 8).business_date
    rule = agenda_rule(day)
    (found,) = [one for one in exceptions_in(Scope(), rule, day) if one.blocker is not None]
    assert found.told.reason == ("交由示例财政局解决 6 个工作日，尚未答复，累计损失 6 个工作日")


def test_agenda_when_built_again_then_what_a_person_did_stays_and_what_is_solved_goes(
    place: District,
) -> None:
    duty, _ = submitted(place, due=LATE)
    dropped = issued(place, due=LATE, title="不上会的事项")
    meeting = called(place)
    build_agenda(act_of(place.office), meeting)
    by_hand = add_item(act_of(place.office), meeting, title="示例手工议题", tier=1)
    drop_item(act_of(place.office), meeting.items.get(duty=dropped), reason="已另行约谈")
    accept_and_close(act_of(place.leader), Duty.objects.get(pk=duty.pk))
    issued(place, due=LATE, title="新的红灯事项")
    assert build_agenda(act_of(place.office), meeting) == Built(1, 1, 2)
    assert [title for _, _, title in told(place, meeting)] == [by_hand.title, "新的红灯事项"]
    off = meeting.items.get(duty=dropped)
    assert (off.dropped, off.dropped_reason) == (True, "已另行约谈")
    restore_item(act_of(place.office), off)
    assert len(told(place, meeting)) == 3


def test_agenda_when_a_late_duty_waits_for_review_then_the_reviewer_is_asked_not_the_owner(
    place: District,
) -> None:
    led, _ = submitted(place, due=LATE)
    loose, _ = submitted(place, due=LATE)
    change(system_act(), "duty.edit", loose, leader_post=None)
    submitted(place, due=TODAY + dt.timedelta(days=11))  # amber: nobody is late with it
    climbed = issued(place, due=LATE)
    week = dt.timedelta(days=7)
    take_steps(system_act(NOON + week, TODAY + week))
    assert EscalationStep.objects.filter(duty=climbed, to="leader").exists()
    done = [ClaimGiven("办结", closes=True)]
    report(act_of(place.owner), climbed, text="办完", claims=done, submit=True)
    meeting = called(place)
    build_agenda(on(place.office, 9), meeting)
    office = place.office.posts[0]
    asked = {item.duty_id: item for item in meeting.items.all()}
    told = [(asked[one.pk].unit, asked[one.pk].reason) for one in (led, loose)]
    began = f"示例工信局于 {TODAY} 提请核验"
    assert told == [
        (place.leader_post.organisation, f"{began}，已等示例区政府副区长核验 9 天"),
        (office.organisation, f"{began}，已等{office}核验 9 天"),
    ]
    assert {(item.cause, item.ask) for item in asked.values()} == {
        ("review", "请核验人说明何时核完")
    }
    assert asked.keys() == {led.pk, loose.pk, climbed.pk}


def test_agenda_when_the_rule_is_of_before_then_what_waits_for_review_still_asks_the_reviewer(
    place: District,
) -> None:
    rule = Rule.objects.get(key="dispatch.agenda")
    causes = [row for row in rule.value["causes"] if row["code"] != "review"]
    Rule.objects.filter(pk=rule.pk).update(value=rule.value | {"causes": causes})
    submitted(place, due=LATE)
    meeting = called(place)
    build_agenda(act_of(place.office), meeting)
    item = meeting.items.get()
    assert (item.tier, item.cause, item.ask) == (2, "review", "请核验人说明何时核完")


def test_agenda_when_there_are_too_many_then_each_cause_stays_and_the_rest_is_counted(
    place: District,
) -> None:
    rule = Rule.objects.get(key="dispatch.agenda")
    Rule.objects.filter(pk=rule.pk).update(value=rule.value | {"most": 4, "each": 1})
    for number in range(5):
        issued(place, due=LATE, title=f"红灯事项{number}")
    soon = issued(place, due=TODAY + dt.timedelta(days=2), title="黄灯事项")
    meeting = called(place)
    assert build_agenda(act_of(place.office), meeting) == Built(4, 0, 4, 2)
    assert {title for _, cause, title in told(place, meeting) if cause == "duty_amber"} == {
        soon.title
    }
    (left,) = meeting.figures["left"]
    assert (left["code"], left["name"], left["count"]) == ("duty_red", "红灯事项", 2)
    assert [one["title"] for one in left["items"]] == ["红灯事项3", "红灯事项4"]
    listed = meeting.items.filter(cause="duty_red").order_by("pk")
    drop_item(act_of(place.office), listed[0], reason="已另行约谈")
    # What was taken off takes no place; what is graver by now takes that of another.
    for title in ("更久的甲", "更久的乙"):
        issued(place, due=LATE - dt.timedelta(days=9), title=title)
    assert build_agenda(act_of(place.office), meeting) == Built(2, 0, 4, 3)
    assert {"更久的甲", "更久的乙"} < {title for _, _, title in told(place, meeting)}
    (outranked,) = left_in(meeting)["outranked"]
    assert meeting.items.get(thing=outranked).cleared
    kept = left_in(meeting)
    finalise(act_of(place.office), meeting)
    assert (left_in(meeting), "counts" in meeting.figures) == (kept, True)
    unfreeze(act_of(place.office), meeting, reason="再排")
    assert meeting.figures == kept


def test_items_when_moved_then_they_change_places_and_the_end_is_said(place: District) -> None:
    for title in ("甲", "乙"):
        issued(place, due=LATE, title=title)
    meeting = called(place)
    build_agenda(act_of(place.office), meeting)
    second = meeting.items.get(title="乙")
    move_item(act_of(place.office), second, up=True, expected_revision=second.revision)
    assert [title for _, _, title in told(place, meeting)] == ["乙", "甲"]
    build_agenda(act_of(place.office), meeting)
    assert [title for _, _, title in told(place, meeting)] == ["乙", "甲"]
    with pytest.raises(Invalid, match="已排在本组的最前"):
        move_item(act_of(place.office), AgendaItem.objects.get(title="乙"), up=True)


def test_meeting_when_final_then_figures_are_kept_and_nothing_moves(place: District) -> None:
    meeting, item = final(place)
    counts = {row["code"]: row["count"] for row in meeting.figures["counts"]}
    assert (meeting.state, meeting.final_on, counts["duty_red"]) == ("final", TODAY, 1)
    for refused in (
        lambda: build_agenda(act_of(place.office), meeting),
        lambda: drop_item(act_of(place.office), item, reason="理由"),
        lambda: change_meeting(act_of(place.office), meeting, title="改名"),
    ):
        with pytest.raises(Invalid, match="现在是定稿"):
            refused()
    unfreeze(act_of(place.office), meeting, reason="漏列一项")
    assert (meeting.state, meeting.figures) == ("planned", {})


def test_decision_when_taken_then_a_duty_is_issued_and_the_next_meeting_tells_of_it_first(
    place: District,
) -> None:
    meeting, item = final(place)
    due = TODAY + dt.timedelta(days=3)
    duty = decide(
        act_of(place.leader),
        item,
        title="三日内补齐手续",
        owner_post=place.owner_post,
        leader_post=place.leader_post,
        due=due,
        expected_revision=item.revision,
    )
    assert (duty.source, duty.state, duty.owner_unit, duty.subject) == (
        DutySource.MEETING,
        "issued",
        place.unit,
        place.subject,
    )
    decision = Decision.objects.get()
    assert (decision.meeting, decision.item, decision.duty) == (meeting, item, duty)
    batch = Event.objects.get(verb="decision.take").batch
    verbs = set(Event.objects.filter(batch=batch).values_list("verb", flat=True))
    assert {"agenda.decide", "duty.draft", "duty.issue", "decision.take"} <= verbs
    later = called(place, on=TODAY + dt.timedelta(days=7), title="下一次示例调度会")
    row = dispatch_page(place.office, later).carried[0]
    assert (row["title"], row["owner"], row["due"], row["state"], row["lamp"]) == (
        "三日内补齐手续",
        str(place.owner_post),
        due.isoformat(),
        "已下达",
        "amber",
    )
    # An agenda without items but with decisions to report on is not empty.
    finalise(act_of(place.office), later)
    assert [one["title"] for one in later.figures["carried"]] == ["三日内补齐手续"]


def test_decision_when_two_decide_at_once_then_the_second_is_told_and_nothing_is_made(
    place: District,
) -> None:
    _, item = final(place)
    seen = item.revision
    decide(act_of(place.leader), item, title="甲定的", owner_unit=place.unit)
    again = AgendaItem.objects.get(pk=item.pk)
    with pytest.raises(Stale, match="刚被别人改过"):
        decide(
            act_of(place.office),
            again,
            title="乙定的",
            owner_unit=place.unit,
            expected_revision=seen,
        )
    assert list(Decision.objects.values_list("duty__title", flat=True)) == ["甲定的"]
    assert not Duty.objects.filter(title="乙定的").exists()


def test_meeting_when_told_nonsense_then_refused_in_a_sentence(place: District) -> None:
    empty_chair = make_post(place.unit, Role.LEADER, "空缺领导")
    ask = "请安全管理员补登任职，或改由其他岗位主持。"
    cases = {
        ("会议日期 2024-12-30 早于「示例攻坚年」，请核对年份。", "on"): {
            "on": dt.date(2024, 12, 30)
        },
        ("会议日期 2026-01-05 晚于「示例攻坚年」，请核对年份。", "on"): {"on": dt.date(2026, 1, 5)},
        (
            f"主持岗位「{empty_chair}」在 2025-03-18 无人担任，{ask}",
            "chair_post",
        ): {"chair_post": empty_chair},
        ("请选择片区。", "area"): {"area": place.unit},
    }
    for sentence, said in cases.items():
        with pytest.raises(Invalid) as caught:
            called(place, **said)  # type: ignore[arg-type]
        assert refusal(caught) == sentence
    meeting = called(place)
    with pytest.raises(Invalid, match="议程还是空的"):
        finalise(act_of(place.office), meeting)
    with pytest.raises(Forbidden):
        build_agenda(act_of(place.owner), meeting)
    item = add_item(act_of(place.office), meeting, title="示例议题")
    with pytest.raises(Invalid, match="现在是筹备，不能议定"):
        decide(act_of(place.leader), item, title="早了", owner_unit=place.unit)
    Holding.objects.filter(post=place.leader_post).delete()
    with pytest.raises(Invalid, match="无人担任"):
        finalise(act_of(place.office), meeting)


def test_decision_when_told_nonsense_then_refused_in_a_sentence(place: District) -> None:
    meeting, item = final(place)
    for sentence, said in {
        ("请选择责任单位或责任岗位。", "owner_unit"): {},
        ("完成期限 2025-03-17 早于会议日期 2025-03-18。", "due"): {
            "owner_unit": place.unit,
            "due": TODAY - dt.timedelta(days=1),
        },
    }.items():
        with pytest.raises(Invalid) as caught:
            decide(act_of(place.leader), item, title="示例", **said)  # type: ignore[arg-type]
        assert refusal(caught) == sentence
    decide(act_of(place.leader), AgendaItem.objects.get(), title="示例", owner_unit=place.unit)
    with pytest.raises(Invalid, match="已有议定事项，不能取消"):
        cancel_meeting(act_of(place.office), meeting, reason="改期")
    with pytest.raises(Invalid, match="已经有议定事项，不能撤回定稿"):
        unfreeze(act_of(place.office), meeting, reason="改期")


def test_meeting_when_held_early_then_refused_and_as_of_shows_what_was_known(
    place: District,
) -> None:
    meeting, _ = final(place, on=TODAY + dt.timedelta(days=1))
    with pytest.raises(Invalid, match="还没有到日子"):
        hold_meeting(act_of(place.office), meeting)
    hold_meeting(on(place.office), meeting)
    then = find_dispatch(place.office, meeting.public_id, TODAY)
    now = find_dispatch(place.office, meeting.public_id)
    assert (then and then.state, now and now.state) == ("final", "held")


def test_decision_when_the_meeting_has_not_come_then_refused_until_its_day(
    place: District,
) -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    _, item = final(place, on=tomorrow)
    why = f"会议定于 {tomorrow} 召开，还没有到日子；提前召开的，请撤回定稿、改好日期再办。"
    with pytest.raises(Invalid) as caught:
        decide(act_of(place.leader), item, title="早了", owner_unit=place.unit)
    assert (str(caught.value), Decision.objects.count()) == (why, 0)
    item.refresh_from_db()
    decide(on(place.leader), item, title="到了", owner_unit=place.unit)
    assert Decision.objects.count() == 1


def test_meeting_when_not_final_then_attendants_do_not_see_it(place: District) -> None:
    meeting = called(place)
    key = meeting.public_id
    assert find_dispatch(place.owner, key) is None
    add_item(act_of(place.office), meeting, title="本单位议题", unit=place.unit)
    add_item(act_of(place.office), meeting, title="别家议题", unit=place.root)
    finalise(act_of(place.office), meeting)
    assert find_dispatch(place.owner, key) == meeting
    assert find_dispatch(place.stranger, key) is None
    assert [row.title for row in items_of(place.owner, meeting)] == ["本单位议题"]


def test_scope_when_narrowed_then_other_chapters_and_units_stay_away(place: District) -> None:
    elsewhere = make_subject(place.stranger_post.organisation)
    issued(place, due=LATE, title="本单位事项")
    other = issued(
        place, due=LATE, title="外单位事项", owner_post=place.stranger_post, subject=elsewhere
    )
    change(system_act(), "duty.edit", other, domain="investment")
    by_unit, by_domain = called(place, unit=place.unit), called(place, domain="investment")
    for meeting in (by_unit, by_domain):
        build_agenda(act_of(place.office), meeting)
    assert [row[2] for row in told(place, by_unit)] == ["本单位事项"]
    assert [row[2] for row in told(place, by_domain)] == ["外单位事项"]


def test_attendants_when_changed_then_only_the_difference_is_recorded(place: District) -> None:
    meeting = called(place)
    there = place.stranger_post.organisation
    change_meeting(
        act_of(place.office), meeting, attendants=[there, place.leader_post], where="示例会议室"
    )
    rows = Attendant.objects.order_by("pk").values_list("unit__name", "ended")
    # Who chairs is not invited besides.
    assert list(rows) == [("示例工信局", True), ("示例住建局", False)]
    assert meeting.where == "示例会议室"
