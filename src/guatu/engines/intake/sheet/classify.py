"""Which rows are data, and which are headings, totals, footnotes or the template's example."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from guatu.engines.intake.sheet.grid import Grid, Raw, merged_places, show
from guatu.engines.intake.sheet.layout import Layout
from guatu.engines.intake.sheet.money import is_empty, narrow


class Role(Enum):
    """What a row is."""

    DATA = "data"
    GROUP = "group"
    TOTAL = "total"
    CONTINUED = "continued"
    EXAMPLE = "example"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class RowClass:
    """A row's role; label, level and stated count for headings and totals."""

    row: int
    role: Role
    label: str = ""
    label_column: int = 0
    level: int = 0
    stated: int | None = None
    head: int = 0
    """For a continued row, the first row of the merged range it lies in."""


_CHINESE = "一二三四五六七八九十"
_TOTAL = re.compile(
    r"(?P<of>[^\d合小总共]{0,8})(?:合计|小计|总计|共计|总合计)"
    r"(?::\d{1,6}项\(.{0,200}\)|[:(].{0,20}|\d{1,6}[个项户家件].{0,4})?"
)
_OWN_LINE = re.compile(r".+:(\d{1,6})项(?:\(.{0,200}\))?")
"""A line of a group, or of all, in a list that this program gave out."""
_LEVELS = (
    (1, re.compile(rf"[{_CHINESE}]{{1,3}}[、.,．]?(?=\D|$)")),
    (2, re.compile(rf"[(][{_CHINESE}]{{1,3}}[)][、.]?")),
    (3, re.compile(r"[(]?\d{1,2}[)、.](?!\d)")),
)
_MARKED = (
    (1, re.compile(rf"[{_CHINESE}]{{1,3}}[、.,．].+")),
    (2, re.compile(rf"[(][{_CHINESE}]{{1,3}}[)].+")),
    (3, re.compile(r"(?:[(]\d{1,2}[)]|\d{1,2}[)、]).+")),
)
_SEQ_MARK = re.compile(rf"[{_CHINESE}]{{1,3}}[、.]?|[(][{_CHINESE}]{{1,3}}[)]")
_COUNT = re.compile(r"(\d{1,6})\s*(?:个|项|户|家|件)")
_COUNT_END = re.compile(r"[(]?共?计?\d{1,6}[个项户家件](?:项目)?[)]?$")
_COUNT_IN_BRACKETS = re.compile(r"[(]共?\d{1,6}[个项户家件](?:项目)?[)]$|共\d{1,6}[个项户家件]$")
_FOOT = re.compile(
    r"(?:注|说明|备注|填表人?|制表人?|填报人|审核人?|单位负责人|联系人|填报单位|填表说明|联系电话|负责人"
    r"|填报日期|填报时间)(?:[:].*|\d[.、:].*)"
)
EXAMPLE_MARK = "示例"
_WIDE_MERGE = 3


def classify(
    grid: Grid,
    layout: Layout,
    *,
    seq: int | None,
    name: int | None,
    amounts: frozenset[int],
) -> list[RowClass]:
    """Give every row below the header its role, top to bottom.

    ``seq`` and ``name`` are those columns' numbers, ``amounts`` the columns of money and figures.
    A row is anything but data only when nothing in it would be lost that way.
    """
    sorter = _Sorter(grid, layout, seq, name, amounts)
    classes = [sorter.sort(row) for row in sorted(grid.rows) if row > layout.last_row]
    return _empty_headings_are_data(classes, grid, name)


