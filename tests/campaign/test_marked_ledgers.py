"""An upload with errors comes back as one whole file, whatever the kind of ledger."""

import io
from dataclasses import replace

import openpyxl
import pytest

from guatu.campaign.reading.shelf import WORDS
from guatu.engines.intake.sheet import Finding, Table, Workbook, read_workbook
from guatu.engines.intake.sheet.template import (
    OURS,
    Template,
    TemplateColumn,
    empty_ledger,
    marked_workbook,
)
from tests.engines.intake.sheet.building import saved

TOLD = {"uscc": "91110000600037341L", "phone": "0431-80000000", "month": "2025-03"}


def _value(column: TemplateColumn, number: int) -> object:
    if column.field == "seq":
        return number
    if column.field.endswith("_wan") or column.kind == "number":
        return number + 0.5
    if "2025" in column.hint:
        return "2025-06-30"
    return TOLD.get(column.field, f"示例{column.header}{number}")


def _filled(template: Template) -> bytes:
    data = empty_ledger(template, f"示例区{template.sheet}", {})
    book = openpyxl.load_workbook(io.BytesIO(data))
    for number in range(1, 5):
        book.worksheets[0].append([_value(column, number) for column in template.columns])
    return saved(book)


@pytest.mark.parametrize("kind", WORDS)
def test_marked_file_when_read_again_then_no_row_and_no_value_is_lost(kind: str) -> None:
    first = read_workbook(_filled(WORDS[kind].template), "台账.xlsx")
    (table,) = first.tables
    assert len(table.rows) == 4
    wrong = Finding(table.rows[2][1].cell, "wrong", "示例缘由")
    marked = marked_workbook(Workbook((_with(table, wrong),)))
    sheet = openpyxl.load_workbook(io.BytesIO(marked)).worksheets[0]
    told = [line[-1].value for line in sheet.iter_rows(min_row=sheet.max_row - 3)]
    assert told == [None, None, f"{wrong.cell} 示例缘由", None]
    (again,) = read_workbook(marked, "待改正.xlsx").tables
    kept = [at for at, column in enumerate(again.columns) if column.header not in OURS]
    values = [[row[at].value for at in kept] for row in again.rows]
    assert values == [[cell.value for cell in row] for row in table.rows]
    assert again.kind == table.kind


def _with(table: Table, finding: Finding) -> Table:
    return replace(table, errors=(*table.errors, finding))
