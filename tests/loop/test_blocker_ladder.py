"""Blockers nobody answers climb their ladder: each step once a time somebody is asked."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from guatu.loop.actions import (
    accept_blocker,
    answer_blocker,
    hand_back,
    pause,
    raise_again,
    reject_answer,
    resume,
    return_blocker,
    send_up,
)
from guatu.loop.actions.escalating import Taken, take_steps
from guatu.loop.escalation.words import sentence
from guatu.loop.models import Blocker, Duty, EscalationStep, Notice
from guatu.loop.queries.blockers import turns_of
from guatu.loop.queries.inbox import inbox_of
from guatu.loop.removers import Remover, Spot
from guatu.register import sealing
from guatu.register.keys import uuid7
from guatu.register.models import Holding
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import release_post
from guatu.register.recording import Act
from tests.factories import NOON, TODAY, make_officer, make_post, make_unit, system_act
from tests.loop.blockers import Bureau, bureau, raised
from tests.loop.builders import District, issued, on

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def tick(day: int) -> Taken:
    """Run the timer some days after the tests' day."""
    return take_steps(system_act(NOON + day * DAY, TODAY + day * DAY))


def on_each(days: range) -> int:
    """Run the timer day by day, twice a day; the second run never finds anything."""
    steps = 0
    for day in days:
        steps += tick(day).steps
        assert tick(day) == Taken(0, 0, ())
    return steps


def act(standing: Standing, day: int) -> Act:
    """Act of an officer some days after the tests' day."""
    return on(standing, day)


def blocked(place: District, remover: Remover) -> Blocker:
    """Blocker of a duty without a due day, which climbs no ladder of its own."""
    duty = issued(place, None)
    return raised(place, remover, Spot(duty.subject, duty=duty))


def climbed(blocker: Blocker) -> list[tuple[str, str, str]]:
    """Steps of a blocker: key, day it counts from, day it fell due."""
    rows = EscalationStep.objects.filter(blocker=blocker)
    return [(row.step, row.cycle.isoformat()[5:], row.fell_on.isoformat()[5:]) for row in rows]


def told(blocker: Blocker) -> list[tuple[str, str]]:
    """To whom and what the notices about a blocker say, in order."""
    rows = Notice.objects.filter(blocker=blocker).order_by("pk").select_related("post", "unit")
    return [(str(row.post or row.unit), sentence(row.kind, row.words)) for row in rows]


def waiting(standing: Standing, day: int) -> list[tuple[str, str]]:
    """Part and code of the blockers that wait for an officer some days later."""
    later = standing_of(standing.officer, TODAY + day * DAY)
    return [(turn.part, turn.blocker.code) for turn in turns_of(later)]


@pytest.fixture
def finance(place: District) -> Bureau:
    """A bureau that is asked for money; the district above it has no posts."""
    return bureau(place)


