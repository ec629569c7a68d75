"""Levelling in a process of its own: the same answer, and nothing heavy in this process."""

import datetime as dt
import subprocess
import sys
from dataclasses import replace

import pytest

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.engines.calendars.day_table import YearNotice
from guatu.engines.schedule import Activity, Deadline, Link, Network, Resource
from guatu.engines.schedule import apart as process
from guatu.engines.schedule.apart import NotLevelled, level_apart
from guatu.engines.schedule.levelling import level

DAY = dt.date(2025, 3, 18)
OUTDOOR = CalendarSpec(
    base="china",
    stop=(((11, 1), (3, 31)),),
    work=frozenset({dt.date(2025, 4, 5).toordinal()}),
)


def network(capacity: int = 1) -> Network:
    """Three pieces of work for one crew, one tied, one with a deadline, one fixed."""
    return Network(
        calendars={"office": CalendarSpec(base="china"), "outdoor": OUTDOOR},
        status_date=DAY,
        activities=(
            Activity(id="1/a", name="甲", duration=10, calendar="office", needs={"crew": 1}),
            Activity(id="1/b", name="乙", duration=8, calendar="outdoor", needs={"crew": 1}),
            Activity(
                id="2/a",
                name="丙",
                duration=4,
                calendar="office",
                needs={"crew": 1},
                fixed_start=dt.date(2025, 3, 24),
            ),
            Activity(id="2/b", name="丁", duration=0, calendar="office"),
        ),
        links=(
            Link(predecessor="1/a", successor="1/b", type="SS", lag=2, lag_calendar="office"),
            Link(predecessor="1/b", successor="2/b"),
        ),
        deadlines=(Deadline("1/b", dt.date(2025, 6, 30)),),
        resources=(Resource("crew", capacity),),
        follow_on=True,
    )


def test_level_apart_when_asked_then_as_in_this_process() -> None:
    table = shipped_table()
    here = level(network(), limit=1, seed=3, objective="lateness", table=table)
    there = level_apart(network(), table, limit=1, seed=3)
    assert (there.status, there.makespan, there.bound) == (
        here.status.value,
        here.makespan,
        here.bound,
    )
    assert there.days == here.starts
    assert there.reasons == here.reasons


def test_level_apart_when_a_notice_is_loaded_then_its_days_off_hold() -> None:
    table = shipped_table()
    off = frozenset(dt.date(2025, 3, day).toordinal() for day in range(18, 32))
    notice = YearNotice(2025, off, frozenset(), "示例通知")
    moved = replace(table, notices={**table.notices, 2025: notice})
    alone = Network(
        calendars={"office": CalendarSpec(base="china")},
        status_date=DAY,
        activities=(Activity(id="a", duration=2, calendar="office", needs={"crew": 1}),),
        resources=(Resource("crew", 1),),
    )
    found = level_apart(alone, moved, limit=1).days
    assert found == {"a": (dt.date(2025, 4, 1), dt.date(2025, 4, 2))}


def test_level_apart_when_the_child_may_not_grow_then_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "PATIENCE", 0.0)
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.01)
    with pytest.raises(NotLevelled, match="没有算完"):
        level_apart(network(), shipped_table(), limit=1)


def test_import_when_only_asking_then_no_compiler_and_no_solver() -> None:
    check = (
        "import sys, guatu.engines.schedule.apart as a; "
        "print(sorted({'numba', 'ortools', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 -- this interpreter on our own words
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
