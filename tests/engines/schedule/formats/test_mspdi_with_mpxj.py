"""An independent reader and writer of project files: MPXJ, where it and Java are installed."""

import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import (
    Activity,
    Deadline,
    Link,
    LinkType,
    Network,
    Resource,
    back_schedule,
)
from guatu.engines.schedule.formats.mspdi import read_mspdi_plan, write_mspdi

ELAPSED = "日历日"
HOUR = 3600
STATUS = date(2026, 9, 14)

Java = Callable[[str], Any]


def plan() -> Network:
    return Network(
        calendars={
            "office": CalendarSpec(),
            "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),)),
            "elapsed": CalendarSpec(base="every-day"),
        },
        status_date=date(2025, 3, 3),
        activities=(
            Activity(id="前期", duration=0, calendar="office"),
            Activity(
                id="permit",
                name="施工许可",
                duration=20,
                calendar="office",
                parent="前期",
                valid_days=90,
                low=0,
                high=30,
                cause="approval",
            ),
            Activity(
                id="works",
                name="主体施工",
                duration=120,
                calendar="outdoor",
                splittable=True,
                needs={"电工班": 2},
            ),
            Activity(id="open", name="通车", duration=0, calendar="elapsed"),
        ),
        links=(
            Link(predecessor="permit", successor="works", lag=7, lag_calendar="elapsed"),
            Link(predecessor="works", successor="open", type="FF", lag=2),
            Link(predecessor="permit", successor="open", type="SS", lag=-1, id="早开"),
        ),
        deadlines=(Deadline("open", date(2026, 10, 31)),),
        resources=(Resource("电工班", 3),),
    )


BASELINES = {4: {"works": (date(2025, 4, 1), date(2025, 9, 30))}}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "plan.xml"
    network = plan()
    data = write_mspdi(network, back_schedule(network), title="示例道路", baselines=BASELINES)
    file.write_bytes(data)
    return file


@pytest.fixture
def seen_by_mpxj(mpxj: Java, written: Path, tmp_path: Path) -> dict[str, Any]:
    project = mpxj("org.mpxj.reader.UniversalProjectReader")().read(str(written))
    mpxj("org.mpxj.json.JsonWriter")().write(project, str(tmp_path / "plan.json"))
    seen: dict[str, Any] = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    return seen


