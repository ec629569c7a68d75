"""Who is made to owe a running duty hears of it at once, and is reminded anew."""

import datetime as dt

import pytest

from guatu.loop.actions import ask_extension, decide_extension, edit_duty, pause, resume
from guatu.loop.actions.bulk import edit_many
from guatu.loop.actions.escalating import Taken, take_steps
from guatu.loop.bulk_plans import plan_edit
from guatu.loop.dispatch_rules import agenda_rule
from guatu.loop.escalation.causes import of_cycle
from guatu.loop.escalation.words import sentence
from guatu.loop.exceptions import Scope, exceptions_in
from guatu.loop.models import Duty, EscalationStep, Letter, Notice
from guatu.loop.queries.suggestions import suggested
from guatu.register import sealing
from guatu.register.models import Holding
from guatu.register.policies import Standing
from guatu.register.posts import release_post
from guatu.register.recording import Act
from tests.factories import NOON, TODAY, act_of, system_act
from tests.loop.builders import DUE, District, drafted, issued, on

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WHY = "职责调整"


def tick(day: dt.date) -> Taken:
    """Run the timer on a campaign day."""
    return take_steps(system_act(NOON + (day - TODAY), day))


def on_each(first: dt.date, last: dt.date) -> None:
    """Run the timer day by day, twice a day; the second run never finds anything."""
    for number in range((last - first).days + 1):
        tick(first + number * DAY)
        assert tick(first + number * DAY) == Taken(0, 0, ())


def act(standing: Standing, day: dt.date, why: str = WHY) -> Act:
    """Act of an officer on a campaign day."""
    return on(standing, (day - TODAY).days).because(why)


def climbed(duty: Duty) -> list[tuple[str, str, str]]:
    """Steps of a duty: cycle, key, when it fell due."""
    rows = EscalationStep.objects.filter(duty=duty)
    return [(f"{row.cycle:%m-%d}", row.step, f"{row.fell_on:%m-%d}") for row in rows]


def told(duty: Duty | None = None) -> list[tuple[str, str]]:
    """To whom and what notices say, in order."""
    rows = Notice.objects.filter(duty=duty).order_by("pk").select_related("post", "unit")
    return [(str(row.post or row.unit), sentence(row.kind, row.words)) for row in rows]


def given(place: District, duty: Duty, day: dt.date) -> Duty:
    """The duty as it stands, given to the stranger on a day."""
    edit_duty(act(place.office, day), duty, owner_post=place.stranger_post)
    return Duty.objects.get(pk=duty.pk)


def test_duty_when_given_to_another_after_its_ladder_then_told_at_once_and_climbs_anew(
    place: District,
) -> None:
    duty = issued(place, DUE)
    on_each(TODAY, dt.date(2025, 4, 15))
    old = climbed(duty)
    assert [step for _, step, _ in old] == ["soon", "near", "late", "letter", "copy"]
    day = dt.date(2025, 4, 16)
    duty = given(place, duty, day)
    assert (duty.given_on, duty.cycle) == (day, day)
    assert told(duty)[-1] == (
        "示例住建局经办岗",
        (
            "示例专班经办岗（示例人员）改派，由您负责：2025-03-31 到期，逾期 16 天仍未办结，"
            "请接续办理并报告；理由：职责调整"
        ),
    )
    before = len(told(duty))
    on_each(day, dt.date(2025, 5, 20))
    assert climbed(duty) == [
        *old,
        ("04-16", "late", "04-17"),
        ("04-16", "letter", "04-23"),
        ("04-16", "copy", "04-23"),
    ]
    assert told(duty)[before] == (
        "示例区政府副区长",
        (
            "2025-03-31 到期，逾期 17 天仍未办结，请督促办理；"
            "责任岗位（示例住建局经办岗）即本单位唯一的负责岗位，转由您督促"
        ),
    )
    sealing.seal(NOON + 90 * DAY)
    assert sealing.verify(None).intact


