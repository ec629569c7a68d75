"""Rows of a sheet written straight into the workbook's file: thousands cost no cell objects.

A workbook is made with its heading alone and saved; its rows are then put where the sheet's data
end, with the numbers its styles have. Text stands in the cells themselves, so nothing of the rows
is held in memory but the part being written.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from math import isfinite
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

CellValue = str | int | float | Decimal | bool | date | datetime | None
Styled = Callable[[CellValue, int], int]
"""Number of the style of a value in a column (from 0)."""

SHEET = "xl/worksheets/sheet1.xml"
END_OF_ROWS = b"</sheetData>"
LONGEST_TEXT = 32_767
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXTENT = re.compile(rb'<dimension ref="[^"]*" ?/>')
_MARKS = {"\r": "&#13;"}
_A_PART = 500


def fit(text: str) -> str:
    r"""Text as a cell can hold it: what XML cannot carry is dropped, what is too long is cut.

    >>> fit("一\x07二"), len(fit("长" * 40_000))
    ('一二', 32767)
    """
    bare = _UNFIT.sub("", text)
    return bare if len(bare) <= LONGEST_TEXT else f"{bare[: LONGEST_TEXT - 1]}…"


def with_rows(
    book: bytes, rows: Iterable[Sequence[CellValue]], first: int, width: int, style: Styled
) -> bytes:
    """Return the saved ``book`` with ``rows`` from row ``first`` on in its first sheet."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as made,
    ):
        for item in source.infolist():
            if item.filename != SHEET:
                made.writestr(item, source.read(item))
                continue
            head, end, tail = source.read(item).partition(END_OF_ROWS)
            with made.open(SHEET, "w", force_zip64=True) as sheet:
                # The extent would have to be known before the rows are; readers do without it.
                sheet.write(_EXTENT.sub(b"", head))
                for part in _parts(rows, first, width, style):
                    sheet.write(part)
                sheet.write(end + tail)
    return target.getvalue()


def _parts(
    rows: Iterable[Sequence[CellValue]], first: int, width: int, style: Styled
) -> Iterator[bytes]:
    letters = [get_column_letter(index + 1) for index in range(width)]
    lines: list[str] = []
    for number, row in enumerate(rows, start=first):
        if len(row) != width:
            raise ValueError(f"row {number} has {len(row)} cells, not {width}")
        cells = [
            _cell(f'{letter}{number}" s="{style(value, index)}', value)
            for index, (letter, value) in enumerate(zip(letters, row, strict=True))
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(lines) == _A_PART:
            yield "".join(lines).encode()
            lines = []
    yield "".join(lines).encode()


def _cell(place: str, value: CellValue) -> str:
    if isinstance(value, str):
        text = fit(value)
        if not text:
            return f'<c r="{place}"/>'
        told = escape(text, _MARKS)
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{told}</t></is></c>'
    number = _number(value)
    if number is None:
        return f'<c r="{place}"/>'
    kind = ' t="b"' if isinstance(value, bool) else ""
    return f'<c r="{place}"{kind}><v>{number}</v></c>'


def _number(value: float | Decimal | date | None) -> str | None:
    """The value as a number of the sheet; None for what has none."""
    if value is None:
        return None
    if isinstance(value, date):
        return _serial(value)
    if isinstance(value, (bool, int)):
        return str(int(value))
    if not isfinite(value):
        return None
    return format(value, "f") if isinstance(value, Decimal) else repr(value)


@cache
def _serial(day: date) -> str:
    return str(to_excel(day))  # type: ignore[no-untyped-call]
