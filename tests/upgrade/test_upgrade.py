"""Data of every landed version goes on under this one, and its log still proves itself.

Its tables end as those of a new database, which are laid without the migrations.

``sample-VERSION.sqlite3.gz`` is the sample as that version kept it, without passwords. A change of
tables adds a migration and leaves these files as they are.
"""

import contextlib
import gzip
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine.browsing import environment

LANDED = sorted(Path(__file__).parent.glob("sample-*.sqlite3.gz"))


def guatu(home: Path, *words: str) -> dict[str, object]:
    """Run a command on the data folder; its JSON answer."""
    done = subprocess.run(
        [sys.executable, "-m", "guatu.cli", *words, "--json"],
        env=environment(home),
        capture_output=True,
        check=True,
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("landed", LANDED, ids=lambda path: path.name)
def test_upgrade_when_data_is_of_a_landed_version_then_tables_and_log_hold(
    landed: Path, tmp_path: Path
) -> None:
    (tmp_path / "guatu.sqlite3").write_bytes(gzip.decompress(landed.read_bytes()))
    assert guatu(tmp_path, "migrate") == {"migrated": True}
    new = tmp_path / "new"
    new.mkdir()
    assert guatu(new, "migrate") == {"migrated": True}
    assert shape_of(tmp_path / "guatu.sqlite3") == shape_of(new / "guatu.sqlite3")
    assert unspelt(tmp_path / "guatu.sqlite3") == 0
    verified = guatu(tmp_path, "audit", "verify")
    assert (verified["intact"], verified["faults"]) == (True, [])
    added = int(str(verified["events"])) - int(str(verified["sealed"]))
    # That version knew no ladder, so what is late climbs now: each step once, one event each.
    climbed = {"steps": 35, "notices": 24, "letters": 2, "drafted": 2}
    first = {"lamps": 0, "scored": 0, **climbed, "sealed": added + 35 + 24 + 2}
    assert guatu(tmp_path, "tick") == first
    assert guatu(tmp_path, "tick") == dict.fromkeys(first, 0)
    verified = guatu(tmp_path, "audit", "verify")
    assert (verified["intact"], verified["events"]) == (True, verified["sealed"])


def unspelt(database: Path) -> int:
    """Duties, and past states of duties, that pinyin initials would not find."""
    counted = "SELECT count(*) FROM {} WHERE initials = ''"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return sum(
            connection.execute(counted.format(table)).fetchone()[0]
            for table in ("loop_duty", "loop_dutyversion")
        )


def shape_of(database: Path) -> dict[str, object]:
    """Columns, references, named indexes and named checks of every table."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        masters = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        tables = {name: sql for name, sql in connection.execute(masters) if "sqlite_" not in name}
        return {
            name: {
                "columns": sorted(
                    row[1:] for row in connection.execute(f'PRAGMA table_xinfo("{name}")')
                ),
                "references": sorted(
                    row[2:5] for row in connection.execute(f'PRAGMA foreign_key_list("{name}")')
                ),
                "indexes": sorted(
                    row[1:3]
                    for row in connection.execute(f'PRAGMA index_list("{name}")')
                    if not row[1].startswith("sqlite_autoindex")
                ),
                "checks": sorted(re.findall(r'CONSTRAINT "(\w+)" (?:CHECK|UNIQUE)', sql)),
            }
            for name, sql in tables.items()
        }


def test_upgrade_when_looked_for_then_there_is_landed_data() -> None:
    assert next(path.name for path in LANDED) == "sample-0.1.0.sqlite3.gz"
