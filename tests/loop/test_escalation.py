"""Duties climb the ladder: each step once, to whoever is there, whatever the clock does."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from guatu.loop.actions import ask_extension, decide_extension, edit_duty, pause, resume
from guatu.loop.actions.escalating import Taken, take_steps
from guatu.loop.actions.reviewing import accept_and_close, close, return_
from guatu.loop.actions.setting_back import take_back
from guatu.loop.enums import DutyState
from guatu.loop.escalation.words import sentence
from guatu.loop.models import Duty, EscalationStep, Letter, Notice
from guatu.loop.queries.inbox import unread_of
from guatu.register import sealing
from guatu.register.enums import Role
from guatu.register.keys import uuid7
from guatu.register.models import Event, Holding, Post, Rule
from guatu.register.policies import Standing
from guatu.register.posts import release_post
from guatu.register.recording import Act, change, create
from tests.factories import NOON, TODAY, make_officer, make_post, make_unit, shut, system_act
from tests.loop.builders import District, issued, on, submitted

pytestmark = pytest.mark.django_db
DUE = dt.date(2025, 3, 31)
DAY = dt.timedelta(days=1)


def tick(day: dt.date) -> Taken:
    """Run the timer on a campaign day."""
    return take_steps(system_act(NOON + (day - TODAY), day))


def act(standing: Standing, day: dt.date) -> Act:
    """Act of an officer on a campaign day."""
    return on(standing, (day - TODAY).days)


def climbed(duty: Duty) -> list[tuple[str, str, str]]:
    """Steps of a duty: key, when it fell due, when it was taken."""
    rows = EscalationStep.objects.filter(duty=duty)
    return [(row.step, row.fell_on.isoformat()[5:], row.taken_on.isoformat()[5:]) for row in rows]


def told(duty: Duty) -> list[tuple[str, str]]:
    """To whom and what the notices about a duty say, in order."""
    rows = Notice.objects.filter(duty=duty).order_by("pk").select_related("post", "unit")
    return [(str(row.post or row.unit), sentence(row.kind, row.words)) for row in rows]


def back_on(day: dt.date) -> int:
    """Let the timer take back what the campaign's day was set back from."""
    return take_back(system_act(NOON + (day - TODAY), day))


def on_each(days: range, since: dt.date = TODAY) -> int:
    """Run the timer day by day, twice a day; the second run never finds anything."""
    steps = 0
    for number in days:
        steps += tick(since + number * DAY).steps
        assert tick(since + number * DAY) == Taken(0, 0, ())
    return steps


def test_duty_when_ignored_for_weeks_then_climbs_each_step_once(place: District) -> None:
    duty = issued(place, DUE)
    assert on_each(range(40)) == 5
    assert climbed(duty) == [
        ("soon", "03-24", "03-24"),
        ("near", "03-28", "03-28"),
        ("late", "04-01", "04-01"),
        ("letter", "04-08", "04-08"),
        ("copy", "04-08", "04-08"),
    ]
    assert told(duty) == [
        ("示例工信局经办岗", "2025-03-31 到期，还有 7 天，请抓紧办理并报告"),
        ("示例工信局经办岗", "2025-03-31 到期，还有 3 天，请抓紧办理并报告"),
        (
            "示例区政府副区长",
            (
                "2025-03-31 到期，逾期 1 天仍未办结，请督促办理；"
                "责任岗位（示例工信局经办岗）即本单位唯一的负责岗位，转由您督促"
            ),
        ),
        ("示例专班", "2025-03-31 到期，逾期 8 天仍未办结，建议发督办函，已拟稿，请核对送签"),
        ("示例区政府副区长", "2025-03-31 到期，逾期 8 天仍未办结，抄送知悉"),
    ]


def test_step_when_taken_then_reason_cites_rule_and_days(place: District) -> None:
    duty = issued(place, DUE)
    on_each(range(30))
    step = EscalationStep.objects.get(duty=duty, step="letter")
    rule = Rule.objects.get(key="escalation.duty")
    assert (step.rule, step.cycle, step.place, step.to) == (rule, DUE, 3, "office")
    assert step.reason == {
        "rule": {
            "key": "escalation.duty",
            "name": "责任事项逐级提醒",
            "valid_from": "2020-01-01",
            "issuer": "系统默认",
            "status": "pending",
        },
        "from": "due",
        "base": "2025-03-31",
        "offset": 5,
        "unit": "workday",
        "planned": "2025-04-08",
        "instead": None,
    }
    verbs = Event.objects.filter(subject=place.subject, verb__in=["escalation.take", "notice.tell"])
    assert verbs.count() == 10
    sealing.seal(NOON + 60 * DAY)
    assert sealing.verify(None).intact


