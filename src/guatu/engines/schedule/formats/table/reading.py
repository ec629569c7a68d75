"""A workbook back into a plan: the sheet 活动, and beside it 日历, 资源, 计划 as far as present.

Computed columns are left unread.  A row may lack 编号; then it goes by its 序号 or its line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from guatu.engines.calendars import CalendarSpec
from guatu.engines.intake.sheet.grid import Grid, Raw, show
from guatu.engines.schedule.formats.mspdi.codes import is_elapsed
from guatu.engines.schedule.formats.table import columns, words
from guatu.engines.schedule.network import (
    Activity,
    BadNetwork,
    Deadline,
    Link,
    Network,
    Resource,
)

HEADER_WITHIN = 20
"""Lines in which the header must be found."""
OFFICE, ELAPSED = "机关工作日", "自然日"
USUAL = {OFFICE: CalendarSpec(), ELAPSED: CalendarSpec(base="every-day")}
"""Calendars a workbook may name without describing them."""


@dataclass(frozen=True)
class Line:
    """One row of a sheet by the headers of its columns."""

    place: str
    cells: Mapping[str, Raw]

    def raw(self, header: str) -> Raw | None:
        """Return a cell, None when it is blank."""
        value = self.cells.get(header)
        return None if value is None or not show(value).strip() else value

    def text(self, header: str) -> str:
        """Return a cell's text."""
        return show(self.cells.get(header)).strip()

    def where(self, header: str) -> str:
        """Return the words for one of its cells."""
        return f"{self.place}的{header}"

    def whole(self, header: str) -> int | None:
        """Return a whole number, None when blank."""
        value = self.raw(header)
        return None if value is None else words.whole_from(value, self.where(header))

    def day(self, header: str) -> date | None:
        """Return a date, None when blank."""
        value = self.raw(header)
        return None if value is None else words.day_from(value, self.where(header))


