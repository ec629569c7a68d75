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
        kept = draft.payload["cells"]
        number = draft.payload["row"]
        cells = [
            Cell(*kept[key]) if (key := str(at)) in kept else Cell(None, "", f"A{number}")
            for at in range(len(columns))
        ]
        rows.append(book.row_of(columns, cells, number))
    return rows


def column_of(plain: dict[str, Json]) -> Column:
    """Build a column again from what the batch keeps of it."""
    return Column(
        id=str(plain["cell"]),
        header=str(plain["header"]),
        field=None if plain["field"] is None else str(plain["field"]),
        cell=str(plain["cell"]),
        period=None if plain["period"] is None else str(plain["period"]),
    )
