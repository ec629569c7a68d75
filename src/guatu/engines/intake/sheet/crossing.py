"""A workbook's tables across a process border, as plain lists: compact, and never executed."""

from dataclasses import asdict
from typing import Any, cast

from guatu.engines.intake.confined import STANDARD, Bounds, Json, run_confined
from guatu.engines.intake.sheet.limits import DEFAULT, Limits
from guatu.engines.intake.sheet.model import Cell, Column, Finding, Group, Table, Total, Workbook
from guatu.engines.intake.sheet.reader import read_workbook


def read_workbook_confined(
    data: bytes, filename: str, limits: Limits = DEFAULT, bounds: Bounds = STANDARD
) -> Workbook:
    """Do what `read_workbook` does in a process bounded in memory and time."""
    arguments = cast("dict[str, Json]", {"limits": asdict(limits)})
    value = run_confined(f"{__name__}:pack", data, filename, arguments=arguments, bounds=bounds)
    return unpack(value)


def pack(data: bytes, filename: str, *, limits: dict[str, int]) -> Json:
    """Read a workbook and flatten it; runs in the child."""
    book = read_workbook(data, filename, Limits(**limits))
    return cast("Json", [_packed(table) for table in book.tables])


def _packed(table: Table) -> dict[str, object]:
    plain = {name: getattr(table, name) for name in _PLAIN}
    plain["alternatives"] = table.alternatives
    plain["rows"] = table.rows
    for name, kind in _PARTS.items():
        fields = kind.__slots__
        plain[name] = [[getattr(item, f) for f in fields] for item in getattr(table, name)]
    return plain


def unpack(value: Json) -> Workbook:
    """Build the tables again from what `pack` gave."""
    tables = cast("list[dict[str, Any]]", value)
    return Workbook(tuple(_unpacked(table) for table in tables))


def _unpacked(table: dict[str, Any]) -> Table:
    parts: dict[str, Any] = {
        name: tuple(kind(*map(_frozen, item)) for item in table[name])
        for name, kind in _PARTS.items()
    }
    return Table(
        **{name: table[name] for name in _PLAIN},
        alternatives=tuple((kind, share) for kind, share in table["alternatives"]),
        rows=tuple(tuple(Cell(*cell) for cell in row) for row in table["rows"]),
        **parts,
    )


def _frozen(item: Any) -> Any:  # noqa: ANN401 -- JSON has lists only; dataclasses hold tuples
    return tuple(item) if isinstance(item, list) else item


_PLAIN = ("kind", "confidence", "sheet", "unit", "hidden", "title")
_PARTS: dict[str, type[Any]] = {
    "columns": Column,
    "groups": Group,
    "totals": Total,
    "errors": Finding,
}