def test_timer_when_off_for_days_then_all_steps_once_in_order_and_one_notice_each(
    place: District,
) -> None:
    duty = issued(place, DUE)
    run = tick(dt.date(2025, 4, 10))
    assert (run.steps, run.notices, [cause.duty for cause in run.letters]) == (5, 3, [duty.pk])
    assert climbed(duty) == [
        ("soon", "03-24", "04-10"),
        ("near", "03-28", "04-10"),
        ("late", "04-01", "04-10"),
        ("letter", "04-08", "04-10"),
        ("copy", "04-08", "04-10"),
    ]
    assert told(duty) == [
        (
            "示例工信局经办岗",
            "2025-03-31 到期，逾期 10 天仍未办结，请抓紧办理并报告；应于 2025-03-28 提醒，补发",
        ),
        (
            "示例区政府副区长",
            "2025-03-31 到期，逾期 10 天仍未办结，抄送知悉；应于 2025-04-08 提醒，补发",
        ),
        (
            "示例专班",
            (
                "2025-03-31 到期，逾期 10 天仍未办结，建议发督办函，已拟稿，请核对送签；"
                "应于 2025-04-08 提醒，补发"
            ),
        ),
    ]


def test_clock_when_set_back_then_no_second_reminder_and_no_lost_step(place: District) -> None:
    duty = issued(place, DUE)
    on_each(range(15))
    before = climbed(duty)
    assert on_each(range(14)) == 0
    assert climbed(duty) == before
    on_each(range(14, 40))
    assert [step for step, *_ in climbed(duty)] == ["soon", "near", "late", "letter", "copy"]


def test_clock_when_set_far_ahead_by_mistake_then_what_was_told_is_taken_back_and_told_in_time(
    place: District,
) -> None:
    far = dt.date(2025, 9, 30)
    duty, soon = issued(place, far), issued(place, DUE)
    wrong = dt.date(2025, 12, 31)
    assert tick(wrong).drafted == 2
    draft, other = Letter.objects.filter(duty=duty), Letter.objects.get(duty=soon)
    assert [back_on(TODAY), back_on(TODAY)] == [5, 0]
    assert climbed(duty) == []
    assert len(climbed(soon)) == 5  # its steps fall due within the month and are not told twice
    assert draft.get().state == "withdrawn"
    assert Letter.objects.get(pk=other.pk).state == "draft"
    assert list(unread_of(place.owner)) == []
    assert tick(TODAY) == Taken(0, 0, ())
    on_each(range(190, 240))
    assert [step for step, *_ in climbed(duty)] == ["soon", "near", "late", "letter", "copy"]
    assert [step for step, *_ in climbed(soon)] == ["soon", "near", "late", "letter", "copy"]
    assert sorted(draft.values_list("state", flat=True)) == ["draft", "withdrawn"]
    assert EscalationStep.every.filter(duty=duty).count() == 10


def test_duty_when_paused_then_the_clock_stands_until_it_is_resumed(place: District) -> None:
    duty = issued(place, DUE)
    on_each(range(15))
    pause(act(place.office, dt.date(2025, 4, 2)), duty, reason="等上级批复")
    on_each(range(15, 27))
    resume(act(place.office, dt.date(2025, 4, 14)), duty)
    on_each(range(27, 45))
    assert climbed(duty) == [
        ("soon", "03-24", "03-24"),
        ("near", "03-28", "03-28"),
        ("late", "04-01", "04-01"),
        ("letter", "04-17", "04-17"),
        ("copy", "04-17", "04-17"),
    ]


def test_duty_when_extended_then_the_ladder_starts_anew(place: District) -> None:
    duty = issued(place, DUE)
    on_each(range(15))
    day = dt.date(2025, 4, 2)
    asked = ask_extension(act(place.owner, day), duty, to_due=dt.date(2025, 4, 20), reason="雨季")
    on_each(range(15, 17))
    decide_extension(act(place.leader, day + DAY), asked, approve=True, opinion="同意")
    on_each(range(17, 50))
    assert climbed(duty)[3:] == [
        ("soon", "04-13", "04-13"),
        ("near", "04-17", "04-17"),
        ("late", "04-21", "04-21"),
        ("letter", "04-25", "04-25"),
        ("copy", "04-25", "04-25"),
    ]
    cycles = EscalationStep.objects.filter(duty=duty).values_list("cycle", flat=True)
    assert sorted(set(cycles)) == [DUE, dt.date(2025, 4, 20)]


def test_duty_when_extended_while_the_timer_was_off_then_steps_of_both_terms_are_taken(
    place: District,
) -> None:
    duty = issued(place, DUE)
    day = dt.date(2025, 4, 3)
    asked = ask_extension(act(place.owner, day), duty, to_due=dt.date(2025, 4, 30), reason="雨季")
    decide_extension(act(place.leader, day), asked, approve=True, opinion="同意")
    tick(dt.date(2025, 4, 23))
    assert [(step, fell) for step, fell, _ in climbed(duty)] == [
        ("soon", "03-24"),
        ("near", "03-28"),
        ("late", "04-01"),
        ("soon", "04-23"),
    ]


