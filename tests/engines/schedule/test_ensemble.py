"""Many variants at once against the same variants computed one by one."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.engines.schedule import Activity, Link, Network
from guatu.engines.schedule.critical_path import backward, forward
from guatu.engines.schedule.ensemble import earliest_of, lapsed, latest_of, own_durations
from guatu.engines.schedule.horizon import settle
from guatu.engines.schedule.plan import Plan
from guatu.engines.schedule.walk import Rows, Variants

STATUS = date(2026, 9, 14)
CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),)),
    "elapsed": CalendarSpec(base="every-day"),
}
MEETINGS = tuple(STATUS + timedelta(weeks=2 * week) for week in range(60))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 7))
    rows = [
        Activity(
            id=f"a{number}",
            duration=draw(st.integers(0, 20)),
            calendar=draw(st.sampled_from(list(CALENDARS))),
            splittable=draw(st.booleans()),
            valid_days=draw(st.none() | st.integers(20, 90)),
            allowed_starts=draw(st.sampled_from([None, None, MEETINGS])),
            start_no_earlier=draw(
                st.none() | st.integers(-5, 60).map(lambda days: STATUS + timedelta(days=days))
            ),
        )
        for number in range(count)
    ]
    if draw(st.booleans()):
        began = STATUS - timedelta(days=draw(st.integers(1, 20)))
        rows[0] = replace(rows[0], actual_start=began, remaining=draw(st.integers(0, 9)))
    links = [
        Link(
            predecessor=f"a{before}",
            successor=f"a{after}",
            type=draw(st.sampled_from(["FS", "FS", "SS", "FF", "SF"])),
            lag=draw(st.integers(-6, 9)),
            lag_calendar=draw(st.none() | st.sampled_from(list(CALENDARS))),
        )
        for after in range(count)
        for before in range(after)
        if draw(st.booleans())
    ]
    plan, _dates = settle(
        Network(
            calendars=CALENDARS, status_date=STATUS, activities=tuple(rows), links=tuple(links)
        ),
        shipped_table(),
    )
    return plan


@settings(max_examples=150, deadline=None)
@given(plans(), st.data())
def test_dates_when_durations_and_links_vary_then_each_column_is_its_own_plan(
    plan: Plan, data: st.DataObject
) -> None:
    columns = 3
    duration = [
        np.array([data.draw(st.integers(1, int(own[0]))) for _ in range(columns)])
        for own in own_durations(plan)
    ]
    active = {
        link: np.array([data.draw(st.booleans()) for _ in range(columns)])
        for link in range(len(plan.links.source))
        if data.draw(st.booleans())
    }
    lag = {
        link: np.array([data.draw(st.integers(-6, -1) | st.integers(1, 9)) for _ in range(columns)])
        for link in range(len(plan.links.source))
        if plan.links.lag[link] != 0 and data.draw(st.booleans())
    }
    variants = Variants(duration, lag=lag, active=active)
    early = earliest_of(plan, variants)
    last = [np.array([plan.stack.beyond])] * len(duration)
    late = latest_of(plan, variants, last)
    lapsing = np.broadcast_to(lapsed(plan, early, movable=True), (columns,))
    for column in range(columns):
        lags = plan.links.lag.copy()
        for link, values in lag.items():
            lags[link] = values[column]
        on = plan.links.active.copy()
        for link, switched in active.items():
            on[link] = switched[column]
        links = replace(plan.links, lag=lags, active=on)
        alone = replace(plan, duration=np.array([days[column] for days in duration]), links=links)
        expected = forward(alone)
        if lapsing[column]:
            # A permit that never catches its user: here the dates stay as they are without it.
            expected = forward(replace(alone, validities=_no_validities(alone)))
        assert _column(early.start, column) == expected.start.tolist()
        assert _column(early.finish, column) == expected.finish.tolist()
        unbound = replace(alone, validities=_no_validities(alone))
        latest = backward(unbound, np.full(len(duration), plan.stack.beyond))
        assert _column(late.finish, column) == latest.finish.tolist()


def _column(rows: Rows, column: int) -> list[int]:
    return [int(np.broadcast_to(rows[node], (3,))[column]) for node in range(len(rows))]


def _no_validities(plan: Plan) -> object:
    arcs = plan.validities
    return replace(arcs, permit=arcs.permit[:0], user=arcs.user[:0], days=arcs.days[:0])
