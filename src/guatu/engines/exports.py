"""Tables going out as Excel: every list page, template and error list is written here.

No text ever becomes a live formula (OWASP ASVS 5.0 1.2.10): a cell that begins like one is stored
as a string and carries Excel's own quote prefix, so it stays text even when someone edits it.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from guatu.engines.sheet_rows import CellValue, fit, with_rows

Value = CellValue

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_SHEET_NAME = 31
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_TEXT, _NUMBER, _FRACTION, _DATE = "文字", "整数", "小数", "日期"
_THIN = Side(style="thin", color="C9D3E3")

TITLE_FONT = Font(name="微软雅黑", size=16, bold=True)
HEADER_FONT = Font(name="微软雅黑", size=11, bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", fgColor="1F4E9E")
BODY_FONT = Font(name="微软雅黑", size=10)
BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its header, what its cells are, and its width in characters."""

    header: str
    kind: Literal["text", "number", "date"] = "text"
    width: int = 16


def write_table(
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Value]],
    title: str,
    unit: str | None = None,
    as_of: date | None = None,
) -> bytes:
    """Write one table as .xlsx: title, a line with unit and date, header, rows; prints on A4.

    Unknown (``None``) stays blank.  Numbers stay numbers, text stays text whatever it begins with.
    Raises ValueError when a row has another length than ``columns``.
    """
    book = new_book()
    sheet = first_sheet(book, title)
    start = write_heading(sheet, title, unit, as_of, len(columns))
    write_header(sheet, start, columns)
    styles = _style_numbers(sheet)
    kinds = [column.kind for column in columns]

    def style(value: Value, index: int) -> int:
        return styles[_look(value, kinds[index]), _needs_quote(value)]

    return with_rows(saved(book), rows, start + 1, len(columns), style)


def _style_numbers(sheet: Worksheet) -> dict[tuple[str, bool], int]:
    """Numbers of the looks of data cells in the workbook, with and without the quote prefix."""
    numbers = {}
    for look in (_TEXT, _NUMBER, _FRACTION, _DATE):
        for quoted in (False, True):
            cell = Cell(sheet, row=1, column=1)
            cell.style = look
            if quoted:
                cell.quotePrefix = True
            numbers[look, quoted] = cell.style_id
    return numbers


def _needs_quote(value: Value) -> bool:
    return isinstance(value, str) and fit(value).startswith(_FORMULA_STARTS)


def _look(value: Value, kind: str) -> str:
    if kind == "number" and not isinstance(value, str):
        return _FRACTION if _has_fraction(value) else _NUMBER
    return _DATE if kind == "date" and isinstance(value, date) else _TEXT


def safe_cell(cell: Cell, value: Value) -> None:
    """Put a value into a cell; text is text, never a formula and never an Excel error.

    Characters that a workbook cannot hold are dropped; text longer than a cell is cut with an
    ellipsis.
    """
    if not isinstance(value, str):
        cell.value = value
        return
    text = fit(value)
    if not text:
        cell.value = None
        return
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True


def new_book() -> Workbook:
    """Make a workbook that knows the styles of data cells."""
    book = Workbook()
    for style in _body_styles():
        book.add_named_style(style)
    return book


def first_sheet(book: Workbook, name: str) -> Worksheet:
    """Give the first sheet of a new workbook under a name Excel accepts."""
    sheet = book.worksheets[0]
    sheet.title = sheet_name(name)
    return sheet


def sheet_name(name: str) -> str:
    """Cut a name to what Excel takes as a sheet name.

    >>> sheet_name("重点项目[2025]/一览")
    '重点项目 2025  一览'
    """
    bare = _FORBIDDEN_IN_SHEET_NAME.sub(" ", ILLEGAL_CHARACTERS_RE.sub("", name)).strip(" '")
    return bare[:_LONGEST_SHEET_NAME].strip(" '") or "表"


def write_heading(
    sheet: Worksheet, title: str, unit: str | None, as_of: date | None, width: int
) -> int:
    """Write the title and the unit line over ``width`` columns; give the header's row number."""
    top = cell_at(sheet, 1, 1)
    safe_cell(top, title)
    top.font = TITLE_FONT
    top.alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = 30
    if width > 1:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    parts = [f"单位：{unit}" if unit else "", f"数据截至：{as_of.isoformat()}" if as_of else ""]
    line = "　".join(part for part in parts if part)
    if not line:
        return 2
    safe_cell(cell_at(sheet, 2, 1), line)
    sheet.cell(2, 1).font = BODY_FONT
    sheet.cell(2, 1).alignment = Alignment(horizontal="right")
    if width > 1:
        sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=width)
    return 3


def write_header(sheet: Worksheet, row: int, columns: Sequence[ExportColumn]) -> None:
    """Write the header row, freeze what is above and left of the data, and set up the print."""
    for index, column in enumerate(columns, start=1):
        cell = cell_at(sheet, row, index)
        safe_cell(cell, column.header)
        cell.font, cell.fill, cell.border = HEADER_FONT, HEADER_FILL, BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.row_dimensions[row].height = 30
    sheet.freeze_panes = cell_at(sheet, row + 1, min(3, len(columns) + 1))
    sheet.print_title_rows = f"{row}:{row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def write_body(cell: Cell, value: Value, kind: str) -> None:
    """Write one data cell with the look of its kind, in a workbook that ``new_book`` made."""
    # Fonts and borders set cell by cell would take three times as long for the whole table.
    cell.style = _look(value, kind)
    safe_cell(cell, value)


def _body_styles() -> list[NamedStyle]:
    """Make the styles of data cells; each belongs to one workbook."""
    right = Alignment(horizontal="right", vertical="center")
    looks = (
        (_TEXT, "General", Alignment(vertical="center", wrap_text=True)),
        (_NUMBER, "#,##0", right),
        (_FRACTION, "#,##0.######", right),
        (_DATE, "yyyy-mm-dd", Alignment(horizontal="center", vertical="center")),
    )
    return [
        NamedStyle(name, BODY_FONT, border=BORDER, alignment=alignment, number_format=form)
        for name, form, alignment in looks
    ]


def _has_fraction(value: Value) -> bool:
    return isinstance(value, (float, Decimal)) and isfinite(value) and value != int(value)


def saved(book: Workbook) -> bytes:
    """Give the workbook's bytes."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """Give a cell to write to; inside a merged range only its first cell is one."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError(f"{row},{column} lies inside a merged range")
    return cell
