"""The ladder drafts what it suggests: with the step, once, and never more a day than the rule."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from guatu.loop import actions
from guatu.loop.actions.escalating import Taken, take_steps
from guatu.loop.actions.letter_drafting import withdraw_overtaken
from guatu.loop.enums import DutyState
from guatu.loop.escalation.words import sentence
from guatu.loop.letter_freshness import staleness_of
from guatu.loop.letter_kinds import kinds_on
from guatu.loop.models import Duty, EscalationStep, Letter, Notice
from guatu.loop.queries.suggestions import drafting_of, suggested, with_reasons
from guatu.register.models import Event, Rule
from tests.factories import NOON, TODAY, act_of, system_act
from tests.loop.builders import District, issued, on

pytestmark = pytest.mark.django_db
DUE = dt.date(2025, 3, 31)
LATE = dt.date(2025, 4, 8)
DAY = dt.timedelta(days=1)


def tick(day: dt.date) -> Taken:
    """Run the timer on a campaign day."""
    return take_steps(system_act(NOON + (day - TODAY), day))


def many(place: District, number: int) -> list[Duty]:
    """Duties that fall due on one day."""
    return [issued(place, DUE, title=f"推进示例事项{one:02}") for one in range(number)]


def per_day(number: int) -> None:
    """Let the rule allow so many drafts a day."""
    rule = Rule.objects.get(key="letter.drafting")
    rule.value["per_day"] = number
    rule.save()


def waiting(day: dt.date, as_of: dt.date | None = None) -> list[tuple[str, str]]:
    """Duties whose letter waits, and why."""
    rows = with_reasons(suggested("supervision", day, as_of), drafting_of(day))
    return [(step.duty.title, step.why) for step in rows]


def test_duty_when_it_climbs_to_the_letter_then_drafted_once_in_the_same_run(
    place: District,
) -> None:
    duty = issued(place, DUE)
    assert tick(LATE - DAY).drafted == 0
    assert (tick(LATE).drafted, tick(LATE).drafted, tick(LATE + DAY).drafted) == (1, 0, 0)
    letter = Letter.objects.get()
    step = EscalationStep.objects.get(step="letter")
    assert (letter.duty, letter.step, letter.by_rule, letter.state, letter.reference) == (
        duty,
        step,
        True,
        "draft",
        "",
    )
    assert (letter.signer_post, letter.addressee_post, letter.drafter) == (
        place.leader_post,
        place.owner_post,
        None,
    )
    assert "该事项已逾期8天" in letter.body
    notice = Notice.objects.get(kind="letter")
    assert sentence(notice.kind, notice.words) == (
        "2025-03-31 到期，逾期 8 天仍未办结，建议发督办函，已拟稿，请核对送签"
    )


def test_drafts_when_many_are_long_overdue_then_bounded_a_day_and_the_rest_listed(
    place: District,
) -> None:
    many(place, 5)
    per_day(2)
    first = dt.date(2025, 6, 3)
    run = tick(first)
    assert (run.drafted, len(run.letters), tick(first).drafted) == (2, 5, 0)
    assert waiting(first) == [
        (f"推进示例事项{one:02}", "今日已按规则拟出 2 件，次日续拟") for one in (2, 3, 4)
    ]
    words = [sentence(one.kind, one.words) for one in Notice.objects.filter(kind="letter")]
    assert sum("已拟稿，请核对送签" in one for one in words) == 2
    assert sum("，待拟稿；" in one for one in words) == 3
    assert [tick(first + day * DAY).drafted for day in (1, 0, 2, 3)] == [2, 0, 1, 0]
    assert (waiting(first + 3 * DAY), Letter.objects.filter(by_rule=True).count()) == ([], 5)
    assert len(waiting(first, first)) == 3


def test_suggestion_when_a_letter_of_the_kind_is_under_way_then_met(place: District) -> None:
    duty = issued(place, DUE)
    by_hand = actions.draft_letter(on(place.office, 14), "supervision", duty=duty)
    assert (tick(LATE).drafted, list(Letter.objects.all())) == (0, [by_hand])
    assert waiting(LATE) == []


def test_draft_when_given_up_then_not_made_again(place: District) -> None:
    issued(place, DUE)
    tick(LATE)
    actions.withdraw_letter(on(place.office, 22), Letter.objects.get(), reason="已电话督办")
    assert [tick(LATE + day * DAY).drafted for day in range(1, 9)] == [0] * 8


def test_suggestion_when_the_duty_is_put_off_paused_or_reported_done_then_it_waits_no_more(
    place: District,
) -> None:
    duties = many(place, 3)
    per_day(0)
    tick(LATE)
    assert len(waiting(LATE)) == 3
    Duty.objects.filter(pk=duties[0].pk).update(due=LATE + 30 * DAY)
    Duty.objects.filter(pk=duties[1].pk).update(state=DutyState.PAUSED)
    per_day(10)
    assert (tick(LATE + DAY).drafted, Letter.objects.get().duty) == (1, duties[2])


def test_suggestion_when_its_letter_would_go_up_then_listed_with_the_reason(
    place: District,
) -> None:
    upward = issued(place, DUE)
    Duty.objects.filter(pk=upward.pk).update(owner_post=None, owner_unit=place.root)
    assert tick(LATE).drafted == 0
    assert waiting(LATE) == [
        (
            "推进示例事项",
            f"督办函不能发给上级：{place.root}。需要上级协调的，请通过堵点上报。",
        )
    ]


def test_letter_when_a_second_names_the_same_step_then_the_database_refuses(
    place: District,
) -> None:
    duty = issued(place, DUE)
    tick(LATE)
    step = EscalationStep.objects.get(step="letter")
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.draft_letter(act_of(place.office), "supervision", duty=duty, step=step)


def closed(duty: Duty, day: dt.date) -> None:
    """Close a duty on a day, whatever became of it before."""
    Duty.objects.filter(pk=duty.pk).update(state=DutyState.CLOSED, closed_on=day)


def test_draft_when_its_duty_is_closed_and_nobody_touched_it_then_withdrawn_once_and_told(
    place: District,
) -> None:
    duty = issued(place, DUE)
    tick(LATE)
    act = system_act(NOON + (LATE - TODAY), LATE)
    assert withdraw_overtaken(act) == []
    closed(duty, LATE)
    (letter,) = withdraw_overtaken(act)
    letter.refresh_from_db()
    why = "所涉事项已于 2025-04-08 办结，系统撤回按规则拟出的函稿"
    assert (letter.state, letter.withdrawn_reason) == ("withdrawn", why)
    assert Event.objects.get(verb="letter.withdraw").reason == why
    notice = Notice.objects.latest("pk")
    (desk,) = place.office.posts
    assert (notice.unit, notice.duty, notice.kind) == (desk.organisation, duty, "copy")
    assert sentence(notice.kind, notice.words) == (
        f"所涉事项已办结，系统已撤回按规则拟出、尚未送签的函稿「{letter.title}」"
    )
    assert withdraw_overtaken(act) == []
    assert tick(LATE + DAY).drafted == 0


def test_draft_when_somebody_worked_on_it_or_wrote_it_then_left_to_them(place: District) -> None:
    duties = many(place, 3)
    tick(LATE)
    first, second, third = Letter.objects.order_by("pk")
    actions.redraft(on(place.office, 21), first, title="示例改过的标题")
    actions.send_to_sign(on(place.office, 21), second)
    own = actions.draft_letter(on(place.office, 21), "supervision", duty=duties[0])
    for duty in duties:
        closed(duty, LATE)
    assert withdraw_overtaken(system_act(NOON + (LATE - TODAY), LATE)) == [third]
    states = {row.pk: row.state for row in Letter.objects.all()}
    assert states == {
        first.pk: "draft",
        second.pk: "signing",
        third.pk: "withdrawn",
        own.pk: "draft",
    }


def test_drafts_when_many_are_too_late_then_withdrawn_with_one_notice(place: District) -> None:
    duties = many(place, 3)
    tick(LATE)
    told = Notice.objects.count()
    for duty in duties:
        closed(duty, LATE)
    assert len(withdraw_overtaken(system_act(NOON + (LATE - TODAY), LATE))) == 3
    notice = Notice.objects.latest("pk")
    assert (Notice.objects.count() - told, notice.duty) == (1, None)
    assert notice.words["path"] == "/letters/?state=withdrawn"
    assert notice.words["said"].endswith("尚未送签的函稿 3 件")


def test_day_when_set_back_then_nothing_is_drafted_before_it_comes_and_drafts_are_stale(
    place: District,
) -> None:
    many(place, 2)
    per_day(1)
    assert tick(LATE).drafted == 1
    letter = Letter.objects.get()
    kind = kinds_on(LATE)["supervision"]
    assert staleness_of(letter, kind, LATE) is None
    before = LATE - 9 * DAY
    assert (tick(before).drafted, waiting(before)) == (0, [])
    stale = staleness_of(letter, kind, before)
    assert stale is not None
    assert "逾期" not in stale.body
    assert tick(LATE + DAY).drafted == 1
