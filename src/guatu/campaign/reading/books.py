"""What every kind of ledger that can be brought in has in common.

A book knows one kind of table: how a row is typed, what importing it would change, and how it is
written. Reading, preview by cell, confirmation, error rows and template are the same for all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, Protocol, TypeVar

from guatu.engines.intake.sheet import Cell, Column, Table
from guatu.engines.intake.sheet.headers import canonical
from guatu.engines.intake.sheet.template import Template
from guatu.register.enums import DraftKind, Verdict
from guatu.register.ledgers import Issue
from guatu.register.models import Subject
from guatu.register.recording import Json

Given = TypeVar("Given")
NAMED = ("name", "title")
"""What a row is called by, under either name."""


@dataclass
class LedgerRow(Generic[Given]):
    """One row on its way: what it gives, where each value stands, what a person must know.

    ``places``: name of a value as in the changes → cell. ``blanks``: the same → address of the
    empty cell it should stand in. ``errors`` keep the row out, ``notes`` do not; both are (address
    of the cell, sentence).
    """

    number: int
    given: Given
    places: dict[str, Cell] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    blanks: dict[str, str] = field(default_factory=dict)

    def look_for_blanks(
        self, columns: Sequence[Column], cells: Sequence[Cell], names: Mapping[str, str]
    ) -> None:
        """Keep where nothing stands, by ``names`` of the reader's fields."""
        for column, cell in zip(columns, cells, strict=True):
            name = names.get(column.field or "")
            if name is not None and cell.value in (None, ""):
                self.blanks.setdefault(name, cell.cell)

    def cell_of(self, name: str) -> str:
        """Address of the cell a value stands or should stand in, else that of the row's name."""
        for one in (name, *NAMED):
            if one in self.places:
                return self.places[one].cell
            if one in self.blanks:
                return self.blanks[one]
        return f"A{self.number}"


class Difference(Protocol):
    """What importing a row would do: ``changes`` is name → (old, new) as plain values.

    ``issues`` keep the row out, ``notes`` say what is not taken over.
    """

    @property
    def verdict(self) -> Verdict: ...  # noqa: D102 -- the class says it
    @property
    def changes(self) -> Mapping[str, tuple[Json, Json]]: ...  # noqa: D102
    @property
    def issues(self) -> Sequence[Issue]: ...  # noqa: D102
    @property
    def notes(self) -> Sequence[str]: ...  # noqa: D102


Diff = TypeVar("Diff", bound=Difference)


class Look(Enum):
    """What the cells of a column seem to hold."""

    DAY = "day"
    MONEY = "money"


@dataclass(frozen=True)
class Watch:
    """Something a kind must not lose unseen: how its column looks, its field, what it is called.

    ``unless_read``: the field which, read from another column, leaves nothing to ask.
    """

    look: Look
    field: str
    called: str
    unless_read: str = ""


@dataclass(frozen=True)
class BookWords:
    """How a kind of ledger is named: kind of the sheet reader, its name, the unit it counts in.

    ``page`` is the name of the page of what a row becomes, empty where rows share one; ``policy``
    is asked of who brings it in; ``taken`` are the reader's fields an import makes use of, ``many``
    those of them that each of several columns gives; ``watched`` is what an unread column must not
    hold unseen. ``traced`` is the page that shows the cell of each fact, empty where none does. A
    kind the reader does not know ``reads`` tables of another, told by a word of ``titled`` in the
    title or the name of the sheet, or by who brings the file in. ``exact``: of several columns of
    one field that with the template's own header is read, wherever it stands; otherwise the first.
    """

    kind: str
    name: str
    counted: str
    page: str
    draft: DraftKind
    action: str
    policy: str
    taken: frozenset[str]
    template: Template
    many: frozenset[str] = frozenset()
    watched: tuple[Watch, ...] = ()
    traced: str = ""
    reads: str = ""
    titled: tuple[str, ...] = ()
    exact: bool = False

    def ordered(self, columns: Sequence[Column]) -> list[int]:
        """Positions of columns as they are read: of several of one field the template's own first.

        Only those trade places; a field that each of several columns gives is left alone.
        """
        own = {column.field: canonical(column.header) for column in self.template.columns}
        order = list(range(len(columns)))
        if not self.exact:
            return order
        at: dict[str, list[int]] = {}
        for place, column in enumerate(columns):
            if column.field in own and column.field not in self.many and not column.period:
                at.setdefault(column.field or "", []).append(place)
        for name, places in at.items():
            chosen = sorted(places, key=lambda p: canonical(leaf(columns[p].header)) != own[name])
            for place, first in zip(places, chosen, strict=True):
                order[place] = first
        return order

    def means(self, table: Table, asked: str | None) -> bool:
        """Tell whether a table is of this kind, where ``asked`` may insist on one."""
        if (asked or self.kind) != self.kind or table.kind != (self.reads or self.kind):
            return False
        told = f"{table.title}{table.sheet}"
        return asked is not None or not self.titled or any(word in told for word in self.titled)


def leaf(header: str) -> str:
    """The innermost level of a header.

    >>> leaf("单位/责任单位")
    '责任单位'
    """
    return header.rpartition("/")[2]


class Book(Protocol[Given, Diff]):
    """A kind of ledger, opened by one act: names are looked up once for all rows."""

    words: BookWords

    def row_of(
        self, columns: Sequence[Column], cells: Sequence[Cell], number: int
    ) -> LedgerRow[Given]:
        """Type one row. Nothing is guessed: what cannot be resolved is an error or a note."""
        ...

    def compared(self, rows: Sequence[LedgerRow[Given]]) -> list[Diff]:
        """Hold the rows against what there is; a constant number of queries."""
        ...

    def take(
        self,
        rows: Sequence[LedgerRow[Given]],
        told: Sequence[Diff],
        cells: Sequence[Mapping[str, int]],
        source: str,
    ) -> Sequence[Subject]:
        """Write what was just compared, in the caller's transaction; subjects align with rows.

        ``cells``: for each row, name of a value → key of its SourceCell. ``source`` names the file.
        """
        ...

    def label(self, name: str) -> str:
        """Chinese name of a value among the changes."""
        ...

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Field of the template → what may be chosen there."""
        ...


def reason(sentence: str) -> str:
    """A chapter's sentence in the style of all remarks on cells: no full stop, no inner spaces.

    >>> reason("「总投资」超过 1 万亿元，请核对单位（应为万元）。")
    '“总投资”超过1万亿元，请核对单位（应为万元）'
    """
    return _GAPS.sub("", sentence.rstrip("。")).translate(_MARKS)


_GAPS = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff])")
_MARKS = str.maketrans("「」", "“”")
