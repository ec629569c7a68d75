"""Corners of SpreadsheetML that real files use."""

import pytest

from guatu.engines.intake.sheet import Cell, read_workbook
from tests.engines.intake.sheet.building import PROLOG, inline, raw_parts, zipped

_HEADER = inline("项目名称", "总投资（万元）", "开工时间", "投资完成率")
_STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
    '<numFmt numFmtId="165" formatCode="0.00&quot;亿元&quot;"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/></cellXfs>'
    "</styleSheet>"
)
_ROW = (
    '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="2"><v>1.2</v></c>'
    '<c r="C2" s="1"><v>{serial}</v></c><c r="D2" s="3"><v>0.355</v></c></row>'
)
_STRINGS = "<sst><si><r><t>示例</t></r><r><rPr/><t>项目</t></r><rPh><t>shili</t></rPh></si></sst>"


def _book(serial: str, workbook: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    parts = raw_parts(_HEADER + _ROW.format(serial=serial))
    parts["xl/styles.xml"] = f"{PROLOG}{_STYLES}".encode()
    parts["xl/sharedStrings.xml"] = f"{PROLOG}{_STRINGS}".encode()
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(*workbook)
    return zipped(parts)


def test_cells_when_styled_then_date_percent_and_unit_come_from_the_format() -> None:
    (table,) = read_workbook(_book("45717"), "表.xlsx").tables
    assert table.rows == (
        (
            Cell("示例项目", "示例项目", "A2"),
            Cell("12000", "1.2亿元", "B2", "亿元", "单元格格式写明亿元，亿元×10000"),
            Cell("2025-03-01", "2025-03-01", "C2"),
            Cell("35.5", "35.5%", "D2", "%"),
        ),
    )


def test_dates_when_the_workbook_counts_from_1904_then_shifted() -> None:
    sheets = (b"<sheets>", b'<workbookPr date1904="1"/><sheets>')
    (table,) = read_workbook(_book("44255", sheets), "表.xlsx").tables
    assert table.rows[0][2].value == "2025-03-01"


def test_workbook_when_strict_then_read_alike() -> None:
    parts = {
        name: data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, data in raw_parts(_HEADER + inline("示例", "3", "2025-03", "5", row=2)).items()
    }
    (table,) = read_workbook(zipped(parts), "表.xlsx").tables
    assert [cell.value for cell in table.rows[0]] == ["示例", "3", "2025-03", "5"]


@pytest.mark.parametrize(
    ("written", "raw"), [("0.30000000000000004", "0.3"), ("1.2E4", "12000"), ("-0", "0")]
)
def test_numbers_when_excel_wrote_noise_then_its_fifteen_digits(written: str, raw: str) -> None:
    row = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>示例</t></is></c>'
        f'<c r="B2"><v>{written}</v></c></row>'
    )
    (table,) = read_workbook(zipped(raw_parts(_HEADER + row)), "表.xlsx").tables
    assert (table.rows[0][1].raw, table.rows[0][1].value) == (raw, raw)
