"""A plan as a workbook of four sheets: 活动, 日历, 资源, 计划."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from guatu.engines.exports import (
    ExportColumn,
    Value,
    cell_at,
    first_sheet,
    new_book,
    saved,
    sheet_name,
    write_body,
    write_header,
    write_heading,
)
from guatu.engines.schedule.back import BackSchedule
from guatu.engines.schedule.formats.mspdi.codes import is_elapsed
from guatu.engines.schedule.formats.table import columns, words
from guatu.engines.schedule.network import Activity, Network


@dataclass(frozen=True)
class PlanBook:
    """One plan to be written; ``stages`` names the stage of activities, for show."""

    network: Network
    schedule: BackSchedule | None
    title: str
    stages: Mapping[str, str]

    def xlsx(self) -> bytes:
        """Return the workbook."""
        book = new_book()
        heads, rows = self._heads(), (self._row(row) for row in self.network.activities)
        sheet = first_sheet(book, columns.ACTIVITIES)
        top = write_heading(sheet, self.title, "天", self.network.status_date, len(heads))
        _fill(sheet, top, heads, rows)
        for name, plain_heads, values in (
            (columns.CALENDARS, columns.CALENDAR_COLUMNS, self._calendar_rows()),
            (columns.RESOURCES, columns.RESOURCE_COLUMNS, self._resource_rows()),
            (columns.PLAN, columns.PLAN_COLUMNS, self._plan_rows()),
        ):
            _fill(_added(book, name), 1, plain_heads, values)
        return saved(book)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {row.id: number for number, row in enumerate(self.network.activities, start=1)}

    @cached_property
    def _elapsed(self) -> str | None:
        """The calendar that ``ed`` stands for: the first that never rests."""
        specs = self.network.calendars.items()
        return next((name for name, spec in specs if is_elapsed(spec)), None)

    @cached_property
    def _predecessors(self) -> Mapping[str, str]:
        found: dict[str, list[str]] = {}
        for link in self.network.links:
            word = words.link_word(link, self._numbers[link.predecessor], elapsed=self._elapsed)
            found.setdefault(link.successor, []).append(word)
        return {key: "；".join(parts) for key, parts in found.items()}

    @cached_property
    def _deadlines(self) -> Mapping[str, date]:
        found: dict[str, date] = {}
        for deadline in self.network.deadlines:
            known = found.get(deadline.activity, deadline.finish)
            found[deadline.activity] = min(known, deadline.finish)
        return found

    def _heads(self) -> list[ExportColumn]:
        return [
            ExportColumn(columns.NUMBER, "number", 6),
            *(entered.column for entered in columns.ENTERED),
            ExportColumn(columns.PREDECESSORS, width=24),
            ExportColumn(columns.DEADLINE, "date", 12),
            *([ExportColumn(columns.STAGE)] if self.stages else []),
            *((shown.column for shown in columns.SHOWN) if self.schedule else []),
        ]

    def _row(self, row: Activity) -> list[Value]:
        values: list[Value] = [
            self._numbers[row.id],
            *(entered.value(row) for entered in columns.ENTERED),
            self._predecessors.get(row.id),
            self._deadlines.get(row.id),
        ]
        if self.stages:
            values.append(self.stages.get(row.id))
        if self.schedule:
            dates = self.schedule.activities[row.id]
            values += [shown.value(dates) for shown in columns.SHOWN]
        return values

    def _calendar_rows(self) -> Iterable[Sequence[Value]]:
        names = {base: name for name, base in columns.BASES.items()}
        for name, spec in self.network.calendars.items():
            off, work = (map(date.fromordinal, sorted(days)) for days in (spec.off, spec.work))
            yield (
                name,
                names[spec.base],
                words.stop_word(spec.stop),
                words.days_word(off),
                words.days_word(work),
            )

    def _resource_rows(self) -> Iterable[Sequence[Value]]:
        return [
            (one.id, one.capacity, words.periods_word(one.periods))
            for one in self.network.resources
        ]

    def _plan_rows(self) -> Iterable[Sequence[Value]]:
        return [("计划名称", self.title), (columns.STATUS_DATE, self.network.status_date)]


def _added(book: Workbook, name: str) -> Worksheet:
    sheet: Worksheet = book.create_sheet(sheet_name(name))
    return sheet


def _fill(
    sheet: Worksheet, top: int, heads: Sequence[ExportColumn], rows: Iterable[Sequence[Value]]
) -> None:
    """Write header and rows from line ``top``; a date in a text column still shows as a date."""
    write_header(sheet, top, heads)
    for line, row in enumerate(rows, start=top + 1):
        for place, (head, value) in enumerate(zip(heads, row, strict=True), start=1):
            kind = "date" if isinstance(value, date) else head.kind
            write_body(cell_at(sheet, line, place), value, kind)
