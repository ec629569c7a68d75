"""Reporting on an activity: the plan, lamp, chance and duties follow, and the answer tells so."""

import datetime as dt

import pytest

from guatu.loop.actions import pause, report
from guatu.loop.actions.network import edit_network
from guatu.loop.actions.progress import Said, foresee, report_activity
from guatu.loop.actions.timetable import forecast
from guatu.loop.enums import Colour, DutySource, DutyState
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, Duty, Lamp, Timing
from guatu.register.enums import PartyRole, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Party
from guatu.register.policies import standing_of
from guatu.register.recording import change, create
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of, make_officer, make_post, make_unit, system_act
from tests.loop.builders import District, drafted, on
from tests.loop.plans import laid, small_sketch

DAY = dt.timedelta(days=1)
TIGHT = dt.date(2025, 8, 26)
"""Hand-over day that leaves the small plan next to no float."""


def timing(place: District) -> Timing:
    return Timing.objects.get(subject=place.subject, known_to=None)


def day_of(place: District, key: str, what: str) -> dt.date:
    found: dt.date = getattr(timing(place).dates[key], what)
    return found


def tight(place: District) -> dict[str, Activity]:
    """Lay the small plan so that the permit's float is a few days."""
    rows = laid(place, small_sketch(dt.date(2025, 12, 31)))
    last = day_of(place, "operation", "early_finish")
    edit_network(
        act_of(place.office),
        place.subject,
        [{"op": "deadline", "key": "operation", "due": (last + 3 * DAY).isoformat()}],
        reason="区政府要求",
    )
    return {key: Activity.objects.get(pk=row.pk) for key, row in rows.items()}


def test_report_when_ten_days_late_then_everything_that_follows_is_told(place: District) -> None:
    permit = tight(place)["permit"]
    due = day_of(place, "permit", "late_finish")
    deadline = Activity.objects.get(node="operation").due
    assert deadline is not None
    found = report_activity(act_of(place.office), permit, Said(late_days=10), reason="图纸补正")
    assert (found.lamp_before.colour, found.lamp_after.colour) == (Colour.AMBER, Colour.RED)
    (broken,) = found.broken
    assert (broken.key, broken.due, broken.firm, broken.days_before) == (
        "operation",
        deadline,
        True,
        0,
    )
    assert broken.days is not None
    assert broken.finish == deadline + broken.days * DAY
    assert found.chance_before is not None
    assert found.chance_after is not None
    assert found.chance_after < found.chance_before / 2
    permit.refresh_from_db()
    assert permit.forecast == due + 10 * DAY
    assert day_of(place, "permit", "early_finish") == due + 10 * DAY
    assert found.words


def test_report_when_plan_had_room_then_nothing_breaks(place: District) -> None:
    permit = laid(place)["permit"]
    begun = report_activity(act_of(place.owner), permit, Said(started=TODAY))
    assert begun.broken == ()
    found = report_activity(act_of(place.owner), permit, Said(remaining=12))
    assert (found.broken, found.duties) == ((), ())
    permit.refresh_from_db()
    assert (permit.started, permit.remaining) == (TODAY, 12)
    assert permit.forecast == day_of(place, "permit", "early_finish")


def test_report_when_days_pass_then_what_remains_shrinks_with_them(place: District) -> None:
    permit = laid(place)["permit"]
    report_activity(act_of(place.owner), permit, Said(started=TODAY, remaining=12))
    expected = day_of(place, "permit", "early_finish")
    recompute(system_act(day=TODAY + 7 * DAY), [place.subject.pk])
    assert day_of(place, "permit", "early_finish") == expected


def test_report_when_work_not_begun_is_expected_late_then_it_starts_later(place: District) -> None:
    works = laid(place)["works"]
    usual = day_of(place, "works", "early_finish")
    expected = usual + 20 * DAY
    report_activity(act_of(place.owner), works, Said(expected_finish=expected), reason="进场推迟")
    assert usual < day_of(place, "works", "early_finish") <= expected
    forecast(act_of(place.owner), Activity.objects.get(pk=works.pk), day=None)
    assert day_of(place, "works", "early_finish") == usual


