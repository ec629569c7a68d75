"""A list as a workbook: exactly the rows shown, by group where the reader grouped, and its sums."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.utils import timezone

from guatu.engines.uncollected import uncollected
from guatu.web.downloads import XLSX, made
from guatu.web.lists.columns import Column, Exported, Row
from guatu.web.lists.groups import Grouping, grouped_page, groups_of, sums_of, told_sums

A_PART = 1_000
"""Rows read at a time: the workbook never holds all of them as objects."""


def workbook(
    title: str,
    day: dt.date,
    columns: Sequence[Column],
    *,
    kept: QuerySet,
    rows: QuerySet,
    grouping: Grouping | None,
) -> HttpResponse:
    """Answer with the list as .xlsx; ``rows`` are ``kept`` in the reader's order.

    A grouped list has a line before each group. At the end stands a line with the sums of all where
    anything is summed or grouped: what is summed, and of how many rows it is not known.
    """
    from guatu.engines import exports  # noqa: PLC0415 -- Excel is loaded by the first export

    lines = _grouped(columns, kept, rows, grouping) if grouping else _with_sums(columns, kept, rows)
    with uncollected():
        content = exports.write_table(
            [exports.ExportColumn(c.export_header, c.export_kind) for c in columns],
            lines,
            title=title,
            as_of=day,
        )
    return made(content, XLSX, f"{title}-{day:%Y%m%d}-{timezone.localtime():%H%M}.xlsx")


def _plain(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[list[Exported]]:
    return ([column.exported(row) for column in columns] for row in rows)


def _grouped(
    columns: Sequence[Column], kept: QuerySet, rows: QuerySet, grouping: Grouping
) -> Iterator[list[Exported]]:
    summed = [column for column in columns if column.total]
    groups = groups_of(kept, grouping, summed, 1)
    for block in grouped_page(rows, grouping, groups, 0, None):
        group = block.group
        if group is not None:
            yield _sum_line(columns, group.name, group.count, group.values, group.notes)
        yield from _plain(columns, block.rows)
    yield _total_line(columns, kept)


def _with_sums(
    columns: Sequence[Column], kept: QuerySet, rows: QuerySet
) -> Iterator[list[Exported]]:
    """The rows, and below them what the page's 合计 row says."""
    yield from _plain(columns, rows.iterator(A_PART))
    if any(column.total for column in columns):
        yield _total_line(columns, kept)


def _total_line(columns: Sequence[Column], kept: QuerySet) -> list[Exported]:
    summed = [column for column in columns if column.total]
    totals = kept.order_by().aggregate(rows_in_all=Count("*"), **sums_of(summed))
    count = totals["rows_in_all"]
    values = {column.id: totals[f"sum_{column.id}"] for column in summed}
    return _sum_line(columns, "合计", count, values, told_sums(totals, summed, count)[1])


def _sum_line(
    columns: Sequence[Column],
    name: str,
    count: int,
    values: dict[str, Exported],
    notes: dict[str, str],
) -> list[Exported]:
    """Name and number stand in the name's column, with what the sums leave out."""
    headers = {column.id: column.header for column in columns}
    left_out = "；".join(f"{headers[key]}{note}" for key, note in notes.items())
    told = f"{name}：{count} 项" + (f"（{left_out}）" if left_out else "")
    return [told if column.name else values.get(column.id, "") for column in columns]
