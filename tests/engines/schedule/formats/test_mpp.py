"""Files read by MPXJ in its process: what it makes of them, and what becomes of hostile ones.

Nothing but Microsoft Project writes .mpp; the whole path is tried with .mpx, which MPXJ writes and
recognises by its content, and the reader of .mpp itself with bytes that only begin like one.
"""

import random
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import Activity, BadNetwork, Link, Network, Resource
from guatu.engines.schedule.formats import mpp
from guatu.engines.schedule.formats.crossing import read_plan_confined
from guatu.engines.schedule.formats.mspdi import write_mspdi
from guatu.engines.schedule.formats.mspdi.document import LARGEST
from tests.machine import java

BROKEN = "文件不是MPXJ能读的项目文件，或已损坏。"
COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
"""How every .mpp begins."""

with_mpxj = pytest.mark.skipif(
    not mpp.mpp_available(), reason=f"{java.MISSING}, or MPXJ: pip install 'guatu[mpp]'"
)


def plan() -> Network:
    return Network(
        calendars={"office": CalendarSpec(), "elapsed": CalendarSpec(base="every-day")},
        status_date=date(2026, 3, 2),
        activities=(
            Activity(id="1", name="permit", duration=20, calendar="office"),
            Activity(id="2", name="works", duration=120, calendar="office", needs={"crew": 2}),
            Activity(id="3", name="open", duration=0, calendar="office"),
        ),
        links=(
            Link(predecessor="1", successor="2", lag=7, lag_calendar="elapsed"),
            Link(predecessor="2", successor="3", type="FF", lag=2),
            Link(predecessor="1", successor="3", type="SS", lag=-1),
        ),
        resources=(Resource("crew", 2),),
    )


def noise(seed: int, length: int) -> bytes:
    return random.Random(seed).randbytes(length)  # noqa: S311 -- the same every time, no secret


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "示例.mpp"


@pytest.fixture
def mpx(mpxj: Callable[[str], Any], tmp_path: Path) -> bytes:
    """The plan as MPXJ writes it in the text format of Project 4."""
    (tmp_path / "plan.xml").write_bytes(write_mspdi(plan(), title="example"))
    project = mpxj("org.mpxj.reader.UniversalProjectReader")().read(str(tmp_path / "plan.xml"))
    mpxj("org.mpxj.mpx.MPXWriter")().write(project, str(tmp_path / "plan.mpx"))
    return (tmp_path / "plan.mpx").read_bytes()


@with_mpxj
def test_plan_when_java_turns_it_into_xml_then_the_same(mpx: bytes, file: Path) -> None:
    file.write_bytes(mpx)
    assert mpp.read_mpp(file) == plan()


@with_mpxj
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing of the kind",
        noise(1, 100_000),
        COMPOUND + noise(2, 100_000),
        COMPOUND + b"\xff" * 504,
        b"SQLite format 3\0" + noise(3, 4_000),
        b"PK\x03\x04" + noise(4, 1_000),
        bytes(LARGEST),
    ],
    ids=["empty", "text", "random", "begun", "blank", "database", "zip", "zeros"],
)
def test_mpp_when_it_is_no_project_then_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BadNetwork) as refused:
        mpp.read_mpp(file)
    assert str(refused.value) == BROKEN


@pytest.fixture
def shell(mpxj: Callable[[str], Any], tmp_path: Path) -> bytes:
    """A whole compound file that names itself Project's and holds noise."""
    named = [b"Microsoft.Project", b"MSProject.MPP14", b"MSProject.Project.9"]
    head = bytes(28) + b"".join(struct.pack("<i", len(name) + 1) + name + b"\0" for name in named)
    disk = mpxj("org.apache.poi.poifs.filesystem.POIFSFileSystem")()
    inside = disk.createDirectory("   114")
    for folder, name, data in (
        (disk.getRoot(), "\1CompObj", head),
        (disk.getRoot(), "Props14", noise(5, 9_000)),
        (inside, "Props", noise(6, 9_000)),
        (inside.createDirectory("TBkndTask"), "VarMeta", noise(7, 9_000)),
    ):
        folder.createDocument(name, mpxj("java.io.ByteArrayInputStream")(data))
    stream = mpxj("java.io.FileOutputStream")(str(tmp_path / "shell"))
    disk.writeFilesystem(stream)
    stream.close()
    return (tmp_path / "shell").read_bytes()


@with_mpxj
@pytest.mark.parametrize("part", [0.03, 0.5, 1])
def test_mpp_when_it_is_named_so_and_holds_noise_then_refused(
    shell: bytes, file: Path, part: float
) -> None:
    file.write_bytes(shell[: int(len(shell) * part)])
    with pytest.raises(BadNetwork) as refused:
        mpp.read_mpp(file)
    assert str(refused.value) == BROKEN


@with_mpxj
def test_mpp_when_it_is_huge_then_refused_unread(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(LARGEST + 2**20)
    with pytest.raises(BadNetwork) as refused:
        mpp.read_mpp(file)
    assert str(refused.value) == "文件有33MB，超过32MB。"


@with_mpxj
def test_mpp_when_it_is_xml_that_asks_for_a_file_then_nothing_of_it_is_read(
    file: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("示例秘密", encoding="utf-8")
    asks = f'<!DOCTYPE p [<!ENTITY s SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    task = "<Task><UID>1</UID><ID>1</ID><Name>&s;</Name></Task>"
    name = "http://schemas.microsoft.com/project"
    file.write_text(f'{asks}<Project xmlns="{name}"><Tasks>{task}</Tasks></Project>', "utf-8")
    with pytest.raises(BadNetwork) as refused:
        mpp.read_mpp(file)
    assert str(refused.value) == BROKEN


@with_mpxj
def test_plan_when_uploaded_then_java_and_a_reader_of_their_own_give_the_same(mpx: bytes) -> None:
    assert read_plan_confined(mpx, "示例.MPX") == plan()


@with_mpxj
def test_mpp_when_it_is_uploaded_and_broken_then_refused() -> None:
    with pytest.raises(BadNetwork) as refused:
        read_plan_confined(COMPOUND + noise(2, 100_000), "示例.mpp")
    assert str(refused.value) == BROKEN


@with_mpxj
def test_mpp_when_java_takes_too_long_then_stopped(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mpp, "SECONDS", 0.01)
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(BadNetwork) as refused:
        mpp.read_mpp(file)
    assert str(refused.value) == "文件0.01秒还没有读完，已停止。"


def test_mpp_when_java_is_absent_then_the_sentence_says_what_to_install(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    file.write_bytes(b"")
    with pytest.raises(BadNetwork) as refused:
        mpp.read_mpp(file)
    assert str(refused.value) == mpp.MISSING
