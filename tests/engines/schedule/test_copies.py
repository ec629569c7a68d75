"""Variants of many plans swept together against each plan's own."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.engines.schedule import Activity, Deadline, Link, Network
from guatu.engines.schedule.copies import finishes_of
from guatu.engines.schedule.ensemble import earliest_of
from guatu.engines.schedule.portfolio import Portfolio
from guatu.engines.schedule.today import Asked, act_today, acts_today
from guatu.engines.schedule.walk import Variants

STATUS = date(2026, 9, 14)
CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),)),
    "elapsed": CalendarSpec(base="every-day"),
}
MEETINGS = tuple(STATUS + timedelta(weeks=2 * week) for week in range(60))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    count = draw(st.integers(1, 6))
    rows = [
        Activity(
            id=f"a{number}",
            duration=draw(st.integers(0, 20)),
            calendar=draw(st.sampled_from(list(CALENDARS))),
            splittable=draw(st.booleans()),
            valid_days=draw(st.none() | st.integers(3, 60)),
            allowed_starts=draw(st.sampled_from([None, None, MEETINGS])),
            actual_start=STATUS - timedelta(days=3) if number < draw(st.integers(0, 1)) else None,
        )
        for number in range(count)
    ]
    links = [
        Link(
            predecessor=f"a{before}",
            successor=f"a{after}",
            type=draw(st.sampled_from(["FS", "FS", "SS", "FF", "SF"])),
            lag=draw(st.integers(-3, 9)),
        )
        for after in range(count)
        for before in range(after)
        if draw(st.booleans())
    ]
    due = STATUS + timedelta(days=draw(st.integers(0, 120)))
    return Network(
        calendars=CALENDARS,
        status_date=STATUS,
        activities=tuple(rows),
        links=tuple(links),
        deadlines=(Deadline(f"a{count - 1}", due),),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(networks(), min_size=1, max_size=4), st.data())
def test_finishes_when_plans_are_swept_together_then_each_is_as_if_alone(
    several: list[Network], data: st.DataObject
) -> None:
    plans = Portfolio(several, shipped_table()).plans
    tables = []
    for plan in plans:
        columns = data.draw(st.integers(1, 3))
        most = st.integers(1, max(int(plan.duration.max()), 1))
        tables.append(
            np.array([[data.draw(most) for _ in range(columns)] for _ in plan.duration], np.int64)
        )
    for plan, table, found in zip(plans, tables, finishes_of(plans, tables), strict=True):
        alone = earliest_of(plan, Variants(list(table))).finish
        for node, row in enumerate(found):
            assert row.tolist() == np.broadcast_to(alone[node], row.shape).tolist()


@settings(max_examples=60, deadline=None)
@given(st.lists(networks(), min_size=1, max_size=4))
def test_acts_when_many_plans_are_asked_together_then_each_is_as_if_alone(
    several: list[Network],
) -> None:
    portfolio = Portfolio(several, shipped_table())
    schedules = portfolio.schedules()
    together = acts_today(
        [Asked(plan, one) for plan, one in zip(portfolio.plans, schedules, strict=True)]
    )
    assert together == [
        act_today(network, one, table=shipped_table())
        for network, one in zip(several, schedules, strict=True)
    ]
