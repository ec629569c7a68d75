"""The network file of `guatu schedule back`, in and out as plain JSON values."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any, TypeGuard, TypeVar

from guatu.engines.calendars import LEAVE_KINDS, CalendarSpec, Leave, MonthDay, every_weeks
from guatu.engines.schedule.back import ActivityDates, BackSchedule
from guatu.engines.schedule.circles import refuse_circles
from guatu.engines.schedule.network import (
    LINK_TYPES,
    Activity,
    BadNetwork,
    Crash,
    Deadline,
    Link,
    Network,
    Period,
    Resource,
)

Value = TypeVar("Value")
Row = Mapping[str, object]

MEETINGS_FOR_YEARS = 10
BASES = ("china", "every-day")
TOLD_TOGETHER = frozenset({"early_provisional", "late_provisional"})
"""Told as ``provisional`` in the file."""


def network_from(document: object) -> Network:
    """Build the network a JSON document describes; BadNetwork when it does not describe one."""
    whole = _mapping(document, "文件")
    _known(whole, "文件", "calendars status_date activities links deadlines resources")
    refuse_circles(whole.get("activities"), whole.get("links"))
    calendars = _mapping(whole.get("calendars", {}), "calendars")
    status = whole.get("status_date")
    return Network(
        calendars={name: _calendar(name, spec) for name, spec in calendars.items()},
        status_date=None if status is None else _day(status, "status_date"),
        activities=tuple(_each(whole, "activities", _activity, _plain_activity)),
        links=tuple(_each(whole, "links", _link, _plain_link)),
        deadlines=tuple(_each(whole, "deadlines", _deadline)),
        resources=tuple(_each(whole, "resources", _resource)),
    )


def as_document(answer: BackSchedule) -> dict[str, object]:
    """Return the answer as values for ``json.dumps``; dates as ISO text.

    ``conflicts`` is there only when limits break independently: no single item of ``conflict``,
    which frees the one broken worst, makes the plan feasible then.
    """
    several = len(answer.conflicts) > 1 or any(not one.items for one in answer.conflicts)
    sets = {"conflicts": [asdict(one) for one in answer.conflicts]} if several else {}
    return {
        "feasible": answer.feasible,
        "infeasible_by_calendar_days": answer.infeasible_by_calendar_days,
        "conflict": [asdict(item) for item in answer.conflict],
        **sets,
        "provisional": answer.provisional,
        "activities": {key: _dates(row) for key, row in answer.activities.items()},
    }


def _dates(row: ActivityDates) -> dict[str, object]:
    values = asdict(row)
    for driver in filter(None, values["drivers"].values()):
        del driver["behind"]
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
        if key not in TOLD_TOGETHER
    }


def _calendar(name: str, value: object) -> CalendarSpec:
    where = f"日历“{name}”"
    spec = _mapping(value, where)
    _known(spec, where, "base stop off work")
    base = spec.get("base", "china")
    if base not in BASES:
        raise BadNetwork(f"{where}的base只能是china或every-day，不能是“{base}”。")
    windows = []
    for window in _list(spec.get("stop", []), f"{where}的stop"):
        ends = _list(window, f"{where}的stop")
        if len(ends) != len(("from", "to")):
            raise BadNetwork(f'{where}的stop应写成[["11-01", "03-31"]]。')
        windows.append((_month_day(ends[0], where), _month_day(ends[1], where)))
    days = {
        key: frozenset(
            _day(day, f"{where}的{key}").toordinal()
            for day in _list(spec.get(key, []), f"{where}的{key}")
        )
        for key in ("off", "work")
    }
    return CalendarSpec(
        base="china" if base == "china" else "every-day", stop=tuple(windows), **days
    )


_PLAIN_FIELDS: Mapping[str, type] = {
    "id": str,
    "name": str,
    "duration": int,
    "calendar": str,
    "splittable": bool,
    "parent": str,
    "valid_days": int,
    "remaining": int,
    "low": int,
    "high": int,
    "cause": str,
    "legal_days": int,
    "promised_days": int,
}
_NEEDED_FIELDS = frozenset({"id", "duration", "calendar"})
_PLAIN_LINK: Mapping[str, type] = {
    "id": str,
    "from": str,
    "to": str,
    "type": str,
    "lag": int,
    "lag_calendar": str,
}
_NEEDED_ENDS = frozenset({"from", "to"})


def _plain_activity(row: object) -> Activity | None:
    """Read at once a row that is written the usual way; None for one to be looked at closely."""
    return Activity(**row) if _is_plain(row, _plain_row) else None


def _plain_link(row: object) -> Link | None:
    if not _is_plain(row, _plain_ends) or row.get("type", "FS") not in LINK_TYPES:
        return None
    get = row.get
    return Link(
        predecessor=row["from"],
        successor=row["to"],
        type=get("type", "FS"),
        lag=get("lag", 0),
        lag_calendar=get("lag_calendar"),
        id=get("id", ""),
    )


def _is_plain(
    row: object, plain: Callable[[tuple[object, ...]], bool]
) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether ``plain`` knows the row's keys with their types, and no text is empty."""
    if type(row) is not dict:
        return False
    values = row.values()
    return plain((*row, *map(type, values))) and "" not in values


