"""All tables of a PostgreSQL database as files, and back: ``COPY`` in one transaction."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from guatu.register.laying import lay_tables, shipped_migrations

BLOCK = 1024 * 1024
JOURNAL = "django_migrations"


def applied_migrations() -> list[list[str]]:
    """Migrations in the database as ``[app, name]``, in the order they were applied."""
    applied = MigrationRecorder(connection).applied_migrations().values()
    return [[row.app, row.name] for row in sorted(applied, key=lambda row: row.pk)]


def dump(folder: Path) -> Iterator[tuple[str, Path]]:
    """Write every table to a file as of one moment; yields its name in the backup with the file.

    The first line of each file names the columns, so that their order does not matter.
    """
    (folder / "tables").mkdir()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in _names(cursor):
            columns = _columns(cursor, table)
            path = folder / "tables" / f"{table}.copy"
            with path.open("wb") as file:
                file.write((",".join(columns) + "\n").encode())
                listed = ", ".join(f'"{name}"' for name in columns)
                with cursor.copy(f'COPY "{table}" ({listed}) TO STDOUT') as copy:
                    for block in copy:
                        file.write(block)
    for path in sorted((folder / "tables").glob("*.copy")):
        yield f"tables/{path.name}", path


def load(folder: Path, manifest: dict[str, Any]) -> None:
    """Create the tables as the backup had them and fill them; keys go on where they stopped.

    References are checked at the end of the transaction, so the order of tables is free.
    """
    _lay(dict(manifest["migrations"]))
    with transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(f'"{name}"' for name in _names(cursor))
        cursor.execute(f"TRUNCATE {names}")
        for path in sorted(folder.glob("*.copy")):
            _fill(cursor, path)
        _set_sequences(cursor)


def _lay(latest: dict[str, str]) -> None:
    """Create the tables of the version whose last migration of each app is given."""
    if latest == dict(shipped_migrations()):
        lay_tables()
        return
    call_command("migrate", interactive=False, verbosity=0)
    for app, name in latest.items():
        call_command("migrate", app, name, interactive=False, verbosity=0)


def _fill(cursor: Any, path: Path) -> None:  # noqa: ANN401 -- the driver's cursor
    table = path.stem
    known = set(_columns(cursor, table))
    with path.open("rb") as file:
        columns = file.readline().decode().rstrip("\n").split(",")
        if not set(columns) <= known:
            raise LookupError(f"columns of {table} are not those of this version")
        listed = ", ".join(f'"{name}"' for name in columns)
        with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
            while block := file.read(BLOCK):
                copy.write(block)


def _names(cursor: Any) -> list[str]:  # noqa: ANN401 -- the driver's cursor
    return sorted(
        info.name for info in connection.introspection.get_table_list(cursor) if info.type == "t"
    )


def _columns(cursor: Any, table: str) -> list[str]:  # noqa: ANN401 -- the driver's cursor
    return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _set_sequences(cursor: Any) -> None:  # noqa: ANN401 -- the driver's cursor
    for table in _names(cursor):
        for sequence in connection.introspection.get_sequences(cursor, table):
            column = sequence["column"]
            cursor.execute(f'SELECT max("{column}") FROM "{table}"')  # noqa: S608 -- catalogue names
            (highest,) = cursor.fetchone()
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [f'"{table}"', column, highest or 1, highest is not None],
            )
