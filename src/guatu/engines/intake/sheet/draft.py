"""A table while it is being put together: what its parts add to and check."""

from dataclasses import dataclass, field

from guatu.engines.intake.sheet.classify import RowClass
from guatu.engines.intake.sheet.columns import Reader
from guatu.engines.intake.sheet.grid import Grid, Span
from guatu.engines.intake.sheet.layout import Layout
from guatu.engines.intake.sheet.model import Cell, Column, Finding


@dataclass(slots=True)
class DataRow:
    """One data row while the table is being put together."""

    number: int
    cells: list[Cell]
    groups: tuple[int, ...] = ()
    """Indexes into the headings it stands under, outermost first."""


@dataclass(slots=True)
class Draft:
    """A table being put together; `checks` adds to ``findings``."""

    grid: Grid
    layout: Layout
    readers: list[Reader]
    columns: list[Column] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    """For each output column, its reader's index and 0 (first) or 1 (split off)."""
    rows: list[DataRow] = field(default_factory=list)
    headings: list[RowClass] = field(default_factory=list)
    totals: list[tuple[RowClass, int, tuple[int, ...]]] = field(default_factory=list)
    """Each total row with how many data rows stand before it and the headings open there."""
    findings: list[Finding] = field(default_factory=list)
    merged: dict[tuple[int, int], Span] = field(default_factory=dict)
    """Merged ranges over several data rows, by every place in them."""

    def index_of(self, name: str) -> int | None:
        """Give the position of the first output column of a field."""
        return next((i for i, c in enumerate(self.columns) if c.field == name), None)

    def name_cell(self, row: DataRow) -> str:
        """Give the cell that names a row, else its first cell."""
        index = self.index_of("name")
        return row.cells[index or 0].cell

    def find(self, cell: str, code: str, message: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(cell, code, message))