@lru_cache(maxsize=1024)
def _plain_row(shape: tuple[object, ...]) -> bool:
    return _has_shape(shape, _PLAIN_FIELDS, _NEEDED_FIELDS)


@lru_cache(maxsize=1024)
def _plain_ends(shape: tuple[object, ...]) -> bool:
    return _has_shape(shape, _PLAIN_LINK, _NEEDED_ENDS)


def _has_shape(
    shape: tuple[object, ...], types: Mapping[str, type], needed: frozenset[str]
) -> bool:
    """Tell whether keys, with their types behind them, are all known and none is missing."""
    middle = len(shape) // 2
    keys = [key for key in shape[:middle] if isinstance(key, str)]
    known = [types.get(key) for key in keys] == list(shape[middle:])
    return known and needed <= set(keys)


def _activity(row: Row, where: str) -> Activity:
    _known(
        row,
        where,
        "id name duration calendar splittable valid_days needs parent start_no_earlier"
        " fixed_start actual_start actual_finish remaining allowed_starts"
        " low high cause crash legal_days promised_days leave meeting",
    )
    identity = _text(row, "id", where)
    where = f"工作“{row.get('name') or identity}”"
    needs = _mapping(row.get("needs") or {}, f"{where}的needs")
    return Activity(
        id=identity,
        name=_text(row, "name", where, default=""),
        duration=_whole(row, "duration", where),
        calendar=_text(row, "calendar", where),
        splittable=_flag(row, "splittable", where),
        valid_days=_optional(row, "valid_days", where, _whole),
        needs={key: _whole(needs, key, f"{where}的needs") for key in needs},
        parent=_optional(row, "parent", where, _text),
        start_no_earlier=_optional(row, "start_no_earlier", where, _date),
        fixed_start=_optional(row, "fixed_start", where, _date),
        actual_start=_optional(row, "actual_start", where, _date),
        actual_finish=_optional(row, "actual_finish", where, _date),
        remaining=_optional(row, "remaining", where, _whole),
        allowed_starts=_optional(row, "allowed_starts", where, _starts),
        low=_optional(row, "low", where, _whole),
        high=_optional(row, "high", where, _whole),
        cause=_optional(row, "cause", where, _text),
        crash=tuple(_each(row, "crash", _crash)),
        legal_days=_optional(row, "legal_days", where, _whole),
        promised_days=_optional(row, "promised_days", where, _whole),
        leave=tuple(_each(row, "leave", _leave)),
        meeting=_text(row, "meeting", where, default=""),
    )


def _leave(row: Row, where: str) -> Leave:
    _known(row, where, "from to kind basis")
    kind = row.get("kind")
    for known in LEAVE_KINDS:
        if kind == known:
            first, last = _date(row, "from", where), _date(row, "to", where)
            return Leave(first, last, known, _text(row, "basis", where, default=""))
    raise BadNetwork(f"{where}的kind“{kind}”不是rest、stop、all之一。")


def _crash(row: Row, where: str) -> Crash:
    _known(row, where, "days what cost")
    cost = row.get("cost")
    try:
        price = None if cost is None else Decimal(str(cost))
    except InvalidOperation:
        raise BadNetwork(f"{where}的cost“{cost}”不是金额。") from None
    return Crash(_whole(row, "days", where), _text(row, "what", where, default=""), price)


