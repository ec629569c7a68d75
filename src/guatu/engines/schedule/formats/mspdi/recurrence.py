"""Exceptions of a calendar that come back: which days of their period they mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from guatu.engines.schedule.formats.mspdi.document import any_day, number, whole

Flags = NDArray[np.bool_]
Ordinals = NDArray[np.int64]

WEEK = 7
_YEARLY_BY_DAY, _YEARLY_BY_POSITION, _MONTHLY_BY_DAY, _MONTHLY_BY_POSITION, _WEEKLY = range(2, 7)
_ANY_DAY, _WORKDAY, _WEEKEND, _SUNDAY = range(4)
_LAST = 4


def recurring(row: Element, days: Ordinals, where: str) -> Flags:
    """Mark which of the days, all inside its period, the exception means; a plain one: all."""
    rule = _RECURRENCES.get(whole(row, "Type", where) or 0)
    if rule is None or len(days) == 0:
        return np.ones(len(days), np.bool_)
    period = row.find("TimePeriod")
    begun = None if period is None else any_day(period, "FromDate", where)
    start = int(days[0]) if begun is None else begun.toordinal()
    return rule(_Recurrence.of(row, where), _Calendar.of(days), start)


@dataclass(frozen=True, slots=True)
class _Recurrence:
    """When an exception comes back: every ``period`` weeks or months, on which day."""

    period: int
    weekdays: int
    item: int
    position: int
    month: int
    of_month: int

    @classmethod
    def of(cls, row: Element, where: str) -> "_Recurrence":
        names = ("Period", "DaysOfWeek", "MonthItem", "MonthPosition", "Month", "MonthDay")
        found = [int(number(row, name, where) or 0) for name in names]
        return cls(max(found[0], 1), *found[1:])


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Days with what a recurrence asks of them; months from 0, weekdays from Sunday 0."""

    ordinal: NDArray[np.int64]
    months: NDArray[np.int64]
    of_month: NDArray[np.int64]
    weekday: NDArray[np.int64]
    length: NDArray[np.int64]

    @classmethod
    def of(cls, ordinals: NDArray[np.int64]) -> "_Calendar":
        days = (ordinals - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        length = (months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")
        return cls(
            ordinals,
            months.astype(np.int64),
            (days - months).astype(np.int64) + 1,
            ordinals % WEEK,
            length.astype(np.int64),
        )


def _at_position(asked: _Recurrence, days: _Calendar) -> Flags:
    """Mark the first … fourth or last day of that sort in its month."""
    weekend: Flags = (days.weekday == 0) | (days.weekday == WEEK - 1)
    plain: Mapping[int, Flags] = {_WORKDAY: ~weekend, _WEEKEND: weekend, _ANY_DAY: weekend | True}
    fits: Flags = plain.get(asked.item, days.weekday == asked.item - _SUNDAY)
    if asked.item < _SUNDAY and asked.item != _ANY_DAY:
        return fits & _ranked(fits, days, asked.position)
    step = WEEK if asked.item >= _SUNDAY else 1
    if asked.position == _LAST:
        final: Flags = days.of_month > days.length - step
        return fits & final
    nth: Flags = (days.of_month - 1) // step == asked.position
    return fits & nth


def _ranked(fits: Flags, days: _Calendar, position: int) -> Flags:
    """Mark the days that are the n-th fitting one of their month, as far as the days reach."""
    marks = np.zeros(len(fits), np.bool_)
    for month in np.unique(days.months):
        places = np.flatnonzero(fits & (days.months == month))
        if position == _LAST and len(places):
            marks[places[-1]] = True
        elif position < len(places):
            marks[places[position]] = True
    return marks


def _weekly(asked: _Recurrence, days: _Calendar, start: int) -> Flags:
    week = (days.ordinal - days.ordinal % WEEK - (start - start % WEEK)) // WEEK
    chosen: Flags = (week % asked.period == 0) & ((asked.weekdays >> days.weekday) & 1 == 1)
    return chosen


def _monthly(days: _Calendar, asked: _Recurrence, start: int) -> Flags:
    begun = date.fromordinal(start)
    since = days.months - ((begun.year - 1970) * 12 + begun.month - 1)
    fits: Flags = since % asked.period == 0
    return fits


_RECURRENCES: Mapping[int, Callable[[_Recurrence, _Calendar, int], Flags]] = {
    _YEARLY_BY_DAY: lambda asked, days, _start: (
        (days.months % 12 == asked.month) & (days.of_month == asked.of_month)
    ),
    _YEARLY_BY_POSITION: lambda asked, days, _start: (
        (days.months % 12 == asked.month) & _at_position(asked, days)
    ),
    _MONTHLY_BY_DAY: lambda asked, days, start: (
        _monthly(days, asked, start) & (days.of_month == asked.of_month)
    ),
    _MONTHLY_BY_POSITION: lambda asked, days, start: (
        _monthly(days, asked, start) & _at_position(asked, days)
    ),
    _WEEKLY: _weekly,
}
"""How the types of recurring exceptions choose their days (MSPDI schema, Exception/Type)."""
