"""Early dates of random plans against MPXJ's Microsoft scheduler, where it and Java are present.

Its days have hours: a start is 08:00, a finish 17:00.  A lead may take it before the project's
start, which a constraint forbids here.  Two of its readings differ from ours and are
translated here: SF counts from the morning of the predecessor's first day (our lag is one less),
and a milestone takes no day at all (there are none here).
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, DayTable
from guatu.engines.schedule import Activity, Link, Network, back_schedule

STATUS = date(2026, 3, 2)
WEEKDAYS = DayTable({}, frozenset())
CALENDARS = {"week": CalendarSpec(), "daily": CalendarSpec(base="every-day")}
TYPES = {"FS": "FINISH_START", "SS": "START_START", "FF": "FINISH_FINISH", "SF": "START_FINISH"}
Dates = dict[str, tuple[date, date]]
Java = Callable[[str], Any]


@pytest.fixture(scope="module")
def oracle(mpxj: Java) -> Callable[[Network], Dates]:
    return partial(_scheduled, mpxj)


def _scheduled(java: Java, network: Network) -> Dates:
    """Lay the plan out for MPXJ, schedule it forward and read its early dates."""
    project = java("org.mpxj.ProjectFile")()
    calendars = {"week": project.addDefaultBaseCalendar()}
    calendars["week"].setName("week")
    project.setDefaultCalendar(calendars["week"])
    if any(row.calendar == "daily" for row in network.activities):
        calendars["daily"] = _every_day(project, java)
    begin = java("java.time.LocalDateTime").of(STATUS.year, STATUS.month, STATUS.day, 8, 0)
    project.getProjectProperties().setStartDate(begin)
    unit, duration = java("org.mpxj.TimeUnit").DAYS, java("org.mpxj.Duration").getInstance
    tasks = {}
    for row in network.activities:
        task = tasks[row.id] = project.addTask()
        task.setName(row.id)
        task.setDuration(duration(row.duration, unit))
        task.setRemainingDuration(duration(row.duration, unit))
        task.setActualDuration(duration(0, unit))
        task.setCalendar(calendars[row.calendar])
        task.setConstraintType(java("org.mpxj.ConstraintType").START_NO_EARLIER_THAN)
        task.setConstraintDate(begin)
    for link in network.links:
        lag = link.lag + (link.type == "SF")
        relation = java("org.mpxj.Relation$Builder")()
        relation.predecessorTask(tasks[link.predecessor]).lag(duration(lag, unit))
        relation.type(getattr(java("org.mpxj.RelationType"), TYPES[link.type]))
        tasks[link.successor].addPredecessor(relation)
    java("org.mpxj.cpm.MicrosoftScheduler")().schedule(project, begin)
    return {
        str(task.getName()): (_day(task.getEarlyStart()), _day(task.getEarlyFinish()))
        for task in project.getTasks()
    }


def _every_day(project: Any, java: Java) -> Any:  # noqa: ANN401 -- Java's objects
    calendar = project.addDefaultBaseCalendar()
    calendar.setName("daily")
    week = java("java.time.DayOfWeek")
    hours = [calendar.getCalendarHours(week.MONDAY).get(place) for place in range(2)]
    for day in (week.SATURDAY, week.SUNDAY):
        calendar.setWorkingDay(day, True)
        there = calendar.getCalendarHours(day)
        there.clear()
        for span in hours:
            there.add(span)
    return calendar


def _day(moment: Any) -> date:  # noqa: ANN401 -- as above
    return date(moment.getYear(), moment.getMonthValue(), moment.getDayOfMonth())


@st.composite
def networks(draw: st.DrawFn, calendars: list[str], lags: st.SearchStrategy[int]) -> Network:
    count = draw(st.integers(1, 8))
    return Network(
        calendars=CALENDARS,
        status_date=STATUS,
        activities=tuple(
            Activity(
                id=f"a{n}",
                duration=draw(st.integers(1, 12)),
                calendar=draw(st.sampled_from(calendars)),
            )
            for n in range(count)
        ),
        links=tuple(
            Link(
                predecessor=f"a{before}",
                successor=f"a{after}",
                type=draw(st.sampled_from(["FS", "SS", "FF", "SF"])),
                lag=draw(lags),
            )
            for after in range(count)
            for before in range(after)
            if draw(st.booleans())
        ),
    )


def ours(network: Network) -> Dates:
    answer = back_schedule(network, WEEKDAYS).activities
    return {
        key: (row.early_start, row.early_finish)
        for key, row in answer.items()
        if row.early_start is not None and row.early_finish is not None
    }


@settings(max_examples=100, deadline=None)
@given(network=networks(["week"], st.integers(-6, 9)))
def test_early_dates_when_links_of_all_types_have_lags_then_as_mpxj(
    oracle: Callable[[Network], Dates], network: Network
) -> None:
    assert ours(network) == oracle(network)


@settings(max_examples=100, deadline=None)
@given(network=networks(["week", "daily"], st.just(0)))
def test_early_dates_when_calendars_differ_then_as_mpxj(
    oracle: Callable[[Network], Dates], network: Network
) -> None:
    assert ours(network) == oracle(network)