def test_duty_when_its_day_is_put_off_and_back_then_no_step_twice(place: District) -> None:
    duty = issued(place, DUE)
    on_each(range(8))
    change(system_act(day=dt.date(2025, 3, 25)), "duty.move_due", duty, due=dt.date(2025, 5, 30))
    on_each(range(8, 10))
    change(system_act(day=dt.date(2025, 3, 27)), "duty.move_due", duty, due=DUE)
    on_each(range(10, 16))
    assert [step for step, *_ in climbed(duty)] == ["soon", "near", "late"]


def test_duty_when_submitted_then_not_late_until_it_comes_back(place: District) -> None:
    duty, _ = submitted(place, due=TODAY)
    assert on_each(range(10)) == 0
    return_(act(place.office, TODAY + 10 * DAY), duty, reason="材料不全")
    # Returned on 28 March; the first day that counts again is that day itself.
    on_each(range(10, 20))
    assert next((step, fell) for step, fell, _ in climbed(duty)) == ("late", "03-28")


def test_duty_when_closed_then_nobody_is_told_any_more(place: District) -> None:
    duty, claim = submitted(place, due=TODAY)
    change(system_act(), "claim.accepted", claim, state="accepted")
    close(act(place.office, TODAY + DAY), duty)
    assert on_each(range(30)) == 0


def test_inbox_when_what_is_asked_for_is_done_then_nothing_is_left_unread(place: District) -> None:
    duty, _ = submitted(place, DUE)
    Duty.objects.filter(pk=duty.pk).update(state=DutyState.DOING)
    tick(DUE + 10 * DAY)
    assert [notice.kind for notice in unread_of(place.office)] == ["letter"]
    duty.refresh_from_db()
    Duty.objects.filter(pk=duty.pk).update(state=DutyState.REVIEW)
    duty.refresh_from_db()
    accept_and_close(act(place.office, DUE + 11 * DAY), duty)
    assert list(unread_of(place.office)) == []
    assert {notice.kind for notice in unread_of(place.leader)} <= {"copy"}
    assert Notice.objects.filter(duty=duty).count() > 2


def test_duty_when_due_before_the_campaign_then_counted_from_the_day_it_was_issued(
    place: District,
) -> None:
    duty = issued(place, dt.date(2025, 1, 1))
    # As a landed version let it be written, or a paper quotes it.
    Duty.objects.filter(pk=duty.pk).update(due=dt.date(2019, 12, 31))
    assert tick(TODAY).steps == 0
    on_each(range(1, 12))
    assert [(step, fell) for step, fell, _ in climbed(duty)] == [
        ("late", "03-19"),
        ("letter", "03-25"),
        ("copy", "03-25"),
    ]
    assert EscalationStep.objects.filter(duty=duty).first().reason["base"] == "2025-03-18"  # type: ignore[union-attr]


def test_duty_when_undated_or_a_draft_then_left_alone(place: District) -> None:
    issued(place, None)
    drafted = issued(place, DUE)
    Duty.objects.filter(pk=drafted.pk).update(state=DutyState.DRAFT)
    assert on_each(range(40)) == 0


def test_step_when_nobody_holds_the_post_then_the_unit_head_is_told_and_why(
    place: District,
) -> None:
    head = create(
        system_act(),
        "post.add",
        Post(organisation=place.unit, title="局长", role=Role.UNIT, rank=1),
    )
    make_officer(head)
    duty = issued(place, DUE)
    holding = Holding.objects.get(post=place.owner_post)
    release_post(system_act(), holding, until=TODAY)
    tick(dt.date(2025, 3, 24))
    assert told(duty) == [
        (
            "示例工信局局长",
            "2025-03-31 到期，还有 7 天，请抓紧办理并报告；示例工信局经办岗暂无人任职，转由您处理",
        )
    ]
    step = EscalationStep.objects.get(duty=duty)
    instead = {"to": "owner", "name": "示例工信局经办岗", "why": "vacant"}
    assert (step.post, step.reason["instead"]) == (head, instead)


def test_step_when_nobody_is_left_in_the_unit_then_the_office_is_told(place: District) -> None:
    duty = issued(place, DUE)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY)
    leader = Holding.objects.get(post=place.leader_post)
    release_post(system_act(), leader, until=TODAY)
    shut(place.leader_post)
    on_each(range(40))
    assert {who for who, _ in told(duty)} == {"示例专班"}
    assert [said.split("；")[1] for _, said in told(duty) if "；" in said] == [
        "示例工信局经办岗暂无人任职，转由您处理",
        "示例工信局经办岗暂无人任职，转由您处理",
        "示例工信局没有在任的负责岗位，转由您处理",
    ]
    copy = EscalationStep.objects.get(duty=duty, step="copy")
    instead = {"to": "leader", "name": "示例区政府副区长", "why": "closed"}
    assert (copy.unit, copy.reason["instead"]) == (place.office.posts[0].organisation, instead)


