"""The wall on paper: rows and the table of units cut into sheets of A3 or A4.

Pure; lengths are millimetres and agree with ``wall-sheets.css``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from guatu.loop.enums import Colour


class Paper(StrEnum):
    """Paper the wall is printed on, across."""

    A3 = "a3"
    A4 = "a4"


@dataclass(frozen=True)
class Format:
    """Height inside the margins and of each part; ``blocks`` of units stand abreast."""

    height: float
    title: float
    heading: float
    axis: float
    row: float
    foot: float
    unit: float
    gap: float
    blocks: int

    @property
    def rows(self) -> int:
        """Rows on a sheet that holds nothing else."""
        return int((self.height - self.heading - self.axis - self.foot) / self.row)

    def rows_under(self, unit_lines: int) -> int:
        """Rows left on the first sheet under so many lines of units and their header."""
        taken = self.title + (unit_lines + 1) * self.unit + self.gap + self.axis + self.foot
        return max(0, int((self.height - taken) / self.row))


FORMATS = {
    Paper.A3: Format(277, 30, 11, 8, 7, 9, 6, 4, 4),
    Paper.A4: Format(194, 24, 10, 7, 6, 8, 5, 4, 3),
}


@dataclass(frozen=True)
class UnitCount:
    """Projects of a unit by colour."""

    name: str
    total: int
    red: int
    amber: int
    green: int
    unrated: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: the first has the formal title and the table of units, all have rows."""

    number: int
    of: int
    units: Sequence[Sequence[UnitCount]]
    rows: Sequence[Any]

    @property
    def first(self) -> bool:
        """Whether it carries the title."""
        return self.number == 1


def unit_counts(counted: Sequence[tuple[str | None, str, int]]) -> list[UnitCount]:
    """Add up ``(unit, colour, number)`` by unit, in the order given.

    >>> unit_counts([("住建局", "red", 2), ("住建局", "green", 1)])[0].total
    3
    """
    found: dict[str, dict[str, int]] = {}
    for unit, colour, number in counted:
        by = found.setdefault(unit or "责任单位待定", {})
        by[colour] = by.get(colour, 0) + number
    red, amber, green, unrated = Colour.RED, Colour.AMBER, Colour.GREEN, Colour.UNRATED
    return [
        UnitCount(
            name,
            sum(by.values()),
            *(by.get(colour, 0) for colour in (red, amber, green, unrated)),
        )
        for name, by in found.items()
    ]


def sheets_of(rows: Sequence[Any], units: Sequence[UnitCount], paper: Paper) -> list[Sheet]:
    """Cut rows into sheets; units stand abreast in blocks under the title."""
    form = FORMATS[paper]
    lines = -(-len(units) // form.blocks)
    blocks = [units[start : start + lines] for start in range(0, len(units), max(lines, 1))]
    parts = list(_parts(rows, form.rows_under(lines), form.rows))
    return [
        Sheet(number, len(parts), blocks if number == 1 else (), part)
        for number, part in enumerate(parts, start=1)
    ]


def _parts(rows: Sequence[Any], first: int, others: int) -> Iterator[Sequence[Any]]:
    yield rows[:first]
    for start in range(first, len(rows), others):
        yield rows[start : start + others]
