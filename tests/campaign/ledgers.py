"""Ledgers of the tests' own making, as bytes of Excel."""

import io
from collections.abc import Sequence

from openpyxl import Workbook

HEADERS = (
    "序号",
    "项目名称",
    "项目类别",
    "建设内容及规模",
    "建设起止时间",
    "总投资",
    "年度计划投资",
    "固投入统",
    "责任单位",
    "包保领导",
    "项目阶段",
    "3月形象进度目标",
)
Row = Sequence[object]


def row(number: int, name: str, **changes: object) -> list[object]:
    """One good row of :data:`HEADERS`; ``changes`` by the header's position, as ``c5=...``."""
    cells: list[object] = [
        number,
        name,
        "工业",
        "示例：建设厂房",
        "2025年3月-2026年10月",
        1000 + number,
        500,
        100,
        "示例一局",
        "示例领导",
        "在建",
        "完成基础",
    ]
    for key, value in changes.items():
        cells[int(key.removeprefix("c"))] = value
    return cells


def ledger(
    *rows: Row,
    unit: str = "单位：万元",
    headers: Row = HEADERS,
    title: str = "示例区2025年台账",
) -> bytes:
    """Title row, unit row, one header row, then ``rows``."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "项目台账"
    sheet.append([title])
    sheet.append([unit])
    sheet.append(list(headers))
    for cells in rows:
        sheet.append(list(cells))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
