"""What a project file cannot say for itself, kept in its custom fields.

Figures people may want to see stand in fields of their own with Chinese headings.  The rest is a
JSON text cut into pieces of the 255 characters a text field holds.  What another tool has changed
in the plan proper always wins over what is kept here, and a text it has damaged is left unread.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from guatu.engines.calendars import LEAVE_KINDS, Leave
from guatu.engines.schedule.network import Crash

PIECE = 255
MOST_STARTS = 100_000


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field of tasks: its number in the format, its name there, its heading."""

    id: int
    name: str
    alias: str


KEY = Field(188743731, "Text1", "编号")
CAUSE = Field(188743734, "Text2", "工期变动原因")
SPLITTABLE = Field(188743752, "Flag1", "可分段")
VALID = Field(188743767, "Number1", "有效期（日历日）")
LOW = Field(188743768, "Number2", "最短工期")
HIGH = Field(188743769, "Number3", "最长工期")
LEGAL = Field(188743770, "Number4", "法定时限")
PROMISED = Field(188743771, "Number5", "承诺时限")
PIECES = tuple(
    Field(188743997 + place, f"Text{place + 11}", f"挂图数据{place + 1}") for place in range(20)
)
FIELDS = (KEY, CAUSE, SPLITTABLE, VALID, LOW, HIGH, LEGAL, PROMISED, *PIECES)

STAGE = '{"stage":true}'
"""Stands in the first of the pieces of a row that is a stage's heading and no activity."""

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link into the task: where it came from and of what type, then what the format lacks."""

    predecessor: str
    type: str
    lag_calendar: str | None
    id: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTask:
    """What belongs to one task; ``place`` is its place among the plan's activities.

    ``calendar`` is the one its ``leave`` is granted over.  ``zeros`` names the fields that are 0:
    some tools drop a 0 as if nothing had been entered.
    """

    place: int
    unnamed: bool = False
    zeros: tuple[str, ...] = ()
    remaining: int | None = None
    start_no_earlier: date | None = None
    allowed_starts: tuple[date, ...] | None = None
    meeting: str = ""
    crash: tuple[Crash, ...] = ()
    calendar: str = ""
    leave: tuple[Leave, ...] = ()
    links: tuple[OwnLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalendar:
    """A calendar's rule, and a fingerprint of ``count`` days from ordinal ``first`` by it."""

    base: str
    stop: tuple[tuple[str, str], ...]
    off: tuple[date, ...]
    work: tuple[date, ...]
    first: int
    count: int
    print: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlan:
    """What belongs to the whole plan; ``undeclared``: needs whose resource has no capacity.

    ``granted`` names the calendars that stand for another one and somebody's leave.
    """

    calendars: Mapping[str, OwnCalendar] = field(default_factory=dict)
    deadlines: tuple[tuple[str, date], ...] = ()
    granted: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()
    without_status: bool = False


def pieces(values: Json) -> list[str]:
    """Cut values, as JSON, into texts for :data:`PIECES`; the last takes what is left over."""
    whole = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    ends = [*range(0, PIECE * len(PIECES), PIECE), max(len(whole), PIECE * len(PIECES))]
    return [whole[start:end] for start, end in pairwise(ends) if start < len(whole)]


def joined(texts: Sequence[str]) -> Json | None:
    """Put the pieces together again; None when they do not make a whole."""
    try:
        values = json.loads("".join(texts))
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def task_values(own: OwnTask) -> Json:
    """Turn a task's part into values for JSON, leaving out what is as usual."""
    values: dict[str, object] = {"at": own.place}
    if own.unnamed:
        values["unnamed"] = True
    if own.zeros:
        values["zeros"] = list(own.zeros)
    if own.remaining is not None:
        values["remaining"] = own.remaining
    if own.start_no_earlier:
        values["no_earlier"] = own.start_no_earlier.isoformat()
    if own.allowed_starts is not None:
        values["starts"] = [list(run) for run in _runs(own.allowed_starts)]
    if own.meeting:
        values["meeting"] = own.meeting
    if own.crash:
        values["crash"] = [
            [way.days, way.what, None if way.cost is None else str(way.cost)] for way in own.crash
        ]
    if own.leave:
        values["calendar"] = own.calendar
        values["leave"] = [
            [one.first.isoformat(), one.last.isoformat(), one.kind, one.basis] for one in own.leave
        ]
    if own.links:
        values["links"] = [
            [link.predecessor, link.type, link.lag_calendar, link.id, link.place]
            for link in own.links
        ]
    return values


