"""A checklist on A4 as .docx: title, facts, one table by sections, lines to sign."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as Docx

TITLE, BODY = "方正小标宋简体", "仿宋_GB2312"
TITLE_SIZE, FACT_SIZE, CELL_SIZE = 18.0, 12.0, 9.0
WIDTHS = (10.0, 24.0, 58.0, 32.0, 20.0, 32.0, 16.0)
"""Millimetres of the columns; others share the width evenly."""
MARGIN = 16.0


@dataclass(frozen=True)
class Section:
    """Rows under one heading; each row has as many cells as there are columns."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Checklist:
    """What stands on the paper. ``facts`` and ``signed`` are (label, value).

    Raises ValueError where a row has not as many cells as there are columns.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    sections: tuple[Section, ...]
    signed: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Check the table's shape."""
        for section in self.sections:
            if any(len(row) != len(self.columns) for row in section.rows):
                message = f"「{section.name}」有一行的栏数与表头不同"
                raise ValueError(message)


def write_checklist(sheet: Checklist) -> bytes:
    """Write the paper; the same paper gives the same words whenever it is written."""
    from docx import Document  # noqa: PLC0415 -- half a second that only an export needs

    document = Document()
    _page(document)
    _line(document, sheet.title, size=TITLE_SIZE, font=TITLE, centred=True)
    for label, value in sheet.facts:
        _line(document, f"{label}：{value}", size=FACT_SIZE)
    _table(document, sheet)
    for label, value in sheet.signed:
        _line(document, f"{label}：{value}　　　　　签字：　　　　　　　日期：", size=FACT_SIZE)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _page(document: "Docx") -> None:
    from docx.shared import Mm  # noqa: PLC0415 -- as above

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(20)


def _line(
    document: "Docx", text: str, *, size: float, font: str = BODY, centred: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 -- as above

    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, font)


def _run(paragraph: Any, text: str, size: float, font: str = BODY, *, bold: bool = False) -> None:  # noqa: ANN401 -- python-docx types it loosely
    from docx.oxml.ns import qn  # noqa: PLC0415 -- as above
    from docx.shared import Pt  # noqa: PLC0415 -- as above

    run = paragraph.add_run(_printable(text))
    run.font.size, run.font.name, run.bold = Pt(size), font, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 -- python-docx has no other way


def _table(document: "Docx", sheet: Checklist) -> None:
    from docx.shared import Mm  # noqa: PLC0415 -- as above

    table = document.add_table(rows=1, cols=len(sheet.columns))
    table.style = "Table Grid"
    table.autofit = False
    for cell, name in zip(table.rows[0].cells, sheet.columns, strict=True):
        _run(cell.paragraphs[0], name, CELL_SIZE, bold=True)
    for section in sheet.sections:
        cells = table.add_row().cells
        _run(cells[0].merge(cells[-1]).paragraphs[0], section.name, CELL_SIZE, bold=True)
        for row in section.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                _run(cell.paragraphs[0], text, CELL_SIZE)
    if len(sheet.columns) == len(WIDTHS):
        for column, width in zip(table.columns, WIDTHS, strict=True):
            for cell in column.cells:
                cell.width = Mm(width)


def _printable(text: str) -> str:
    """Drop characters that no document may hold."""
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= ord(" "))
