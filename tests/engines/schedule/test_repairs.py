"""Repairs: each does what it says when its changes are made and the plan is computed again."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import (
    Activity,
    BackSchedule,
    Crash,
    Deadline,
    Link,
    Network,
    Repair,
    applied,
    back_schedule,
    repairs,
)
from guatu.engines.schedule.options import OFFERS

STATUS = date(2026, 3, 2)
CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),)),
    "elapsed": CalendarSpec(base="every-day"),
}


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


def row(identity: str, duration: int, calendar: str = "office", **rest: object) -> Activity:
    return Activity(id=identity, duration=duration, calendar=calendar, **rest)


def after(*ids: str) -> tuple[Link, ...]:
    return tuple(Link(predecessor=a, successor=b) for a, b in pairwise(ids))


def found(plan: Network, **rest: object) -> tuple[Repair, ...]:
    return repairs(plan, back_schedule(plan), **rest)


def kinds(plan: Network) -> dict[tuple[str, str], tuple[int, int, int | None]]:
    """What each repair asks, gains and leaves, by kind and id."""
    return {(one.kind, one.id): (one.ask, one.days_gained, one.remaining) for one in found(plan)}


def test_repairs_when_the_plan_holds_then_none() -> None:
    assert found(network(row("a", 3), a=date(2026, 3, 6))) == ()


def test_repairs_when_a_permit_and_works_are_late_then_each_kind_asks_its_least() -> None:
    plan = network(
        row("permit", 10, legal_days=20, cause="approval"),
        row("works", 10),
        links=after("permit", "works"),
        works=date(2026, 3, 25),
    )
    answer = found(plan)
    assert [(one.kind, one.id, one.ask, one.makes_feasible) for one in answer] == [
        ("promise", "permit", 2, True),
        ("crew", "works", 2, True),
        ("overtime", "works", 2, True),
        ("deadline", "works", 2, True),
    ]
    assert [one.asked for one in answer] == [
        "请将「permit」的办理时限由10天压缩到8天（法定时限20天）",
        "「works」增加班组（最多一倍），由10天缩短到8天",
        "准许「works」在休息日施工2天（2026-03-14至2026-03-15）",
        "将「works」的期限由2026-03-25推迟到2026-03-27（2天）",
    ]


def test_repairs_when_the_desk_has_promised_days_then_no_less_is_asked() -> None:
    plan = network(
        row("p", 10, legal_days=20, promised_days=9),
        row("w", 3),
        links=after("p", "w"),
        w=date(2026, 3, 16),
    )
    assert kinds(plan)["promise", "p"] == (1, 1, 1)


def test_repairs_when_three_days_late_before_winter_then_few_winter_days_save_five_months() -> None:
    plan = network(
        row("w", 10, "outdoor"),
        status=date(2026, 10, 23),
        w=date(2026, 11, 10),
    )
    winter = [one for one in found(plan) if one.kind == "winter"]
    assert [(one.ask, one.makes_feasible) for one in winter] == [(4, True)]
    assert winter[0].asked == "准许「w」在停工期内施工4天（2026-11-02至2026-11-05）"
    assert winter[0].days_gained > 150


def test_repairs_when_a_crash_is_declared_then_its_days_and_price() -> None:
    plan = network(
        row("a", 10, crash=(Crash(3, "夜间施工", Decimal("12.5")),)), a=date(2026, 3, 11)
    )
    crash = next(one for one in found(plan) if one.kind == "crash")
    assert (crash.ask, crash.cost, crash.makes_feasible) == (3, Decimal("12.5"), True)
    assert crash.asked == "「a」采取“夜间施工”措施，由10天缩短到7天（费用12.5万元）"


def test_repairs_when_works_follow_one_another_then_they_may_overlap() -> None:
    plan = network(row("a", 10), row("b", 10), links=after("a", "b"), b=date(2026, 3, 24))
    overlap = next(one for one in found(plan) if one.kind == "overlap")
    assert (overlap.ask, overlap.makes_feasible) == (3, True)
    assert (
        overlap.asked == "「a」开工7天后「b」即可开始（搭接3天），「b」的完成不得早于「a」的完成，"
        "须经设计、监理确认"
    )


def test_repairs_when_work_is_done_at_desks_then_no_crew_no_overtime_and_no_overlap() -> None:
    plan = network(
        row("study", 10),
        row("design", 10, cause="design"),
        row("works", 10),
        links=after("study", "design", "works"),
        works=date(2026, 4, 6),
    )
    by_cause = {(one.kind, one.id) for one in found(plan)}
    assert {key for key in by_cause if key[1] not in {"works", "study"}} == set()
    assert {("crew", "study"), ("crew", "works"), ("overtime", "works")} <= by_cause
    told = {(one.kind, one.id) for one in found(plan, desks={"study"})}
    assert told == {("crew", "works"), ("overtime", "works"), ("deadline", "works")}


def test_repairs_when_the_work_fits_no_season_then_days_gained_are_unknown() -> None:
    plan = network(row("w", 200, "outdoor"), w=date(2027, 10, 1))
    assert [(one.kind, one.days_gained, one.makes_feasible) for one in found(plan)] == [
        ("crew", None, True),
        ("overtime", None, True),
        ("winter", None, True),
    ]


def test_repairs_when_a_permit_lapses_then_it_is_renewed() -> None:
    plan = network(
        row("p", 5, valid_days=10),
        row("m", 30),
        row("w", 5),
        links=(*after("p", "m", "w"), Link(predecessor="p", successor="w")),
    )
    renewal = next(one for one in found(plan) if one.kind == "renewal")
    assert renewal.makes_feasible
    assert back_schedule(applied(plan, renewal.changes)).feasible
    shorter = replace(renewal.changes[0], days=renewal.changes[0].days - 1)
    assert not back_schedule(applied(plan, [shorter])).feasible


def test_repairs_when_no_single_one_saves_then_the_fewest_are_joined() -> None:
    plan = network(
        row("a", 10, crash=(Crash(2),), cause="funds"),
        row("b", 10, crash=(Crash(2),), cause="funds"),
        row("c", 10, crash=(Crash(1),), cause="funds"),
        links=after("a", "b", "c"),
        c=date(2026, 4, 7),
    )
    singles = [one for one in found(plan) if one.kind == "crash"]
    joined = next(one for one in found(plan) if one.kind == "combination")
    assert [one.makes_feasible for one in singles] == [False] * 3
    assert {part.id for part in joined.parts} == {"a", "b"}
    assert joined.makes_feasible
    assert back_schedule(applied(plan, joined.changes)).feasible


def test_repairs_when_two_chains_are_late_side_by_side_then_both_are_shortened() -> None:
    rows = [row("s", 1, cause="funds"), row("e", 0)]
    rows += [row(key, 10) for key in ("a", "b")]
    links = (*after("s", "a", "e"), *after("s", "b", "e"))
    plan = network(*rows, links=links, e=date(2026, 3, 11))
    joined = next(one for one in found(plan) if one.kind == "combination")
    assert {part.id for part in joined.parts} == {"a", "b"}
    assert back_schedule(applied(plan, joined.changes)).feasible


def test_repairs_when_kinds_are_not_offered_then_they_are_not_asked_for() -> None:
    plan = network(row("a", 10), a=date(2026, 3, 11))
    offers = [offer for offer in OFFERS if offer.kind == "deadline"]
    assert [one.kind for one in found(plan, offers=offers)] == ["deadline"]


@st.composite
def late_plans(draw: st.DrawFn) -> tuple[Network, BackSchedule]:
    count = draw(st.integers(1, 6))
    causes = [None, None, "weather", "approval", "procurement"]
    rows = [
        row(
            f"a{number}",
            draw(st.integers(0, 25)),
            draw(st.sampled_from(list(CALENDARS))),
            splittable=draw(st.booleans()),
            cause=draw(st.sampled_from(causes)),
            valid_days=draw(st.none() | st.none() | st.integers(30, 120)),
            crash=draw(st.sampled_from([(), (Crash(2), Crash(4))])),
        )
        for number in range(count)
    ]
    links = tuple(
        Link(
            predecessor=f"a{before}",
            successor=f"a{later}",
            type=draw(st.sampled_from(["FS", "FS", "FS", "SS", "FF"])),
            lag=draw(st.integers(-2, 6)),
            lag_calendar=draw(st.none() | st.sampled_from(list(CALENDARS))),
        )
        for later in range(count)
        for before in range(later)
        if draw(st.booleans())
    )
    plan = network(*rows, links=links, status=date(2026, 9, 14))
    ends = {key: dates.early_finish for key, dates in back_schedule(plan).activities.items()}
    limits = tuple(
        Deadline(key, max(end - timedelta(days=draw(st.integers(-5, 40))), date(2026, 9, 14)))
        for key, end in ends.items()
        if end is not None and draw(st.booleans())
    )
    plan = replace(plan, deadlines=limits)
    return plan, back_schedule(plan)


@settings(max_examples=60, deadline=None)
@given(late_plans())
def test_repairs_when_made_then_the_plan_is_as_late_as_they_say(
    drawn: tuple[Network, BackSchedule],
) -> None:
    plan, answer = drawn
    for repair in repairs(plan, answer):
        again = back_schedule(applied(plan, repair.changes))
        assert again.feasible == repair.makes_feasible
        if not any(item.kind == "validity" for item in answer.conflict):
            assert again.infeasible_by_calendar_days == repair.remaining


@settings(max_examples=25, deadline=None)
@given(late_plans())
def test_repairs_when_a_day_less_is_asked_then_it_does_less(
    drawn: tuple[Network, BackSchedule],
) -> None:
    plan, answer = drawn
    for repair in repairs(plan, answer):
        change = repair.changes[0]
        if repair.kind not in {"promise", "crew"} or repair.ask == 1:
            continue
        less = replace(change, days=change.days + 1)
        left = back_schedule(applied(plan, [less]))
        late = _total_late(plan, left)
        assert late > _total_late(plan, back_schedule(applied(plan, repair.changes)))


def _total_late(plan: Network, answer: BackSchedule) -> int:
    ends = {key: dates.early_finish for key, dates in answer.activities.items()}
    return sum(
        10**6
        if ends[limit.activity] is None
        else max((ends[limit.activity] - limit.finish).days, 0)
        for limit in plan.deadlines
    )
