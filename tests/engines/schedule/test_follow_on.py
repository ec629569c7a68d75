"""Work that follows on after the last deadline pulls nothing before it."""

from dataclasses import replace
from datetime import date

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import Activity, Deadline, Link, Network, back_schedule

PLAN = Network(
    calendars={"elapsed": CalendarSpec(base="every-day")},
    status_date=date(2025, 3, 1),
    activities=(
        Activity(id="works", duration=10, calendar="elapsed"),
        Activity(id="done", duration=1, calendar="elapsed"),
        Activity(id="running_in", duration=30, calendar="elapsed"),
    ),
    links=(
        Link(predecessor="works", successor="done"),
        Link(predecessor="works", successor="running_in"),
    ),
    deadlines=(Deadline("done", date(2025, 6, 30)),),
)


def test_back_schedule_when_work_follows_on_then_it_ends_after_the_deadline() -> None:
    rows = back_schedule(replace(PLAN, follow_on=True)).activities
    assert (rows["works"].late_finish, rows["running_in"].late_finish) == (
        date(2025, 6, 29),
        date(2025, 7, 29),
    )


def test_back_schedule_when_it_does_not_then_the_last_deadline_bounds_it() -> None:
    rows = back_schedule(PLAN).activities
    assert (rows["works"].late_finish, rows["running_in"].late_finish) == (
        date(2025, 5, 31),
        date(2025, 6, 30),
    )


def test_back_schedule_when_nothing_has_a_deadline_then_following_on_changes_nothing() -> None:
    free = replace(PLAN, deadlines=())
    assert back_schedule(replace(free, follow_on=True)) == back_schedule(free)
