"""The legal clock of an approval: what is recorded, what follows by law, what plans make of it."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.loop.actions.clocks import (
    Limit,
    Said,
    drop_clock,
    kept_clock,
    limit_of,
    record_clock,
)
from guatu.loop.actions.network import edit_network, sketch_of
from guatu.loop.actions.progress import Said as Reported
from guatu.loop.actions.progress import report_activity
from guatu.loop.enums import LimitUnit, StopKind
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, ApprovalClock, ClockStop, Duty, Lamp, Timing
from guatu.loop.plan.calendars import Calendars, calendars_on
from guatu.loop.plan.clock_words import told_of
from guatu.loop.plan.clocks import Clock, Stop
from guatu.loop.plan.computing import compute, digest_of
from guatu.loop.plan.sketch import sketches_of
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event
from guatu.register.recording import change
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of, system_act
from tests.loop.builders import District, on
from tests.loop.plans import laid, small_sketch

DAY = dt.timedelta(days=1)
BASIS = "《行政许可法》第四十二条"
RECEIVED = dt.date(2025, 3, 3)
"""A Monday; five working days later is Monday the 10th, twenty Monday the 31st."""


def told(**more: object) -> Said:
    values: dict[str, object] = {"received": RECEIVED, "limit_days": 20, "basis": BASIS, **more}
    return Said(**values)  # type: ignore[arg-type]


def finish(place: District) -> dt.date | None:
    timing = Timing.objects.get(subject=place.subject, known_to=None)
    return timing.dates["permit"].early_finish


def says(place: District, day: dt.date = TODAY) -> tuple[str, str]:
    found = told_of(sketch_of(place.subject), calendars_on().table, day)["permit"]
    return found.short, found.acceptance


def test_clock_when_nobody_named_missing_papers_then_accepted_from_receipt(
    place: District,
) -> None:
    permit = laid(place)["permit"]
    record_clock(act_of(place.owner), permit, told())
    permit.refresh_from_db()
    assert permit.started == RECEIVED
    assert finish(place) == dt.date(2025, 3, 31)
    short, acceptance = says(place)
    assert short == "法定最后一日 2025-03-31，还剩 9 个工作日"
    assert acceptance == (
        "没有一次告知补正，已过收件后 5 个工作日（最迟 2025-03-10）：逾期不告知的，"
        "自收到申请材料之日 2025-03-03 起即为受理（《行政许可法》第三十二条）。"
    )
    assert [event.verb for event in Event.objects.filter(model="loop.ApprovalClock")] == [
        "clock.record"
    ]


def test_clock_when_papers_are_awaited_then_the_duration_has_not_begun(place: District) -> None:
    permit = laid(place)["permit"]
    record_clock(act_of(place.owner), permit, told(noticed=dt.date(2025, 3, 6)))
    assert says(place)[0] == "已告知补正，尚未受理"
    # Twenty working days from today on, with Tomb-Sweeping Friday off.
    assert finish(place) == dt.date(2025, 4, 15)
    record_clock(
        act_of(place.owner),
        permit,
        told(noticed=dt.date(2025, 3, 6), completed=dt.date(2025, 3, 14)),
    )
    assert finish(place) == dt.date(2025, 4, 14)
    assert says(place)[0] == "法定最后一日 2025-04-14，还剩 18 个工作日"


def test_clock_when_a_review_stops_it_then_the_plan_waits_and_overlaps_count_once(
    place: District,
) -> None:
    permit = laid(place)["permit"]
    review = Stop(StopKind.REVIEW, dt.date(2025, 3, 6), dt.date(2025, 3, 12), "示例通知")
    record_clock(act_of(place.owner), permit, told(complete=True, stops=[review]))
    assert finish(place) == dt.date(2025, 4, 8)
    hearing = Stop(StopKind.HEARING, dt.date(2025, 3, 11), dt.date(2025, 3, 13))
    record_clock(act_of(place.owner), permit, told(complete=True, stops=[hearing, review]))
    assert finish(place) == dt.date(2025, 4, 9)
    record_clock(
        act_of(place.owner), permit, told(complete=True, stops=[replace(review, last=None)])
    )
    assert says(place)[0] == "法定最后一日 2025-04-14，正在停止计时，还剩 18 个工作日"
    assert finish(place) == dt.date(2025, 4, 14)
    assert list(ClockStop.objects.values_list("kind", "first", "last", "ended")) == [
        ("review", dt.date(2025, 3, 6), None, False),
        ("hearing", dt.date(2025, 3, 11), dt.date(2025, 3, 13), True),
    ]
    assert verify().intact


def test_clock_when_extended_then_the_last_day_moves_and_the_own_duration_still_plans(
    place: District,
) -> None:
    permit = laid(place)["permit"]
    more = {"extension_days": 10, "extension_reason": "示例理由", "extension_by": "局长"}
    record_clock(act_of(place.owner), permit, told(complete=True, **more))
    assert says(place)[0] == "法定最后一日 2025-04-15，还剩 19 个工作日"
    assert finish(place) == dt.date(2025, 3, 31)


def test_clock_when_the_duration_is_longer_than_the_limit_then_the_law_bounds_it(
    place: District,
) -> None:
    sketch = small_sketch()
    longer = sketch.steps["permit"]._replace(duration=40, high=60)
    permit = laid(place, sketch.with_step(longer))["permit"]
    record_clock(act_of(place.owner), permit, told(complete=True))
    assert finish(place) == dt.date(2025, 3, 31)


def test_clock_when_the_owner_reports_what_remains_then_that_holds(place: District) -> None:
    permit = laid(place)["permit"]
    record_clock(act_of(place.owner), permit, told(complete=True))
    permit.refresh_from_db()
    report_activity(
        act_of(place.owner), permit, Reported(expected_finish=dt.date(2025, 4, 25)), reason="示例"
    )
    assert finish(place) == dt.date(2025, 4, 25)
    # Once that day has passed the law speaks again: it has passed too, so a day is left.
    recompute(system_act(day=dt.date(2025, 5, 6)))
    assert finish(place) == dt.date(2025, 5, 6)


def test_clock_when_the_limit_has_passed_then_told_on_lamp_and_desk(place: District) -> None:
    sketch = small_sketch()
    held = sketch.steps["permit"]._replace(due=dt.date(2025, 4, 30), firm=True)
    permit = laid(place, sketch.with_step(held))["permit"]
    record_clock(act_of(place.owner), permit, told(complete=True, limit_days=5))
    found = told_of(sketch_of(place.subject), calendars_on().table, TODAY)["permit"]
    assert found.short == "法定最后一日 2025-03-10，超法定时限 6 个工作日"
    assert found.rest == (
        "逾期未作决定不等于准予许可；不在法定期限内作出准予行政许可决定的，"
        "由其上级行政机关或者监察机关责令改正（《行政许可法》第七十四条）。"
    )
    assert (
        "「施工许可」法定最后一日 2025-03-10 已过，尚未办结" in Lamp.objects.get().reason["words"]
    )
    assert Duty.objects.get(activity=permit).what == (
        "「施工许可」法定最后一日 2025-03-10 已过，尚未办结。"
    )


def test_clock_when_decided_then_told_as_of_that_day(place: District) -> None:
    permit = laid(place)["permit"]
    record_clock(act_of(place.owner), permit, told(complete=True, limit_days=5))
    permit.refresh_from_db()
    report_activity(act_of(place.office), permit, Reported(finished=dt.date(2025, 3, 12)))
    assert says(place)[0] == "2025-03-12 办结，超法定时限 2 个工作日"


def test_limit_when_the_template_knows_the_law_then_its_own_else_the_general_one(
    place: District,
) -> None:
    permit = laid(place)["permit"]
    assert limit_of(permit, TODAY) == Limit(days=20, unit=LimitUnit.WORKING, basis=BASIS)
    law = {"limit_days": 30, "unit": "calendar", "bound": "at_most", "law": "示例法"}
    change(system_act(), "plan.edit", permit, basis={"legal": {**law, "article": "第九条"}})
    assert limit_of(permit, TODAY) == Limit(
        days=30, unit=LimitUnit.CALENDAR, basis="《示例法》第九条"
    )


def test_drop_when_a_slip_then_as_if_it_had_never_been(place: District) -> None:
    permit = laid(place)["permit"]
    before = finish(place), digest_of(sketch_of(place.subject), calendars_on())
    record_clock(act_of(place.owner), permit, told())
    permit = Activity.objects.get(pk=permit.pk)
    with pytest.raises(Invalid, match="理由"):
        drop_clock(act_of(place.owner), permit, reason=" ")
    drop_clock(act_of(place.owner), permit, reason="填错了工作")
    permit.refresh_from_db()
    assert permit.started is None
    assert (finish(place), digest_of(sketch_of(place.subject), calendars_on())) == before
    record_clock(act_of(place.owner), permit, told())
    assert ApprovalClock.objects.filter(ended=False).count() == 1


def test_clock_when_somebody_else_changed_it_then_stale(place: District) -> None:
    permit = laid(place)["permit"]
    record_clock(act_of(place.owner), permit, told(), expected_stamp=0)
    with pytest.raises(Stale):
        record_clock(act_of(place.owner), permit, told(complete=True), expected_stamp=0)
    kept = kept_clock(permit)
    assert kept is not None
    record_clock(act_of(place.owner), permit, told(complete=True), expected_stamp=kept.stamp)
    with pytest.raises(Invalid, match="没有改动"):
        record_clock(act_of(place.owner), permit, told(complete=True))


def test_clock_when_not_theirs_then_forbidden(place: District) -> None:
    permit = laid(place)["permit"]
    with pytest.raises(Forbidden):
        record_clock(act_of(place.stranger), permit, told())
    record_clock(act_of(place.owner), permit, told())
    with pytest.raises(Forbidden):
        drop_clock(act_of(place.stranger), permit, reason="示例")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"received": TODAY + DAY}, "received"),
        ({"received": dt.date(1999, 1, 1)}, "received"),
        ({"noticed": RECEIVED - DAY}, "noticed"),
        ({"noticed": TODAY + DAY}, "noticed"),
        ({"completed": RECEIVED + DAY}, "completed"),
        ({"noticed": RECEIVED + 2 * DAY, "completed": RECEIVED + DAY}, "completed"),
        ({"limit_days": 0}, "limit_days"),
        ({"limit_days": 1_001}, "limit_days"),
        ({"basis": " "}, "basis"),
        ({"basis": "法" * 201}, "basis"),
        ({"basis": "法\u0007"}, "basis"),
        ({"extension_days": 10}, "extension_reason"),
        ({"extension_days": 10, "extension_reason": "示例"}, "extension_by"),
        (
            {"extension_days": 0, "extension_reason": "示例", "extension_by": "局长"},
            "extension_days",
        ),
        ({"extension_reason": "示例"}, "extension_days"),
        ({"stops": [Stop(StopKind.TEST, RECEIVED - DAY)]}, "stops"),
        ({"stops": [Stop(StopKind.TEST, RECEIVED + DAY, RECEIVED)]}, "stops"),
        ({"stops": [Stop(StopKind.TEST, dt.date(2101, 1, 1))]}, "stops"),
        ({"stops": [Stop(StopKind.TEST, RECEIVED, None, "x" * 201)]}, "stops"),
        ({"stops": [Stop(StopKind.TEST, RECEIVED)] * 31}, "stops"),
    ],
)
def test_clock_when_what_is_told_cannot_be_then_refused_at_its_field(
    place: District, more: dict[str, object], field: str
) -> None:
    permit = laid(place)["permit"]
    with pytest.raises(Invalid) as refused:
        record_clock(act_of(place.owner), permit, told(**more))
    assert refused.value.field == field
    assert not ApprovalClock.objects.exists()


def test_clock_when_the_work_is_no_approval_then_refused(place: District) -> None:
    works = laid(place)["works"]
    with pytest.raises(Invalid, match="不是行政审批"):
        record_clock(act_of(place.owner), works, told())


def test_clock_when_read_as_of_a_past_day_then_as_it_was_known(place: District) -> None:
    permit = laid(place)["permit"]
    record_clock(act_of(place.owner), permit, told(stops=[Stop(StopKind.TEST, RECEIVED + DAY)]))
    known = sketches_of([place.subject.pk])[place.subject.pk].steps["permit"].clock
    drop_clock(on(place.owner), Activity.objects.get(pk=permit.pk), reason="示例")
    assert sketches_of([place.subject.pk])[place.subject.pk].steps["permit"].clock is None
    past = sketches_of([place.subject.pk], TODAY)[place.subject.pk].steps["permit"].clock
    assert past == known


def test_edit_when_an_approval_runs_then_its_clock_stays(place: District) -> None:
    permit = laid(place)["permit"]
    record_clock(act_of(place.owner), permit, told(complete=True))
    before = sketch_of(place.subject).steps["permit"].clock
    edit_network(
        act_of(place.office),
        place.subject,
        [{"op": "rename", "key": "permit", "name": "施工许可证"}],
        reason="示例",
    )
    after = sketch_of(place.subject).steps["permit"]
    assert (after.name, after.clock) == ("施工许可证", before)


CLOCKS = st.builds(
    Clock,
    received=st.dates(dt.date(2025, 1, 2), TODAY),
    complete=st.booleans(),
    notice_days=st.just(5),
    limit_days=st.integers(1, 45),
    stops=st.lists(
        st.builds(
            Stop,
            st.sampled_from(StopKind),
            st.dates(dt.date(2025, 1, 2), dt.date(2025, 4, 30)),
            st.none() | st.just(dt.date(2025, 5, 15)),
        ),
        max_size=2,
    ).map(tuple),
)
CALENDARS = Calendars(
    specs={"office": CalendarSpec(), "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),))},
    names={},
    table=shipped_table(),
)


@given(clock=CLOCKS, days=st.integers(1, 60))
def test_plan_when_an_approval_runs_then_it_ends_by_the_last_legal_day(
    clock: Clock, days: int
) -> None:
    sketch = small_sketch()
    permit = sketch.steps["permit"]._replace(
        duration=days, low=None, high=None, started=clock.received
    )
    planned = compute(sketch.with_step(permit._replace(clock=clock)), CALENDARS, TODAY)
    ends = planned.schedule.activities["permit"].early_finish
    last = clock.reading(CALENDARS.table, TODAY).last
    assert ends is not None
    assert ends >= TODAY
    if last is not None:
        assert ends <= max(last, TODAY)
