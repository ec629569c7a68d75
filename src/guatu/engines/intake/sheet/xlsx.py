"""An .xlsx workbook → grids, streamed part by part.

Written against ECMA-376 part 1 (SpreadsheetML).  Neither reading library shows at once what a
ledger needs: the cached value *and* whether a formula stands behind it, what is hidden, what is
merged; and both lay out the claimed dimension in memory.  See docs/decisions/0003.
"""

import posixpath
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import number_format
from guatu.engines.intake.sheet.budget import Budget
from guatu.engines.intake.sheet.container import Archive
from guatu.engines.intake.sheet.grid import (
    Fault,
    Grid,
    Measured,
    Raw,
    Span,
    column_number,
)
from guatu.engines.intake.sheet.limits import Limits

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet date has no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 -- as above
_LAST_SERIAL = 2_958_465
"""9999-12-31, the last day Excel can show."""
_MAX_ROW = 1_048_576
_MAX_COLUMN = 16_384
_MOST_MERGES = 20_000
_MARGINS = (
    "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter",
)  # fmt: skip


def read_xlsx(data: bytes, filename: str, limits: Limits) -> list[Grid]:
    """Read every worksheet; refuse with :class:`BadInput` what is broken or too large."""
    archive = Archive(data, filename, limits)
    try:
        grids = _Book(archive, limits).grids()
    except ParseError:
        raise archive.broken() from None
    for grid in grids[:1]:
        grid.macros = "xl/vbaProject.bin" in archive
    return grids


class _Book:
    """The parts all sheets share: names, styles, strings."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self._archive = archive
        self._budget = Budget(limits, archive.filename)
        self._epoch = _EPOCH_1900
        self._sheets: list[tuple[str, bool, str]] = []
        self._worksheets: set[str] = set()
        self._targets = self._relations()
        self._read_names(limits)
        self._formats = self._read_styles()
        self._strings = self._read_strings()

    def grids(self) -> list[Grid]:
        """Read the sheets in the order of their tabs; chart sheets are not tables."""
        grids = []
        for name, hidden, relation in self._sheets:
            part = self._targets.get(relation, "")
            if part not in self._archive:
                raise self._archive.broken()
            if relation in self._worksheets:
                grids.append(self._read_sheet(part, Grid(name, hidden)))
        return grids

    def _relations(self) -> dict[str, str]:
        targets: dict[str, str] = {}
        part = "xl/_rels/workbook.xml.rels"
        if part not in self._archive:
            raise self._archive.broken()
        for element in _elements(self._archive, part, "Relationship"):
            target = element.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            identity = element.get("Id", "")
            targets[identity] = posixpath.normpath(path)
            if element.get("Type", "").endswith("/worksheet"):
                self._worksheets.add(identity)
        return targets

    def _read_names(self, limits: Limits) -> None:
        for element in _elements(self._archive, "xl/workbook.xml", "sheet", "workbookPr"):
            name = _name(element)
            if name == "sheet":
                relation = element.get(_RELATION) or element.get(_STRICT_RELATION) or ""
                hidden = element.get("state", "visible") != "visible"
                self._sheets.append((element.get("name", ""), hidden, relation))
            elif element.get("date1904") in {"1", "true"}:
                self._epoch = _EPOCH_1904
        if len(self._sheets) > limits.sheets:
            message = f"工作簿有{len(self._sheets)}张工作表，超过{limits.sheets}张的上限"
            raise BadInput(message, file=self._archive.filename, kind="size")

    def _read_styles(self) -> list[str | None]:
        """List, for each cell style, what its number format means."""
        if "xl/styles.xml" not in self._archive:
            return []
        codes: dict[int, str] = {}
        used: list[int] = []
        for element in _elements(self._archive, "xl/styles.xml", "numFmt", "cellXfs"):
            name = _name(element)
            if name == "numFmt":
                codes[_integer(element.get("numFmtId"))] = element.get("formatCode", "")
            else:
                used = [_integer(style.get("numFmtId")) for style in element]
        return [number_format.meaning(number, codes.get(number)) for number in used]

    def _read_strings(self) -> list[str]:
        if "xl/sharedstrings.xml" not in self._archive:
            return []
        strings: list[str] = []
        for element in _elements(self._archive, "xl/sharedStrings.xml", "si"):
            self._budget.spend_string()
            strings.append(_text(element))
            element.clear()
        return strings

    def _read_sheet(self, part: str, grid: Grid) -> Grid:
        last = 0
        wanted = ("row", "col", "mergeCell", *_MARGINS)
        for element in _elements(self._archive, part, *wanted):
            name = _name(element)
            if name == "row":
                last = self._read_row(element, grid, last)
                element.clear()
            elif name == "col" and element.get("hidden") in {"1", "true"}:
                low, high = _integer(element.get("min")), _integer(element.get("max"))
                grid.hidden_columns.update(range(max(low, 1), min(high, _MAX_COLUMN) + 1))
            elif name == "mergeCell" and len(grid.merges) < _MOST_MERGES:
                span = _span(element.get("ref", ""))
                if span:
                    grid.merges.append(span)
            elif name in _MARGINS and element.text:
                grid.margins.append(element.text)
        return grid

    def _read_row(self, element: Element, grid: Grid, last: int) -> int:
        number = _integer(element.get("r")) or last + 1
        if not 0 < number <= _MAX_ROW:
            raise self._archive.broken()
        row: dict[int, Raw] = {}
        column = 0
        for cell in element:
            place = cell.get("r")
            column = _column(place) if place else column + 1
            if not 0 < column <= _MAX_COLUMN:
                raise self._archive.broken()
            value = self._value(cell)
            if value is not None and value != "":
                row[column] = value
                self._budget.spend_cell(number, column, value)
        if row:
            self._budget.spend_row()
            grid.rows[number] = row
            if element.get("hidden") in {"1", "true"}:
                grid.hidden_rows.add(number)
        return number

    def _value(self, cell: Element) -> Raw | None:  # noqa: PLR0911 -- one return for each kind of value
        kind = cell.get("t", "n")
        written: str | None = None
        formula: str | None = None
        for child in cell:
            name = _name(child)
            if name == "v":
                written = child.text or ""
            elif name == "f":
                formula = child.text or ""
            elif name == "is":
                return _text(child)
        if written is None or (written == "" and kind != "str"):
            return None if formula is None else Fault("formula_without_value", f"={formula}")
        if kind == "s":
            return self._shared(written)
        if kind == "n":
            return self._number(written, _integer(cell.get("s")))
        if kind == "e":
            return Fault("cell_error", written)
        if kind == "b":
            return written == "1"
        return written

    def _shared(self, written: str) -> str:
        try:
            index = int(written)
            if index < 0:
                raise self._archive.broken()
            return self._strings[index]
        except (ValueError, IndexError):
            raise self._archive.broken() from None

    def _number(self, written: str, style: int) -> Raw:
        try:
            number = number_format.tidy(Decimal(written))
        except InvalidOperation:
            return written
        if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
            return Fault("cell_error", written)
        meaning = self._formats[style] if style < len(self._formats) else None
        if meaning is None:
            return number
        if meaning == number_format.DATE:
            return _moment(number, self._epoch) or number
        return Measured(number, meaning)


_LARGEST_EXPONENT = 308


def _elements(archive: Archive, part: str, *wanted: str) -> Iterator[Element]:
    """Yield the elements of the wanted local names as they close."""
    # No entity can be declared: Archive.chunks refuses any part with a DTD.
    # typeshed cannot express that an "end" event always carries an element, hence Any.
    parser: Any = XMLPullParser(("end",))
    tags = _Tags(wanted)
    for chunk in archive.chunks(part):
        parser.feed(chunk)
        for _event, element in parser.read_events():
            if tags[element.tag]:
                yield element
    parser.close()
    for _event, element in parser.read_events():
        if tags[element.tag]:
            yield element


class _Tags(dict[str, bool]):
    """Tag → whether its local name is wanted; both namespaces of SpreadsheetML occur."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        super().__init__()
        self._wanted = frozenset(wanted)

    def __missing__(self, tag: str) -> bool:
        self[tag] = tag.rpartition("}")[2] in self._wanted
        return self[tag]


