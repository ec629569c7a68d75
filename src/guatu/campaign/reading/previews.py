"""Rows of an import rebuilt from what their drafts keep."""

from collections.abc import Sequence
from typing import Any

from guatu.campaign.reading.books import LedgerRow
from guatu.campaign.reading.shelf import AnyBook
from guatu.engines.intake.sheet import Cell, Column
from guatu.engines.intake.sheet.model import NOT_CONVERTED
from guatu.register.models import Batch, Draft
from guatu.register.recording import Json

SHOWN = 30


def rows_of(batch: Batch, drafts: Sequence[Draft], book: AnyBook) -> list[LedgerRow[Any]]:
    """Type the rows the drafts keep."""
    tables = [[column_of(column) for column in table["columns"]] for table in batch.tables]
    orders = [book.words.ordered(columns) for columns in tables]
    rows = []
    for draft in drafts:
        columns, order = (one[draft.payload["table"]] for one in (tables, orders))
        cells = cells_of(draft, columns)
        columns, cells = [columns[at] for at in order], tuple(cells[at] for at in order)
        row = book.row_of(columns, cells, draft.payload["row"])
        row.notes.extend(_not_understood(row, columns, cells, book))
        rows.append(row)
    return rows


def _not_understood(
    row: LedgerRow[Any], columns: Sequence[Column], cells: Sequence[Cell], book: AnyBook
) -> list[tuple[str, str]]:
    """Say which days and figures are written in words nobody can reckon with, once a cell."""
    told = {cell for cell, _ in row.notes}
    return [
        (cell.cell, f"“{column.header}”写的是“{cell.raw[:SHOWN]}”，不能换算，没有导入")
        for column, cell in zip(columns, cells, strict=True)
        if cell.value is None
        and (cell.rule or "").endswith(NOT_CONVERTED)
        and column.field in book.words.taken
        and cell.cell not in told
    ]


def cells_of(draft: Draft, columns: Sequence[Column]) -> tuple[Cell, ...]:
    """All cells of a row; a blank one too knows its place, for it may be what is wrong."""
    kept, row = draft.payload["cells"], draft.payload["row"]
    return tuple(
        Cell(*kept[str(at)])
        if str(at) in kept
        else Cell(None, "", f"{column.cell.rstrip('0123456789')}{row}")
        for at, column in enumerate(columns)
    )


def column_of(plain: dict[str, Json]) -> Column:
    """Build a column again from what the batch keeps of it."""
    return Column(
        id=str(plain["cell"]),
        header=str(plain["header"]),
        field=None if plain["field"] is None else str(plain["field"]),
        cell=str(plain["cell"]),
        period=None if plain["period"] is None else str(plain["period"]),
    )
