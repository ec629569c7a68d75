"""What the preview of a ledger shows: 50 rows cell by cell, errors first, and what sums say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from guatu.campaign.reading.books import LedgerRow
from guatu.campaign.reading.previews import cells_of, column_of, rows_of
from guatu.campaign.reading.shelf import AnyBook, open_book
from guatu.engines.intake.sheet import Cell, Column, Finding, Table, Workbook
from guatu.engines.intake.sheet.template import marked_workbook
from guatu.register.enums import Verdict
from guatu.register.models import Batch, Draft
from guatu.register.recording import Act, Json

Issue = dict[str, Any]
"""What is told of a cell, as a draft keeps it: ``cell``, ``message``, ``stops``."""
A_PAGE = 50
MOST_COLUMNS = 6
"""Columns of the file a page shows, beside row, result and what else the row changes."""

WORST_FIRST = Case(
    When(verdict=Verdict.ERROR, then=Value(0)),
    When(verdict=Verdict.CHANGED, then=Value(1)),
    When(verdict=Verdict.NEW, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class ShownCell:
    """A cell with its verdict; ``old`` where a known value would change, ``remark`` beside it.

    ``rule`` says how its value was reckoned from what stands there. ``amount``: what is kept where
    the file counts in another unit.
    """

    text: str
    address: str
    verdict: str = ""
    old: str = ""
    error: str = ""
    remark: str = ""
    rule: str = ""
    amount: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class ShownRow:
    """A row of the ledger as the preview shows it.

    Of columns that are not shown: ``errors`` and ``notes`` with their cells, and ``rest``, the
    label, old and new of each change.
    """

    draft: Draft
    number: int
    cells: tuple[ShownCell, ...]
    errors: tuple[str, ...]
    notes: tuple[str, ...]
    rest: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ShownColumn:
    """A column of the sheet; ``taken`` False when an import makes no use of it."""

    header: str
    taken: bool


@dataclass(frozen=True)
class Preview:
    """One page of one sheet: of its columns those that matter most here, in the file's order."""

    columns: tuple[ShownColumn, ...]
    rows: tuple[ShownRow, ...]
    page: int
    pages: int
    total: int


