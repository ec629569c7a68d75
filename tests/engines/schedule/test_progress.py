"""Slips, comparisons and what to do today on plans that can be checked by hand."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import (
    Activity,
    Deadline,
    Link,
    Network,
    SetDeadline,
    SetDuration,
    act_today,
    back_schedule,
    slips,
    what_if,
)

CALENDARS = {
    "elapsed": CalendarSpec(base="every-day"),
    "outdoor": CalendarSpec(base="every-day", stop=(((11, 1), (3, 31)),)),
}
STATUS = date(2026, 9, 1)


def network(
    *rows: Activity, links: tuple[Link, ...] = (), status: date = STATUS, **deadlines: date
) -> Network:
    return Network(
        calendars=CALENDARS,
        status_date=status,
        activities=rows,
        links=links,
        deadlines=tuple(Deadline(key, day) for key, day in deadlines.items()),
    )


def row(identity: str, duration: int, calendar: str = "elapsed", **rest: object) -> Activity:
    return Activity(id=identity, duration=duration, calendar=calendar, **rest)


def after(*ids: str) -> tuple[Link, ...]:
    return tuple(Link(predecessor=a, successor=b) for a, b in pairwise(ids))


PLAN = network(
    row("design", 10),
    row("permit", 20),
    row("works", 20, "outdoor"),
    links=after("design", "permit", "works"),
    works=date(2026, 10, 31),
)


def changed(plan: Network, identity: str, **values: object) -> Network:
    rows = tuple(replace(one, **values) if one.id == identity else one for one in plan.activities)
    return replace(plan, activities=rows)


def told(plan: Network, identity: str) -> list[tuple[str, str, int]]:
    causes = slips({}, PLAN, plan).slips[identity].causes
    return [(cause.activity, cause.kind, cause.days) for cause in causes]


def test_slips_when_nothing_changed_then_none() -> None:
    progress = slips({}, PLAN, PLAN)
    assert [slip.days for slip in progress.slips.values()] == [0, 0, 0]
    assert progress.broken == ()


def test_slips_when_a_permit_takes_longer_then_it_is_the_cause_of_what_follows() -> None:
    now = changed(PLAN, "permit", duration=25)
    assert told(now, "works") == [("permit", "longer", 5)]
    assert told(now, "design") == []
    slip = slips({}, PLAN, now).slips["works"]
    assert (slip.days, slip.by_calendar) == (5, 0)
    assert (slip.float_before, slip.float_now, slip.consumed_float) == (11, 6, 5)
    assert slip.causes[0].reason == "「permit」工期由20天改为25天，完成推迟5天"


def test_slips_when_the_delay_runs_into_winter_then_the_rest_is_the_calendars() -> None:
    now = changed(PLAN, "permit", duration=32)
    progress = slips({}, PLAN, now)
    slip = progress.slips["works"]
    assert slip.dates.baseline == date(2026, 10, 20)
    assert slip.dates.forecast == date(2027, 4, 20)
    assert (slip.days, slip.by_calendar) == (182, 170)
    (broken,) = progress.broken
    assert (broken.activity, broken.days) == ("works", 171)
    assert [(cause.activity, cause.days) for cause in broken.causes] == [("permit", 12)]
    assert broken.reason == (
        "「works」2026-10-31的期限超过171天，因为「permit」工期由20天改为32天，完成推迟12天"
    )


def test_slips_when_two_delays_add_up_then_both_are_named_the_nearest_first() -> None:
    now = changed(changed(PLAN, "design", duration=13), "permit", duration=22)
    assert told(now, "works") == [("permit", "longer", 2), ("design", "longer", 3)]


def test_slips_when_work_could_have_begun_and_did_not_then_it_is_late_itself() -> None:
    now = replace(PLAN, status_date=date(2026, 9, 4))
    assert told(now, "permit") == [("design", "late_start", 3)]
    begun = changed(
        replace(PLAN, status_date=date(2026, 9, 20)),
        "design",
        actual_start=date(2026, 9, 3),
        actual_finish=date(2026, 9, 12),
    )
    assert told(begun, "permit") == [("permit", "late_start", 7), ("design", "late_start", 2)]


def test_slips_when_work_begun_early_takes_longer_then_only_what_is_late_counts() -> None:
    begun = changed(
        replace(PLAN, status_date=date(2026, 9, 5)),
        "design",
        actual_start=date(2026, 8, 28),
        remaining=11,
    )
    assert told(begun, "works") == [("design", "longer", 5)]


def test_slips_when_begun_work_waits_for_its_predecessor_then_that_is_the_cause() -> None:
    now = changed(
        changed(
            replace(PLAN, status_date=date(2026, 9, 5)),
            "permit",
            actual_start=date(2026, 9, 2),
            remaining=20,
        ),
        "design",
        actual_start=date(2026, 9, 1),
        remaining=14,
    )
    assert told(now, "works") == [("design", "longer", 8)]


def test_slips_when_a_link_was_added_then_it_is_named() -> None:
    now = replace(
        PLAN,
        activities=(*PLAN.activities, row("land", 45)),
        links=(*PLAN.links, *after("land", "works")),
    )
    causes = slips({}, PLAN, now).slips["works"].causes
    assert [(cause.kind, cause.link) for cause in causes] == [("link", "land>works")]


def test_slips_when_a_baseline_is_given_then_days_are_counted_from_it() -> None:
    progress = slips({"design": date(2026, 9, 8)}, PLAN, PLAN)
    assert progress.slips["design"].days == 2


def test_what_if_when_a_deadline_breaks_or_is_saved_then_it_says_so() -> None:
    longer = SetDuration("permit", 32)
    diff = what_if(PLAN, [longer], [longer, SetDeadline("works", date(2027, 5, 1))])
    (due,) = diff.deadlines
    assert due.late_by == (0, 171, 0)
    assert (due.broken, due.saved) == ((1,), ())
    works = next(moved for moved in diff.moved if moved.activity == "works")
    assert works.days == (0, 182, 182)
    back = what_if(diff.networks[1], [SetDuration("permit", 20)])
    assert back.deadlines[0].saved == (1,)


def test_what_if_when_nothing_changes_then_nothing_moves() -> None:
    assert what_if(PLAN, []).moved == ()


def test_act_today_when_a_chain_is_late_then_the_open_activity_is_worth_its_days() -> None:
    plan = replace(PLAN, deadlines=(Deadline("works", date(2026, 10, 15)),))
    (action,) = act_today(plan, back_schedule(plan))
    assert (action.activity, action.begun, action.ready) == ("design", False, STATUS)
    assert (action.saved, action.lost) == (1, 5)
    assert action.reason == (
        "「design」可以开始，「works」的期限已晚5天；它每缩短1天，「works」提前1天；"
        "再拖5个工作日，「works」推迟5天"
    )


def test_act_today_when_winter_is_near_then_waiting_costs_months() -> None:
    plan = changed(PLAN, "permit", duration=30)
    (action,) = act_today(plan, back_schedule(plan))
    assert (action.saved, action.lost) == (1, 172)


def test_act_today_when_every_deadline_has_room_then_nothing() -> None:
    plan = replace(PLAN, deadlines=(Deadline("works", date(2027, 10, 15)),))
    assert act_today(plan, back_schedule(plan)) == ()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_slips_when_one_activity_takes_longer_then_no_other_is_blamed(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 6))
    rows = [row(f"a{n}", data.draw(st.integers(1, 15))) for n in range(count)]
    links = tuple(
        Link(predecessor=f"a{a}", successor=f"a{b}", lag=data.draw(st.integers(0, 3)))
        for b in range(count)
        for a in range(b)
        if data.draw(st.booleans())
    )
    plan = network(*rows, links=links, status=STATUS)
    guilty = data.draw(st.integers(0, count - 1))
    more = data.draw(st.integers(1, 20))
    now = changed(plan, f"a{guilty}", duration=rows[guilty].duration + more)
    for slip in slips({}, plan, now).slips.values():
        assert slip.days is not None
        if slip.days:
            assert [(cause.activity, cause.days) for cause in slip.causes] == [(f"a{guilty}", more)]
            assert slip.by_calendar == slip.days - more


def test_act_today_when_days_are_saved_then_the_plan_shortened_says_the_same() -> None:
    plan = network(
        row("a", 9),
        row("b", 12),
        row("c", 20, "outdoor"),
        links=(*after("a", "c"), *after("b", "c")),
        c=date(2026, 9, 25),
    )
    answer = back_schedule(plan)
    for action in act_today(plan, answer):
        duration = next(one.duration for one in plan.activities if one.id == action.activity)
        shorter = back_schedule(changed(plan, action.activity, duration=duration - 1))
        won = answer.activities["c"].early_finish - shorter.activities["c"].early_finish
        assert won == timedelta(days=action.saved)
