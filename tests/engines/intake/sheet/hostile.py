"""A corpus of workbooks nobody should be able to harm us with; every file is made here."""

import struct
from collections.abc import Callable

from tests.engines.intake.sheet.building import (
    HEADER,
    PROLOG,
    book,
    compound,
    inline,
    ledger,
    raw_parts,
    raw_xlsx,
    with_parts,
    xls,
    zipped,
)

GOOD_ROW = ["1", "示例一号项目", "新建", "建厂", "1200", "2025-03"]
_SHEET = "xl/worksheets/sheet1.xml"
_DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
_EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _good() -> bytes:
    return ledger(GOOD_ROW)


def _with_prolog(part: str, declaration: str) -> bytes:
    parts = raw_parts(inline(*HEADER) + inline(*GOOD_ROW, row=2))
    parts[part] = parts[part].replace(PROLOG.encode(), (PROLOG + declaration).encode())
    return zipped(parts)


def _strings_with_entity() -> bytes:
    text = f"{PROLOG}{_DOCTYPE}<sst><si><t>&b;</t></si></sst>"
    return with_parts(_good(), {"xl/sharedStrings.xml": text.encode()})


def _utf16_entity() -> bytes:
    text = f"<?xml version='1.0' encoding='UTF-16'?>{_DOCTYPE}<worksheet/>"
    parts = raw_parts("")
    parts[_SHEET] = text.encode("utf-16")
    return zipped(parts)


def _many_rows() -> bytes:
    row = b'<row><c t="inlineStr"><is><t>a</t></is></c></row>'
    parts = raw_parts("@")
    parts[_SHEET] = parts[_SHEET].replace(b"@", row * 1_500_000)
    return zipped(parts)


def _many_varied_rows() -> bytes:
    """Rows enough to be too many, varied enough not to look like a bomb."""
    rows = (
        f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 999983}</v></c></row>' for n in range(1, 300_000)
    )
    return raw_xlsx("".join(rows))


def _wide_row() -> bytes:
    return raw_xlsx('<row r="1">' + '<c t="n"><v>1</v></c>' * 16_384 + "</row>")


def _zeros() -> bytes:
    return with_parts(_good(), {"xl/media/image1.png": b"\x00" * 100_000_000})


def _many_parts() -> bytes:
    return with_parts(_good(), {f"xl/media/{n}.png": b"x" for n in range(3_000)})


def _forged_size() -> bytes:
    """A directory that claims a small sheet; its data unpack to far more."""
    data = bytearray(_many_rows())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(_SHEET.encode()))
    struct.pack_into("<I", data, at + 24, 1_000)
    return bytes(data)


def _long_shared_string() -> bytes:
    """One long text that ten thousand cells refer to."""
    rows = (
        f'<row r="{n}"><c r="A{n}" t="s" s="{n * 7919 % 9973}"><v>0</v></c></row>'
        for n in range(1, 10_001)
    )
    parts = raw_parts("".join(rows))
    text = "长" * 30_000
    parts["xl/sharedStrings.xml"] = f"{PROLOG}<sst><si><t>{text}</t></si></sst>".encode()
    return zipped(parts)


def _deep_xml() -> bytes:
    opened = (f'<row r="{n * 7919 % 999983}">' for n in range(200_000))
    return raw_xlsx("".join(opened) + "</row>" * 200_000)


def _encrypted_zip() -> bytes:
    data = bytearray(_good())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def _merge_everything() -> bytes:
    rows = inline(*HEADER) + inline(*GOOD_ROW, row=2)
    merges = (f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(3, 50_000))
    return raw_xlsx(rows, after=f"<mergeCells>{''.join(merges)}</mergeCells>")


def _hide_everything() -> bytes:
    rows = inline(*HEADER) + inline(*GOOD_ROW, row=2)
    return raw_xlsx(rows, before='<cols><col min="1" max="4294967295" hidden="1"/></cols>')


def _far_cell() -> bytes:
    rows = inline(*HEADER) + inline(*GOOD_ROW, row=2)
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return raw_xlsx(rows + far, before='<dimension ref="A1:XFD1048576"/>')


def _xls_of_large_dimension() -> bytes:
    data = bytearray(xls([HEADER, GOOD_ROW]))
    at = data.find(struct.pack("<HH", 0x0200, 14))
    struct.pack_into("<IIHH", data, at + 4, 0, 0xFFFFFFFF, 0, 0xFFFF)
    return bytes(data)


def _xls_far_cell() -> bytes:
    data = bytearray(xls([["示例", 1.0]]))
    at = data.find(struct.pack("<HHHH", 0x0203, 14, 0, 1))
    struct.pack_into("<HH", data, at + 4, 0xFFFF, 0xFF)
    return bytes(data)


