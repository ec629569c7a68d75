"""A backup taken while others write restores to the same data; a bad one restores nothing."""

import datetime as dt
import hashlib
import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from guatu.engines.intake import BadInput
from guatu.register import backup
from guatu.register.models import Event, Organisation
from guatu.register.recording import change
from guatu.register.sealing import seal, verify
from tests.factories import NOON, make_district, make_unit, system_act

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the SQLite half of backups"),
]
SHA = hashlib.sha256(b"contract").hexdigest()


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:  # noqa: ANN401 -- pytest-django's settings
    """Data folder with one stored file and a sealed log."""
    place = tmp_path / "home"
    (place / "files" / SHA[:2]).mkdir(parents=True)
    (place / "files" / SHA[:2] / SHA).write_bytes(b"contract")
    settings.GUATU_HOME = place
    make_unit(make_district(), "示例一局")
    seal(NOON)
    return place


@pytest.fixture
def moved(tmp_path: Path, settings: Any, request: pytest.FixtureRequest) -> Callable[[], Path]:  # noqa: ANN401 -- as above
    """Return a function that moves this process to a new, empty data folder."""
    before = connection.settings_dict["NAME"]

    def back() -> None:
        connection.close()
        connection.settings_dict["NAME"] = before

    def move() -> Path:
        place = tmp_path / "other"
        place.mkdir()
        connection.close()
        connection.settings_dict["NAME"] = place / "guatu.sqlite3"
        settings.GUATU_HOME = place
        request.addfinalizer(back)
        return place

    return move


def dumped(path: Path) -> list[str]:
    """Logical dump of a SQLite file."""
    with sqlite3.connect(path) as database:
        lines = list(database.iterdump())
    database.close()
    return lines


def rewritten(source: Path, target: Path, edit: Callable[[dict[str, bytes]], None]) -> Path:
    """Copy a backup with its members edited."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    edit(members)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def test_restore_when_folder_is_empty_then_database_files_and_heads_are_the_same(
    home: Path, moved: Callable[[], Path], tmp_path: Path
) -> None:
    out = tmp_path / "backup.zip"
    backup.write(out)
    before = dumped(Path(connection.settings_dict["NAME"]))
    other = moved()
    backup.restore(out)
    assert dumped(other / "guatu.sqlite3") == before
    assert (other / "files" / SHA[:2] / SHA).read_bytes() == b"contract"
    assert [p.name for p in (other / "heads").iterdir()] == [
        p.name for p in (home / "heads").iterdir()
    ]
    assert (verify().faults, verify().sealed) == ([], 4)
    assert out.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in home.iterdir()) == ["files", "heads", "keys"]


@pytest.mark.usefixtures("home")
def test_write_when_others_write_meanwhile_then_snapshot_is_of_one_moment(
    moved: Callable[[], Path], tmp_path: Path
) -> None:
    unit = Organisation.objects.get(name="示例一局")
    stop, started = threading.Event(), threading.Event()

    def rename() -> None:
        at = NOON
        while not stop.is_set():
            at += dt.timedelta(minutes=1)
            change(system_act(at), "organisation.rename", unit, name=f"示例{at:%d%H%M}局")
            started.set()
        connections.close_all()

    writer = threading.Thread(target=rename)
    writer.start()
    started.wait()
    backup.write(tmp_path / "backup.zip")
    stop.set()
    writer.join()
    total = Event.objects.count()
    moved()
    backup.restore(tmp_path / "backup.zip")
    assert verify().faults == []
    assert 4 < Event.objects.count() <= total


def test_write_when_backup_is_taken_then_no_private_key_is_in_it(
    home: Path, tmp_path: Path
) -> None:
    backup.write(tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        names = sorted(archive.namelist())
    head = next((home / "heads").iterdir()).name
    assert names == [
        "database.sqlite3",
        f"files/{SHA[:2]}/{SHA}",
        f"heads/{head}",
        "manifest.json",
    ]


@pytest.mark.usefixtures("home")
def test_restore_when_folder_has_data_then_refused(tmp_path: Path) -> None:
    backup.write(tmp_path / "backup.zip")
    with pytest.raises(BadInput, match="只能恢复到空的"):
        backup.restore(tmp_path / "backup.zip")


def _flip(members: dict[str, bytes]) -> None:
    members["database.sqlite3"] = b"X" + members["database.sqlite3"][1:]


def _escape(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["members"].append({"name": "files/../../evil", "size": 1, "sha256": "0"})
    members["manifest.json"] = json.dumps(manifest).encode()
    members["files/../../evil"] = b"x"


def _stowaway(members: dict[str, bytes]) -> None:
    members["files/ab/unlisted"] = b"x"


def _understated(members: dict[str, bytes]) -> None:
    members["database.sqlite3"] += b"more"


def _no_manifest(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (_flip, "内容与清单不符"),
        (_escape, "不应出现的文件"),
        (_stowaway, "与清单不一致"),
        (_understated, "大小与清单不符"),
        (_no_manifest, "不是挂图的备份文件"),
    ],
)
def test_restore_when_backup_was_tampered_with_then_refused_and_nothing_is_left(
    moved: Callable[[], Path],
    tmp_path: Path,
    edit: Callable[[dict[str, bytes]], None],
    sentence: str,
) -> None:
    backup.write(tmp_path / "backup.zip")
    bad = rewritten(tmp_path / "backup.zip", tmp_path / "bad.zip", edit)
    other = moved()
    with pytest.raises(BadInput, match=sentence):
        backup.restore(bad)
    assert list(other.iterdir()) == []


@pytest.mark.usefixtures("home")
def test_restore_when_file_is_no_backup_then_refused(
    moved: Callable[[], Path], tmp_path: Path
) -> None:
    (tmp_path / "note.zip").write_bytes(b"not a zip")
    moved()
    with pytest.raises(BadInput, match="不是备份文件"):
        backup.restore(tmp_path / "note.zip")
