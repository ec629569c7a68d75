"""Calendars of a project file: week days, exceptions and working weeks, to and from our rules.

A rule of ours (base, stops, single days) is written out day by day over a span of years, since the
format knows neither make-up days nor seasons.  On the way back a calendar that nobody has touched
gets its rule again; any other becomes the nearer base with every differing day named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal
from xml.etree.ElementTree import Element
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from guatu.engines.calendars import CalendarSpec, DayTable, WorkCalendar
from guatu.engines.schedule.formats.mspdi.document import any_day, flag, required, text, whole
from guatu.engines.schedule.formats.mspdi.own import OwnCalendar
from guatu.engines.schedule.formats.mspdi.recurrence import recurring
from guatu.engines.schedule.network import BadNetwork

Flags = NDArray[np.bool_]
Kind = Literal["off", "stop", "work"]

WEEK = 7
MOST_CALENDARS = 2_000
MOST_EXCEPTIONS = 5_000
LONGEST_SPAN = 40_000
NAMES: Mapping[Kind, str] = {"off": "放假", "stop": "停工", "work": "调休上班"}
_USUAL, _OFF, _STOP, _WORK = range(4)
_KINDS: Mapping[int, Kind] = {_OFF: "off", _STOP: "stop", _WORK: "work"}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ordinal ``first``, ``count`` of them."""

    first: int
    count: int

    @property
    def last(self) -> int:
        """The last ordinal."""
        return self.first + self.count - 1


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A run of days unlike the week's pattern."""

    kind: Kind
    first: date
    last: date


def works_weekday(spec: CalendarSpec, weekday: int) -> bool:
    """Tell whether the base works on a weekday, Monday 0."""
    return spec.base == "every-day" or weekday < WEEK - 2


def exceptions_of(calendar: WorkCalendar) -> Iterator[Exceptional]:
    """Yield the runs of days on which the calendar differs from its base's week."""
    usual = np.array([works_weekday(calendar.spec, place) for place in range(WEEK)])
    days = np.arange(calendar.first, calendar.first + len(calendar.works))
    expected = usual[(days - 1) % WEEK]
    labels = np.where(expected & ~calendar.works, _OFF, _USUAL)
    labels[calendar.works & ~expected] = _WORK
    labels[calendar.stopped & ~calendar.works] = _STOP
    edges = np.concatenate(([0], np.flatnonzero(np.diff(labels)) + 1, [len(labels)]))
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if start < end and labels[start] != _USUAL:
            first, last = calendar.first + start, calendar.first + end - 1
            kind = _KINDS[int(labels[start])]
            yield Exceptional(kind, date.fromordinal(first), date.fromordinal(last))


def fingerprint(works: Flags) -> int:
    """Return a check sum of which days are worked."""
    return crc32(np.packbits(works).tobytes())


def own_calendar(calendar: WorkCalendar) -> OwnCalendar:
    """Return what brings the rule back."""
    spec = calendar.spec
    return OwnCalendar(
        base=spec.base,
        stop=tuple((_month_day(first), _month_day(last)) for first, last in spec.stop),
        off=tuple(date.fromordinal(value) for value in sorted(spec.off)),
        work=tuple(date.fromordinal(value) for value in sorted(spec.work)),
        first=calendar.first,
        count=len(calendar.works),
        print=fingerprint(calendar.works),
    )


def _month_day(value: tuple[int, int]) -> str:
    return f"{value[0]:02}-{value[1]:02}"