def task_from(values: Json | None) -> OwnTask | None:
    """Read a task's part back; None when it was tampered with."""
    if values is None:
        return None
    try:
        starts = values.get("starts")
        return OwnTask(
            place=_whole(values["at"]),
            unnamed=values.get("unnamed") is True,
            zeros=tuple(str(name) for name in _list(values.get("zeros"))),
            remaining=None if "remaining" not in values else _whole(values["remaining"]),
            start_no_earlier=_date(values["no_earlier"]) if "no_earlier" in values else None,
            allowed_starts=None if starts is None else tuple(_spread(starts)),
            meeting=str(values.get("meeting", "")),
            crash=tuple(_crash(row) for row in _rows(values.get("crash"))),
            calendar=str(values.get("calendar", "")),
            leave=tuple(_leave(row) for row in _rows(values.get("leave"))),
            links=tuple(_link(row) for row in _rows(values.get("links"))),
        )
    except (KeyError, TypeError, ValueError, OverflowError, InvalidOperation):
        return None


def plan_values(own: OwnPlan) -> Json:
    """Turn the plan's part into values for JSON."""
    named = {"granted": list(own.granted)} if own.granted else {}
    return {
        **named,
        "calendars": {
            name: [
                calendar.base,
                [list(window) for window in calendar.stop],
                [day.isoformat() for day in calendar.off],
                [day.isoformat() for day in calendar.work],
                calendar.first,
                calendar.count,
                calendar.print,
            ]
            for name, calendar in own.calendars.items()
        },
        "deadlines": [[activity, day.isoformat()] for activity, day in own.deadlines],
        "undeclared": list(own.undeclared),
        "without_status": own.without_status,
    }


def plan_from(values: Json | None) -> OwnPlan | None:
    """Read the plan's part back; None when it was tampered with."""
    if values is None:
        return None
    try:
        calendars = values["calendars"]
        if not isinstance(calendars, dict):
            return None
        return OwnPlan(
            calendars={name: _calendar(row) for name, row in calendars.items()},
            deadlines=tuple((str(row[0]), _date(row[1])) for row in _rows(values.get("deadlines"))),
            granted=tuple(str(name) for name in _list(values.get("granted"))),
            undeclared=tuple(str(name) for name in _list(values.get("undeclared"))),
            without_status=values.get("without_status") is True,
        )
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        return None


def _calendar(row: object) -> OwnCalendar:
    base, stop, off, work, first, count, mark = _list(row)
    return OwnCalendar(
        base=str(base),
        stop=tuple((str(window[0]), str(window[1])) for window in _rows(stop)),
        off=tuple(_date(day) for day in _list(off)),
        work=tuple(_date(day) for day in _list(work)),
        first=_whole(first),
        count=_whole(count),
        print=_whole(mark),
    )


def _link(row: list[object]) -> OwnLink:
    predecessor, kind, calendar, identity, place = row
    named = None if calendar is None else str(calendar)
    return OwnLink(str(predecessor), str(kind), named, str(identity), _whole(place))


def _crash(row: list[object]) -> Crash:
    days, what, cost = row
    return Crash(_whole(days), str(what), None if cost is None else Decimal(str(cost)))


def _leave(row: list[object]) -> Leave:
    first, last, kind, basis = row
    for known in LEAVE_KINDS:
        if kind == known:
            return Leave(_date(first), _date(last), known, str(basis))
    raise ValueError(kind)


def _runs(days: Sequence[date]) -> Iterator[tuple[str, int, int]]:
    """Yield the days as runs of equal steps: first day, step, how many."""
    place = 0
    while place < len(days):
        step = (days[place + 1] - days[place]).days if place + 1 < len(days) else 0
        end = place + 1
        while end < len(days) and (days[end] - days[end - 1]).days == step:
            end += 1
        yield days[place].isoformat(), step, end - place
        place = end


def _spread(runs: object) -> Iterator[date]:
    total = 0
    for first, step, count in (tuple(row) for row in _rows(runs)):
        total += _whole(count)
        if total > MOST_STARTS:
            raise ValueError(total)
        start = _date(first).toordinal()
        for number in range(_whole(count)):
            yield date.fromordinal(start + number * _whole(step))


def _rows(value: object) -> list[list[object]]:
    return [_list(row) for row in _list(value)]


def _list(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _date(value: object) -> date:
    return date.fromisoformat(str(value))