def _name(element: Element) -> str:
    tag = element.tag
    return tag[tag.rfind("}") + 1 :]


def _text(element: Element) -> str:
    """Join the runs of a string, leaving out phonetic guides."""
    parts = []
    for child in element:
        name = _name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(run.text or "" for run in child if _name(run) == "t")
    return "".join(parts)


_LONGEST_INDEX = 10
"""Digits of the largest index any part of a workbook may hold, 2**32 - 1."""


def _integer(text: str | None) -> int:
    return (
        int(text)
        if text and text.isascii() and text.isdigit() and len(text) <= _LONGEST_INDEX
        else 0
    )


def _column(place: str) -> int:
    name = place.rstrip("0123456789")
    is_name = 0 < len(name) <= len("XFD") and name.isascii() and name.isupper()
    return column_number(name) if is_name else 0


def _span(text: str) -> Span | None:
    first, _, second = text.partition(":")
    corners = []
    for corner in (first, second or first):
        column = _column(corner)
        row = _integer(corner[len(corner.rstrip("0123456789")) :])
        if not column or not row:
            return None
        corners.append((row, column))
    (top, left), (bottom, right) = corners
    return Span(top, left, bottom, right) if top <= bottom and left <= right else None


def _moment(number: Decimal, epoch: datetime) -> date | datetime | None:
    """Turn a serial number into a date; below 61 only Excel knows which day it means."""
    if not _FIRST_CERTAIN_SERIAL <= number <= _LAST_SERIAL - 1462:
        return None
    moment = epoch + timedelta(seconds=round(float(number) * 86_400))
    return moment if moment.time() != datetime.min.time() else moment.date()


_FIRST_CERTAIN_SERIAL = 61
