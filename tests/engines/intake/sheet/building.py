"""Files for the tests, made here byte by byte: honest ledgers and hostile ones."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl

from guatu.engines.intake.sheet import Cell, Table, read_workbook

Value = object

HEADER = ["序号", "项目名称", "建设性质", "建设内容及规模", "总投资（万元）", "计划开工时间"]


def ledger(*rows: Sequence[Value], header: Sequence[Value] = HEADER, unit: str = "") -> bytes:
    """Make a project ledger: title, unit line if given, header, rows."""
    above: list[Sequence[Value]] = [["示例区2025年重点项目台账"]]
    if unit:
        above.append([unit])
    return book([*above, header, *rows])


def book(
    rows: Sequence[Sequence[Value]], merges: Sequence[str] = (), sheet: str = "项目台账"
) -> bytes:
    """Make a workbook of one sheet."""
    made = openpyxl.Workbook()
    target = made.worksheets[0]
    target.title = sheet
    for row in rows:
        target.append(list(row))
    for merge in merges:
        target.merge_cells(merge)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    """Give a workbook's bytes."""
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>'


def raw_parts(sheet_data: str, *, before: str = "", after: str = "") -> dict[str, bytes]:
    """Give the parts of a minimal .xlsx with the given XML inside and around ``sheetData``."""
    parts = {
        "[Content_Types].xml": f'{PROLOG}<Types xmlns="http://schemas.openxmlformats.org/'
        'package/2006/content-types"/>',
        "xl/workbook.xml": f'{PROLOG}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="项目台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{PROLOG}<Relationships xmlns="{_RELS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f"{PROLOG}<worksheet {_MAIN}>{before}"
        f"<sheetData>{sheet_data}</sheetData>{after}</worksheet>",
    }
    return {name: text.encode() for name, text in parts.items()}


def raw_xlsx(sheet_data: str, *, before: str = "", after: str = "") -> bytes:
    """Zip a minimal .xlsx."""
    return zipped(raw_parts(sheet_data, before=before, after=after))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Zip parts, deflated."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def with_parts(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    """Replace or add parts of a zipped workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, **changes})


def inline(*values: str, row: int = 1) -> str:
    """Write one row of inline strings."""
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{row}">{cells}</row>'


_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Make an OLE compound file ([MS-CFB], version 3); streams are padded out of the mini FAT."""
    sectors: list[bytes] = []
    fat: list[int] = []
    entries = [_entry("Root Entry", 5, child=1)]
    for index, (name, content) in enumerate(streams.items(), start=1):
        data = content.ljust(4096, b"\x00")
        data += b"\x00" * (-len(data) % _SECTOR)
        first, count = len(sectors), len(data) // _SECTOR
        sectors += [data[i * _SECTOR : (i + 1) * _SECTOR] for i in range(count)]
        fat += [*range(first + 1, first + count), _END]
        right = index + 1 if index < len(streams) else _FREE
        entries.append(_entry(name, 2, start=first, size=len(data), right=right))
    directory = b"".join(entries).ljust(_SECTOR * -(-len(entries) // 4), b"\x00")
    start_of_directory = len(sectors)
    count = len(directory) // _SECTOR
    sectors += [directory[i * _SECTOR : (i + 1) * _SECTOR] for i in range(count)]
    fat += [*range(start_of_directory + 1, start_of_directory + count), _END]
    tables = -(-(len(fat) + 8) // 128)
    first_table = len(sectors)
    fat += [_FAT] * tables
    fat += [_FREE] * (tables * 128 - len(fat))
    packed = struct.pack(f"<{len(fat)}I", *fat)
    sectors += [packed[i * _SECTOR : (i + 1) * _SECTOR] for i in range(tables)]
    places = [first_table + i for i in range(tables)] + [_FREE] * (109 - tables)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, tables, start_of_directory, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    return header + struct.pack("<109I", *places) + b"".join(sectors)


def _entry(
    name: str,
    kind: int,
    *,
    start: int = _END,
    size: int = 0,
    child: int = _FREE,
    right: int = _FREE,
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    head = struct.pack("<64sHBBIII", encoded, len(encoded), kind, 1, _FREE, right, child)
    return head + b"\x00" * 36 + struct.pack("<IQ", start if kind == 2 else _END, size)


def xls(rows: Sequence[Sequence[str | float | None]], *, hidden: bool = False) -> bytes:
    """Make a BIFF8 .xls of one sheet 项目台账 with texts and numbers ([MS-XLS])."""
    cells = b""
    width = max((len(row) for row in rows), default=0)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                body = struct.pack("<HHHHB", number, column, 0, len(value), 1) + text
                cells += _record(0x0204, body)
            elif value is not None:
                cells += _record(0x0203, struct.pack("<HHHd", number, column, 0, value))
    sheet = (
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
        + _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
        + cells
        + _record(0x000A, b"")
    )
    name = "项目台账".encode("utf-16-le")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    begin += _record(0x0042, struct.pack("<H", 1200))
    bound_length = 4 + 8 + len(name)
    offset = len(begin) + bound_length + 4
    state = 1 if hidden else 0
    bound = _record(0x0085, struct.pack("<IBBBB", offset, state, 0, 4, 1) + name)
    return compound({"Workbook": begin + bound + _record(0x000A, b"") + sheet})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def table_of(data: bytes, filename: str = "台账.xlsx") -> Table:
    return read_workbook(data, filename).tables[0]


def values(table: Table, field: str) -> list[str | bool | None]:
    index = [column.field for column in table.columns].index(field)
    return [row[index].value for row in table.rows]


def cells(table: Table, field: str) -> list[Cell]:
    index = [column.field for column in table.columns].index(field)
    return [row[index] for row in table.rows]


def codes(table: Table) -> list[tuple[str, str]]:
    return [(finding.cell, finding.code) for finding in table.errors]