def _xls_cut() -> bytes:
    return xls([HEADER, GOOD_ROW])[:1_800]


def _xls_password() -> bytes:
    """A FILEPASS record ([MS-XLS] 2.4.117) behind the first BOF."""
    stream = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    stream += struct.pack("<HHH52s", 0x002F, 54, 1, b"\x01\x00\x01\x00")
    return compound({"Workbook": stream})


def _xls_scrambled() -> bytes:
    data = bytearray(xls([HEADER, GOOD_ROW] * 40))
    for at in range(600, len(data), 37):
        data[at] ^= 0x5A
    return bytes(data)


def _no_relation() -> bytes:
    parts = raw_parts("")
    del parts["xl/_rels/workbook.xml.rels"]
    return zipped(parts)


def _escaping_relation() -> bytes:
    parts = raw_parts("")
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(b"worksheets/sheet1.xml", b"../../../etc/passwd")
    return zipped(parts)


def _bad_string_index() -> bytes:
    return raw_xlsx('<row r="1"><c r="A1" t="s"><v>99999999999999999999</v></c></row>')


def _unclosed() -> bytes:
    return raw_xlsx('<row r="1"><c r="A1">')


def _secret_margin() -> bytes:
    rows = inline(*HEADER) + inline(*GOOD_ROW, row=2)
    return raw_xlsx(
        rows, after="<headerFooter><oddHeader>&amp;R机密★5年</oddHeader></headerFooter>"
    )


Refusal = tuple[str, str, int | None, str | None]
"""Kind of the refusal, a piece of its sentence, row, column."""

