"""One grid → one table: rows typed, headings and totals taken out and checked."""

from guatu.engines.intake.sheet import people
from guatu.engines.intake.sheet.cells import prefix_mark, read_cell
from guatu.engines.intake.sheet.checks import check_groups, check_totals
from guatu.engines.intake.sheet.classify import Role, classify
from guatu.engines.intake.sheet.columns import FIGURES, Reader, readers
from guatu.engines.intake.sheet.continued import fold
from guatu.engines.intake.sheet.draft import DataRow, Draft
from guatu.engines.intake.sheet.grid import (
    Grid,
    Raw,
    letters,
    merged_places,
    reference,
    show,
)
from guatu.engines.intake.sheet.kinds import recognise
from guatu.engines.intake.sheet.layout import find_layout
from guatu.engines.intake.sheet.model import Cell, Column, Table
from guatu.engines.intake.sheet.vocabulary import Type

_NAMED_KINDS = frozenset({"project", "lead"})
"""Kinds whose rows must have a name to be taken."""


def read_table(grid: Grid) -> Table | None:
    """Read one sheet as one table; ``None`` when it holds nothing."""
    layout = find_layout(grid)
    if layout is None:
        return None
    kind, confidence, alternatives = recognise(layout, grid.name)
    draft = Draft(grid, layout, readers(layout, kind))
    for index, reader in enumerate(draft.readers):
        draft.columns.append(reader.column)
        draft.places.append((index, 0))
        if reader.second:
            draft.columns.append(reader.second)
            draft.places.append((index, 1))
    tall = [span for span in grid.merges if span.bottom > span.top > layout.last_row]
    rows = range(layout.last_row + 1, max(grid.rows) + 1)
    draft.merged = merged_places(tall, rows, [reader.source for reader in draft.readers])
    _read_rows(draft, kind)
    groups = check_groups(draft)
    totals = check_totals(draft)
    _note_headers(draft)
    _add_stars(draft)
    _add_groups(draft)
    return Table(
        kind=kind,
        confidence=confidence,
        alternatives=alternatives,
        sheet=grid.name,
        unit=layout.unit,
        hidden=grid.hidden,
        columns=tuple(draft.columns),
        rows=tuple(tuple(row.cells) for row in draft.rows),
        groups=groups,
        totals=totals,
        errors=tuple(draft.findings),
        title=layout.title,
    )


def _read_rows(draft: Draft, kind: str) -> None:
    seq = _source(draft, "seq")
    name = _source(draft, "name")
    amounts = frozenset(r.source for r in draft.readers if r.type in FIGURES)
    open_headings: list[int] = []
    unit_told: set[int] = set()
    for item in classify(draft.grid, draft.layout, seq=seq, name=name, amounts=amounts):
        if item.role is Role.GROUP:
            while open_headings and draft.headings[open_headings[-1]].level >= item.level:
                open_headings.pop()
            draft.headings.append(item)
            open_headings.append(len(draft.headings) - 1)
            if amounts & draft.grid.rows[item.row].keys():
                draft.totals.append((item, len(draft.rows), tuple(open_headings)))
        elif item.role is Role.TOTAL:
            draft.totals.append((item, len(draft.rows), tuple(open_headings)))
        elif item.role is Role.EXAMPLE:
            place = reference(item.row, item.label_column)
            draft.find(place, "example_row", "这一行是模板的示例，没有读入")
        elif item.role is Role.CONTINUED and draft.rows and draft.rows[-1].number >= item.head:
            fold(draft, draft.rows[-1], _data_row(draft, item.row, unit_told))
        elif item.role in {Role.DATA, Role.CONTINUED}:
            row = _data_row(draft, item.row, unit_told)
            row.groups = tuple(open_headings)
            draft.rows.append(row)
            _check_row(draft, row, kind)


def _source(draft: Draft, name: str) -> int | None:
    return next((r.source for r in draft.readers if r.column.field == name), None)


