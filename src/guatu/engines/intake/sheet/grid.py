"""A sheet before anyone has asked what it means: sparse cells, merges, what is hidden."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple


class Fault(NamedTuple):
    """A cell that holds no usable value: an Excel error, or a formula never calculated."""

    code: str
    text: str


class Measured(NamedTuple):
    """A number whose display format carries a unit, such as ``%`` or 万元."""

    number: Decimal
    unit: str


Raw = str | Decimal | bool | date | datetime | Fault | Measured


class Span(NamedTuple):
    """A merged range, rows and columns from 1, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """One sheet.  ``rows`` maps row number → column number → value, both from 1, blanks absent."""

    name: str
    hidden: bool
    rows: dict[int, dict[int, Raw]] = field(default_factory=dict)
    merges: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    macros: bool = False
    margins: list[str] = field(default_factory=list)
    """Page header and footer texts: a 密级 mark is often printed there and nowhere else."""

    def texts(self) -> Iterator[tuple[int, int, str]]:
        """Yield row, column and text of every text cell."""
        for number, row in self.rows.items():
            for column, value in row.items():
                if isinstance(value, str):
                    yield number, column, value


@lru_cache(maxsize=2048)
def letters(column: int) -> str:
    """Name a column as Excel does.

    >>> letters(1), letters(27), letters(16384)
    ('A', 'AA', 'XFD')
    """
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=2048)
def column_number(name: str) -> int:
    """Turn a column name into its number from 1.

    >>> column_number("XFD")
    16384
    """
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def reference(row: int, column: int) -> str:
    """Name a cell as Excel does.

    >>> reference(3, 28)
    'AB3'
    """
    return f"{letters(column)}{row}"


def row_number(place: str) -> int:
    """Row of a cell's name; 0 where it has none.

    >>> row_number("AB3"), row_number("")
    (3, 0)
    """
    return int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)


def show(value: Raw | None) -> str:  # noqa: PLR0911 -- one return for each kind of value
    """Write a value as a person sees it in the file."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fault):
        return value.text
    if value.unit == "%":
        return plain(value.number * 100) + "%"
    return plain(value.number) + value.unit


def plain(number: Decimal) -> str:
    """Write a decimal without exponent or trailing zeros.

    >>> plain(Decimal("1.2E+4")), plain(Decimal("3.400")), plain(Decimal("-0"))
    ('12000', '3.4', '0')
    """
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def used_columns(rows: Mapping[int, Mapping[int, Raw]]) -> list[int]:
    """List the columns that hold anything, left to right."""
    columns: set[int] = set()
    for row in rows.values():
        columns.update(row)
    return sorted(columns)


_MOST_PLACES = 200_000
"""Merged cells looked at; honest sheets stay far below, overlapping merges would have no end."""


def merged_places(
    spans: Sequence[Span], rows: range, columns: Sequence[int]
) -> dict[tuple[int, int], Span]:
    """Map each row and column inside a merged range, as far as asked for, to that range."""
    places: dict[tuple[int, int], Span] = {}
    left = _MOST_PLACES
    for span in spans:
        for row in range(max(span.top, rows.start), min(span.bottom + 1, rows.stop)):
            inside = [column for column in columns if span.left <= column <= span.right]
            left -= len(inside) + 1
            if left < 0:
                return places
            for column in inside:
                places[row, column] = span
    return places
