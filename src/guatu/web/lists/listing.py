"""What a list page shows for one state: chips, rows, sums, pages. A constant number of queries."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.expressions import OrderBy

from guatu.register.search import word_condition, words_of
from guatu.register.unit_words import units_named, with_units
from guatu.web.lists.columns import Column
from guatu.web.lists.filters import Chip, ConditionFilter, Filter, KeyedFilter, grouped
from guatu.web.lists.groups import (
    Block,
    Group,
    Grouping,
    grouped_page,
    groups_of,
    sums_of,
    told_sums,
)
from guatu.web.lists.state import ListState


@dataclass(frozen=True)
class ChipGroup:
    """The chips of one filter."""

    filter: Filter
    chips: list[Chip]


@dataclass(frozen=True)
class Listing:
    """One page of a list with its frame; ``sums`` are by column id.

    ``blocks`` are the same rows by group; ``index`` are all groups, on whatever page they are.
    """

    rows: list[object]
    count: int
    page: int
    pages: int
    groups: list[ChipGroup]
    sums: dict[str, str]
    notes: dict[str, str]
    blocks: Sequence[Block] = ()
    index: Sequence[Group] = ()

    @property
    def page_numbers(self) -> list[int | None]:
        """First, last and nearby pages; None stands for a gap."""
        near = {1, self.pages, *range(self.page - 2, self.page + 3)}
        shown = sorted(number for number in near if 1 <= number <= self.pages)
        numbers: list[int | None] = []
        for number in shown:
            if numbers and number - (numbers[-1] or 0) > 1:
                numbers.append(None)
            numbers.append(number)
        return numbers


def searched(rows: QuerySet, fields: Iterable[str], text: str, unit: str = "") -> QuerySet:
    """Rows in which each word of ``text`` stands in one of ``fields``.

    Beside another a word may name the unit whose key the column ``unit`` holds.
    """
    words = words_of(text)
    units = units_named(words) if unit else {}
    return rows.filter(with_units(words, units, partial(word_condition, tuple(fields)), unit))


def narrowed(
    rows: QuerySet, filters: Sequence[Filter], state: ListState, without: str = ""
) -> QuerySet:
    """Rows kept by all filters but ``without``."""
    for one in filters:
        values = state.chosen[one.id]
        if values and one.id != without:
            rows = rows.filter(one.condition(values))
    return rows


def ordered(
    rows: QuerySet, columns: Sequence[Column], state: ListState, default: Sequence[str]
) -> QuerySet:
    """Rows in the reader's order, else the default one; unknown last, the key decides ties."""
    column = next((c for c in columns if c.id == state.sort and c.sort), None)
    if column is None:
        return rows.order_by(*default, "pk")
    return rows.order_by(*(_ordering(key, state.descending) for key in column.sort), "pk")


def _ordering(key: str, descending: bool) -> OrderBy:  # noqa: FBT001 -- one direction of two
    backwards = key.startswith("-") != descending
    field = F(key.removeprefix("-"))
    return field.desc(nulls_last=True) if backwards else field.asc(nulls_last=True)


def counted_together(
    kept: QuerySet, passes: Sequence[Sequence[KeyedFilter]]
) -> tuple[dict[str, list[Chip]], int | None]:
    """Chips by filter, one query for each of ``passes``, and how many rows ``kept`` has.

    Filters of one pass share its groups. Without a pass nothing is known, the number neither.
    """
    chips: dict[str, list[Chip]] = {}
    in_all = None
    for filters in passes:
        keys = [one.keys() for one in filters]
        groups = grouped(kept, [key for some in keys for key in some])
        in_all = sum(number for _, number in groups)
        start = 0
        for one, some in zip(filters, keys, strict=True):
            part = slice(start, start + len(some))
            chips[one.id] = one.counted([(values[part], number) for values, number in groups], ())
            start = part.stop
    return chips, in_all


def chip_groups(
    found: QuerySet, filters: Sequence[Filter], state: ListState, *, indexed: bool = False
) -> tuple[list[ChipGroup], int | None]:
    """Chips of each filter that has any, counted among the rows the others keep; the rows in all.

    One pass counts for all keyed filters that nobody has chosen from. Where each column has an
    index of its own (``indexed``) and no row need be looked at for a search or a permission,
    columns are counted from their indexes. None where the rows in all did not come out of it.
    """
    kept = narrowed(found, filters, state)
    shared = [one for one in filters if isinstance(one, KeyedFilter) and not state.chosen[one.id]]
    passes: list[list[KeyedFilter]] = [shared] if shared else []
    if indexed and not kept.query.has_filters():
        passes = [[one] for one in shared if not isinstance(one, ConditionFilter)]
    chips, in_all = counted_together(kept, passes)
    for one in filters:
        if one.id not in chips:
            rows = narrowed(found, filters, state, one.id)
            chips[one.id] = one.chips(rows, state.chosen[one.id])
    return [ChipGroup(one, chips[one.id]) for one in filters if chips[one.id]], in_all


def _sliced(rows: QuerySet, start: int, end: int) -> list[object]:
    """Rows from ``start`` to ``end``. The keys come first: sorting moves no joined columns."""
    keys = list(rows.values_list("pk", flat=True)[start:end])
    if not keys:
        return []
    chosen = rows.order_by()
    # These keys were found by the conditions; testing them again may cost as much as finding.
    chosen.query.clear_where()
    found = {row.pk: row for row in chosen.filter(pk__in=keys)}
    return [found[key] for key in keys]


def _totals(kept: QuerySet, summed: Sequence[Column], in_all: int | None) -> dict[str, Any]:
    """Rows in all, sums and how many rows each sum knows of; no query where nothing is left."""
    if in_all is not None and not summed:
        return {"rows_in_all": in_all}
    return kept.order_by().aggregate(rows_in_all=Count("*"), **sums_of(summed))


def list_rows(
    found: QuerySet,
    *,
    columns: Sequence[Column],
    filters: Sequence[Filter],
    state: ListState,
    default_sort: Sequence[str],
    page_size: int,
    indexed: bool = False,
    grouping: Grouping | None = None,
) -> Listing:
    """Build the listing of ``found`` (permitted and searched rows).

    At most one query for each filter, one for the count and all sums, one for the groups, two for
    the page. A page past the end is the last page.
    """
    groups, in_all = chip_groups(found, filters, state, indexed=indexed)
    kept = narrowed(found, filters, state)
    summed = [column for column in columns if column.total]
    totals = _totals(kept, summed, in_all)
    count = totals["rows_in_all"]
    if not count and not state.search and not any(state.chosen.values()):
        groups = []  # there is nothing to narrow
    pages = max(1, math.ceil(count / page_size))
    page = min(state.page, pages)
    start = (page - 1) * page_size
    rows = ordered(kept, columns, state, default_sort)
    index = groups_of(kept, grouping, summed, page_size) if grouping else []
    if grouping:
        blocks = grouped_page(rows, grouping, index, start, start + page_size)
    else:
        blocks = [Block(None, _sliced(rows, start, start + page_size))]
    sums, notes = told_sums(totals, summed, count)
    return Listing(
        rows=[row for block in blocks for row in block.rows],
        count=count,
        page=page,
        pages=pages,
        groups=groups,
        sums=sums,
        notes=notes,
        blocks=blocks,
        index=index,
    )
