"""How the cells of a ledger's row become values: a reader a field, faults at cells."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias

from guatu.campaign.reading.books import LedgerRow
from guatu.campaign.reading.ledger_dates import end_of, in_year
from guatu.campaign.reading.units import UnitNames
from guatu.engines.intake.sheet import Cell, Column
from guatu.register.models import Organisation

Row: TypeAlias = LedgerRow[Any]
Reader: TypeAlias = Callable[[Any, Cell, str], object]


def read_values(
    row: Row,
    columns: Sequence[Column],
    cells: Sequence[Cell],
    readers: Mapping[str, Reader],
    names: Mapping[str, str],
) -> dict[str, object]:
    """Return what a row says by ``names`` of the reader's fields; of two columns the first counts.

    Empty cells and what a reader does not understand say nothing. Each value's cell is kept.
    """
    row.look_for_blanks(columns, cells, names)
    values: dict[str, object] = {}
    for column, cell in zip(columns, cells, strict=True):
        name = names.get(column.field or "")
        if column.field is None or name is None or name in values or cell.value in (None, ""):
            continue
        value = readers[column.field](row, cell, str(cell.value).strip())
        if value:
            values[name] = value
            row.places[name] = cell
    return values


def text_at(columns: Sequence[Column], cells: Sequence[Cell], field: str) -> str:
    """Return what the first filled column of a field says; empty where there is none."""
    for column, cell in zip(columns, cells, strict=True):
        if column.field == field and cell.value not in (None, ""):
            return str(cell.value).strip()
    return ""


def day(row: Row, cell: Cell, text: str) -> dt.date | None:
    """Last day of what a cell says; how a month or year was taken is noted."""
    found, rule = end_of(text)
    rules = [one for one in (cell.rule, rule) if one]
    if rules:
        row.notes.append((cell.cell, f"“{cell.raw}”{'，'.join(rules)}"))
    return found


def days_in_year(
    columns: Sequence[Column], cells: Sequence[Cell], fields: Collection[str], year: int
) -> list[Cell]:
    """Return the cells, those of ``fields`` that name a day without its year in ``year``."""
    return [
        in_year(cell, year) if column.field in fields else cell
        for column, cell in zip(columns, cells, strict=True)
    ]


def unit(units: UnitNames) -> Callable[[Row, Cell, str], Organisation | None]:
    """Return the reader of one unit's name: one that nobody bears is an error."""

    def read(row: Row, cell: Cell, text: str) -> Organisation | None:
        found = units.named(text)
        if found is None:
            row.errors.append((cell.cell, units.unknown(text)))
        return found

    return read
