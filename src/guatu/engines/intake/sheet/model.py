"""What a workbook says, table by table: the shape `guatu sheet` prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

NOTES: Mapping[str, str] = {
    "hidden_row": "隐藏行",
    "hidden_column": "隐藏列",
    "hidden_sheet": "隐藏工作表",
    "fuzzy_header": "表头近似识别",
    "group_count": "分组项数不符",
    "total_mismatch": "合计不符",
    "invisible_mark": "看不见的字符",
    "spread_rows": "一个项目占多行",
    "example_row": "示例行",
    "macro": "含宏",
    "uncertain_kind": "台账种类不确定",
}
"""Codes that are shown but do not stop an import; every other code does."""

NOT_CONVERTED = "未换算"
"""How the rule of a cell ends whose words say a day or a figure that nobody can reckon with."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class Cell(NamedTuple):
    """One value with its origin.

    ``value``: money a decimal string in 万元, dates ISO 8601 as far as known (``2025``,
    ``2025-03``, ``2025-03-08``), a date range ``start/finish`` with ``..`` for an unknown end,
    unknown ``None``.  ``raw`` is what stands in the file, ``cell`` where, ``unit`` the unit it was
    written in, ``rule`` in Chinese how the value was derived when it is not simply the raw text.
    """

    value: str | bool | None
    raw: str
    cell: str
    unit: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``id`` unique in its table, ``field`` of the vocabulary or ``None``.

    ``period`` is what the header says about time (``2010``, ``2010-01/2010-07``, ``../2009``,
    ``--08`` for an August of an unnamed year) and stands in ``id`` behind an ``@``.
    ``rule`` says how the header was recognised when not word for word.
    """

    id: str
    header: str
    field: str | None
    cell: str
    period: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading row such as 一、交通5项; ``cells`` are the names counted under it."""

    label: str
    stated: int | None
    counted: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A 合计 figure: as stated in the file and as computed from the rows, same unit."""

    cell: str
    stated: str | None
    computed: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or remarkable at ``cell``; :data:`NOTES` says which codes do not block."""

    cell: str
    code: str
    message: str

    @property
    def blocks(self) -> bool:
        """Whether the import must stop until this is put right."""
        return self.code not in NOTES


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet read as one table; ``rows`` are aligned with ``columns``."""

    kind: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    sheet: str
    unit: str | None
    hidden: bool
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    groups: tuple[Group, ...]
    totals: tuple[Total, ...]
    errors: tuple[Finding, ...]
    title: str = ""

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stop an import."""
        return tuple(finding for finding in self.errors if finding.blocks)

    def as_json(self) -> dict[str, Json]:
        """Give the table as `guatu sheet` prints it."""
        return {
            "kind": self.kind,
            "confidence": self.confidence,
            "alternatives": [{"kind": k, "confidence": c} for k, c in self.alternatives],
            "sheet": self.sheet,
            "unit": self.unit,
            "hidden": self.hidden,
            "columns": [
                {"id": c.id, "header": c.header, "field": c.field, "cell": c.cell}
                for c in self.columns
            ],
            "rows": [[dict(cell._asdict()) for cell in row] for row in self.rows],
            "groups": [
                {"label": g.label, "stated": g.stated, "counted": g.counted, "cells": [*g.cells]}
                for g in self.groups
            ],
            "totals": [
                {"cell": t.cell, "stated": t.stated, "computed": t.computed} for t in self.totals
            ],
            "errors": [{"cell": e.cell, "code": e.code, "message": e.message} for e in self.errors],
        }


@dataclass(frozen=True, slots=True)
class Workbook:
    """All tables of a workbook in the order of its sheets; empty sheets are left out."""

    tables: tuple[Table, ...]

    def as_json(self) -> dict[str, Json]:
        """Give ``{"tables": […]}``."""
        return {"tables": [table.as_json() for table in self.tables]}
