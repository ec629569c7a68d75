import io
from dataclasses import replace

import openpyxl

from guatu.engines.intake.sheet import Finding, Workbook, read_workbook, read_workbook_confined
from guatu.engines.intake.sheet.template import (
    OURS,
    PROJECT_COLUMNS,
    PROJECTS,
    empty_ledger,
    marked_workbook,
)
from tests.engines.intake.sheet.building import saved

CHOICES = {"category": [f"类别{n}" for n in range(80)], "nature": ["新建", "续建"]}


def test_template_when_read_back_then_every_column_is_recognised_and_no_row_taken() -> None:
    book = read_workbook(empty_ledger(PROJECTS, "示例区重点项目台账", CHOICES), "模板.xlsx")
    (table,) = book.tables
    assert [column.field for column in table.columns] == [c.field for c in PROJECT_COLUMNS]
    assert (table.kind, table.unit, table.rows) == ("project", "万元", ())
    assert table.errors == (Finding("A4", "example_row", "这一行是模板的示例，没有读入"),)


def test_template_when_opened_then_categories_are_a_drop_down() -> None:
    book = openpyxl.load_workbook(io.BytesIO(empty_ledger(PROJECTS, "示例", CHOICES)))
    rules = {r.formula1: str(r.sqref) for r in book.worksheets[0].data_validations.dataValidation}
    assert rules["选项!$A$2:$A$81"] == "D4:D2004"
    assert rules["选项!$B$2:$B$3"] == "E4:E2004"


def _wrong_upload() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(empty_ledger(PROJECTS, "示例区重点项目台账", CHOICES)))
    sheet = book.worksheets[0]
    sheet.append([1, "示例甲"])
    sheet.append([2, "示例乙"])
    for row, column, value in ((5, 14, "很多"), (5, 21, "2025-02-30"), (5, 13, "=1+1"), (6, 14, 5)):
        cell = sheet.cell(row, column)
        cell.value = value  # type: ignore[assignment] -- openpyxl-stubs
        cell.data_type = "n" if isinstance(value, int) else "s"
    return saved(book)


def test_marked_sheet_when_given_back_then_all_rows_with_wrong_cells_coloured_and_explained() -> (
    None
):
    data = marked_workbook(read_workbook(_wrong_upload(), "台账.xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    row = {cell.column_letter: cell for cell in sheet[4]}
    assert [line[1].value for line in sheet.iter_rows(min_row=4)] == ["示例甲", "示例乙"]
    coloured = {letter for letter, cell in row.items() if cell.fill.fgColor.rgb == "00FFD9D6"}
    assert coloured == {"N", "U"}
    assert [cell.value for cell in sheet[3][-2:]] == ["原行号", "错误说明"]
    assert [cell.value for cell in sheet[4][-2:]] == [
        5,
        "N5 “总投资”：“很多”不是金额；U5 “计划开工时间”：日期“2025-02-30”不存在",
    ]
    assert (row["M"].value, row["M"].data_type, row["M"].quotePrefix) == ("=1+1", "s", True)


def test_marked_sheet_when_the_name_is_missing_then_its_cell_is_coloured_and_explained() -> None:
    rows = [["序号", "项目名称", "总投资(万元)"], [1, "示例甲", 5], [2, None, 6]]
    upload = openpyxl.Workbook()
    for row in rows:
        upload.worksheets[0].append(row)
    table = read_workbook(saved(upload), "台账.xlsx").tables[0]
    blank = tuple(cell._replace(raw="") for cell in table.rows[1])
    data = marked_workbook(Workbook((replace(table, rows=(table.rows[0], blank)),)))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    last = sheet[sheet.max_row]
    assert [cell.value for cell in last[-2:]] == [3, "B3 没有填写“项目名称”"]
    assert [cell.column_letter for cell in last if cell.fill.fgColor.rgb == "00FFD9D6"] == ["B"]


def test_marked_sheet_when_read_again_then_the_same_errors_remain() -> None:
    first = read_workbook(_wrong_upload(), "台账.xlsx")
    again = read_workbook(marked_workbook(first), "待改正.xlsx")
    assert [f.code for f in again.tables[0].blocking] == [f.code for f in first.tables[0].blocking]


def test_confined_reading_when_compared_then_equals_the_plain_one() -> None:
    data = _wrong_upload()
    assert read_workbook_confined(data, "台账.xlsx") == read_workbook(data, "台账.xlsx")


def test_marked_sheet_when_rows_stand_in_groups_or_over_two_lines_then_read_the_same() -> None:
    upload = openpyxl.Workbook()
    sheet = upload.worksheets[0]
    sheet.title = "一览"
    for row in (
        ["示例区2025年重点项目台账"],
        ["单位：亿元"],
        ["序号", "项目名称", "建设内容", "总投资", "责任单位", "行业看法"],
        ["一、工业项目 2个"],
        [1, "★示例甲", "厂房", 1.5, "示例一局", "看好"],
        [2, "示例乙", "仓库", 0.5, "示例一局", None],
        [None, None, "道路", 0.25, None, None],
        ["二、交通项目"],
        [3, "示例丙", "桥", "很多", "示例二局", None],
        ["合计", None, None, 2.25, None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("A6:A7")
    sheet.merge_cells("B6:B7")
    upload.create_sheet("另册")
    upload["另册"].append(["序号", "项目名称", "总投资(万元)"])
    upload["另册"].append([1, "示例丁", 7])
    first = read_workbook(saved(upload), "台账.xlsx")
    again = read_workbook(marked_workbook(first), "待改正.xlsx")
    twice = read_workbook(marked_workbook(again), "待改正.xlsx")
    assert _told(again) == _told(first)
    assert _told(twice) == _told(first)
    assert _told(first)[0][1]["group"] == "一、工业项目2个"


def _told(book: Workbook) -> list[list[dict[str, object]]]:
    """Values by field of every row, sheet by sheet; of columns unknown to the reader by header."""
    return [
        [
            {
                c.field or c.header: cell.value
                for c, cell in zip(table.columns, row, strict=True)
                if c.header not in OURS
            }
            for row in table.rows
        ]
        for table in book.tables
    ]