def test_tasks_when_mpxj_reads_our_file_then_the_same(seen_by_mpxj: dict[str, Any]) -> None:
    rows = [
        (row["name"], row.get("duration", 0) // HOUR, row["outline_number"], row.get("milestone"))
        for row in seen_by_mpxj["tasks"][1:]
    ]
    assert rows == [
        ("前期", 0, "1", None),
        ("施工许可", 160, "1.1", None),
        ("主体施工", 960, "2", None),
        ("通车", 0, "3", True),
    ]
    works = seen_by_mpxj["tasks"][3]
    assert works["baseline4_start"][:10] == "2025-04-01"
    assert works["baseline4_finish"][:10] == "2025-09-30"
    assert seen_by_mpxj["tasks"][4]["deadline"][:10] == "2026-10-31"


def test_links_when_mpxj_reads_our_file_then_the_same(seen_by_mpxj: dict[str, Any]) -> None:
    links = [
        (link["predecessor_task_unique_id"], row["unique_id"], link["type"], link.get("lag"))
        for row in seen_by_mpxj["tasks"]
        for link in row.get("predecessors", [])
    ]
    units = {
        link.get("lag_units")
        for row in seen_by_mpxj["tasks"]
        for link in row.get("predecessors", [])
    }
    assert links == [(2, 3, "FS", 7 * 24 * HOUR), (3, 4, "FF", 16 * HOUR), (2, 4, "SS", -8 * HOUR)]
    assert units == {"ed", None}  # elapsed days, and working time, which is not marked


def test_calendars_when_mpxj_reads_our_file_then_the_same(seen_by_mpxj: dict[str, Any]) -> None:
    calendars = {row["name"]: row for row in seen_by_mpxj["calendars"]}
    assert calendars["elapsed"]["sunday"]["type"] == "working"
    assert "exceptions" not in calendars["elapsed"]
    stops = [
        (row["from"], row["to"], row["type"])
        for row in calendars["outdoor"]["exceptions"]
        if row["name"] == "停工"
    ]
    assert stops[:3] == [
        ("2024-01-01", "2024-03-31", "non_working"),
        ("2024-11-01", "2025-03-31", "non_working"),
        ("2025-11-01", "2026-03-31", "non_working"),
    ]
    made_up = [
        row["from"]
        for row in calendars["office"]["exceptions"]
        if row["type"] == "working" and row["from"].startswith("2026")
    ]
    assert made_up == [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]


def test_plan_when_mpxj_reads_and_writes_it_then_unchanged(
    mpxj: Java, written: Path, tmp_path: Path
) -> None:
    project = mpxj("org.mpxj.reader.UniversalProjectReader")().read(str(written))
    mpxj("org.mpxj.mspdi.MSPDIWriter")().write(project, str(tmp_path / "again.xml"))
    again = read_mspdi_plan((tmp_path / "again.xml").read_bytes())
    assert (again.network, again.baselines, again.title) == (plan(), BASELINES, "示例道路")


def build(java: Java, file: Path) -> None:
    """Build a plan through MPXJ and write it as MSPDI."""
    moment, unit = java("java.time.LocalDateTime").of, java("org.mpxj.TimeUnit")
    duration = java("org.mpxj.Duration").getInstance
    project = java("org.mpxj.ProjectFile")()
    properties = project.getProjectProperties()
    properties.setProjectTitle("示例工程")
    properties.setStartDate(moment(2026, 3, 2, 8, 0))
    properties.setStatusDate(moment(2026, 3, 10, 17, 0))
    properties.setDefaultCalendar(_site(java, project))
    crew = project.addResource()
    crew.setName("电工班")
    summary = project.addTask()
    summary.setName("厂房")
    rows = [("基础", 10), ("钢结构", 20), ("屋面", 15), ("通电", 0)]
    footing, steel, roof, power = tasks = [summary.addTask() for _row in rows]
    for task, (name, days) in zip(tasks, rows, strict=True):
        task.setName(name)
        task.setDuration(duration(days, unit.DAYS))
        task.setMilestone(days == 0)
    kinds = java("org.mpxj.ConstraintType")
    footing.setActualStart(moment(2026, 3, 3, 8, 0))
    footing.setRemainingDuration(duration(4, unit.DAYS))
    steel.setConstraintType(kinds.START_NO_EARLIER_THAN)
    steel.setConstraintDate(moment(2026, 4, 1, 8, 0))
    roof.setConstraintType(kinds.FINISH_NO_LATER_THAN)
    roof.setConstraintDate(moment(2026, 8, 31, 17, 0))
    power.setDeadline(moment(2026, 9, 30, 17, 0))
    steel.addResourceAssignment(crew)
    for task in (footing, steel):
        task.setBaselineStart(moment(2026, 3, 2, 8, 0))
        task.setBaselineFinish(moment(2026, 4, 10, 17, 0))
    steel.setBaselineFinish(3, moment(2026, 4, 30, 17, 0))
    for before, after, kind, lag in (
        (footing, steel, "FINISH_START", duration(7, unit.ELAPSED_DAYS)),
        (steel, roof, "START_START", duration(5, unit.DAYS)),
        (steel, roof, "FINISH_FINISH", duration(50, unit.PERCENT)),
        (roof, power, "START_FINISH", duration(-2, unit.DAYS)),
    ):
        relation = java("org.mpxj.Relation$Builder")().predecessorTask(before).lag(lag)
        after.addPredecessor(relation.type(getattr(java("org.mpxj.RelationType"), kind)))
    java("org.mpxj.mspdi.MSPDIWriter")().write(project, str(file))


def _site(java: Java, project: Any) -> Any:  # noqa: ANN401 -- Java's objects
    day, time = java("java.time.LocalDate").of, java("java.time.LocalTime").of
    hours = java("org.mpxj.LocalTimeRange")
    site = project.addDefaultBaseCalendar()
    site.setName("工地")
    site.addCalendarException(day(2026, 11, 1), day(2027, 3, 31)).setName("停工")
    made_up = site.addCalendarException(day(2026, 5, 9), day(2026, 5, 9))
    made_up.add(hours(time(8, 0), time(12, 0)))
    made_up.add(hours(time(13, 0), time(17, 0)))
    return site


def test_plan_when_built_through_mpxj_then_read_by_its_meaning(mpxj: Java, tmp_path: Path) -> None:
    file = tmp_path / "made.xml"
    build(mpxj, file)
    found = read_mspdi_plan(file.read_bytes())
    assert (found.title, found.network.status_date) == ("示例工程", date(2026, 3, 10))
    assert found.network.activities == (
        Activity(id="1", name="厂房", duration=0, calendar="工地"),
        Activity(
            id="2",
            name="基础",
            duration=10,
            calendar="工地",
            parent="1",
            actual_start=date(2026, 3, 3),
            remaining=4,
        ),
        Activity(
            id="3",
            name="钢结构",
            duration=20,
            calendar="工地",
            parent="1",
            start_no_earlier=date(2026, 4, 1),
            needs={"电工班": 1},
        ),
        Activity(id="4", name="屋面", duration=15, calendar="工地", parent="1"),
        Activity(id="5", name="通电", duration=0, calendar="工地", parent="1"),
    )
    assert found.network.links == (
        Link(predecessor="2", successor="3", lag=7, lag_calendar=ELAPSED),
        Link(predecessor="3", successor="4", type="SS", lag=5),
        Link(predecessor="3", successor="4", type="FF", lag=10),
        Link(predecessor="4", successor="5", type="SF", lag=-2),
    )
    assert found.network.deadlines == (
        Deadline("4", date(2026, 8, 31)),
        Deadline("5", date(2026, 9, 30)),
    )
    assert found.baselines == {
        0: {
            "2": (date(2026, 3, 2), date(2026, 4, 10)),
            "3": (date(2026, 3, 2), date(2026, 4, 10)),
        },
        3: {"3": (None, date(2026, 4, 30))},
    }


def drawn(chance: random.Random, calendars: list[str], types: list[LinkType]) -> Network:
    count = chance.randint(2, 7)
    return Network(
        calendars=plan().calendars,
        status_date=STATUS,
        activities=tuple(
            Activity(
                id=str(number),
                duration=chance.randint(1, 25),
                calendar=chance.choice(calendars),
                splittable=True,
            )
            for number in range(1, count + 1)
        ),
        links=tuple(
            Link(
                predecessor=str(before),
                successor=str(after),
                type=chance.choice(types),
                lag=chance.randint(0, 8),
            )
            for after in range(2, count + 1)
            for before in range(1, after)
            if chance.random() < 0.5
        ),
    )


@pytest.mark.parametrize(
    ("calendars", "types"),
    [(["outdoor"], ["FS", "SS", "FF"]), (["office", "outdoor", "elapsed"], ["FS"])],
    ids=["one calendar", "three calendars"],
)
def test_early_dates_when_mpxj_schedules_our_files_then_the_same(
    mpxj: Java, tmp_path: Path, calendars: list[str], types: list[LinkType]
) -> None:
    chance = random.Random(5)  # noqa: S311 -- the same draw every time, no secret
    file = tmp_path / "plan.xml"
    begin = mpxj("java.time.LocalDateTime").of(STATUS.year, STATUS.month, STATUS.day, 8, 0)
    for _plan in range(40):
        network = drawn(chance, calendars, types)
        file.write_bytes(write_mspdi(network, title="示例"))
        project = mpxj("org.mpxj.reader.UniversalProjectReader")().read(str(file))
        mpxj("org.mpxj.cpm.MicrosoftScheduler")().schedule(project, begin)
        found = {
            str(task.getUniqueID()): tuple(
                str(moment.toLocalDate())
                for moment in (task.getEarlyStart(), task.getEarlyFinish())
            )
            for task in project.getTasks()
            if task.getUniqueID() != 0
        }
        assert found == {
            key: (str(dates.early_start), str(dates.early_finish))
            for key, dates in back_schedule(network).activities.items()
        }
