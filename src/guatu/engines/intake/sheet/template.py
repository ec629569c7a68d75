"""The Excel template of a ledger, and an upload given back as Excel with what is wrong in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from openpyxl import Workbook as ExcelWorkbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from guatu.engines.exports import (
    ExportColumn,
    Value,
    cell_at,
    first_sheet,
    new_book,
    safe_cell,
    saved,
    sheet_name,
    write_body,
    write_header,
    write_heading,
)
from guatu.engines.intake.sheet.classify import EXAMPLE_MARK
from guatu.engines.intake.sheet.continued import FOLDED
from guatu.engines.intake.sheet.grid import row_number
from guatu.engines.intake.sheet.model import Cell, Column, Finding, Table, Workbook
from guatu.engines.intake.sheet.reader import OPTIONS_SHEET

_ROWS_WITH_CHOICES = 2_000
_EXAMPLE_FILL = PatternFill("solid", fgColor="EEF1F6")
_WRONG_FILL = PatternFill("solid", fgColor="FFD9D6")
_MONTHS = range(1, 13)
ROW_HEADER, WRONG_HEADER = "原行号", "错误说明"
"""Columns that a marked sheet has beside those of the file."""
OURS = frozenset({ROW_HEADER, WRONG_HEADER})
_UNDER = " / "
"""Between the headings a row stands under, as the reader joins them."""
_DATE_HINT = "写到月或日，如 2025-03 或 2025-03-15；不知道就留空"
_MONEY_HINT = "单位万元；也可在单元格里写明，如 1.2亿元；不知道就留空，不要填0"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of the template: the reader's field, its header, width, hint and example."""

    field: str
    header: str
    width: int = 14
    hint: str = ""
    example: Value = None
    kind: Literal["text", "number", "date"] = "text"


def _money(field: str, header: str, example: Value = None) -> TemplateColumn:
    return TemplateColumn(field, header, 14, _MONEY_HINT, example, "number")


def _date(field: str, header: str, example: str | None = None) -> TemplateColumn:
    return TemplateColumn(field, header, 14, _DATE_HINT, example)


PROJECT_COLUMNS: tuple[TemplateColumn, ...] = (
    TemplateColumn("seq", "序号", 7, example=EXAMPLE_MARK),
    TemplateColumn("name", "项目名称", 32, "必填；同一项目只写一行", "示例产业园一期项目"),
    TemplateColumn("code", "项目代码", 24, "投资项目在线审批监管平台代码，没有就留空"),
    TemplateColumn("category", "项目类别", 14),
    TemplateColumn("nature", "建设性质", 12),
    TemplateColumn("content", "建设内容及规模", 40, "", "示例：建设标准厂房2万平方米"),
    TemplateColumn("site", "建设地点", 18),
    TemplateColumn("owner_unit", "建设单位", 26),
    TemplateColumn("uscc", "统一社会信用代码", 22, "建设单位的18位代码，录入时核对校验码"),
    TemplateColumn("duty_unit", "责任单位", 20),
    TemplateColumn("leader", "包保领导", 14),
    TemplateColumn("contact", "联系人", 14),
    TemplateColumn("phone", "联系电话", 18),
    _money("total_wan", "总投资", 12000),
    _money("done_before_wan", "至上年底累计完成投资"),
    _money("year_plan_wan", "年度计划投资", 3000),
    _money("done_ytd_wan", "本年累计完成投资"),
    _money("counted_wan", "固投入统"),
    _money("paid_wan", "资金支付"),
    _money("upper_wan", "上级资金"),
    _date("planned_start", "计划开工时间", "2025-04"),
    _date("actual_start", "实际开工时间"),
    _date("planned_finish", "计划竣工时间", "2026-10-31"),
    _date("actual_finish", "实际竣工时间"),
    TemplateColumn("stage", "项目阶段", 14),
    TemplateColumn("progress", "形象进度", 30),
    TemplateColumn("problem", "存在问题", 30),
    TemplateColumn("next_step", "下一步计划", 30),
    *(TemplateColumn("image_target", f"{month}月形象进度目标", 18) for month in _MONTHS),
    TemplateColumn("note", "备注", 20),
)
"""The template's columns in order; the reader recognises each header word for word."""


