"""Many plans in one pass answer as each would alone."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, Leave
from guatu.engines.schedule import Activity, BadNetwork, Deadline, Link, Network, back_schedule
from guatu.engines.schedule.back import BackSchedule
from guatu.engines.schedule.portfolio import Portfolio, back_schedules
from guatu.engines.schedule.risk import forecast
from guatu.engines.schedule.rows import UNSAID
from guatu.engines.schedule.today import act_today

STATUS = date(2025, 3, 18)
CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),)),
    "elapsed": CalendarSpec(base="every-day"),
}

WINTER = Leave(date(2025, 11, 1), date(2026, 1, 31), "stop", "示例复函")
LEAVES = [(), (), (WINTER,), (Leave(date(2025, 4, 1), date(2025, 6, 30), "all"), WINTER)]


def test_portfolio_when_one_plan_leaves_the_table_then_it_alone_is_refused() -> None:
    plans = [
        Network(
            calendars=CALENDARS,
            status_date=STATUS,
            activities=(Activity(id="a", duration=days, calendar="office"),),
        )
        for days in (5, 30_000)
    ]
    with pytest.raises(BadNetwork) as alone:
        back_schedule(plans[1])
    assert {n: str(bad) for n, bad in Portfolio(plans).refused().items()} == {1: str(alone.value)}


@st.composite
def networks(draw: st.DrawFn, name: str) -> Network:
    """Plan of a few activities, some begun, with or without a deadline that may not hold."""
    count = draw(st.integers(1, 6))
    activities = [
        Activity(
            id=f"{name}/{place}",
            duration=draw(st.integers(0, 30)),
            calendar=draw(st.sampled_from(sorted(CALENDARS))),
            splittable=draw(st.booleans()),
            actual_start=date(2025, 3, 3) if place == 0 and draw(st.booleans()) else None,
            leave=draw(st.sampled_from(LEAVES)),
        )
        for place in range(count)
    ]
    links = [
        Link(
            predecessor=f"{name}/{draw(st.integers(0, after - 1))}",
            successor=f"{name}/{after}",
            type=draw(st.sampled_from(["FS", "SS", "FF"])),
            lag=draw(st.integers(-2, 5)),
        )
        for after in range(1, count)
    ]
    days = draw(st.lists(st.integers(0, 400), max_size=2))
    deadlines = [
        Deadline(f"{name}/{count - 1 - place}", date.fromordinal(STATUS.toordinal() + day))
        for place, day in enumerate(days[:count])
    ]
    return Network(
        calendars=CALENDARS,
        status_date=STATUS,
        activities=tuple(activities),
        links=tuple(links),
        deadlines=tuple(deadlines),
    )


def dates_alone(plan: Network) -> BackSchedule:
    """Answer for one plan, without what a portfolio does not say."""
    answer = back_schedule(plan)
    unsaid = {"drivers": UNSAID, "free_float_office": None, "free_float_calendar_days": None}
    rows = {key: replace(row, **unsaid) for key, row in answer.activities.items()}
    return replace(answer, conflict=(), conflicts=(), activities=rows)


@settings(max_examples=60)
@given(st.data())
def test_portfolio_when_plans_share_a_pass_then_each_answers_as_if_alone(
    data: st.DataObject,
) -> None:
    plans = [data.draw(networks(f"p{number}")) for number in range(data.draw(st.integers(0, 4)))]
    assert back_schedules(plans) == [dates_alone(plan) for plan in plans]


@settings(max_examples=40)
@given(st.data())
def test_portfolio_when_its_plans_are_asked_then_they_answer_as_laid_out_alone(
    data: st.DataObject,
) -> None:
    plans = [data.draw(networks(f"p{number}")) for number in range(3)]
    for laid, plan in zip(Portfolio(plans).plans, plans, strict=True):
        answer = back_schedule(plan)
        assert act_today(plan, answer, plan=laid) == act_today(plan, answer)
        chances = {"samples": 40, "seed": 3}
        assert forecast(plan, plan=laid, **chances) == forecast(plan, **chances)


@settings(max_examples=40)
@given(st.data())
def test_certainties_when_told_then_no_sample_says_otherwise(data: st.DataObject) -> None:
    plans = [data.draw(networks(f"p{number}")) for number in range(3)]
    for plan, certain in zip(plans, Portfolio(plans).certainties, strict=True):
        chances = {
            finish.on_time
            for finish in forecast(plan, samples=50, seed=data.draw(st.integers(0, 9))).finishes
            if finish.on_time is not None
        }
        if certain is True:
            assert chances <= {1.0}
        if certain is False and chances:
            assert min(chances) == 0.0


def test_portfolio_when_status_dates_differ_then_refused() -> None:
    plan = Network(
        calendars=CALENDARS,
        status_date=STATUS,
        activities=(Activity(id="a", duration=1, calendar="office"),),
    )
    other = Network(
        calendars=CALENDARS,
        status_date=date(2025, 3, 19),
        activities=(Activity(id="b", duration=1, calendar="office"),),
    )
    with pytest.raises(BadNetwork, match="同一个状态日期"):
        back_schedules([plan, other])
