"""What ships with the software as rows: kept in the tables as the files say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def keep(
    model: type[Row], rows: Iterable[Mapping[str, Any]], *, by: Sequence[str], refresh: bool = True
) -> dict[tuple[Any, ...], Row]:
    """Insert rows that are not there and, on ``refresh``, change those that say something else.

    ``by`` names the columns that identify a row; columns a row does not name stay as they are.
    Returns all rows of the table by these columns. At most three queries, however many rows.
    """
    columns = {column.attname: column for column in model._meta.concrete_fields}
    there = {_identity(row, by): row for row in model._default_manager.all()}
    new: list[Row] = []
    changed: list[Row] = []
    fields: set[str] = set()
    for said in rows:
        values = {name: columns[name].to_python(said[name]) for name in said}
        row = there.get(tuple(values[name] for name in by))
        if row is None:
            new.append(model(**values))
            there[_identity(new[-1], by)] = new[-1]
            continue
        other = {name for name in values if getattr(row, name) != values[name]}
        if other and refresh:
            for name in other:
                setattr(row, name, values[name])
            changed.append(row)
            fields |= other
    model._default_manager.bulk_create(new)
    if changed:
        model._default_manager.bulk_update(changed, sorted(fields))
    return there


def _identity(row: Model, by: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in by)