class _Sorter:
    def __init__(
        self,
        grid: Grid,
        layout: Layout,
        seq: int | None,
        name: int | None,
        amounts: frozenset[int],
    ) -> None:
        self._grid = grid
        self._layout = layout
        self._seq = seq
        self._name = name
        self._amounts = amounts
        rows = range(layout.last_row + 1, max(grid.rows, default=0) + 1)
        self._tall = merged_places(grid.merges, rows, [key for key in (seq, name) if key])
        self._wide = {
            span.top: span for span in grid.merges if span.right - span.left + 1 >= _WIDE_MERGE
        }
        self._header = {h.column: narrow(h.path[-1]) for h in layout.headings if h.path}

    def sort(self, row: int) -> RowClass:
        cells = {
            c: v
            for c, v in self._grid.rows[row].items()
            if not (isinstance(v, str) and is_empty(v))
        }
        head = self._head_of(row)
        if head:
            return RowClass(row, Role.CONTINUED, head=head)
        if not cells:
            return RowClass(row, Role.SKIPPED)
        column = min(cells)
        label = narrow(show(cells[column]))
        if self._is_numbering(row, cells) or self._repeats_header(cells):
            return RowClass(row, Role.SKIPPED)
        if column == self._seq and label == EXAMPLE_MARK:
            return RowClass(row, Role.EXAMPLE, label, column)
        if self._numbered(cells):
            return RowClass(row, Role.DATA)
        return (
            self._as_total(row, cells, column)
            or self._as_group(row, cells, column, label)
            or self._as_foot(row, cells, column, label)
            or RowClass(row, Role.DATA)
        )

    def _head_of(self, row: int) -> int:
        """The row whose merged name, or merged number over blank names, reaches down to this."""
        for key in (self._name, self._seq):
            span = self._tall.get((row, key)) if key else None
            if span and self._layout.last_row < span.top < row:
                named = self._name is not None and self._name in self._grid.rows[row]
                return 0 if named else span.top
        return 0

    def _numbered(self, cells: Mapping[int, Raw]) -> bool:
        """A serial number and a name that is no total make a data row beyond doubt."""
        if self._seq is None or self._seq not in cells:
            return False
        value = cells[self._seq]
        digits = isinstance(value, Decimal) or narrow(show(value)).isdigit()
        name = cells.get(self._name or 0)
        return digits and not (name is not None and _TOTAL.fullmatch(narrow(show(name))))

    def _words(self, cells: Mapping[int, Raw], *but: int) -> list[int]:
        """Columns holding something that is neither label nor figure: what would be lost."""
        return [c for c in cells if c not in but and c not in self._amounts]

    def _as_total(self, row: int, cells: Mapping[int, Raw], column: int) -> RowClass | None:
        places = [c for c in dict.fromkeys((column, self._seq, self._name)) if c in cells and c]
        for place in places:
            text = narrow(show(cells[place]))
            match = _TOTAL.fullmatch(text)
            if not match:
                continue
            others = [
                c
                for c in self._words(cells, place)
                if not (c == self._seq or _COUNT_END.fullmatch(narrow(show(cells[c]))))
                and not isinstance(cells[c], Decimal)
            ]
            if others:
                return None
            said = text + "".join(
                show(cells[c]) for c in cells if c != place and c not in self._amounts
            )
            own = _OWN_LINE.fullmatch(text)
            stated = int(own[1]) if own else _stated(said)
            return RowClass(row, Role.TOTAL, text, place, stated=stated)
        return None

    def _as_group(  # noqa: PLR0911 -- one return for each kind of value
        self, row: int, cells: Mapping[int, Raw], column: int, label: str
    ) -> RowClass | None:
        if isinstance(cells[column], Decimal) or column in self._amounts:
            return None
        if self._is_own_line(cells, column, label):
            return RowClass(row, Role.SKIPPED, label)
        if column == self._seq and self._name in cells and _SEQ_MARK.fullmatch(label):
            assert self._name is not None  # noqa: S101 -- it is a key of cells
            if self._words(cells, column, self._name):
                return None
            name = narrow(show(cells[self._name]))
            return RowClass(
                row, Role.GROUP, f"{label} {name}", column, _level(label), _stated(name)
            )
        if self._words(cells, column):
            return None
        wide = self._wide.get(row)
        merged = wide is not None and wide.left <= column
        marked = any(pattern.fullmatch(label) for _level_, pattern in _MARKED)
        in_seq = column == self._seq and self._name is not None
        counted = _COUNT_END.search(label) if self._seq else _COUNT_IN_BRACKETS.search(label)
        if marked or merged or in_seq or counted:
            if _FOOT.fullmatch(label):
                return RowClass(row, Role.SKIPPED, label)
            return RowClass(row, Role.GROUP, label, column, _level(label), _stated(label))
        return None

    def _is_own_line(self, cells: Mapping[int, Raw], column: int, label: str) -> bool:
        """The line of a group in a list given out by this program: its rows say what it says."""
        given_out = self._layout.given_out and _OWN_LINE.fullmatch(label)
        return bool(given_out) and all(
            isinstance(value, Decimal) for place, value in cells.items() if place != column
        )

    def _as_foot(
        self, row: int, cells: Mapping[int, Raw], column: int, label: str
    ) -> RowClass | None:
        named = self._name in cells and column != self._name
        if _FOOT.fullmatch(label) and not named and not self._amounts & cells.keys():
            return RowClass(row, Role.SKIPPED, label)
        return None

    def _is_numbering(self, row: int, cells: Mapping[int, Raw]) -> bool:
        """The row 1 2 3 4 … (or 甲 乙 1 2 …) that some forms print under the header."""
        if row != self._layout.last_row + 1 or len(cells) < _WIDE_MERGE:
            return False
        texts = [narrow(show(cells[c])).strip("()") for c in sorted(cells)]
        numbers = [t for t in texts if t not in {"甲", "乙", "丙", "丁"}]
        return numbers == [str(n) for n in range(1, len(numbers) + 1)]

    def _repeats_header(self, cells: Mapping[int, Raw]) -> bool:
        same = [c for c, v in cells.items() if self._header.get(c) == narrow(show(v))]
        return len(same) > 1 and len(same) == len(cells)


def _level(label: str) -> int:
    for level, pattern in _LEVELS:
        if pattern.match(label):
            return level
    return 0


def _stated(label: str) -> int | None:
    counts = _COUNT.findall(narrow(label))
    return int(counts[-1]) if counts else None


def _empty_headings_are_data(
    classes: list[RowClass], grid: Grid, name: int | None
) -> list[RowClass]:
    """Rows that look like headings at a level where none ever heads a row are a plain list.

    一、甲项目 / 二、乙项目 with nothing below them are two projects, not two empty groups.
    """
    leads: dict[int, bool] = {}
    for index, item in enumerate(classes):
        if item.role is Role.GROUP:
            heads = item.stated is not None
            for later in classes[index + 1 :]:
                if later.role is Role.GROUP and later.level <= item.level:
                    break
                if later.role is Role.DATA:
                    heads = True
                    break
            leads[item.level] = leads.get(item.level, False) or heads
    return [
        replace(item, role=Role.DATA)
        if item.role is Role.GROUP
        and not leads[item.level]
        and (name is None or name in grid.rows[item.row])
        else item
        for item in classes
    ]
