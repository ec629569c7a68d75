from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3.base import DatabaseWrapper

from guatu.config import database

# Nothing of the application is touched: pytest-django guards every connection there is.
pytestmark = pytest.mark.django_db


def test_postgresql_when_address_is_complete_then_every_part_is_taken() -> None:
    assert database.postgresql("postgresql://gt:a%40b@db.local:5433/guatu?sslmode=require") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "guatu",
        "USER": "gt",
        "PASSWORD": "a@b",
        "HOST": "db.local",
        "PORT": "5433",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": ("-c jit=off -c join_collapse_limit=4 -c max_parallel_workers_per_gather=0"),
            "sslmode": "require",
        },
    }


@pytest.mark.parametrize("url", ["mysql://u:p@h/guatu", "postgresql://u:p@h/", "guatu"])
def test_postgresql_when_address_is_something_else_then_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL 应为"):
        database.postgresql(url)


def connect(file: Path) -> DatabaseWrapper:
    filled = {
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
    }
    return DatabaseWrapper(database.sqlite(file) | filled)


def test_sqlite_when_opened_then_readers_do_not_wait_and_commits_are_on_disk(
    tmp_path: Path,
) -> None:
    connection = connect(tmp_path / "guatu.sqlite3")
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    connection.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_sqlite_when_a_transaction_starts_then_it_holds_the_write_lock(tmp_path: Path) -> None:
    connection = connect(tmp_path / "guatu.sqlite3")
    connection.connect()
    assert connection.connection is not None
    connection._start_transaction_under_autocommit()  # noqa: SLF001 -- what atomic() calls
    other = connect(tmp_path / "guatu.sqlite3")
    other.connect()
    assert other.connection is not None
    other.connection.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(Exception, match="database is locked"):
        other._start_transaction_under_autocommit()  # noqa: SLF001 -- as above
    connection.connection.execute("ROLLBACK")
    connection.close()
    other.close()
