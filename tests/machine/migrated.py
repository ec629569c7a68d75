"""A migrated, empty SQLite database kept between runs of the tests.

Migrating from nothing takes half a minute of CPU, more than most files of tests. The copy bears the
digest of what made it: every migration and every lock of packages. PostgreSQL is always migrated.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def digest() -> str:
    """Return the digest of all that shapes an empty database."""
    sources = [*sorted(CHECKOUT.glob("src/guatu/*/migrations/*.py"))]
    summed = hashlib.sha256()
    for path in [*sources, CHECKOUT / "requirements-dev.lock"]:
        summed.update(path.read_bytes())
    return summed.hexdigest()[:16]


def kept(config: pytest.Config) -> Path:
    """Return where the database of these migrations lies, or would lie."""
    return config.cache.mkdir("migrated") / f"{digest()}.sqlite3"


def lay(template: Path, target: Path) -> bool:
    """Copy the kept database to ``target``; say whether there was one."""
    if not template.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template, target)
    return True


def keep(source: Path, template: Path) -> None:
    """Keep a copy of a database just migrated; older ones go."""
    own = template.with_suffix(f".{os.getpid()}")
    with (
        contextlib.closing(sqlite3.connect(source)) as fresh,
        contextlib.closing(sqlite3.connect(own)) as copy,
    ):
        fresh.backup(copy)
    for old in template.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    own.replace(template)