def test_report_when_finished_then_over_and_needs_the_right_to_change(place: District) -> None:
    permit = laid(place)["permit"]
    specialist = _specialist(place)
    with pytest.raises(Forbidden):
        report_activity(act_of(specialist), permit, Said(finished=TODAY))
    permit.refresh_from_db()
    assert (permit.started, permit.finished) == (None, None)
    report_activity(
        act_of(place.owner), permit, Said(started=TODAY - 5 * DAY, finished=TODAY), note="已取证"
    )
    permit.refresh_from_db()
    assert (permit.started, permit.finished, permit.note) == (TODAY - 5 * DAY, TODAY, "已取证")


def _specialist(place: District) -> object:
    post = make_post(make_unit(place.root), Role.SPECIALIST, "专员")
    create(
        system_act(),
        "party.name",
        Party(subject=place.subject, role=PartyRole.SPECIALIST, post=post),
    )
    return standing_of(make_officer(post), TODAY)


def test_report_when_specialist_or_owner_of_the_activity_then_may_and_stranger_may_not(
    place: District,
) -> None:
    permit = laid(place)["permit"]
    said = Said(expected_finish=TODAY + 35 * DAY)
    report_activity(act_of(_specialist(place)), permit, said)  # type: ignore[arg-type] -- standing
    with pytest.raises(Forbidden):
        report_activity(act_of(place.stranger), permit, said)
    change(system_act(), "plan.edit", permit, owner_unit=place.stranger_post.organisation)
    report_activity(act_of(place.stranger), permit, Said(started=TODAY))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(), "请填写实际开始"),
        (Said(remaining=3, finished=TODAY), "只填一项"),
        (Said(started=TODAY + DAY), "还没有到"),
        (Said(remaining=3), "还没有开始"),
        (Said(started=TODAY, remaining=0), "1 到"),
        (Said(expected_finish=TODAY - DAY), "已经过去"),
        (Said(late_days=0), "1 到"),
        (Said(late_days=9), "请写明原因"),
        (Said(started=TODAY, finished=TODAY - DAY), "早于开始日期"),
        (Said(finished=TODAY + DAY), "还没有到"),
        (Said(expected_finish=dt.date(2200, 1, 1)), "不在日历表"),
    ],
)
def test_report_when_it_cannot_be_so_then_refused_and_nothing_saved(
    place: District, said: Said, words: str
) -> None:
    permit = laid(place)["permit"]
    seen = Event.objects.count()
    with pytest.raises(Invalid, match=words):
        report_activity(act_of(place.owner), permit, said, reason="" if said.late_days else "改")
    assert Event.objects.count() == seen


def test_report_when_milestone_finished_or_shown_revision_is_old_then_refused(
    place: District,
) -> None:
    rows = laid(place)
    with pytest.raises(Invalid, match="没有工期"):
        report_activity(act_of(place.owner), rows["operation"], Said(started=TODAY))
    with pytest.raises(Stale):
        report_activity(
            act_of(place.owner), rows["permit"], Said(started=TODAY), expected_revision=7
        )
    report_activity(act_of(place.owner), rows["permit"], Said(finished=TODAY))
    with pytest.raises(Invalid, match="已登记完成"):
        report_activity(act_of(place.owner), rows["permit"], Said(started=TODAY))


def test_foresee_when_asked_then_told_and_nothing_saved(place: District) -> None:
    permit = tight(place)["permit"]
    seen = Event.objects.count()
    told = foresee(act_of(place.owner), permit, Said(late_days=10), reason="图纸补正")
    assert told.broken[0].key == "operation"
    assert Event.objects.count() == seen
    assert permit.forecast is None
    assert Lamp.objects.get(subject=place.subject).p_late == 1 - (told.chance_before or 0)


def test_duty_when_activity_becomes_critical_then_owner_owes_it_once(place: District) -> None:
    laid(place, small_sketch(dt.date(2025, 12, 31)))
    assert not Duty.objects.exists()
    last = day_of(place, "operation", "early_finish")
    edit_network(
        act_of(place.office),
        place.subject,
        [{"op": "deadline", "key": "operation", "due": (last + 2 * DAY).isoformat()}],
        reason="提前",
    )
    duty = Duty.objects.get()
    assert (duty.kind, duty.source, duty.state) == ("node", DutySource.NODE, DutyState.ISSUED)
    assert (duty.owner_unit, duty.activity and duty.activity.node) == (place.unit, "permit")
    assert duty.due == day_of(place, "permit", "late_finish")
    assert duty.title == f"推进{place.subject.title}「施工许可」"
    seen = Event.objects.count()
    assert recompute(system_act(), [place.subject.pk]) == 0
    assert Event.objects.count() == seen