REFUSED: dict[str, tuple[str, Callable[[], bytes], Refusal]] = {
    "empty file": ("a.xlsx", lambda: b"", ("empty", "空的", None, None)),
    "blank file": ("a.csv", lambda: b" \r\n\r\n", ("empty", "空的", None, None)),
    "empty sheet": ("a.xlsx", lambda: book([]), ("empty", "没有任何数据", None, None)),
    "csv of commas": ("a.csv", lambda: b",,,\n,,,\n", ("empty", "没有任何数据", None, None)),
    "pdf": ("a.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3", ("type", "PDF", None, None)),
    "picture": (
        "a.xlsx",
        lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 99,
        ("type", "图片", None, None),
    ),
    "rar": ("a.xlsx", lambda: b"Rar!\x1a\x07\x00", ("type", "RAR", None, None)),
    "program": ("a.xls", lambda: b"MZ\x90\x00" + b"\x00" * 99, ("type", "可执行", None, None)),
    "html as xls": (
        "a.xls",
        "<html><table><tr><td>项目名称</td></tr></table></html>".encode,
        ("type", "网页", None, None),
    ),
    "mhtml as xls": ("a.xls", lambda: b"MIME-Version: 1.0\r\n\r\n", ("type", "网页", None, None)),
    "xml spreadsheet": (
        "a.xls",
        lambda: b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>',
        ("type", "XML", None, None),
    ),
    "text as xlsx": ("a.xlsx", "项目名称,总投资".encode, ("broken", "不是Excel", None, None)),
    "zip that is no workbook": (
        "a.xlsx",
        lambda: zipped({"a.txt": b"x"}),
        ("type", "压缩包", None, None),
    ),
    "docx as xlsx": (
        "a.xlsx",
        lambda: zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"}),
        ("type", "Word", None, None),
    ),
    "xlsb": (
        "a.xlsx",
        lambda: zipped({"[Content_Types].xml": b"x", "xl/workbook.bin": b"x"}),
        ("type", "xlsb", None, None),
    ),
    "cut zip": ("a.xlsx", lambda: _good()[:2_000], ("broken", "损坏", None, None)),
    "encrypted zip": ("a.xlsx", _encrypted_zip, ("type", "密码", None, None)),
    "encrypted xlsx": (
        "a.xlsx",
        lambda: compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}),
        ("type", "密码", None, None),
    ),
    "doc as xls": ("a.xls", lambda: compound({"WordDocument": b"x"}), ("type", "Word", None, None)),
    "compound of nothing": (
        "a.xls",
        lambda: compound({"Thing": b"x"}),
        ("broken", "损坏", None, None),
    ),
    "xls of zeros": (
        "a.xls",
        lambda: compound({"Workbook": b"\x00" * 99}),
        ("empty", "没有任何数据", None, None),
    ),
    "xls with password": ("a.xls", _xls_password, ("type", "密码", None, None)),
    "cut xls": ("a.xls", _xls_cut, ("broken", "损坏", None, None)),
    "entity in sheet": (
        "a.xlsx",
        lambda: _with_prolog(_SHEET, _DOCTYPE),
        ("broken", "实体", None, None),
    ),
    "external entity": (
        "a.xlsx",
        lambda: _with_prolog(_SHEET, _EXTERNAL),
        ("broken", "实体", None, None),
    ),
    "entity in workbook": (
        "a.xlsx",
        lambda: _with_prolog("xl/workbook.xml", _DOCTYPE),
        ("broken", "实体", None, None),
    ),
    "entity in strings": ("a.xlsx", _strings_with_entity, ("broken", "实体", None, None)),
    "entity in utf-16": ("a.xlsx", _utf16_entity, ("broken", "损坏", None, None)),
    "zip bomb": ("a.xlsx", _zeros, ("size", "最多64兆、50000行", None, None)),
    "forged size": ("a.xlsx", _forged_size, ("broken", "损坏", None, None)),
    "3,000 parts": ("a.xlsx", _many_parts, ("size", "最多2000个", None, None)),
    "1.5 million rows": ("a.xlsx", _many_rows, ("size", "最多64兆、50000行", None, None)),
    "300,000 rows": ("a.xlsx", _many_varied_rows, ("size", "50000行", None, None)),
    "csv of 60,000 rows": ("a.csv", lambda: b"1,2\n" * 60_000, ("size", "50000行", None, None)),
    "16,384 columns": ("a.xlsx", _wide_row, ("size", "300列", None, None)),
    "shared string bomb": ("a.xlsx", _long_shared_string, ("size", "全部文字", None, None)),
    "long cell": (
        "a.xlsx",
        lambda: raw_xlsx(inline("x", "长" * 40_000, row=3)),
        ("size", "32767字", 3, "B"),
    ),
    "deep xml": ("a.xlsx", _deep_xml, ("empty", "没有任何数据", None, None)),
    "unclosed xml": ("a.xlsx", _unclosed, ("broken", "损坏", None, None)),
    "missing relations": ("a.xlsx", _no_relation, ("broken", "损坏", None, None)),
    "escaping relation": ("a.xlsx", _escaping_relation, ("broken", "损坏", None, None)),
    "string index too large": ("a.xlsx", _bad_string_index, ("broken", "损坏", None, None)),
    "row beyond Excel": (
        "a.xlsx",
        lambda: raw_xlsx('<row r="1048577"><c><v>1</v></c></row>'),
        ("broken", "损坏", None, None),
    ),
    "binary as csv": ("a.csv", lambda: b"a,\x00\x01\x02\xff\xfe", ("broken", "编码", None, None)),
    "csv of no encoding": ("a.csv", lambda: b"a,b\n\xff\xff,1\n", ("broken", "编码", None, None)),
    "csv with endless quote": (
        "a.csv",
        lambda: b'a,b\n"' + b"x" * 200_000,
        ("broken", "引号", 2, None),
    ),
    "secret title": ("a.xlsx", lambda: book([["机密★5年"], HEADER]), ("secret", "密级", 1, "A")),
    "secret label": (
        "a.xlsx",
        lambda: book([["项目台账"], ["", "密级：秘密"], HEADER]),
        ("secret", "密级", 2, "B"),
    ),
    "secret with spaces": (
        "a.csv",
        lambda: "绝　密\n".encode("gb18030"),
        ("secret", "密级", 1, "A"),
    ),
    "secret page header": ("a.xlsx", _secret_margin, ("secret", "密级", None, None)),
    "secret sheet name": (
        "a.xlsx",
        lambda: book([HEADER, GOOD_ROW], sheet="机密"),
        ("secret", "密级", None, None),
    ),
}
"""Files that must be refused: name → file name, maker, refusal."""

SURVIVED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "far cell": ("a.xlsx", _far_cell),
    "everything merged 50,000 times": ("a.xlsx", _merge_everything),
    "everything hidden": ("a.xlsx", _hide_everything),
    "no cell references": ("a.xlsx", lambda: raw_xlsx(inline(*HEADER) + inline(*GOOD_ROW, row=2))),
    "wrong extension": ("a.csv", _good),
    "path as name": ("../../etc/passwd.xlsx", _good),
    "macros": ("a.xlsm", lambda: with_parts(_good(), {"xl/vbaProject.bin": b"\x00" * 99})),
    "control and direction marks": (
        "a.csv",
        f"{','.join(HEADER)}\n1,\u202e示例\u200b\x07项目,新建,x,12,2025\n".encode,
    ),
}
"""Odd files that hold one honest row and must be read."""

ENDURED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "scrambled xls": ("a.xls", _xls_scrambled),
    "xls far cell": ("a.xls", _xls_far_cell),
    "xls of large dimension": ("a.xls", _xls_of_large_dimension),
}
"""Broken files that may be read or refused, but with nothing worse than a refusal."""