def _data_row(draft: Draft, number: int, unit_told: set[int]) -> DataRow:
    raws = draft.grid.rows[number]
    cells: list[Cell] = []
    for reader in draft.readers:
        place = f"{letters(reader.source)}{number}"
        raw = raws.get(reader.source)
        if raw is None and reader.type not in FIGURES and draft.merged:
            raw = _merged_value(draft, number, reader.source)
        if reader.second:
            cells.extend(_split(reader, raw, place))
            continue
        cell, problem = read_cell(reader.type, raw, place, reader.unit, reader.year)
        if problem and reader.column.field is None:
            cell = Cell(cell.raw or None, cell.raw, place)
        elif problem and problem.code == "unknown_unit" and cell.unit == reader.unit:
            if reader.source not in unit_told:
                unit_told.add(reader.source)
                header = reader.column.header
                message = f"“{header}”：{problem.message}，请在表头或标题下写明万元或亿元"
                draft.find(reader.column.cell, problem.code, message)
        elif problem:
            draft.find(place, problem.code, f"“{reader.column.header}”：{problem.message}")
        cells.append(cell)
    return DataRow(number, cells)


def _merged_value(draft: Draft, row: int, column: int) -> Raw | None:
    """A unit or leader merged over several projects is each one's; an amount would count twice."""
    span = draft.merged.get((row, column))
    if span is None or span.left != column:
        return None
    return draft.grid.rows.get(span.top, {}).get(span.left)


def _split(reader: Reader, raw: Raw | None, place: str) -> list[Cell]:
    text = show(raw)
    whole = read_cell(Type.TEXT, raw, place, None, None).cell.value
    if whole is None:
        return [Cell(None, text, place), Cell(None, text, place)]
    second_is_phone = (reader.second.field or "").endswith("phone") if reader.second else False
    divide = people.person_and_phone if second_is_phone else people.unit_and_person
    return [Cell(part, text, place, None, "一格两项，已拆分") for part in divide(text)]


def _check_row(draft: Draft, row: DataRow, kind: str) -> None:
    number = row.number
    if number in draft.grid.hidden_rows:
        draft.find(f"A{number}", "hidden_row", "这一行在文件里是隐藏的，已读入，请核对")
    index = draft.index_of("name")
    if kind in _NAMED_KINDS and index is not None and row.cells[index].value is None:
        place = row.cells[index].cell
        header = draft.columns[index].header
        draft.find(place, "missing_name", f"没有填写“{header}”")


def _note_headers(draft: Draft) -> None:
    for reader in draft.readers:
        column = reader.column
        if reader.source in draft.grid.hidden_columns:
            message = f"“{column.header}”这一列在文件里是隐藏的，已读入，请核对"
            draft.find(column.cell, "hidden_column", message)
        if column.rule and column.rule.startswith("表头近似"):
            draft.find(column.cell, "fuzzy_header", f"“{column.header}”：{column.rule}")
    if draft.grid.macros:
        draft.find("A1", "macro", "文件含有宏，宏不会运行，只读取单元格")
    if draft.grid.hidden:
        message = f"工作表“{draft.grid.name}”在文件里是隐藏的，已读入，请核对"
        draft.find("A1", "hidden_sheet", message)


def _add_stars(draft: Draft) -> None:
    """Add a column of ★ marks when any name carries one."""
    index = draft.index_of("name")
    if index is None:
        return
    marks = [prefix_mark(row.cells[index].raw) for row in draft.rows]
    if not any(marks):
        return
    draft.columns.append(Column("starred", "★", "starred", draft.columns[index].cell))
    for row, mark in zip(draft.rows, marks, strict=True):
        rule = "名称前的标记" if mark else None
        row.cells.append(Cell(mark is not None, mark or "", row.cells[index].cell, None, rule))


def _add_groups(draft: Draft) -> None:
    """Add a column with the headings each row stands under."""
    if not draft.headings:
        return
    first = draft.headings[0]
    place = reference(first.row, first.label_column)
    draft.columns.append(Column("group", "分组", "group", place))
    for row in draft.rows:
        labels = [draft.headings[i].label for i in row.groups]
        last = draft.headings[row.groups[-1]] if row.groups else None
        cell = reference(last.row, last.label_column) if last else draft.name_cell(row)
        value = " / ".join(labels) or None
        row.cells.append(Cell(value, value or "", cell, None, "分组行" if value else None))