LEAD_COLUMNS: tuple[TemplateColumn, ...] = (
    TemplateColumn("seq", "序号", 7, example=EXAMPLE_MARK),
    TemplateColumn("name", "线索名称", 32, "必填；同一条线索只写一行", "示例冷链装备项目"),
    TemplateColumn("investor", "投资方", 26, "企业全称；不知道就留空", "示例装备公司"),
    TemplateColumn("industry", "行业代码", 12, "国民经济行业代码或名称"),
    TemplateColumn("source", "线索来源", 14),
    TemplateColumn("tactic", "招商方式", 14),
    TemplateColumn("status", "线索阶段", 12, "只用于新线索；已有线索的阶段在系统里调整"),
    TemplateColumn("content", "拟建内容", 36),
    _money("total_wan", "意向投资", 12000),
    TemplateColumn("site", "意向选址", 18),
    TemplateColumn("area", "片区", 14),
    TemplateColumn("duty_unit", "责任单位", 20),
    TemplateColumn("owner_post", "责任岗位", 18, "岗位名称或任职人姓名"),
    TemplateColumn("leader", "包保领导", 14),
    _date("first_on", "首次接触日期"),
    _date("follow_date", "跟进日期"),
    TemplateColumn("follow_way", "对接方式", 12),
    TemplateColumn("progress", "跟进情况", 40),
    TemplateColumn("next_step", "下一步", 30),
    _date("next_due", "下一步时限"),
    TemplateColumn("next_post", "下一步责任岗位", 18, "不填即为责任岗位"),
    TemplateColumn("problem", "存在问题", 30),
    TemplateColumn("contact", "企业联系人", 14),
    TemplateColumn("phone", "联系电话", 18),
    TemplateColumn("note", "备注", 20),
)


RESERVE_COLUMNS: tuple[TemplateColumn, ...] = (
    TemplateColumn("seq", "序号", 7, example=EXAMPLE_MARK),
    TemplateColumn("name", "项目名称", 32, "必填；同一项目只写一行", "示例公共停车楼"),
    TemplateColumn("code", "项目代码", 24, "投资项目在线审批监管平台代码，没有就留空"),
    TemplateColumn("category", "项目类别", 14),
    TemplateColumn("nature", "建设性质", 12),
    TemplateColumn("origin", "项目来源", 14),
    TemplateColumn("content", "建设内容及规模", 40, "", "示例：地上停车位约400个"),
    TemplateColumn("site", "建设地点", 18),
    TemplateColumn("duty_unit", "责任单位", 20),
    TemplateColumn("owner_unit", "建设单位", 26),
    _money("total_wan", "估算总投资", 3900),
    _money("year_plan_wan", "下年度计划投资"),
    TemplateColumn("investment_type", "投资类型", 14),
    TemplateColumn("fund_source", "资金构成", 30),
    TemplateColumn("land_state", "土地现状", 20),
    TemplateColumn("operation", "运营模式", 20),
    _date("planned_start", "计划开工时间"),
    _date("planned_finish", "计划竣工时间"),
    TemplateColumn("problem", "存在问题", 30),
    TemplateColumn("contact", "联系人", 14),
    TemplateColumn("phone", "联系电话", 18),
    TemplateColumn("note", "备注", 20),
)


@dataclass(frozen=True, slots=True)
class Template:
    """The empty ledger of a kind: name of its sheet, unit of its amounts, columns in order."""

    sheet: str
    columns: tuple[TemplateColumn, ...]
    unit: str | None = None


PROJECTS = Template("项目台账", PROJECT_COLUMNS, "万元")
RESERVE = Template("储备项目库", RESERVE_COLUMNS, "万元")
LEADS = Template("招商线索台账", LEAD_COLUMNS, "万元")


def empty_ledger(template: Template, title: str, choices: Mapping[str, Sequence[str]]) -> bytes:
    """Write an empty ledger with an example row that the reader leaves out.

    ``choices``: field (such as ``category``) → what may be chosen there.
    """
    book = new_book()
    sheet = first_sheet(book, template.sheet)
    start = write_heading(sheet, title, template.unit, None, len(template.columns))
    columns = [
        ExportColumn(column.header, column.kind, column.width) for column in template.columns
    ]
    write_header(sheet, start, columns)
    for index, column in enumerate(template.columns, start=1):
        example = cell_at(sheet, start + 1, index)
        write_body(example, column.example, column.kind)
        example.fill = _EXAMPLE_FILL
        _add_hint(sheet, index, start + 1, column, with_choices=column.field in choices)
    _add_choices(book, sheet, start + 1, template.columns, choices)
    return saved(book)


def _add_hint(
    sheet: Worksheet, index: int, first: int, column: TemplateColumn, *, with_choices: bool
) -> None:
    if not column.hint or with_choices:
        return
    hint = DataValidation(showInputMessage=True, promptTitle=column.header, prompt=column.hint)
    letter = get_column_letter(index)
    hint.add(f"{letter}{first}:{letter}{first + _ROWS_WITH_CHOICES}")
    sheet.add_data_validation(hint)