def test_step_when_no_leader_is_named_then_the_office_is_told(place: District) -> None:
    duty = issued(place, DUE)
    edit_duty(act(place.office, TODAY).because("未定"), duty, leader_post=None)
    on_each(range(40))
    # Letter and copy go to the same office on the same day: one notice, of what is meant for it.
    assert told(duty)[-1] == (
        "示例专班",
        "2025-03-31 到期，逾期 8 天仍未办结，建议发督办函，已拟稿，请核对送签",
    )
    notice = Notice.objects.filter(duty=duty).latest("pk")
    assert (notice.words["steps"], notice.words["instead"]) == (["copy", "letter"], None)
    copy = EscalationStep.objects.get(duty=duty, step="copy")
    assert copy.reason["instead"] == {"to": "leader", "name": "", "why": "unset"}


def test_step_when_the_unit_owns_it_as_a_whole_then_the_unit_is_told(place: District) -> None:
    duty = issued(place, DUE)
    edit_duty(act(place.office, TODAY).because("改"), duty, owner_post=None, owner_unit=place.unit)
    tick(dt.date(2025, 3, 24))
    # That it is given to the unit, and that it is due soon.
    assert [who for who, _ in told(duty)] == ["示例工信局"] * 2


def test_step_when_a_section_owes_it_then_its_own_first_post_leads_it(place: District) -> None:
    section = make_unit(place.unit, "示例投资科")
    second = make_post(section, title="副科长")
    first = create(
        system_act(),
        "post.add",
        Post(organisation=section, title="科长", role=Role.UNIT, rank=1),
    )
    make_officer(second)
    duty = issued(place, DUE, owner_post=second)
    on_each(range(16))
    assert told(duty)[-1] == (
        "示例工信局经办岗",
        "2025-03-31 到期，逾期 1 天仍未办结，请督促办理；示例投资科科长暂无人任职，转由您处理",
    )
    make_officer(first)
    other = issued(place, DUE, owner_post=second, title="另一事项")
    tick(dt.date(2025, 4, 1))
    assert told(other)[-1][0] == "示例投资科科长"


def test_late_step_when_the_head_owes_it_then_it_goes_up_and_never_down(place: District) -> None:
    make_officer(make_post(place.unit, title="综合岗"))
    duty = issued(place, DUE)
    on_each(range(16))
    said = "责任岗位（示例工信局经办岗）即本单位负责人，转由您督促"
    assert told(duty)[-1] == (
        "示例区政府副区长",
        f"2025-03-31 到期，逾期 1 天仍未办结，请督促办理；{said}",
    )


def test_late_step_when_another_post_leads_the_unit_then_that_post_is_told(
    place: District,
) -> None:
    head = create(
        system_act(),
        "post.add",
        Post(organisation=place.unit, title="局长", role=Role.UNIT, rank=1),
    )
    make_officer(head)
    duty = issued(place, DUE)
    on_each(range(16))
    assert told(duty)[-1] == ("示例工信局局长", "2025-03-31 到期，逾期 1 天仍未办结，请督促办理")


@pytest.mark.parametrize(("posts", "whom"), [(1, "示例区政府副区长"), (2, "示例工信局经办岗")])
def test_late_step_when_a_unit_owes_it_as_a_whole_then_its_only_post_is_not_its_own_head(
    place: District, posts: int, whom: str
) -> None:
    for number in range(posts - 1):
        make_officer(make_post(place.unit, title=f"综合{number}岗"))
    duty = issued(place, DUE)
    edit_duty(act(place.office, TODAY).because("改"), duty, owner_post=None, owner_unit=place.unit)
    tick(dt.date(2025, 4, 1))
    assert told(duty)[-1][0] == whom


def test_late_step_when_the_rule_names_others_then_they_are_turned_to(place: District) -> None:
    rule = Rule.objects.get(key="escalation.duty")
    (late,) = [step for step in rule.value["steps"] if step["key"] == "late"]
    assert late["beyond"] == ["parent", "leader"]
    late["beyond"] = ["office"]
    rule.save()
    duty = issued(place, DUE)
    on_each(range(16))
    assert told(duty)[-1][0] == "示例专班"


def test_step_when_written_a_second_time_then_the_database_refuses(place: District) -> None:
    issued(place, DUE)
    tick(dt.date(2025, 3, 24))
    step = EscalationStep.objects.get()
    step.pk, step.public_id = None, uuid7()
    with pytest.raises(IntegrityError), transaction.atomic():
        step.save(force_insert=True)
