"""Writing thousands of rows nobody needs back: no model instances, one prepared statement.

``bulk_create`` prepares each value of each row by itself, builds a piece of SQL for each row and
reads its key back; ``bulk_update`` builds a ``CASE`` of all keys for each column. Here a column is
prepared as a whole, keys are taken beforehand, and one statement runs over all rows.

Values are of the types the columns give back (``recording.stored``): nothing is converted but for
the database's own spelling.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from django.db import connections, models, router

AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert ``rows``, whose values stand in the order of ``columns`` (attribute names).

    Every column without a database default must be named: model defaults are not applied. Runs
    in the caller's transaction.
    """
    turned = _turned(columns, rows)
    if turned:
        insert_adapted(model, adapted(model, turned))


def adapted(
    model: type[models.Model], columns: Mapping[str, Sequence[object]]
) -> dict[str, Sequence[Any]]:
    """Columns (attribute name → values, aligned) as the database takes them."""
    connection = connections[router.db_for_write(model)]
    return {
        name: _adapted(_field(model, name), values, connection) for name, values in columns.items()
    }


def insert_adapted(model: type[models.Model], columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows given as columns of :func:`adapted`, of this model or of one with the same."""
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(_field(model, name).column)) for name in columns)
    places = ", ".join(["%s"] * len(columns))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        # Table and columns are the model's own names, quoted; every value is a parameter.
        statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 -- see above
        cursor.executemany(statement, list(zip(*columns.values(), strict=True)))


def update_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[tuple[object, Sequence[object]]],
) -> None:
    """Set ``columns`` (attribute names) of ``(key, values)`` rows, each to values of its own.

    Runs in the caller's transaction, which has seen to it that the rows are there.
    """
    connection = connections[router.db_for_write(model)]
    key = model._meta.pk
    turned = _turned([*columns, key.attname], ((*told, pk) for pk, told in rows))
    if not turned:
        return
    values = adapted(model, turned)
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(_field(model, name).column))} = %s" for name in columns)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        # Table and columns are the model's own names, quoted; every value is a parameter.
        statement = f"UPDATE {table} SET {sets} WHERE {quote(str(key.column))} = %s"  # noqa: S608 -- see above
        cursor.executemany(statement, list(zip(*values.values(), strict=True)))


def reserve_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Take ``count`` keys that no other row of ``model`` has or will get, rising.

    Runs in the caller's transaction: on SQLite that holds the one write lock, so what follows the
    last key given stays free; on PostgreSQL the keys are drawn from the sequence.
    """
    connection = connections[router.db_for_write(model)]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), model._meta.pk.column, count],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    first = last[0] + 1 if last else 1
    return range(first, first + count)


def _turned(
    columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> dict[str, Sequence[object]]:
    """Rows as columns; nothing where there are no rows."""
    told = list(rows)
    return dict(zip(columns, zip(*told, strict=True), strict=True)) if told else {}


def _field(model: type[models.Model], attname: str) -> "models.Field[Any, Any]":
    return next(f for f in model._meta.local_concrete_fields if f.attname == attname)


def _adapted(
    field: "models.Field[Any, Any]",
    values: Sequence[Any],
    connection: Any,  # noqa: ANN401 -- a database wrapper
) -> Sequence[Any]:
    """One column as the database takes it."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, AS_THEY_ARE):
        return values
    if isinstance(target, models.UUIDField):
        return values if connection.features.has_native_uuid_field else _each(_hex, values)
    if isinstance(target, models.JSONField):
        return _each(partial(connection.ops.adapt_json_value, encoder=target.encoder), values)
    # Equal dates and decimals recur row after row, so what became of them is remembered.
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]


_hex = attrgetter("hex")


def _each(adapter: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    return [None if value is None else adapter(value) for value in values]