def test_blocker_when_nobody_answers_then_parent_and_leader_are_told_once(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    accept_blocker(act(finance.standing, 1), blocker)
    assert on_each(range(60)) == 2
    assert climbed(blocker) == [("parent", "03-18", "03-21"), ("leader", "03-18", "03-27")]
    assert told(blocker) == [
        (
            "示例专班",
            (
                "请求示例财政局解决满 3 个工作日未答复，请协调解决；"
                "示例财政局没有设岗的上级单位，转由您处理"
            ),
        ),
        ("示例区政府副区长", "请求示例财政局解决满 7 个工作日未答复，抄送知悉"),
    ]
    step = EscalationStep.objects.get(blocker=blocker, step="leader")
    assert (step.duty, step.rule.key, step.reason["planned"]) == (
        None,
        "escalation.blocker",
        "2025-03-27",
    )
    assert waiting(place.leader, 9) == [("climbed", blocker.code)]
    sealing.seal(NOON + 90 * DAY)
    assert sealing.verify(None).intact


def test_blocker_when_a_section_has_it_then_the_head_of_its_unit_is_told_and_may_urge(
    place: District, finance: Bureau
) -> None:
    section = make_post(make_unit(finance.remover.unit, "示例预算科"))
    make_officer(section)
    blocker = blocked(place, finance.remover._replace(unit=section.organisation, post=None))
    on_each(range(5))
    assert told(blocker) == [
        ("示例财政局经办岗", "请求示例预算科解决满 3 个工作日未答复，请协调解决")
    ]
    assert waiting(finance.standing, 4) == [("climbed", blocker.code)]


def test_blocker_when_answered_and_refused_then_asked_anew(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    answer_blocker(act(finance.standing, 2), blocker, answer="资金已拨付")
    assert on_each(range(20)) == 0
    reject_answer(act(place.owner, 20), blocker, reason="尚未到账")  # 7 April, Monday
    on_each(range(20, 40))
    assert climbed(blocker) == [("parent", "04-07", "04-10"), ("leader", "04-07", "04-16")]


def test_blocker_when_sent_up_and_handed_back_then_each_asking_counts_for_itself(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    on_each(range(4))
    send_up(act(finance.standing, 4), blocker, to=place.leader_post)  # 22 March, Saturday
    on_each(range(4, 9))
    hand_back(act(place.leader, 9), blocker, words="财政局先行安排")  # 27 March
    on_each(range(9, 30))
    assert climbed(blocker) == [
        ("parent", "03-18", "03-21"),
        ("parent", "03-22", "03-26"),
        ("parent", "03-27", "04-01"),
        ("leader", "03-27", "04-08"),
    ]


def test_blocker_when_back_with_who_raised_it_then_nobody_is_late(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    return_blocker(act(finance.standing, 1), blocker, reason="说明金额")
    assert on_each(range(14)) == 0
    raise_again(act(place.owner, 14), blocker, what="尾款")  # 1 April
    on_each(range(14, 25))
    assert climbed(blocker)[0] == ("parent", "04-01", "04-07")


def test_blocker_when_its_duty_is_paused_then_those_days_do_not_count(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    duty = Duty.objects.get(pk=blocker.duty_id)
    pause(act(place.office, 1), duty, reason="等上级批复")
    assert on_each(range(13)) == 0
    resume(act(place.office, 13), duty)  # 31 March
    on_each(range(13, 30))
    steps = [one for one in climbed(blocker) if one[0] == "parent"]
    assert steps == [("parent", "03-18", "04-02")]


def test_clock_when_set_back_then_no_second_reminder_and_no_lost_step(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    on_each(range(5))
    before = climbed(blocker)
    assert on_each(range(4)) == 0
    assert climbed(blocker) == before
    on_each(range(4, 20))
    assert [step for step, *_ in climbed(blocker)] == ["parent", "leader"]


def test_timer_when_off_for_weeks_then_both_steps_with_the_day_they_fell(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    assert tick(30) == Taken(2, 2, ())
    assert climbed(blocker) == [("parent", "03-18", "03-21"), ("leader", "03-18", "03-27")]
    assert told(blocker)[1][1].endswith("抄送知悉；应于 2025-03-27 提醒，补发")


def test_blocker_when_its_remover_has_left_then_said_and_passed_on(
    place: District, finance: Bureau
) -> None:
    colleague = make_post(finance.remover.unit, title="综合岗")
    second = standing_of(make_officer(colleague), TODAY)
    blocker = blocked(place, finance.remover._replace(post=finance.post))
    release_post(system_act(), Holding.objects.get(post=finance.post), until=TODAY)
    assert waiting(second, 1) == [("remover", blocker.code)]
    assert waiting(place.office, 1) == [("remover", blocker.code)]
    on_each(range(1, 5))
    assert told(blocker) == [
        (
            "示例专班",
            (
                "请求示例财政局经办岗解决满 3 个工作日未答复（示例财政局经办岗暂无人任职），"
                "请协调解决；示例财政局没有设岗的上级单位，转由您处理"
            ),
        )
    ]


def test_blocker_when_no_leader_is_named_then_the_office_is_told(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    Duty.objects.filter(pk=blocker.duty_id).update(leader_post=None)
    on_each(range(12))
    assert told(blocker)[-1] == (
        "示例专班",
        "请求示例财政局解决满 7 个工作日未答复，抄送知悉；未定包保领导，转由您处理",
    )


def test_step_when_written_twice_or_without_one_cause_then_the_database_refuses(
    place: District, finance: Bureau
) -> None:
    blocked(place, finance.remover)
    tick(3)
    step = EscalationStep.objects.get()
    step.pk, step.public_id = None, uuid7()
    with pytest.raises(IntegrityError), transaction.atomic():
        step.save(force_insert=True)
    for duty, blocker in ((None, None), (issued(place), step.blocker)):
        step.duty, step.blocker, step.step = duty, blocker, "other"
        with pytest.raises(IntegrityError), transaction.atomic():
            step.save(force_insert=True)


def test_inbox_when_a_blocker_climbs_then_only_who_is_told_finds_it(
    place: District, finance: Bureau
) -> None:
    blocker = blocked(place, finance.remover)
    tick(3)
    found = [
        [notice.cause for notice in inbox_of(standing)]
        for standing in (place.office, place.owner, finance.standing, place.leader)
    ]
    assert found == [[blocker], [], [], []]