@dataclass(frozen=True)
class FileCalendars:
    """The calendars of one file by UID."""

    elements: Mapping[int, Element]

    @classmethod
    def of(cls, project: Element) -> "FileCalendars":
        """Collect them; BadNetwork for a UID that is missing or comes twice."""
        elements: dict[int, Element] = {}
        for element in project.iterfind("Calendars/Calendar"):
            uid = required(element, "UID", f"日历“{text(element, 'Name')}”")
            if uid in elements:
                raise BadNetwork(f"日历UID {uid}重复：“{text(element, 'Name')}”。")
            elements[uid] = element
        if len(elements) > MOST_CALENDARS:
            raise BadNetwork(f"文件里的日历超过{MOST_CALENDARS}个。")
        return cls(elements)

    @cached_property
    def names(self) -> frozenset[str]:
        """What the plan calls all of them."""
        return frozenset(map(self.name, self.elements))

    def name(self, uid: int) -> str:
        """Return what the plan calls the calendar; of two of one name the later bears its UID."""
        plain = text(self.elements[uid], "Name")
        for other, element in self.elements.items():
            if other == uid:
                break
            if text(element, "Name") == plain:
                return f"{plain}（{uid}）"
        return plain or f"日历{uid}"

    def spec(self, uid: int, table: DayTable, span: Span, own: OwnCalendar | None) -> CalendarSpec:
        """Return the rule: our own if every day is still as it was written, else a near one."""
        if own is not None and 0 < own.count <= LONGEST_SPAN:
            written = Span(own.first, own.count)
            spec = _own_spec(own)
            if spec and fingerprint(self.days(uid, written)) == own.print:
                return spec
        return nearest_spec(self.days(uid, span), table, span)

    def days(self, uid: int, span: Span, above: tuple[int, ...] = ()) -> Flags:
        """Lay the calendar out over the days of the span."""
        where = f"日历“{self.name(uid)}”"
        if uid in above:
            raise BadNetwork(f"{where}以自己为基准日历。")
        element = self.elements[uid]
        base = whole(element, "BaseCalendarUID", where)
        if base is None or base < 0 or base == uid:
            works = _weekdays(span) < WEEK - 2
        elif base in self.elements:
            works = self.days(base, span, (*above, uid))
        else:
            raise BadNetwork(f"{where}的基准日历UID {base}不存在。")
        _set_week(works, element, span, where)
        for week in element.iterfind("WorkWeeks/WorkWeek"):
            inside = _within(week, span, where)
            changed = works.copy()
            _set_week(changed, week, span, where)
            works[inside] = changed[inside]
        _set_exceptions(works, element, span, where)
        return works


def nearest_spec(works: Flags, table: DayTable, span: Span) -> CalendarSpec:
    """Return the base that differs least from the days, with each differing day named."""
    china = table.working(span.first, span.count)
    base, usual = min(
        (("china", china), ("every-day", np.ones(span.count, np.bool_))),
        key=lambda named: int((named[1] != works).sum()),
    )
    return CalendarSpec(
        base="every-day" if base == "every-day" else "china",
        off=frozenset((np.flatnonzero(usual & ~works) + span.first).tolist()),
        work=frozenset((np.flatnonzero(works & ~usual) + span.first).tolist()),
    )


def _own_spec(own: OwnCalendar) -> CalendarSpec | None:
    try:
        return CalendarSpec(
            base="every-day" if own.base == "every-day" else "china",
            stop=tuple((_numbers(first), _numbers(last)) for first, last in own.stop),
            off=frozenset(value.toordinal() for value in own.off),
            work=frozenset(value.toordinal() for value in own.work),
        )
    except ValueError:
        return None


def _numbers(value: str) -> tuple[int, int]:
    month, _, of_month = value.partition("-")
    return int(month), int(of_month)


def _weekdays(span: Span) -> NDArray[np.int64]:
    """Return each day's weekday, Monday 0."""
    return (np.arange(span.first, span.first + span.count) - 1) % WEEK


def _set_week(works: Flags, element: Element, span: Span, where: str) -> None:
    """Apply a week's pattern; day type 1 is Sunday, 0 an exception of the oldest versions."""
    weekdays = _weekdays(span)
    for row in element.iterfind("WeekDays/WeekDay"):
        kind = required(row, "DayType", where)
        if 1 <= kind <= WEEK:
            works[weekdays == (kind - 2) % WEEK] = _is_worked(row)
    if element.find("Exceptions") is None:
        for row in element.iterfind("WeekDays/WeekDay"):
            if required(row, "DayType", where) == 0:
                works[_within(row, span, where)] = _is_worked(row)


def _is_worked(row: Element) -> bool:
    """Tell whether a day is worked: said so, and with hours if hours are given at all."""
    times = row.find("WorkingTimes")
    return flag(row, "DayWorking") and (times is None or times.find("WorkingTime") is not None)


def _within(row: Element, span: Span, where: str) -> slice:
    """Return the part of the span inside the row's time period."""
    period = row.find("TimePeriod")
    first = None if period is None else any_day(period, "FromDate", where)
    last = None if period is None else any_day(period, "ToDate", where)
    if first is None or last is None:
        raise BadNetwork(f"{where}的一项例外没有起止日期。")
    start = min(max(first.toordinal() - span.first, 0), span.count)
    return slice(start, max(min(last.toordinal() + 1 - span.first, span.count), start))


def _set_exceptions(works: Flags, element: Element, span: Span, where: str) -> None:
    rows = element.findall("Exceptions/Exception")
    if len(rows) > MOST_EXCEPTIONS:
        raise BadNetwork(f"{where}的例外超过{MOST_EXCEPTIONS}项。")
    for row in rows:
        inside = _within(row, span, where)
        chosen = recurring(row, np.arange(inside.start, inside.stop) + span.first, where)
        works[inside] = np.where(chosen, _is_worked(row), works[inside])
