"""Stages and baselines of our files as MPXJ sees them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.engines.schedule import Network, back_schedule
from guatu.engines.schedule.formats.mspdi import read_mspdi_plan, write_mspdi
from tests.engines.schedule.formats.test_mspdi_with_mpxj import plan

Java = Callable[[str], Any]

STAGES = {"permit": "前期手续", "works": "施工", "open": "施工"}
AGREED = {
    0: {
        "permit": (date(2025, 3, 3), date(2025, 3, 28)),
        "works": (date(2025, 4, 7), date(2025, 10, 9)),
    },
    1: {"permit": (date(2025, 2, 24), date(2025, 3, 21))},
    2: {"works": (None, date(2025, 9, 30))},
}


def flat() -> Network:
    """The plan as ours are: no summaries of its own."""
    rows = plan().activities[1:]
    return replace(plan(), activities=(replace(rows[0], parent=None), *rows[1:]))


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    file, network = tmp_path / "staged.xml", flat()
    schedule = back_schedule(network)
    file.write_bytes(
        write_mspdi(network, schedule, title="示例道路", baselines=AGREED, stages=STAGES)
    )
    return file


def test_outline_when_mpxj_reads_our_stages_then_work_stands_under_them(
    mpxj: Java, staged: Path
) -> None:
    project = mpxj("org.mpxj.reader.UniversalProjectReader")().read(str(staged))
    rows = [
        (
            str(task.getName()),
            str(task.getOutlineNumber()),
            int(task.getOutlineLevel()),
            bool(task.getSummary()),
            None if task.getParentTask() is None else str(task.getParentTask().getName()),
        )
        for task in project.getTasks()
    ][1:]
    assert rows == [
        ("前期手续", "1", 1, True, "示例道路"),
        ("施工许可", "1.1", 2, False, "前期手续"),
        ("施工", "2", 1, True, "示例道路"),
        ("主体施工", "2.1", 2, False, "施工"),
        ("通车", "2.2", 2, False, "施工"),
    ]


def test_baselines_when_mpxj_reads_ours_then_each_number_has_its_dates(
    mpxj: Java, staged: Path
) -> None:
    project = mpxj("org.mpxj.reader.UniversalProjectReader")().read(str(staged))
    found = {
        str(task.getName()): [
            tuple(
                None if moment is None else str(moment.toLocalDate())
                for moment in (
                    (task.getBaselineStart(), task.getBaselineFinish())
                    if number == 0
                    else (task.getBaselineStart(number), task.getBaselineFinish(number))
                )
            )
            for number in range(3)
        ]
        for task in list(project.getTasks())[1:]
    }
    nothing = (None, None)
    permit = [("2025-03-03", "2025-03-28"), ("2025-02-24", "2025-03-21"), nothing]
    works = [("2025-04-07", "2025-10-09"), nothing, (None, "2025-09-30")]
    assert found == {
        "前期手续": permit,
        "施工许可": permit,
        "施工": works,
        "主体施工": works,
        "通车": [nothing] * 3,
    }


def test_staged_plan_when_mpxj_reads_and_writes_it_then_unchanged(
    mpxj: Java, staged: Path, tmp_path: Path
) -> None:
    project = mpxj("org.mpxj.reader.UniversalProjectReader")().read(str(staged))
    mpxj("org.mpxj.mspdi.MSPDIWriter")().write(project, str(tmp_path / "again.xml"))
    again = read_mspdi_plan((tmp_path / "again.xml").read_bytes())
    assert (again.network, again.baselines) == (flat(), AGREED)