def test_duty_when_given_to_another_before_it_is_due_then_only_what_is_to_come_comes(
    place: District,
) -> None:
    duty = issued(place, DUE)
    on_each(TODAY, dt.date(2025, 3, 24))
    duty = given(place, duty, dt.date(2025, 3, 24))
    on_each(dt.date(2025, 3, 24), dt.date(2025, 3, 31))
    assert climbed(duty) == [("03-31", "soon", "03-24"), ("03-31", "near", "03-28")]
    assert [who for who, _ in told(duty)] == [
        "示例工信局经办岗",
        "示例住建局经办岗",
        "示例住建局经办岗",
    ]


def test_timer_when_off_while_a_duty_was_given_to_another_then_the_same_steps(
    place: District,
) -> None:
    walked, jumped = issued(place, DUE), issued(place, DUE)
    Duty.objects.filter(pk=jumped.pk).update(state="draft")
    on_each(TODAY, dt.date(2025, 4, 3))
    given(place, walked, dt.date(2025, 4, 4))
    on_each(dt.date(2025, 4, 4), dt.date(2025, 4, 20))
    Duty.objects.filter(pk=jumped.pk).update(state="issued")
    given(place, jumped, dt.date(2025, 4, 4))
    tick(dt.date(2025, 4, 20))
    assert climbed(jumped) == climbed(walked)
    assert climbed(walked)[-1] == ("04-04", "copy", "04-11")


def test_clock_when_set_back_and_given_again_then_no_second_reminder_and_no_lost_step(
    place: District,
) -> None:
    duty = issued(place, DUE)
    day = dt.date(2025, 4, 10)
    on_each(TODAY, day)
    duty = given(place, duty, day)
    on_each(day, day + DAY)
    before = climbed(duty)
    assert before[-1] == ("04-10", "late", "04-11")
    assert tick(day).steps == 0
    edit_duty(act(place.office, day), duty, owner_post=place.owner_post)
    assert duty.given_on == day + DAY
    on_each(day, day + DAY)
    assert climbed(duty) == [*before, ("04-11", "late", "04-11")]


def test_duty_when_given_twice_a_day_then_each_is_told_and_the_last_is_reminded(
    place: District,
) -> None:
    duty = issued(place, DUE)
    day = dt.date(2025, 4, 16)
    on_each(TODAY, day)
    duty = given(place, duty, day)
    edit_duty(act(place.office, day, "更正"), duty, owner_unit=place.unit, owner_post=None)
    assert [who for who, _ in told(duty)[-2:]] == ["示例住建局经办岗", "示例工信局"]
    assert "改派，由您单位负责" in told(duty)[-1][1]
    on_each(day, day + 7 * DAY)
    assert [(step, fell) for _, step, fell in climbed(duty)[-3:]] == [
        ("late", "04-17"),
        ("letter", "04-23"),
        ("copy", "04-23"),
    ]


def test_duty_when_given_while_paused_and_then_extended_then_each_term_counts_for_itself(
    place: District,
) -> None:
    duty = issued(place, DUE)
    on_each(TODAY, dt.date(2025, 4, 2))
    pause(act(place.office, dt.date(2025, 4, 2)), duty, reason="等批复")
    duty = given(place, duty, dt.date(2025, 4, 3))
    on_each(dt.date(2025, 4, 3), dt.date(2025, 4, 13))
    resume(act(place.office, dt.date(2025, 4, 14)), duty)
    on_each(dt.date(2025, 4, 14), dt.date(2025, 4, 15))
    asked = ask_extension(
        act(place.stranger, dt.date(2025, 4, 15)), duty, to_due=dt.date(2025, 4, 22), reason="雨"
    )
    decide_extension(act(place.leader, dt.date(2025, 4, 15)), asked, approve=True, opinion="同意")
    on_each(dt.date(2025, 4, 15), dt.date(2025, 4, 23))
    assert climbed(duty)[2:] == [
        ("03-31", "late", "04-01"),
        ("04-03", "late", "04-14"),
        ("04-22", "soon", "04-15"),
        ("04-22", "near", "04-19"),
        ("04-22", "late", "04-23"),
    ]


