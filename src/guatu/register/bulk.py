"""Writing thousands of rows nobody needs back: no model instances, one prepared statement.

``bulk_create`` builds an object and a piece of SQL for each row and reads its key back; for the
rows of versions, events and sources, which are written and never touched again, that is most of
the cost of an import. ``bulk_update`` builds a ``CASE`` of all keys for each column.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connections, models, router

Adapter = Callable[[Any], Any]


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert ``rows``, whose values stand in the order of ``columns`` (attribute names).

    Every column without a database default must be named: model defaults are not applied. Runs
    in the caller's transaction.
    """
    using = router.db_for_write(model)
    connection = connections[using]
    fields = [_field(model, name) for name in columns]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = _adapted(fields, rows, connection)
    if not values:
        return
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        # Table and columns are the model's own names, quoted; every value is a parameter.
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)  # noqa: S608 -- see above


def update_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[tuple[object, Sequence[object]]],
) -> None:
    """Set ``columns`` (attribute names) of ``(key, values)`` rows, each to values of its own.

    Runs in the caller's transaction, which has seen to it that the rows are there.
    """
    using = router.db_for_write(model)
    connection = connections[using]
    key = model._meta.pk
    fields = [*(_field(model, name) for name in columns), key]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields[:-1])
    values = _adapted(fields, ((*told, pk) for pk, told in rows), connection)
    if not values:
        return
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        # Table and columns are the model's own names, quoted; every value is a parameter.
        statement = f"UPDATE {table} SET {sets} WHERE {quote(str(key.column))} = %s"  # noqa: S608 -- see above
        cursor.executemany(statement, values)


def _adapted(
    fields: "Sequence[models.Field[Any, Any]]",
    rows: Iterable[Sequence[object]],
    connection: Any,  # noqa: ANN401 -- a database wrapper
) -> list[list[Any]]:
    """Rows of values as the database takes them."""
    adapters = [_adapter(field, connection) for field in fields]
    return [
        [
            value if adapter is None else adapter(value)
            for adapter, value in zip(adapters, row, strict=True)
        ]
        for row in rows
    ]


def _field(model: type[models.Model], attname: str) -> "models.Field[Any, Any]":
    return next(f for f in model._meta.local_concrete_fields if f.attname == attname)


def _adapter(field: "models.Field[Any, Any]", connection: Any) -> Adapter | None:  # noqa: ANN401 -- a database wrapper
    """How values of a field reach the database; None where plain ones go as they are.

    Equal dates, decimals and keys recur row after row, so their adapted forms are remembered.
    """
    if isinstance(
        field, models.CharField | models.TextField | models.IntegerField | models.BooleanField
    ):
        return None
    if isinstance(field, models.ForeignKey) and isinstance(
        field.target_field, models.AutoField | models.IntegerField
    ):
        return None
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    known: dict[Any, Any] = {}

    def adapted(value: Any) -> Any:  # noqa: ANN401 -- any column value
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return adapted
