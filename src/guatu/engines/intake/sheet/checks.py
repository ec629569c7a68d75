"""Stated counts and totals as checksums, and rows that say the same project twice."""

from collections.abc import Iterable
from decimal import Decimal

from guatu.engines.intake.sheet import money
from guatu.engines.intake.sheet.cells import same_name
from guatu.engines.intake.sheet.classify import Role, RowClass
from guatu.engines.intake.sheet.draft import DataRow, Draft
from guatu.engines.intake.sheet.grid import plain, reference, row_number, show
from guatu.engines.intake.sheet.model import Finding, Group, Table, Total
from guatu.engines.intake.sheet.vocabulary import Type


def check_groups(draft: Draft) -> tuple[Group, ...]:
    """Count the rows under each heading against the count it states."""
    groups = []
    for index, heading in enumerate(draft.headings):
        members = [row for row in draft.rows if index in row.groups]
        cells = tuple(draft.name_cell(row) for row in members)
        groups.append(Group(heading.label, heading.stated, len(members), cells))
        if heading.stated is not None and heading.stated != len(members):
            place = reference(heading.row, heading.label_column)
            message = f"“{heading.label}”写明{heading.stated}项，实际{len(members)}项"
            ends = f"（{cells[0]}至{cells[-1]}）" if cells else ""
            draft.find(place, "group_count", message + ends)
    return tuple(groups)


def check_totals(draft: Draft) -> tuple[Total, ...]:
    """Compute every 合计 figure from the rows it covers; what it covers is found by agreement."""
    totals: list[Total] = []
    after_last = 0
    for item, before, headings in draft.totals:
        stated = _stated(draft, item)
        scopes = _scopes(draft, item, before, headings, after_last)
        scope = _best(draft, stated, scopes)
        if item.role is Role.TOTAL:
            after_last = before
            totals.extend(_count(draft, item, scope))
        for index, value in stated.items():
            computed, blanks = _sum(scope, index)
            place = reference(item.row, draft.readers[draft.places[index][0]].source)
            totals.append(Total(place, plain(value), None if computed is None else plain(computed)))
            if not _agrees(value, computed):
                shown = "无法计算" if computed is None else f"{plain(computed)}万元"
                message = f"“{item.label}”写明{plain(value)}万元，按{len(scope)}行相加为{shown}"
                message += f"（其中{blanks}行未填）" if blanks else ""
                draft.find(place, "total_mismatch", message)
    return tuple(totals)


def _stated(draft: Draft, item: RowClass) -> dict[int, Decimal]:
    figures: dict[int, Decimal] = {}
    raws = draft.grid.rows[item.row]
    for index, (reader_index, part) in enumerate(draft.places):
        reader = draft.readers[reader_index]
        raw = raws.get(reader.source)
        if part or raw is None or reader.type is not Type.MONEY:
            continue
        amount = money.amount(raw, reader.unit)
        if amount.wan is not None:
            figures[index] = amount.wan
        elif amount.problem and amount.problem.code != "unknown_unit":
            place = reference(item.row, reader.source)
            message = f"“{item.label}”的数读不出来：{show(raw)[:20]}"
            draft.find(place, "total_mismatch", message)
    return figures


def _scopes(
    draft: Draft, item: RowClass, before: int, headings: tuple[int, ...], after_last: int
) -> list[list[DataRow]]:
    """List what a total may cover, likeliest first."""
    inside = [[row for row in draft.rows if index in row.groups] for index in reversed(headings)]
    if item.role is Role.GROUP:
        return inside[:1]
    since = draft.rows[after_last:before]
    everything = list(draft.rows)
    small = "小计" in item.label
    scopes = [*inside, since, everything] if small else [everything, *inside, since]
    return [scope for scope in scopes if scope] or [everything]


def _best(draft: Draft, stated: dict[int, Decimal], scopes: list[list[DataRow]]) -> list[DataRow]:
    def agreeing(scope: list[DataRow]) -> int:
        return sum(_agrees(value, _sum(scope, index)[0]) for index, value in stated.items())

    return max(scopes, key=agreeing) if scopes else list(draft.rows)


def _sum(rows: Iterable[DataRow], index: int) -> tuple[Decimal | None, int]:
    known = []
    blanks = 0
    for row in rows:
        value = row.cells[index].value
        if isinstance(value, str):
            known.append(Decimal(value))
        else:
            blanks += 1
    return (sum(known, Decimal(0)) if known else None), blanks


def _agrees(stated: Decimal, computed: Decimal | None) -> bool:
    """Equal to the last digit the total shows."""
    if computed is None:
        return stated == 0
    exponent = stated.as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)
    return abs(stated - computed) <= step / 2


def _count(draft: Draft, item: RowClass, scope: list[DataRow]) -> list[Total]:
    if item.stated is None:
        return []
    place = reference(item.row, item.label_column)
    if item.stated != len(scope):
        message = f"“{item.label}”写明{item.stated}项，实际{len(scope)}项"
        draft.find(place, "total_mismatch", message)
    return [Total(place, str(item.stated), str(len(scope)))]


def duplicates(tables: Iterable[Table]) -> dict[int, list[Finding]]:
    """Find projects named twice in a workbook; findings by the table's position."""
    seen: dict[str, tuple[str, str]] = {}
    found: dict[int, list[Finding]] = {}
    for position, table in enumerate(tables):
        if table.kind != "project":
            continue
        index = next((i for i, c in enumerate(table.columns) if c.field == "name"), None)
        if index is None:
            continue
        for row in table.rows:
            cell = row[index]
            if not isinstance(cell.value, str):
                continue
            first = seen.setdefault(same_name(cell.value), (table.sheet, cell.cell))
            if first != (table.sheet, cell.cell):
                sheet = "" if first[0] == table.sheet else f"工作表“{first[0]}”"
                where = f"{sheet}第{row_number(first[1])}行"
                message = f"与{where}是同一个项目“{cell.value[:40]}”，请合并为一行"
                found.setdefault(position, []).append(Finding(cell.cell, "duplicate_row", message))
    return found