def preview_of(
    act: Act, batch: Batch, *, table: int = 0, verdict: str = "", page: int = 1
) -> Preview:
    """Show a page of a sheet; a constant number of queries however many rows there are."""
    drafts = batch.drafts.all()
    if len(batch.tables) > 1:
        drafts = drafts.filter(payload__table=table)
    if verdict:
        drafts = drafts.filter(verdict=verdict)
    total = drafts.count()
    pages = max(1, -(-total // A_PAGE))
    page = min(max(1, page), pages)
    chosen = list(
        drafts.select_related("subject").order_by(WORST_FIRST, "order")[
            (page - 1) * A_PAGE : page * A_PAGE
        ]
    )
    columns = [column_of(plain) for plain in batch.tables[table]["columns"]]
    book = open_book(batch.kind, act)
    rows = rows_of(batch, chosen, book)
    taken = book.words.taken
    wanted = _columns_to_show(columns, chosen, rows, taken)
    shown = tuple(
        _row(book, draft, row, columns, wanted) for draft, row in zip(chosen, rows, strict=True)
    )
    heads = tuple(ShownColumn(columns[at].header, columns[at].field in taken) for at in wanted)
    return Preview(heads, shown, page, pages, total)


def _columns_to_show(
    columns: Sequence[Column],
    drafts: Sequence[Draft],
    rows: Sequence[LedgerRow[Any]],
    taken: frozenset[str],
) -> list[int]:
    """Of the columns these rows fill: the name, what is wrong, what changes, then the file's order.

    Positions in ``columns``, left to right.
    """
    filled = {int(at) for draft in drafts for at in draft.payload["cells"]}
    wrong = {_letters(i["cell"]) for draft in drafts for i in draft.issues if i["stops"]}
    moved = {
        _letters(row.places[name].cell)
        for draft, row in zip(drafts, rows, strict=True)
        for name, (old, _) in draft.diff.items()
        if old is not None and name in row.places
    }

    def rank(at: int) -> int:
        column = columns[at]
        letters = _letters(column.cell)
        told = (
            column.field == "name",
            letters in wrong,
            letters in moved,
            column.field in taken and column.field != "seq",
        )
        return told.index(True) if True in told else len(told)

    present = [at for at, c in enumerate(columns) if at in filled or _letters(c.cell) in wrong]
    return sorted(sorted(present, key=rank)[:MOST_COLUMNS])


def _letters(address: str) -> str:
    return address.rstrip("0123456789")


def _row(
    book: AnyBook,
    draft: Draft,
    row: LedgerRow[Any],
    columns: Sequence[Column],
    wanted: Sequence[int],
) -> ShownRow:
    all_cells = cells_of(draft, columns)
    cells = [all_cells[at] for at in wanted]
    names: dict[str, list[str]] = {}
    for name, place in row.places.items():
        names.setdefault(place.cell, []).append(name)
    told: dict[str, list[Issue]] = {}
    for issue in draft.issues:
        told.setdefault(issue["cell"], []).append(issue)
    inside = {cell.cell for cell in cells}
    outside = [issue for issue in draft.issues if issue["cell"] not in inside]
    errors, notes = (
        tuple(f"{i['cell']} {i['message']}" for i in outside if i["stops"] is stops)
        for stops in (True, False)
    )
    shown = tuple(_cell(draft, cell, names, told) for cell in cells)
    beside = {name for cell in cells for name in names.get(cell.cell, [])}
    rest = _changes(book, draft, [name for name in draft.diff if name not in beside])
    return ShownRow(draft, int(draft.payload["row"]), shown, errors, notes, rest)


def _cell(
    draft: Draft,
    cell: Cell,
    names: dict[str, list[str]],
    told: dict[str, list[Issue]],
) -> ShownCell:
    wrong, remark = (_messages(told.get(cell.cell, []), stops=stops) for stops in (True, False))
    changes = [draft.diff[name] for name in names.get(cell.cell, []) if name in draft.diff]
    olds = [str(old) for old, _ in changes if old is not None]
    verdict = ""
    if wrong:
        verdict = Verdict.ERROR.value
    elif changes:
        verdict = Verdict.CHANGED.value if olds else Verdict.NEW.value
    return ShownCell(
        text=str(cell.raw or cell.value or ""),
        address=cell.cell,
        verdict=verdict,
        old="、".join(olds),
        error=f"{cell.cell} {wrong}" if wrong else "",
        remark=remark,
        rule=f"原文“{cell.raw}”，{cell.rule}" if cell.rule and verdict else "",
        amount=_converted(cell),
        numeric=_is_number(cell.value),
    )


def _messages(issues: Sequence[Issue], *, stops: bool) -> str:
    return "；".join(str(issue["message"]) for issue in issues if issue["stops"] is stops)


def _converted(cell: Cell) -> str:
    """The amount as it is kept, where the file counts in another unit than 万元."""
    if cell.unit in (None, "", "万元") or not str(cell.unit).endswith("元"):
        return ""
    return f"即 {Decimal(str(cell.value)):,f} 万元" if _is_number(cell.value) else ""


def _is_number(value: str | bool | None) -> bool:  # noqa: FBT001 -- a cell's value
    try:
        Decimal(str(value))
    except InvalidOperation:
        return False
    return True


def _changes(book: AnyBook, draft: Draft, names: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Label, old and new of these fields of a row's changes; unknown is 空."""
    told = ((name, *draft.diff[name]) for name in names)
    return tuple((book.label(name), _known(old), _known(new)) for name, old, new in told)


def _known(value: Json) -> str:
    return "空" if value is None else str(value)


def marked_as_excel(batch: Batch) -> bytes:
    """The whole ledger with what is wrong in it, ready to be corrected and brought in again."""
    tables = []
    drafts = list(batch.drafts.order_by("order"))
    for number, plain in enumerate(batch.tables):
        mine = [draft for draft in drafts if draft.payload["table"] == number]
        general = [e for e in batch.errors if e["sheet"] == plain["sheet"]]
        columns = tuple(column_of(column) for column in plain["columns"])
        findings = [Finding(e["cell"], "general", e["message"]) for e in general]
        findings += [
            Finding(issue["cell"], "wrong", issue["message"])
            for draft in mine
            for issue in draft.issues
            if issue["stops"]
        ]
        tables.append(
            Table(
                kind=batch.kind,
                confidence=1.0,
                alternatives=(),
                sheet=str(plain["sheet"]),
                unit=plain["unit"],
                hidden=False,
                columns=columns,
                rows=tuple(cells_of(draft, columns) for draft in mine),
                groups=(),
                totals=(),
                errors=tuple(findings),
                title=str(plain["title"]),
            )
        )
    return marked_workbook(Workbook(tuple(tables)))