def _add_choices(
    book: ExcelWorkbook,
    sheet: Worksheet,
    first: int,
    columns: Sequence[TemplateColumn],
    choices: Mapping[str, Sequence[str]],
) -> None:
    """Put the lists on a sheet of their own: a list inside the rule ends at 255 characters."""
    wanted = [(i, c) for i, c in enumerate(columns, start=1) if choices.get(c.field)]
    if not wanted:
        return
    options = book.create_sheet(OPTIONS_SHEET)
    options.sheet_state = "hidden"
    for at, (index, column) in enumerate(wanted, start=1):
        values = choices[column.field]
        for row, value in enumerate((column.header, *values), start=1):
            safe_cell(cell_at(options, row, at), value)
        source = get_column_letter(at)
        rule = DataValidation(
            type="list",
            formula1=f"{OPTIONS_SHEET}!${source}$2:${source}${len(values) + 1}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=column.header,
            error="请从下拉列表中选择",
        )
        letter = get_column_letter(index)
        rule.add(f"{letter}{first}:{letter}{first + _ROWS_WITH_CHOICES}")
        sheet.add_data_validation(rule)


def marked_workbook(workbook: Workbook) -> bytes:
    """Write all rows of an upload, wrong cells coloured, with what is wrong beside them.

    One sheet for each table.  Corrected and uploaded again it stands for the whole upload: title,
    unit, headers and headings of groups are kept, and the row each one had in the file is told.
    """
    book = new_book()
    book.remove(book.worksheets[0])
    for table in workbook.tables:
        _write_marked(book.create_sheet(sheet_name(table.sheet or "台账")), table)
    return saved(book)


def _write_marked(sheet: Worksheet, table: Table) -> None:
    kept = _source_columns(table.columns)
    columns = [ExportColumn(column.header, width=18) for _index, column in kept]
    # Totals and blank rows are not here: what the reasons and the preview cite is the file's row.
    columns += [ExportColumn(ROW_HEADER, "number", 8), ExportColumn(WRONG_HEADER, width=60)]
    wrong: dict[int, list[Finding]] = {}
    for finding in table.blocking:
        wrong.setdefault(row_number(finding.cell), []).append(finding)
    start = write_heading(sheet, table.title or table.sheet, table.unit, None, len(columns))
    numbers = [_row_of(row) for row in table.rows]
    general = [one for number, told in wrong.items() if number not in numbers for one in told]
    for finding in general:
        safe_cell(cell_at(sheet, start, 1), f"说明：{finding.cell} {finding.message}")
        start += 1
    write_header(sheet, start, columns)
    group = next((at for at, one in enumerate(table.columns) if one.field == "group"), None)
    at, under = start, ""
    for row, number in zip(table.rows, numbers, strict=True):
        if group is not None and row[group].raw != under:
            at = _write_headings(sheet, at, under, row[group].raw, len(columns))
            under = row[group].raw
        at += 1
        _write_row(sheet, at, kept, row, wrong.get(number, []))
    sheet.auto_filter.ref = f"A{start}:{get_column_letter(len(columns))}{at}"


def _write_headings(sheet: Worksheet, at: int, under: str, label: str, width: int) -> int:
    """Write the headings a row stands under that the one above it did not; the last row used."""
    before, now = under.split(_UNDER), label.split(_UNDER)
    known = next((i for i, one in enumerate(now) if before[i : i + 1] != [one]), len(now))
    for words in now[known:]:
        at += 1
        write_body(cell_at(sheet, at, 1), words, "text")
        sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=width)
    return at


def _write_row(
    sheet: Worksheet,
    at: int,
    kept: Sequence[tuple[int, Column]],
    row: Sequence[Cell],
    told: Sequence[Finding],
) -> None:
    places = {finding.cell for finding in told}
    for place, (index, column) in enumerate(kept, start=1):
        target = cell_at(sheet, at, place)
        write_body(target, _as_written(row[index], column), "text")
        if row[index].cell in places:
            target.fill = _WRONG_FILL
    reasons = "；".join(dict.fromkeys(f"{one.cell} {one.message}" for one in told))
    write_body(cell_at(sheet, at, len(kept) + 1), _row_of(row), "number")
    write_body(cell_at(sheet, at, len(kept) + 2), reasons, "text")


def _row_of(row: Sequence[Cell]) -> int:
    return max((row_number(cell.cell) for cell in row), default=0)


def _source_columns(columns: Sequence[Column]) -> list[tuple[int, Column]]:
    """Keep one output column for each column of the file: halves of a split, marks and ours go."""
    kept: dict[str, tuple[int, Column]] = {}
    for index, column in enumerate(columns):
        if column.field not in {"starred", "group"} and column.header not in OURS:
            kept.setdefault(column.cell, (index, column))
    return list(kept.values())


def _as_written(cell: Cell, column: Column) -> Value:
    """Give figures back as numbers; codes and phones stay text.

    What was put together from several rows of the file is given as it was understood.
    """
    money = (column.field or "").endswith("_wan")
    if (cell.rule or "") in FOLDED:
        return f"{cell.value}万元" if money else str(cell.value)
    if not money:
        return cell.raw or None
    try:
        number = Decimal(cell.raw)
    except InvalidOperation:
        return cell.raw or None
    return number if number.is_finite() else cell.raw
