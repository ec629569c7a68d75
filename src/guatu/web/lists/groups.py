"""Grouping of a list: rows stand together by one of their values, each group with its own sums.

A list declares what it may be grouped by; the reader's choice is in the address (``?group=unit``).
Groups of units and posts keep protocol order, those of a choice the order of its labels, months the
order of time; what is not set comes last. Pages run through the groups: one that goes on says so at
the top of the page.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Cast, NullIf, TruncMonth

from guatu.web import format as written
from guatu.web.lists.columns import Column
from guatu.web.lists.filters import Labels

UNSET = "未定"
KEY, NAME, PLACE = "group_key", "group_name", "group_place"


@dataclass(frozen=True)
class Grouping:
    """One way to group a list.

    ``key`` is the database expression whose equal values form a group. ``name`` is an expression
    that names the group and ``order`` those that order the groups; with ``labels`` (a mapping or a
    function giving one) both follow from the labels. ``missing`` names the rows without a value.
    """

    id: str
    label: str
    key: str
    name: str = ""
    order: tuple[str, ...] = ()
    labels: Labels = field(default_factory=dict)
    missing: str = UNSET

    def placed(self, rows: QuerySet) -> QuerySet:
        """Annotate rows with the key, the name and, of a choice, the place of their group."""
        if self.name:
            named_rows: QuerySet = rows.annotate(**{KEY: F(self.key), NAME: F(self.name)})
            return named_rows
        labels = self.labels() if callable(self.labels) else self.labels
        places = enumerate(labels)
        named = [When(**{self.key: key, "then": Value(label)}) for key, label in labels.items()]
        placed = [When(**{self.key: key, "then": Value(place)}) for place, key in places]
        bare: Combinable = NullIf(Cast(F(self.key), CharField()), Value(""))
        placed_rows: QuerySet = rows.annotate(
            **{
                KEY: bare,
                NAME: Case(*named, default=bare, output_field=CharField()),
                PLACE: Case(*placed, default=Value(len(labels)), output_field=IntegerField()),
            }
        )
        return placed_rows

    def ordering(self) -> list[OrderBy]:
        """Order of the groups; rows without a value last, equal places apart by their keys."""
        steps = self.order if self.name else (PLACE,)
        return [F(step).asc(nulls_last=True) for step in (*steps, KEY)]

    def told(self, name: Any) -> str:  # noqa: ANN401 -- a value of ``name``
        """Name of a group as it is written."""
        return str(name or self.missing)


@dataclass(frozen=True)
class MonthGrouping(Grouping):
    """Group by the month of a day, ``key``; the latest on top where ``latest_first``."""

    latest_first: bool = False

    def placed(self, rows: QuerySet) -> QuerySet:
        """Annotate rows with the first day of their month."""
        months: QuerySet = rows.annotate(**{KEY: TruncMonth(self.key), NAME: TruncMonth(self.key)})
        return months

    def ordering(self) -> list[OrderBy]:
        """Order of the months."""
        month = F(KEY)
        return [month.desc(nulls_last=True) if self.latest_first else month.asc(nulls_last=True)]

    def told(self, name: Any) -> str:  # noqa: ANN401 -- a day, or None
        """Year and month."""
        return f"{name.year}年{name.month}月" if name else self.missing


def unit_grouping(key: str, label: str, unit: str, **options: Any) -> Grouping:  # noqa: ANN401 -- fields of Grouping
    """Group by a reference to a unit, in protocol order."""
    return Grouping(key, label, f"{unit}_id", f"{unit}__name", (f"{unit}__order_path",), **options)


def month_grouping(key: str, label: str, day: str, **options: Any) -> Grouping:  # noqa: ANN401 -- fields of MonthGrouping
    """Group by the month of a day."""
    return MonthGrouping(key, label, day, day, **options)


def post_grouping(key: str, label: str, post: str, **options: Any) -> Grouping:  # noqa: ANN401 -- as above
    """Group by a reference to a post, in protocol order."""
    order = (f"{post}__organisation__order_path", f"{post}__rank")
    return Grouping(key, label, f"{post}_id", f"{post}__title", order, **options)


@dataclass(frozen=True)
class Group:
    """One group: how many rows it has in all, its sums by column id, where it begins."""

    key: object
    name: str
    count: int
    sums: dict[str, str]
    notes: dict[str, str]
    values: dict[str, Any]
    start: int
    page: int


@dataclass(frozen=True)
class Block:
    """The rows of one group on one page; without a grouping all of the page, with no group.

    ``goes_on`` tells that the group began on an earlier page.
    """

    group: Group | None
    rows: Sequence[Any]
    goes_on: bool = False


def sums_of(summed: Sequence[Column]) -> dict[str, Count | Sum]:
    """Aggregates of summed columns: the sum, and how many rows it knows of."""
    wanted: dict[str, Count | Sum] = {}
    for column in summed:
        wanted[f"sum_{column.id}"] = Sum(column.total)
        wanted[f"known_{column.id}"] = Count(column.total)
    return wanted


def told_sums(
    totals: dict[str, Any], summed: Sequence[Column], count: int
) -> tuple[dict[str, str], dict[str, str]]:
    """Sums as written, and what to say of each that does not know all of the rows."""
    unknown = {column.id: count - totals[f"known_{column.id}"] for column in summed}
    sums = {c.id: written.number(totals[f"sum_{c.id}"], c.places) for c in summed}
    return sums, {key: f"含 {n} 项未报" for key, n in unknown.items() if n}


def groups_of(
    kept: QuerySet, grouping: Grouping, summed: Sequence[Column], page_size: int
) -> list[Group]:
    """Every group with its number of rows and its sums, in order; one query."""
    placed = grouping.placed(kept.order_by())
    names = (KEY, NAME) if grouping.name else (KEY, NAME, PLACE)
    counted = placed.values(*names).annotate(rows_of_group=Count("*"), **sums_of(summed))
    groups: list[Group] = []
    start = 0
    for row in counted.order_by(*grouping.ordering()):
        count = row["rows_of_group"]
        sums, notes = told_sums(row, summed, count)
        values = {column.id: row[f"sum_{column.id}"] for column in summed}
        told = (grouping.told(row[NAME]), count, sums, notes, values)
        groups.append(Group(row[KEY], *told, start, start // page_size + 1))
        start += count
    return groups


def grouped_page(
    ordered: QuerySet, grouping: Grouping, groups: Sequence[Group], start: int, end: int | None
) -> list[Block]:
    """Rows from ``start`` to ``end`` in blocks by group; two queries.

    ``ordered`` is in the reader's order, which holds within each group.
    """
    steps = [*grouping.ordering(), *ordered.query.order_by]
    placed = grouping.placed(ordered).order_by(*steps)
    keys = list(placed.values_list("pk", KEY)[start:end])
    rows = ordered.order_by()
    if end is not None:
        rows.query.clear_where()
        rows = rows.filter(pk__in=[key for key, _ in keys])
    found = {row.pk: row for row in rows}
    known = {group.key: group for group in groups}
    blocks: list[Block] = []
    for key, some in itertools.groupby(keys, lambda one: one[1]):
        group = known.get(key)
        rows_of_group = [found[pk] for pk, _ in some if pk in found]
        goes_on = not blocks and group is not None and group.start < start
        blocks.append(Block(group, rows_of_group, goes_on))
    return blocks
