import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from guatu.engines.exports import ExportColumn, Value, sheet_name, write_table

COLUMNS = [
    ExportColumn("项目名称", width=30),
    ExportColumn("总投资", "number"),
    ExportColumn("开工", "date"),
]


def opened(data: bytes) -> Worksheet:
    """The first sheet of a workbook."""
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


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
    with pytest.raises(ValueError, match="row 3 has 1 cells, not 3"):
        write_table(COLUMNS, [["示例"]], "表")


def test_sheet_name_when_too_long_or_forbidden_then_cut() -> None:
    assert (sheet_name("a/b" * 20), sheet_name("[]")) == (("a b" * 20)[:31], "表")


def test_write_table_when_text_is_hostile_then_it_comes_back_as_it_can_be_held() -> None:
    texts = (" 前后空格 ", "一\r\n二", "<b>&amp;\"'", "\ufffe\ud800甲\x07", "=1+1", "_x0041_")
    columns = [ExportColumn("文字")]
    rows: list[list[Value]] = [[text] for text in texts]
    sheet = opened(write_table(columns, rows, "示例"))
    told = [sheet.cell(row, 1).value for row in range(3, 3 + len(texts))]
    assert told == [" 前后空格 ", "一\r\n二", "<b>&amp;\"'", "甲", "=1+1", "_x0041_"]
    quoted = [bool(sheet.cell(row, 1).quotePrefix) for row in range(3, 3 + len(texts))]
    assert quoted == [False, False, False, False, True, False]


def test_write_table_when_values_are_of_every_kind_then_each_keeps_its_look() -> None:
    columns = [ExportColumn("数", "number"), ExportColumn("日", "date"), ExportColumn("字")]
    rows: list[list[Value]] = [
        [12, date(2025, 3, 18), True],
        [Decimal("1000000000000.250000"), None, None],
        [1.5, "待定", Decimal("1E+3")],
        [float("inf"), date(1999, 12, 31), 0],
    ]
    sheet = opened(write_table(columns, rows, "示例", as_of=date(2025, 3, 18)))
    told = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    days = [datetime(2025, 3, 18), datetime(1999, 12, 31)]  # noqa: DTZ001 -- a sheet has no zone
    assert told == [
        [12, days[0], True],
        [1000000000000.25, None, None],
        [1.5, "待定", 1000],
        [None, days[1], 0],
    ]
    assert [sheet.cell(row, 1).number_format for row in range(4, 8)] == [
        *("#,##0", "#,##0.######", "#,##0.######", "#,##0"),
    ]
    assert (sheet.cell(4, 2).number_format, sheet.cell(5, 1).border.left.style) == (
        "yyyy-mm-dd",
        "thin",
    )


def test_write_table_when_there_are_many_rows_then_all_are_there_in_order() -> None:
    rows: list[list[Value]] = [[number, f"示例{number}"] for number in range(1_203)]
    sheet = opened(write_table([ExportColumn("数", "number"), ExportColumn("字")], rows, "示例"))
    told = [(row[0].value, row[1].value) for row in sheet.iter_rows(min_row=3)]
    assert told == [(number, f"示例{number}") for number in range(1_203)]
