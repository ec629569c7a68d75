"""A project spread over several rows by merged cells: one row per source of money, say."""

from decimal import Decimal

from guatu.engines.intake.sheet.columns import FIGURES
from guatu.engines.intake.sheet.draft import DataRow, Draft
from guatu.engines.intake.sheet.grid import plain
from guatu.engines.intake.sheet.model import Cell
from guatu.engines.intake.sheet.vocabulary import Type

ADDED, JOINED, FIRST = "多行相加", "多行合并", "多行不同，取第一行"
FOLDED = frozenset({ADDED, JOINED, FIRST})
"""Rules of cells that stand for several of the file."""


def fold(draft: Draft, head: DataRow, more: DataRow) -> None:
    """Fold a continuation into its first row: blanks are filled, amounts added, texts joined."""
    added = False
    for index, (old, new) in enumerate(zip(head.cells, more.cells, strict=True)):
        if new.value is None:
            continue
        if old.value is None:
            head.cells[index] = new
        elif old.value != new.value or draft.readers[draft.places[index][0]].type in FIGURES:
            head.cells[index] = _joined(old, new, draft.readers[draft.places[index][0]].type)
            added = True
    if added:
        place = draft.name_cell(head)
        message = f"这个项目还占用第{more.number}行，金额已相加、文字已合并，请核对"
        draft.find(place, "spread_rows", message)


def _joined(old: Cell, new: Cell, kind: Type) -> Cell:
    raw = f"{old.raw}；{new.raw}"
    if kind is Type.MONEY and isinstance(old.value, str) and isinstance(new.value, str):
        total = plain(Decimal(old.value) + Decimal(new.value))
        return old._replace(value=total, raw=raw, rule=ADDED)
    if kind is Type.TEXT or kind is Type.UNIT or kind is Type.PERSON or kind is Type.PHONE:
        return old._replace(value=f"{old.value}；{new.value}", raw=raw, rule=JOINED)
    return old._replace(raw=raw, rule=FIRST)