def test_duty_when_owner_sits_elsewhere_then_named_on_the_subject(place: District) -> None:
    rows = laid(place, small_sketch(dt.date(2025, 12, 31)))
    change(system_act(), "plan.edit", rows["permit"], owner_unit=place.stranger_post.organisation)
    _pull_in(place)
    assert Duty.objects.get().owner_unit == place.stranger_post.organisation
    party = Party.objects.get(subject=place.subject)
    assert (party.role, party.unit) == (PartyRole.CO_OWNER, place.stranger_post.organisation)


def test_duty_when_owner_unit_has_nobody_to_report_then_the_subjects_unit_owes(
    place: District,
) -> None:
    rows = laid(place, small_sketch(dt.date(2025, 12, 31)))
    change(system_act(), "plan.edit", rows["permit"], owner_unit=make_unit(place.root))
    _pull_in(place)
    assert Duty.objects.get().owner_unit == place.unit


def _pull_in(place: District, spare: int = 2) -> None:
    last = day_of(place, "operation", "early_finish")
    edit_network(
        act_of(place.office),
        place.subject,
        [{"op": "deadline", "key": "operation", "due": (last + spare * DAY).isoformat()}],
        reason="提前",
    )


def test_duty_when_dates_move_then_day_follows_with_the_reason(place: District) -> None:
    tight(place)
    duty = Duty.objects.get()
    edit_network(
        act_of(place.office),
        place.subject,
        [{"op": "duration", "key": "works", "duration": 101}],
        reason="增加一层",
    )
    old = duty.due
    duty.refresh_from_db()
    assert duty.due == day_of(place, "permit", "late_finish")
    event = Event.objects.filter(model="loop.Duty").latest("pk")
    assert (event.verb, event.actor) == ("duty.move_due", "system")
    assert event.changes["due"] == [str(old), str(duty.due)]
    assert "施工许可" in event.reason


def test_duty_when_room_again_then_put_down_and_taken_up_as_it_tightens(place: District) -> None:
    tight(place)
    _pull_in(place, 60)
    duty = Duty.objects.get()
    assert (duty.state, duty.resume_state) == (DutyState.PAUSED, DutyState.ISSUED)
    _pull_in(place, 2)
    duty.refresh_from_db()
    assert (duty.state, duty.resume_state) == (DutyState.ISSUED, "")
    assert verify().intact


def test_duty_when_somebody_began_on_it_then_it_is_not_put_down(place: District) -> None:
    tight(place)
    duty = Duty.objects.get()
    report(act_of(place.owner), duty, text="已补正图纸")
    _pull_in(place, 60)
    duty.refresh_from_db()
    assert duty.state == DutyState.DOING


def test_duty_when_a_person_paused_it_then_the_plan_leaves_it(place: District) -> None:
    tight(place)
    duty = Duty.objects.get()
    pause(act_of(place.office), duty, reason="等待上级批复")
    _pull_in(place, 1)
    duty.refresh_from_db()
    assert duty.state == DutyState.PAUSED


def test_duty_when_one_was_given_by_hand_then_it_is_not_doubled(place: District) -> None:
    rows = laid(place, small_sketch(dt.date(2025, 12, 31)))
    duty = drafted(place)
    change(system_act(), "duty.edit", duty, activity=rows["permit"])
    _pull_in(place)
    assert list(Duty.objects.all()) == [duty]


def test_duty_when_activity_is_finished_then_untouched_duty_is_put_down(place: District) -> None:
    permit = tight(place)["permit"]
    found = report_activity(on(place.owner), permit, Said(finished=TODAY))
    assert [(one.what, one.duty.state) for one in found.duties][:1] == [
        ("责任事项暂停", DutyState.PAUSED)
    ]
