"""An independent reader and writer of project files: MPXJ, where it and Java are installed."""

import json
import random
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import (
    Activity,
    BadNetwork,
    Deadline,
    Link,
    LinkType,
    Network,
    Resource,
    back_schedule,
)
from guatu.engines.schedule.formats import mpp
from guatu.engines.schedule.formats.mspdi import read_mspdi_plan, write_mspdi

ELAPSED = "日历日"
HOUR = 3600
STATUS = date(2026, 9, 14)

with_mpxj = pytest.mark.skipif(
    not mpp.mpp_available(), reason="MPXJ or Java is not here: pip install 'guatu[mpp]'"
)
with_compiler = pytest.mark.skipif(shutil.which("javac") is None, reason="no Java compiler here")


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


def java(*words: str) -> str:
    archives = mpp._archives()  # noqa: SLF001 -- where the test's own peer lies
    assert archives is not None
    program = [shutil.which("java") or "java", "-cp", str(archives / "*"), *words]
    done = subprocess.run(program, check=True, capture_output=True)  # noqa: S603 -- fixed words
    return done.stdout.decode()


@pytest.fixture
def seen_by_mpxj(written: Path, tmp_path: Path) -> dict[str, Any]:
    java(mpp.CONVERTER, str(written), str(tmp_path / "plan.json"))
    seen: dict[str, Any] = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    return seen


@with_mpxj
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


@with_mpxj
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


@with_mpxj
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


@with_mpxj
def test_plan_when_mpxj_reads_and_writes_it_then_unchanged(written: Path) -> None:
    again = read_mspdi_plan(mpp.mpp_as_mspdi(written))
    assert (again.network, again.baselines, again.title) == (plan(), BASELINES, "示例道路")


@with_mpxj
@with_compiler
def test_plan_when_built_through_mpxj_then_read_by_its_meaning(tmp_path: Path) -> None:
    file = tmp_path / "made.xml"
    java(str(Path(__file__).with_name("ApiProject.java")), str(file))
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


@with_mpxj
@with_compiler
@pytest.mark.parametrize(
    ("calendars", "types"),
    [(["outdoor"], ["FS", "SS", "FF"]), (["office", "outdoor", "elapsed"], ["FS"])],
    ids=["one calendar", "three calendars"],
)
def test_early_dates_when_mpxj_schedules_our_files_then_the_same(
    tmp_path: Path, calendars: list[str], types: list[LinkType]
) -> None:
    chance = random.Random(5)  # noqa: S311 -- the same draw every time, no secret
    expected = set()
    for place in range(40):
        network = drawn(chance, calendars, types)
        (tmp_path / f"{place}.xml").write_bytes(write_mspdi(network, title="示例"))
        expected |= {
            f"{place}.xml {key} {dates.early_start} {dates.early_finish}"
            for key, dates in back_schedule(network).activities.items()
        }
    program = str(Path(__file__).with_name("ForwardDates.java"))
    assert set(java(program, str(tmp_path), str(STATUS)).splitlines()) == expected


@with_mpxj
def test_mpp_when_it_is_no_project_then_refused(tmp_path: Path) -> None:
    file = tmp_path / "示例.mpp"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(BadNetwork, match=r"^文件“示例\.mpp”不是MPXJ能读的项目文件，或已损坏。$"):
        mpp.read_mpp(file)


@pytest.mark.skipif(mpp.mpp_available(), reason="MPXJ is here")
def test_mpp_when_mpxj_is_absent_then_the_sentence_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BadNetwork, match=r"pip install 'guatu\[mpp\]'"):
        mpp.read_mpp(tmp_path / "示例.mpp")
