"""What a list page shows for one state: chips, rows, sums, pages. A constant number of queries."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy

from guatu.web import format as written
from guatu.web.lists.columns import Column
from guatu.web.lists.filters import Chip, ChoiceFilter, Filter
from guatu.web.lists.state import ListState


@dataclass(frozen=True)
class ChipGroup:
    """The chips of one filter."""

    filter: Filter
    chips: list[Chip]


@dataclass(frozen=True)
class Listing:
    """One page of a list with its frame; ``sums`` are by column id."""

    rows: list[object]
    count: int
    page: int
    pages: int
    groups: list[ChipGroup]
    sums: dict[str, str]
    notes: dict[str, str]

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


def searched(rows: QuerySet, fields: Iterable[str], text: str) -> QuerySet:
    """Rows in which each word of ``text`` stands in one of ``fields``."""
    for word in text.split():
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(found)
    return rows


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


def chip_groups(found: QuerySet, filters: Sequence[Filter], state: ListState) -> list[ChipGroup]:
    """Chips of each filter, counted among the rows that the other filters keep.

    Where rows must be looked at one by one, for a search or for what the officer may see, one pass
    counts for all columns that nobody has chosen from; else each count comes from its own index.
    """
    kept = narrowed(found, filters, state)
    shared = [one for one in filters if type(one) is ChoiceFilter and not state.chosen[one.id]]
    chips: dict[str, list[Chip]] = {}
    if len(shared) > 1 and kept.query.has_filters():
        fields = [one.field for one in shared]
        counted = list(kept.order_by().values_list(*fields).annotate(n=Count("pk")))
        for place, column in enumerate(shared):
            chips[column.id] = column.counted(((row[place], row[-1]) for row in counted), ())
    for one in filters:
        if one.id not in chips:
            rows = narrowed(found, filters, state, one.id)
            chips[one.id] = one.chips(rows, state.chosen[one.id])
    return [ChipGroup(one, chips[one.id]) for one in filters]


def _sliced(rows: QuerySet, start: int, end: int) -> list[object]:
    """Rows from ``start`` to ``end``. The keys come first: sorting moves no joined columns."""
    keys = list(rows.values_list("pk", flat=True)[start:end])
    found = {row.pk: row for row in rows.order_by().filter(pk__in=keys)} if keys else {}
    return [found[key] for key in keys]


def list_rows(
    found: QuerySet,
    *,
    columns: Sequence[Column],
    filters: Sequence[Filter],
    state: ListState,
    default_sort: Sequence[str],
    page_size: int,
) -> Listing:
    """Build the listing of ``found`` (permitted and searched rows).

    At most one query for each filter, one for the count and all sums, two for the page. A page
    past the end is the last page.
    """
    groups = chip_groups(found, filters, state)
    kept = narrowed(found, filters, state)
    summed = [column for column in columns if column.total]
    wanted: dict[str, Count | Sum] = {"rows_in_all": Count("pk")}
    for column in summed:
        wanted[f"sum_{column.id}"] = Sum(column.total)
        wanted[f"known_{column.id}"] = Count(column.total)
    totals = kept.order_by().aggregate(**wanted)
    count = totals["rows_in_all"]
    pages = max(1, math.ceil(count / page_size))
    page = min(state.page, pages)
    start = (page - 1) * page_size
    shown = _sliced(ordered(kept, columns, state, default_sort), start, start + page_size)
    unknown = {column.id: count - totals[f"known_{column.id}"] for column in summed}
    return Listing(
        rows=shown,
        count=count,
        page=page,
        pages=pages,
        groups=[group for group in groups if group.chips],
        sums={c.id: written.number(totals[f"sum_{c.id}"], c.places) for c in summed},
        notes={key: f"含 {n} 项未报" for key, n in unknown.items() if n},
    )