def test_owner_when_a_draft_or_the_same_as_before_then_nobody_is_told(place: District) -> None:
    draft, running = drafted(place), issued(place)
    edit_duty(act_of(place.office), draft, owner_post=place.stranger_post)
    edit_duty(
        act_of(place.office, reason=WHY), running, owner_post=place.owner_post, title="更正名称"
    )
    assert (Notice.objects.count(), draft.given_on, running.given_on) == (0, None, None)


def test_owner_when_nobody_holds_the_post_then_who_stands_in_is_told_and_why(
    place: District,
) -> None:
    duty = issued(place)
    release_post(system_act(), Holding.objects.get(post=place.stranger_post), until=TODAY - DAY)
    duty = given(place, duty, TODAY)
    ((who, said),) = told(duty)
    assert who == "示例专班"
    assert said.endswith("示例住建局经办岗暂无人任职，转由您处理")


@pytest.mark.parametrize(("count", "notices"), [(10, 10), (11, 1)])
def test_many_when_given_at_once_then_few_are_told_one_by_one_and_more_together(
    place: District, count: int, notices: int, django_assert_max_num_queries: object
) -> None:
    duties = [issued(place, title=f"示例事项{number}") for number in range(count)]
    plan = plan_edit(act_of(place.office, reason=WHY), duties, owner_post=place.stranger_post)
    with django_assert_max_num_queries(30):  # type: ignore[operator]  # whatever the count
        assert edit_many(plan) == count
    assert Notice.objects.count() == notices
    assert set(Duty.objects.values_list("given_on", flat=True)) == {TODAY}
    if notices == 1:
        unit = place.stranger_post.organisation
        row = Notice.objects.get()
        assert (row.duty, row.words["path"]) == (None, f"/duties/?unit={unit.code}")
        assert told() == [
            (
                "示例住建局经办岗",
                (
                    "示例专班经办岗（示例人员）改派，由您负责：共 11 项，请逐项接续办理；"
                    "理由：职责调整"
                ),
            )
        ]


def test_letter_when_a_late_duty_is_given_to_another_then_the_old_step_asks_for_none_any_more(
    place: District,
) -> None:
    duty = issued(place, DUE)
    on_each(TODAY, dt.date(2025, 4, 8))
    letter = Letter.objects.get(duty=duty)
    assert not letter.is_overtaken
    duty = given(place, duty, dt.date(2025, 4, 16))
    assert Letter.objects.get(pk=letter.pk).is_overtaken
    assert not suggested(letter.kind, TODAY).exists()
    on_each(dt.date(2025, 4, 16), dt.date(2025, 4, 23))
    second = Letter.objects.exclude(pk=letter.pk).get(duty=duty)
    assert (second.addressee_post, second.is_overtaken) == (place.stranger_post, False)


def test_agenda_when_a_late_duty_is_given_to_another_then_their_own_steps_count(
    place: District,
) -> None:
    duty = issued(place, DUE)
    on_each(TODAY, dt.date(2025, 4, 8))
    rule = agenda_rule(dt.date(2025, 4, 16))

    def ladders(day: dt.date) -> list[int]:
        found = exceptions_in(Scope(), rule, day)
        return [one.told.days for one in found if one.told.cause == "ladder"]

    assert ladders(dt.date(2025, 4, 9)) == [9]
    given(place, duty, dt.date(2025, 4, 16))
    assert ladders(dt.date(2025, 4, 16)) == []
    on_each(dt.date(2025, 4, 16), dt.date(2025, 4, 23))
    assert ladders(dt.date(2025, 4, 23)) == [23]


def test_cycle_when_asked_in_every_way_then_the_answer_is_one(place: District) -> None:
    days = (DUE - DAY, DUE, DUE + DAY)
    for given_on in (None, *days):
        duty = issued(place, DUE)
        Duty.objects.filter(pk=duty.pk).update(given_on=given_on)
        cycle = Duty.objects.get(pk=duty.pk).cycle
        found = [day for day in days if Duty.objects.filter(of_cycle(day), pk=duty.pk).exists()]
        assert found == [cycle]
