"""Where the header of a sheet stands, how deep it is, and what each column is called."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from guatu.engines.intake.sheet.grid import (
    Grid,
    Raw,
    Span,
    merged_places,
    reference,
    show,
    used_columns,
)
from guatu.engines.intake.sheet.headers import canonical, meaning
from guatu.engines.intake.sheet.money import narrow, unit_of
from guatu.engines.intake.sheet.periods import year_in
from guatu.engines.intake.sheet.vocabulary import vocabulary

_SEARCHED_ROWS = 40
_SEARCHED_COLUMNS = 60
_DEEPEST = 3
_LONGEST_HEADER = 80


@dataclass(frozen=True, slots=True)
class Heading:
    """One column's header: its levels from the outermost, and the cell of the innermost."""

    column: int
    path: tuple[str, ...]
    cell: str

    @property
    def text(self) -> str:
        """The header as one line."""
        return "/".join(self.path)


@dataclass(frozen=True, slots=True)
class Layout:
    """Title, unit and header of a sheet; data begin below ``last_row``.

    ``given_out``: it is a list that this program exported.
    """

    first_row: int
    last_row: int
    headings: tuple[Heading, ...]
    title: str
    year: int | None
    unit: str | None
    unit_cell: str
    given_out: bool = False


def find_layout(grid: Grid) -> Layout | None:
    """Find the header block that explains most columns; ``None`` for a sheet without cells."""
    numbers = sorted(grid.rows)[:_SEARCHED_ROWS]
    if not numbers:
        return None
    columns = used_columns(grid.rows)
    merged = merged_places(grid.merges, range(1, numbers[-1] + _DEEPEST + 1), columns)
    spans = set(merged.values())
    best: tuple[int, bool, int, int] | None = None
    found = range(0)
    for top in numbers:
        for depth in range(1, _DEEPEST + 1):
            block = range(top, top + depth)
            if not all(_may_be_header(grid.rows.get(row, {})) for row in block):
                break
            headings = _flatten(grid, merged, block, columns[:_SEARCHED_COLUMNS])
            rank = (_known(headings), _closed(spans, block), -depth, -top)
            if rank[0] > 0 and (best is None or rank > best):
                best, found = rank, block
    if best is None:
        top = _first_wide_row(grid, numbers)
        found = range(top, top + 1)
    return _framed(grid, found[0], found[-1], _flatten(grid, merged, found, columns))


def _framed(grid: Grid, first: int, last: int, headings: list[Heading]) -> Layout:
    above: list[str] = []
    unit, unit_cell = None, ""
    for number in sorted(n for n in grid.rows if n < first):
        for column, value in grid.rows[number].items():
            text = show(value)
            stated = stated_unit(text)
            if stated and unit is None:
                unit, unit_cell = stated, reference(number, column)
            if text.strip():
                above.append(text.strip())
    title = next((t for t in above if _is_title(t)), "")
    year = year_in(title) or year_in(grid.name)
    given_out = any(_GIVEN_OUT.fullmatch(narrow(text)) for text in above)
    return Layout(first, last, tuple(headings), title, year, unit, unit_cell, given_out)


def _is_title(text: str) -> bool:
    """Neither 附件1 nor a line that only states the unit."""
    unit_line = stated_unit(text) is not None and len(text) <= _LONGEST_UNIT_LINE
    return not unit_line and not _ATTACHMENT.fullmatch(narrow(text))


_GIVEN_OUT = re.compile(r"(?:单位:.{1,10})?数据截至:\d{4}-\d{2}-\d{2}")
_ATTACHMENT = re.compile(r"附(?:件|表)[\d一二三四五六七八九十]*[-\d]*:?")
_LONGEST_UNIT_LINE = 15


def stated_unit(text: str) -> str | None:
    """Find the unit a line above the table declares for all its amounts.

    >>> stated_unit("计量单位：万元"), stated_unit("填报单位：发改局"), stated_unit("单位：万园")
    ('万元', None, '万园')
    """
    bare = narrow(text)
    at = bare.find("单位:")
    if at < 0:
        return None
    before = bare[max(at - 2, 0) : at]
    if before and "\u4e00" <= before[-1] <= "\u9fff" and before not in _UNIT_WORDS:
        return None
    said = bare[at + 3 :].strip("()（）[]。;")
    return unit_of(said) or (said if 0 < len(said) <= _LONGEST_UNIT else None)


_UNIT_WORDS = frozenset({"计量", "金额", "货币", "数据", "投资"})
_LONGEST_UNIT = 6


def _may_be_header(row: dict[int, Raw]) -> bool:
    """A header is text, save for bare years and months, which stand in their order."""
    if not row:
        return False
    before = Decimal(0)
    for _, value in sorted(row.items()):
        if isinstance(value, Decimal):
            if value <= before:
                return False
            before = value
            if not (1 <= value <= 12 or 1990 <= value <= 2100) or value % 1:  # noqa: PLR2004 -- months and years
                return False
        elif not isinstance(value, str) or len(value) > _LONGEST_HEADER:
            return False
    return True


def _flatten(
    grid: Grid, merged: dict[tuple[int, int], Span], block: range, columns: list[int]
) -> list[Heading]:
    """Give each column its path of headers, parents carried across and down."""
    levels = [
        {column: _text_at(grid, merged, row, column, block) for column in columns} for row in block
    ]
    for upper, lower in pairwise(levels):
        _carry_across(upper, lower, columns)
    headings = []
    for column in columns:
        path: list[str] = []
        cell = reference(block[-1], column)
        for row, level in zip(block, levels, strict=True):
            text = level[column]
            if text and (not path or canonical(path[-1]) != canonical(text)):
                path.append(text)
                cell = reference(row, column)
        headings.append(Heading(column, tuple(path), cell))
    return headings


def _carry_across(upper: dict[int, str], lower: dict[int, str], columns: list[int]) -> None:
    """A parent written once stands for its right neighbours that have only a child."""
    parent = ""
    for column in columns:
        if upper[column]:
            parent = upper[column] if lower[column] else ""
        elif lower[column]:
            upper[column] = parent
        else:
            parent = ""


def _text_at(
    grid: Grid, merged: dict[tuple[int, int], Span], row: int, column: int, block: range
) -> str:
    span = merged.get((row, column))
    if span and span.top >= block[0]:
        row, column = span.top, span.left
    elif span and span.top < block[0]:
        return ""
    return " ".join(show(grid.rows.get(row, {}).get(column)).split())


def _known(headings: list[Heading]) -> int:
    """Count the different headers some kind of ledger knows word for word."""
    return sum(
        any(meaning(path, kind, None, fuzzy=False).field for kind in vocabulary())
        for path in {h.path for h in headings if h.path}
    )


def _closed(spans: set[Span], block: range) -> bool:
    """Whether no merged header cell reaches out of the block into what would be data."""
    return not any(block[0] <= span.top <= block[-1] < span.bottom for span in spans)


def _first_wide_row(grid: Grid, numbers: list[int]) -> int:
    return next((n for n in numbers if len(grid.rows[n]) > 1), numbers[0])
