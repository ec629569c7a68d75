"""Rows of an import rebuilt from what their drafts keep."""

from collections.abc import Sequence
from typing import Any

from guatu.campaign.reading.books import LedgerRow
from guatu.campaign.reading.shelf import AnyBook
from guatu.engines.intake.sheet import Cell, Column
from guatu.register.models import Batch, Draft
from guatu.register.recording import Json


def rows_of(batch: Batch, drafts: Sequence[Draft], book: AnyBook) -> list[LedgerRow[Any]]:
    """Type the rows the drafts keep."""
    tables = [[column_of(column) for column in table["columns"]] for table in batch.tables]
    rows = []
    for draft in drafts:
        columns = tables[draft.payload["table"]]
        rows.append(book.row_of(columns, cells_of(draft, columns), draft.payload["row"]))
    return rows


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
