"""Which database: one SQLite file in the data folder, or PostgreSQL by DATABASE_URL."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_PRAGMAS = (
    # Readers never wait for the writer.
    "PRAGMA journal_mode=WAL",
    # What was confirmed to a person survives a power cut; about 200 commits a second remain.
    "PRAGMA synchronous=FULL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-32768",
)

POSTGRESQL_SETTINGS = (
    # Compiling a query takes half a second; no page asks one that long compiled or not.
    "jit=off",
    # Queries join from the row to what it names, which is the order they are written in. Trying
    # all orders of nine tables took 30 ms a query, for the same plan.
    "join_collapse_limit=4",
    # One page, one processor: a second process saves its reader little and costs the others.
    "max_parallel_workers_per_gather=0",
)
POSTGRESQL_OPTIONS = {"options": " ".join(f"-c {setting}" for setting in POSTGRESQL_SETTINGS)}


def sqlite(path: Path, pragmas: tuple[str, ...] = SQLITE_PRAGMAS) -> dict[str, Any]:
    """Return Django's settings for one SQLite file shared by several processes.

    Transactions take the write lock at their start: with SQLite's default a read followed by
    a write fails at once with "database is locked" when another process wrote in between.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(pragmas),
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """Return Django's settings for `postgresql://user:password@host:port/name?option=value`.

    Raises ImproperlyConfigured for any other scheme and for an address without a name.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise ImproperlyConfigured(
            "DATABASE_URL 应为 postgresql://用户:密码@主机:端口/库名；"
            "不设则使用数据文件夹中的 SQLite。"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": POSTGRESQL_OPTIONS | dict(parse_qsl(parts.query)),
    }
