import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.exports import ExportColumn, Value, sheet_name, write_table

COLUMNS = [
    ExportColumn("项目名称", width=30),
    ExportColumn("总投资", "number"),
    ExportColumn("开工", "date"),
]


def _sheet(data: bytes) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_table_when_written_then_title_unit_date_header_and_rows() -> None:
    rows: list[list[Value]] = [
        ["示例甲", Decimal("1200.5"), date(2025, 3, 1)],
        ["示例乙", None, None],
    ]
    data = write_table(COLUMNS, rows, "重点项目", "万元", date(2025, 3, 18))
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert [[cell.value for cell in row] for row in sheet["A1:C3"]] == [
        ["重点项目", None, None],
        ["单位：万元　数据截至：2025-03-18", None, None],
        ["项目名称", "总投资", "开工"],
    ]
    assert [[cell.value for cell in row] for row in sheet["A5:C5"]] == [["示例乙", None, None]]
    assert (sheet["B4"].value, sheet["B4"].number_format) == (1200.5, "#,##0.######")
    assert sheet["C4"].number_format == "yyyy-mm-dd"
    assert sheet.freeze_panes == "C4"


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("x")',
    "#N/A",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_when_it_looks_like_a_formula_then_it_is_written_as_text(text: str) -> None:
    data = write_table([ExportColumn(text)], [[text]], text)
    book = openpyxl.load_workbook(io.BytesIO(data))
    types = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert types == {"s"}
    body = book.worksheets[0]["A3"]
    assert (body.value, bool(body.quotePrefix)) == (text, not text.startswith("#"))


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_texts_when_written_then_none_becomes_a_formula(texts: list[str]) -> None:
    data = write_table([ExportColumn("文字")], [[text] for text in texts], "表")
    book = openpyxl.load_workbook(io.BytesIO(data))
    types = {cell.data_type for row in book.worksheets[0].iter_rows(min_row=3) for cell in row}
    assert types <= {"s", "n"}
    assert b"<f>" not in data


def test_row_when_of_another_length_then_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        write_table(COLUMNS, [["示例"]], "表")


def test_sheet_name_when_too_long_or_forbidden_then_cut() -> None:
    assert (sheet_name("a/b" * 20), sheet_name("[]")) == (("a b" * 20)[:31], "表")
