"""Plans in days, checked by loops over days that share no code with the engine."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import Activity, Deadline, Link, Network, Resource, back_schedule
from guatu.engines.schedule.levelling import Status, level
from guatu.engines.schedule.network import Period
from tests.engines.schedule.test_back_against_day_loop import (
    DAY,
    STATUS,
    keeps,
    networks,
    run,
    working,
)

Dates = dict[str, tuple[date, date]]
MONDAY = date(2026, 3, 2)
OFFICE = CalendarSpec()
OUTDOOR = CalendarSpec(stop=(((11, 1), (3, 31)),))
EVERY_DAY = CalendarSpec(base="every-day")


def overdrawn(network: Network, dates: Dates) -> list[tuple[str, date]]:
    """List the days on which more of a resource is used than there is."""
    used: Counter[tuple[str, date]] = Counter()
    for row in network.activities:
        day, last = dates[row.id]
        while day <= last and row.duration:
            if working(row, day, network.calendars):
                used.update({(key, day): need for key, need in row.needs.items()})
            day += DAY
    known = {resource.id: resource for resource in network.resources}
    return [place for place, units in used.items() if units > on_day(known[place[0]], place[1])]


def on_day(resource: Resource, day: date) -> int:
    """How many there are on a day."""
    found = [one.capacity for one in resource.periods if one.first <= day <= one.last]
    return found[0] if found else resource.capacity


def wrong(network: Network, dates: Dates) -> list[str]:
    """List the rows whose dates no calendar gives, and the links that do not hold."""
    rows = [
        row.id
        for row in network.activities
        if run(row, dates[row.id][0]) != dates[row.id][1]
        or dates[row.id][0] < max(filter(None, [STATUS, row.start_no_earlier]))
        or (row.allowed_starts is not None and dates[row.id][0] not in row.allowed_starts)
    ]
    return rows + [link.key for link in network.links if not keeps(link, network, dates)]


@st.composite
def sharing(draw: st.DrawFn, most: int = 2) -> Network:
    """A random network whose activities share a crew of two and a desk of one."""
    network = draw(networks())
    rows = tuple(
        replace(row, needs={"crew": draw(st.integers(0, most)), "desk": draw(st.integers(0, 1))})
        for row in network.activities
    )
    return replace(network, activities=rows, resources=(Resource("crew", 2), Resource("desk", 1)))


@st.composite
def periods(draw: st.DrawFn, most: int = 3) -> tuple[Period, ...]:
    """Periods one after another, some of nothing, some of more than usual."""
    found, day = [], STATUS - 5 * DAY
    for _number in range(draw(st.integers(1, 3))):
        first = day + draw(st.integers(0, 12)) * DAY
        day = first + draw(st.integers(1, 20)) * DAY
        found.append(Period(first, day - DAY, draw(st.integers(0, most))))
    return tuple(found)


@st.composite
def dated(draw: st.DrawFn) -> Network:
    """A random network whose crew and desk are more or fewer for a while."""
    network = draw(sharing())
    rows = tuple(
        replace(row, needs={**row.needs, "crew": draw(st.integers(0, 2))})
        for row in network.activities
    )
    resources = (
        Resource("crew", 2, draw(periods())),
        Resource("desk", 1, draw(st.just(()) | periods(1))),
    )
    return replace(network, activities=rows, resources=resources)


def length(dates: Dates) -> int:
    return (max(finish for _start, finish in dates.values()) - STATUS).days + 1


@settings(max_examples=60)
@given(network=sharing(), seed=st.integers(0, 9))
def test_level_when_activities_share_then_links_calendars_and_capacities_hold(
    network: Network, seed: int
) -> None:
    answer = level(network, limit=0.05, seed=seed)
    assert answer.starts is not None
    dates = dict(answer.starts)
    assert wrong(network, dates) == []
    assert overdrawn(network, dates) == []
    assert answer.makespan == length(dates)
    assert answer.bound is not None
    assert answer.bound <= answer.makespan
    assert (answer.status is Status.OPTIMAL) == (answer.bound == answer.makespan)


@settings(max_examples=25)
@given(network=sharing(), shrink=st.integers(1, 3))
def test_level_when_three_activities_then_bound_and_proof_as_every_day_tried(
    network: Network, shrink: int
) -> None:
    rows = tuple(
        replace(row, calendar="office", duration=min(row.duration, shrink), allowed_starts=None)
        for row in network.activities[:3]
    )
    kept = {row.id for row in rows}
    links = tuple(link for link in network.links if {link.predecessor, link.successor} <= kept)
    small = replace(network, activities=rows, links=links)
    answer = level(small, limit=0.1, seed=1)
    assert answer.makespan is not None
    assert answer.bound is not None
    least = shortest(small, answer.makespan)
    assert answer.bound <= least <= answer.makespan
    if answer.status is Status.OPTIMAL:
        assert answer.makespan == least


@settings(max_examples=60)
@given(network=dated(), seed=st.integers(0, 9))
def test_level_when_capacity_is_dated_then_no_day_is_overdrawn_and_the_bound_holds(
    network: Network, seed: int
) -> None:
    answer = level(network, limit=0.05, seed=seed)
    assert answer.starts is not None
    dates = dict(answer.starts)
    assert wrong(network, dates) == []
    assert overdrawn(network, dates) == []
    assert answer.makespan == length(dates)
    assert answer.bound is not None
    assert answer.bound <= answer.makespan
    assert (answer.status is Status.OPTIMAL) == (answer.bound == answer.makespan)


@settings(max_examples=40)
@given(network=dated(), shrink=st.integers(1, 3))
def test_level_when_capacity_is_dated_then_bound_and_proof_as_every_day_tried(
    network: Network, shrink: int
) -> None:
    rows = tuple(
        replace(row, calendar="office", duration=min(row.duration, shrink), allowed_starts=None)
        for row in network.activities[:3]
    )
    kept = {row.id for row in rows}
    links = tuple(link for link in network.links if {link.predecessor, link.successor} <= kept)
    small = replace(network, activities=rows, links=links)
    answer = level(small, limit=0.1, seed=1)
    assert answer.makespan is not None
    assert answer.bound is not None
    least = shortest(small, answer.makespan)
    assert answer.bound <= least <= answer.makespan
    if answer.status is Status.OPTIMAL:
        assert answer.makespan == least


@settings(max_examples=40)
@given(network=dated(), need=st.integers(2, 4), lasts=st.integers(1, 4))
def test_level_when_work_needs_more_than_usual_then_in_a_period_or_proved_impossible(
    network: Network, need: int, lasts: int
) -> None:
    crew = network.resources[0]
    rows = tuple(
        replace(row, calendar="office", duration=lasts, allowed_starts=None, leave=())
        for row in network.activities[:2]
    )
    rows = (replace(rows[0], needs={"crew": min(need, crew.peak)}), *rows[1:])
    small = replace(network, activities=rows, links=())
    answer = level(small, limit=0.1, seed=1)
    if answer.starts is None:
        assert shortest(small, 150) == 150
    else:
        dates = dict(answer.starts)
        assert (wrong(small, dates), overdrawn(small, dates)) == ([], [])
        least = shortest(small, length(dates))
        assert answer.bound is not None
        assert answer.bound <= least
        assert answer.status is not Status.OPTIMAL or least == answer.makespan


def shortest(network: Network, known: int) -> int:
    """Try every day for every activity; ``known`` is a length that can be reached."""
    best = known

    def place(rows: tuple[Activity, ...], dates: Dates) -> None:
        nonlocal best
        if not rows:
            best = min(best, length(dates))
            return
        for offset in range(best):
            finish = run(rows[0], STATUS + offset * DAY)
            if finish is None or (finish - STATUS).days + 1 >= best:
                continue
            more = {**dates, rows[0].id: (STATUS + offset * DAY, finish)}
            if wrong_among(network, more) or overdrawn(part(network, more), more):
                continue
            place(rows[1:], more)

    place(network.activities, {})
    return best


def part(network: Network, dates: Dates) -> Network:
    rows = tuple(row for row in network.activities if row.id in dates)
    links = tuple(
        link for link in network.links if link.predecessor in dates and link.successor in dates
    )
    return replace(network, activities=rows, links=links)


def wrong_among(network: Network, dates: Dates) -> list[str]:
    return wrong(part(network, dates), dates)


def crew_plan(*rows: Activity, links: tuple[Link, ...] = (), **more: object) -> Network:
    whole: dict[str, object] = {
        "calendars": {"office": OFFICE, "outdoor": OUTDOOR, "every": EVERY_DAY},
        "status_date": MONDAY,
        "activities": rows,
        "links": links,
        "resources": (Resource("crew", 1),),
    }
    return Network(**{**whole, **more})  # type: ignore[arg-type]


def activity(key: str, duration: int, **more: object) -> Activity:
    row = Activity(id=key, duration=duration, calendar="office", needs={"crew": 1})
    return replace(row, **more)  # type: ignore[arg-type]


def test_level_when_two_need_one_crew_then_one_after_the_other() -> None:
    plan = crew_plan(activity("a", 3), activity("b", 2))
    answer = level(plan, limit=0.1)
    assert (answer.status, answer.makespan, answer.bound) == (Status.OPTIMAL, 5, 5)
    assert answer.starts is not None
    assert sorted(finish for _start, finish in answer.starts.values())[1] == date(2026, 3, 6)
    assert overdrawn(plan, dict(answer.starts)) == []


def test_level_when_a_crew_rests_at_weekends_then_another_calendar_may_use_it() -> None:
    plan = crew_plan(activity("week", 8), activity("days", 2, calendar="every"))
    answer = level(plan, limit=0.1)
    assert answer.status is Status.OPTIMAL
    assert answer.starts == {
        "week": (MONDAY, date(2026, 3, 11)),
        "days": (date(2026, 3, 7), date(2026, 3, 8)),
    }


def test_level_when_the_crew_is_away_then_work_waits_or_is_done_before() -> None:
    away = Period(date(2026, 3, 5), date(2026, 3, 11), 0)
    plan = crew_plan(activity("a", 3), activity("b", 4), resources=(Resource("crew", 1, (away,)),))
    answer = level(plan, limit=0.1)
    assert (answer.status, answer.makespan) == (Status.OPTIMAL, 16)
    assert answer.starts == {
        "a": (MONDAY, date(2026, 3, 4)),
        "b": (date(2026, 3, 12), date(2026, 3, 17)),
    }


def test_level_when_more_crews_come_for_a_while_then_work_that_needs_them_is_done_then() -> None:
    more = Period(date(2026, 3, 9), date(2026, 3, 13), 2)
    plan = crew_plan(
        activity("two", 3, needs={"crew": 2}),
        activity("one", 5),
        resources=(Resource("crew", 1, (more,)),),
    )
    answer = level(plan, limit=0.1)
    assert (answer.status, answer.makespan) == (Status.OPTIMAL, 10)
    assert answer.starts is not None
    assert answer.starts["two"] == (date(2026, 3, 9), date(2026, 3, 11))
    assert overdrawn(plan, dict(answer.starts)) == []


def test_level_when_no_period_is_long_enough_then_proved_infeasible_by_name() -> None:
    more = Period(date(2026, 3, 9), date(2026, 3, 10), 2)
    plan = crew_plan(
        activity("two", 3, needs={"crew": 2}), resources=(Resource("crew", 1, (more,)),)
    )
    answer = level(plan, limit=0.1)
    assert (answer.status, answer.starts) == (Status.INFEASIBLE, None)
    assert answer.reasons == ("「two」需要资源“crew”2，没有一段时间够它连续施工3天。",)


def test_level_when_a_start_is_fixed_while_the_crew_is_away_then_infeasible_with_the_day() -> None:
    away = Period(date(2026, 3, 5), date(2026, 3, 5), 0)
    plan = crew_plan(
        activity("fixed", 3, fixed_start=date(2026, 3, 4)),
        resources=(Resource("crew", 1, (away,)),),
    )
    answer = level(plan, limit=0.1)
    assert (answer.status, answer.starts) == (Status.INFEASIBLE, None)
    assert answer.reasons == ("2026-03-05固定开始的工作需要资源“crew”1，而当天只有0。",)


def test_level_when_periods_change_nothing_then_the_answer_is_the_same() -> None:
    rows = [activity(f"a{n}", 2 + n % 7, calendar=("office", "outdoor")[n % 2]) for n in range(12)]
    links = tuple(Link(predecessor=f"a{n}", successor=f"a{n + 4}", lag=n % 3) for n in range(8))
    plan = crew_plan(*rows, links=links, resources=(Resource("crew", 3),))
    same = Resource("crew", 3, (Period(date(2026, 4, 1), date(2026, 5, 1), 3),))
    answer = level(replace(plan, resources=(same,)), limit=0.2, seed=4)
    assert answer == level(plan, limit=0.2, seed=4)


def test_level_when_deadlines_cannot_hold_without_resources_then_infeasible() -> None:
    plan = crew_plan(activity("a", 30), deadlines=(Deadline("a", date(2026, 3, 6)),))
    answer = level(plan, limit=0.1)
    assert (answer.status, answer.starts, answer.makespan) == (Status.INFEASIBLE, None, None)


def test_level_when_only_the_crew_breaks_a_deadline_then_no_schedule_or_days_late() -> None:
    friday = date(2026, 3, 6)
    plan = crew_plan(
        activity("a", 4),
        activity("b", 4),
        deadlines=(Deadline("a", friday), Deadline("b", friday)),
    )
    hard = level(plan, limit=0.1)
    assert (hard.status, hard.starts) == (Status.INFEASIBLE, None)
    soft = level(plan, limit=0.1, objective="lateness")
    assert soft.starts is not None
    assert sorted(finish for _start, finish in soft.starts.values()) == [
        date(2026, 3, 5),
        date(2026, 3, 11),
    ]
    assert soft.reasons == ("最好的安排仍超期，各期限合计超5个日历日。",)


def test_level_when_a_start_is_fixed_then_the_crew_is_kept_for_it() -> None:
    plan = crew_plan(activity("long", 10), activity("fixed", 3, fixed_start=date(2026, 3, 4)))
    answer = level(plan, limit=0.1)
    assert answer.starts == {
        "fixed": (date(2026, 3, 4), date(2026, 3, 6)),
        "long": (date(2026, 3, 9), date(2026, 3, 20)),
    }


def test_level_when_work_is_under_way_then_only_the_rest_is_planned() -> None:
    plan = crew_plan(
        activity("done", 5, actual_start=date(2026, 2, 2), actual_finish=date(2026, 2, 6)),
        activity("begun", 9, actual_start=date(2026, 2, 24), remaining=3),
        activity("next", 2),
        links=(Link(predecessor="begun", successor="next"),),
    )
    answer = level(plan, limit=0.1)
    assert answer.starts == {
        "done": (date(2026, 2, 2), date(2026, 2, 6)),
        "begun": (date(2026, 2, 24), date(2026, 3, 4)),
        "next": (date(2026, 3, 5), date(2026, 3, 6)),
    }
    assert (answer.status, answer.makespan) == (Status.OPTIMAL, 5)


def test_level_when_a_permit_would_lapse_while_the_crew_is_busy_then_taken_out_later() -> None:
    plan = crew_plan(
        activity("permit", 1, needs={}, valid_days=5),
        activity("other", 10),
        activity("works", 3, start_no_earlier=date(2026, 3, 3)),
        links=(
            Link(predecessor="permit", successor="works"),
            Link(predecessor="other", successor="works"),
        ),
    )
    answer = level(plan, limit=0.1)
    assert answer.starts is not None
    works_from, permit_until = answer.starts["works"][0], answer.starts["permit"][1]
    assert works_from == date(2026, 3, 16)
    assert timedelta(0) < works_from - permit_until <= 5 * DAY


def test_level_when_winter_comes_then_unsplittable_work_waits_for_spring() -> None:
    plan = crew_plan(
        activity("first", 20, calendar="outdoor"),
        activity("second", 20, calendar="outdoor"),
        status_date=date(2026, 9, 28),
    )
    answer = level(plan, limit=0.1)
    assert answer.starts is not None
    finishes = sorted(finish for _start, finish in answer.starts.values())
    starts = sorted(start for start, _finish in answer.starts.values())
    assert finishes[0] <= date(2026, 10, 31)
    assert starts[1] == date(2027, 4, 1)


def test_level_when_parts_share_nothing_then_each_is_as_early_as_alone() -> None:
    plan = crew_plan(activity("a", 3), activity("b", 4, needs={}), activity("c", 9, needs={}))
    answer = level(plan, limit=0.1)
    early = back_schedule(plan).activities
    assert answer.starts == {key: (row.early_start, row.early_finish) for key, row in early.items()}


def test_level_when_rows_have_a_summary_then_it_spans_them() -> None:
    plan = crew_plan(
        Activity(id="all", duration=0, calendar="office"),
        activity("a", 3, parent="all"),
        activity("b", 2, parent="all"),
    )
    answer = level(plan, limit=0.1)
    assert answer.starts is not None
    assert answer.starts["all"] == (MONDAY, date(2026, 3, 6))


def test_level_when_run_again_beside_other_work_then_the_same_answer() -> None:
    rows = [activity(f"a{n}", 2 + n % 7, calendar=("office", "outdoor")[n % 2]) for n in range(30)]
    links = tuple(Link(predecessor=f"a{n}", successor=f"a{n + 4}", lag=n % 3) for n in range(26))
    plan = crew_plan(*rows, links=links, resources=(Resource("crew", 3),))
    alone = level(plan, limit=0.3, workers=2, seed=4)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(level, plan, limit=0.3, workers=2, seed=4) for _run in range(2)]
    assert [run.result() for run in runs] == [alone, alone]


def test_level_when_everything_is_done_then_nothing_remains() -> None:
    row = activity("a", 2, actual_start=date(2026, 2, 2), actual_finish=date(2026, 2, 3))
    answer = level(crew_plan(row), limit=0.1)
    assert (answer.status, answer.makespan) == (Status.OPTIMAL, 0)
    assert answer.starts == {"a": (date(2026, 2, 2), date(2026, 2, 3))}


def test_level_when_no_status_date_then_begun_as_late_as_the_deadline_lets() -> None:
    plan = crew_plan(
        activity("a", 2), status_date=None, deadlines=(Deadline("a", date(2026, 3, 6)),)
    )
    answer = level(plan, limit=0.1)
    assert answer.starts == {"a": (date(2026, 3, 5), date(2026, 3, 6))}


def test_level_when_no_status_date_and_one_crew_then_begun_earlier() -> None:
    friday = date(2026, 3, 6)
    plan = crew_plan(
        activity("a", 2),
        activity("b", 2),
        status_date=None,
        deadlines=(Deadline("a", friday), Deadline("b", friday)),
    )
    answer = level(plan, limit=0.2)
    assert answer.starts is not None
    assert answer.status is Status.FEASIBLE
    assert max(finish for _start, finish in answer.starts.values()) <= friday
    assert overdrawn(plan, dict(answer.starts)) == []


def test_level_when_deadlines_fight_for_one_crew_then_proved_infeasible() -> None:
    friday = date(2026, 3, 6)
    rows = [activity(f"a{number}", 2) for number in range(4)]
    deadlines = tuple(Deadline(row.id, friday) for row in rows)
    answer = level(crew_plan(*rows, deadlines=deadlines), limit=0.2)
    assert (answer.status, answer.starts, answer.bound) == (Status.INFEASIBLE, None, None)