@dataclass(frozen=True)
class BookReader:
    """The sheets of one workbook."""

    grids: Sequence[Grid]

    def network(self) -> Network:
        """Return the plan; BadNetwork names sheet, line and column of what is wrong."""
        links = tuple(self._links())
        return Network(
            calendars=self._calendars,
            status_date=self._status_date(),
            activities=tuple(self._activities()),
            links=links,
            deadlines=tuple(
                Deadline(self._keys[number], finish)
                for number, line in enumerate(self._lines)
                if (finish := line.day(columns.DEADLINE)) is not None
            ),
            resources=tuple(self._resources()),
        )

    def _sheet(self, name: str, *headers: str) -> list[Line]:
        """Return the rows below the header of a sheet; none when there is no such sheet."""
        grid = next((grid for grid in self.grids if grid.name.strip() == name), None)
        if grid is None:
            return []
        for number in sorted(grid.rows)[:HEADER_WITHIN]:
            heads = {show(value).strip(): column for column, value in grid.rows[number].items()}
            if all(header in heads for header in headers):
                return [
                    Line(f"“{name}”表第{line}行", _named(heads, grid.rows[line]))
                    for line in sorted(grid.rows)
                    if line > number
                ]
        raise BadNetwork(f"“{name}”表前{HEADER_WITHIN}行里没有表头：{'、'.join(headers)}。")

    @cached_property
    def _lines(self) -> list[Line]:
        heads = [entered.column.header for entered in columns.ENTERED]
        lines = self._sheet(columns.ACTIVITIES, columns.NAME, columns.DURATION)
        return [line for line in lines if any(line.raw(head) is not None for head in heads)]

    @cached_property
    def _keys(self) -> list[str]:
        """The ids of the activities, line by line."""
        return [
            line.text(columns.KEY) or line.text(columns.NUMBER) or line.place
            for line in self._lines
        ]

    @cached_property
    def _numbered(self) -> Mapping[int, str]:
        """The id of each 序号; a sheet without that column counts its lines."""
        numbered: dict[int, str] = {}
        counted = all(line.raw(columns.NUMBER) is None for line in self._lines)
        for place, (line, key) in enumerate(zip(self._lines, self._keys, strict=True), start=1):
            number = place if counted else line.whole(columns.NUMBER)
            if number is None:
                continue
            if number in numbered:
                raise BadNetwork(f"{line.place}的序号{number}前面已经用过。")
            numbered[number] = key
        return numbered

    def _activities(self) -> Iterator[Activity]:
        for line, key in zip(self._lines, self._keys, strict=True):
            duration = line.whole(columns.DURATION)
            if duration is None:
                raise BadNetwork(f"{line.place}缺少工期。")
            splittable = line.raw("可分段")
            yield Activity(
                id=key,
                name=line.text(columns.NAME),
                parent=line.text("上级") or None,
                duration=duration,
                calendar=line.text(columns.CALENDAR) or OFFICE,
                splittable=splittable is not None
                and words.truth_from(splittable, line.where("可分段")),
                low=line.whole("最短工期"),
                high=line.whole("最长工期"),
                cause=line.text("变动原因") or None,
                valid_days=line.whole("有效期"),
                legal_days=line.whole("法定时限"),
                promised_days=line.whole("承诺时限"),
                start_no_earlier=line.day("不早于"),
                fixed_start=line.day("固定开始"),
                allowed_starts=_allowed(line),
                meeting=line.text("评审会"),
                actual_start=line.day("实际开始"),
                actual_finish=line.day("实际完成"),
                remaining=line.whole("剩余工期"),
                needs=words.needs_from(line.text("资源需要"), line.place),
                leave=words.leave_from(line.text("获准施工"), line.place),
                crash=words.crash_from(line.text("赶工措施"), line.place),
            )

    def _links(self) -> Iterator[Link]:
        for line, key in zip(self._lines, self._keys, strict=True):
            for found in words.precedences(line.text(columns.PREDECESSORS), line.place):
                predecessor = self._numbered.get(found.number)
                if predecessor is None:
                    raise BadNetwork(f"{line.place}的前置任务序号{found.number}不存在。")
                yield Link(
                    predecessor=predecessor,
                    successor=key,
                    type=found.type,
                    lag=found.lag,
                    lag_calendar=self._elapsed if found.elapsed else found.calendar,
                    id=found.id,
                )

    @cached_property
    def _calendars(self) -> dict[str, CalendarSpec]:
        specs: dict[str, CalendarSpec] = {}
        for line in self._sheet(columns.CALENDARS, "日历名称", "基础"):
            name = line.text("日历名称")
            if not name:
                continue
            if name in specs:
                raise BadNetwork(f"{line.place}的日历“{name}”前面已经有了。")
            specs[name] = _spec(line)
        used = {line.text(columns.CALENDAR) or OFFICE for line in self._lines}
        usual = {name: spec for name, spec in USUAL.items() if name in used}
        return {**usual, **specs}

    @cached_property
    def _elapsed(self) -> str:
        """The calendar ``ed`` stands for; one is added when none never rests."""
        for name, spec in self._calendars.items():
            if is_elapsed(spec):
                return name
        self._calendars[ELAPSED] = USUAL[ELAPSED]
        return ELAPSED

    def _resources(self) -> Iterator[Resource]:
        for line in self._sheet(columns.RESOURCES, "资源名称", "数量"):
            if name := line.text("资源名称"):
                periods = words.periods_from(line.text("分期数量"), line.place)
                yield Resource(name, line.whole("数量") or 0, periods)

    def _status_date(self) -> date | None:
        for line in self._sheet(columns.PLAN, "项目", "内容"):
            if line.text("项目") == columns.STATUS_DATE:
                return line.day("内容")
        return None


def _named(heads: Mapping[str, int], row: Mapping[int, Raw]) -> Mapping[str, Raw]:
    return {head: row[column] for head, column in heads.items() if column in row}


def _allowed(line: Line) -> tuple[date, ...] | None:
    value = line.raw("允许开始")
    if value is None:
        return None
    return () if show(value).strip() == "无" else words.days_from(value, line.where("允许开始"))


def _spec(line: Line) -> CalendarSpec:
    base = columns.BASES.get(line.text("基础"))
    if base is None:
        known = "、".join(columns.BASES)
        raise BadNetwork(f"{line.place}的基础“{line.text('基础')}”应是{known}之一。")
    days = {
        key: frozenset(day.toordinal() for day in words.days_from(line.raw(head), line.where(head)))
        for key, head in (("off", "另休日期"), ("work", "另上班日期"))
    }
    try:
        return CalendarSpec(
            base="every-day" if base == "every-day" else "china",
            stop=words.stop_from(line.text("停工时段"), line.place),
            **days,
        )
    except BadNetwork:
        raise
    except ValueError:
        raise BadNetwork(f"{line.where('停工时段')}“{line.text('停工时段')}”没有这一天。") from None