def _starts(row: Row, key: str, where: str) -> tuple[date, ...]:
    """Read allowed starts: dates, or ``{"from": date, "every_weeks": n, "until": date}``."""
    value, where = row[key], f"{where}的{key}"
    if not isinstance(value, Mapping):
        return tuple(_day(day, where) for day in _list(value, where))
    _known(value, where, "from every_weeks until")
    first, weeks = _date(value, "from", where), _whole(value, "every_weeks", where)
    if weeks < 1:
        raise BadNetwork(f"{where}的every_weeks必须至少是1。")
    until = _optional(value, "until", where, _date)
    last = until or date(first.year + MEETINGS_FOR_YEARS, 12, 31)
    return tuple(every_weeks(first, weeks, last))


def _link(row: Row, where: str) -> Link:
    _known(row, where, "id from to type lag lag_calendar")
    link_type = row.get("type", "FS")
    for known in LINK_TYPES:
        if link_type == known:
            return Link(
                id=_text(row, "id", where, default=""),
                predecessor=_text(row, "from", where),
                successor=_text(row, "to", where),
                type=known,
                lag=_whole(row, "lag", where, default=0),
                lag_calendar=_optional(row, "lag_calendar", where, _text),
            )
    raise BadNetwork(f"{where}的类型“{link_type}”不是FS、SS、FF、SF之一。")


def _deadline(row: Row, where: str) -> Deadline:
    _known(row, where, "activity finish")
    return Deadline(_text(row, "activity", where), _date(row, "finish", where))


def _resource(row: Row, where: str) -> Resource:
    _known(row, where, "id name capacity periods")
    identity = _text(row, "id", where)
    periods = tuple(_each(row, "periods", _period))
    return Resource(identity, _whole(row, "capacity", where), periods)


def _period(row: Row, where: str) -> Period:
    _known(row, where, "from to capacity")
    first, last = _date(row, "from", where), _date(row, "to", where)
    return Period(first, last, _whole(row, "capacity", where))


def _each(
    whole: Row,
    key: str,
    read: Callable[[Row, str], Value],
    at_once: Callable[[object], Value | None] | None = None,
) -> list[Value]:
    """Read every row of a list; ``at_once`` may answer first for rows that need no close look."""
    rows = _list(whole.get(key) or [], key)
    found = []
    for number, row in enumerate(rows, start=1):
        value = at_once(row) if at_once else None
        if value is None:
            where = f"{key}第{number}项"
            value = read(_mapping(row, where), where)
        found.append(value)
    return found


def _optional(
    row: Row, key: str, where: str, read: Callable[[Row, str, str], Value]
) -> Value | None:
    return None if row.get(key) is None else read(row, key, where)


@cache
def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _known(row: Row, where: str, words: str) -> None:
    known = _words(words)
    strange = [key for key in row if key not in known]
    if strange:
        raise BadNetwork(f"{where}里有不认识的项：{'、'.join(map(str, strange))}。")


def _mapping(value: object, where: str) -> Row:
    if not isinstance(value, dict):
        raise BadNetwork(f"{where}应是一个JSON对象。")
    return value


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise BadNetwork(f"{where}应是一个JSON数组。")
    return value


def _text(row: Row, key: str, where: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if not isinstance(value, str) or (default is None and not value):
        raise BadNetwork(f"{where}缺少{key}，或它不是文字。")
    return value


def _whole(row: Row, key: str, where: str, default: int | None = None) -> int:
    value = row.get(key, default)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadNetwork(f"{where}缺少{key}，或它不是整数。")
    return value


def _flag(row: Row, key: str, where: str) -> bool:
    value = row.get(key, False)
    if not isinstance(value, bool):
        raise BadNetwork(f"{where}的{key}应是true或false。")
    return value


def _date(row: Row, key: str, where: str) -> date:
    return _day(row.get(key), f"{where}的{key}")


def _day(value: object, where: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadNetwork(f"{where}“{value}”不是日期，应如2026-03-01。") from None


def _month_day(value: object, where: str) -> MonthDay:
    try:
        day = date.fromisoformat(f"2000-{value}")
    except ValueError:
        raise BadNetwork(f"{where}的stop“{value}”不是月-日，应如11-01。") from None
    return day.month, day.day
