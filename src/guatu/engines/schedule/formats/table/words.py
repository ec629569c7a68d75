"""What stands in single cells of a plan's workbook: predecessors, crews, periods, days, figures.

A predecessor is written as in Microsoft Project: ``3``, ``3FS+5d``, ``4SS-2ed`` (elapsed days),
with a calendar of its own ``3FS+5d[室外]`` and a name ``#L1`` if need be.  The number is that of
the column 序号.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from guatu.engines.calendars import LEAVE_KINDS, Leave, MonthDay
from guatu.engines.intake.sheet.grid import Raw, show
from guatu.engines.schedule.network import (
    LINK_TYPES,
    BadNetwork,
    Crash,
    Link,
    LinkType,
    Period,
)

YES, NO = "是", "否"
LEAVE = {"rest": "休息日", "stop": "停工期", "all": "停工期和休息日"}
_BETWEEN_LINKS = re.compile(r"[;；,，、\n]")
_BETWEEN_LINES = re.compile(r"[;；\n]")
_BETWEEN_DAYS = re.compile(r"[;；,，、\s]+")
_LINK = re.compile(
    r"(?P<number>\d{1,6})\s*(?P<type>FS|SS|FF|SF)?"
    r"\s*(?:(?P<sign>[+-])\s*(?P<days>\d{1,6})\s*(?P<unit>ed|d|天|日历日)?)?"
    r"\s*(?:\[(?P<calendar>[^\]]+)\])?\s*(?:#(?P<id>\S+))?",
    re.IGNORECASE,
)
_ELAPSED_UNITS = frozenset({"ed", "日历日"})
_PLAIN_ID = re.compile(r"[^\s;；,，、\[\]#]+")
_CRASH = re.compile(r"缩短(\d{1,6})天(?:：(.*?))?(?:（(\d{1,12}(?:\.\d{1,6})?)万元）)?", re.DOTALL)
_LEAVE = re.compile(
    rf"({'|'.join(LEAVE.values())})\s*(\d[^\s至—~到：]*)\s*(?:至|—|~|到)\s*(\d[^\s：]*)(?:：(.*))?",
    re.DOTALL,
)
_PERIOD = re.compile(r"(\d[^\s至—~到：]*)\s*(?:至|—|~|到)\s*(\d[^\s：:]*)\s*[：:]\s*(\d{1,9})")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_STOP = re.compile(r"(\d{1,2})-(\d{1,2})\s*(?:至|—|~|到)\s*(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Precedence:
    """A predecessor as a cell has it; ``elapsed`` when its unit says so and no calendar does."""

    number: int
    type: LinkType
    lag: int
    elapsed: bool
    calendar: str | None
    id: str


def link_word(link: Link, number: int, *, elapsed: str | None) -> str:
    """Write one predecessor; ``elapsed`` is the calendar that ``ed`` stands for."""
    unit = "ed" if link.lag_calendar is not None and link.lag_calendar == elapsed else "d"
    lag = f"{link.lag:+}{unit}" if link.lag or link.lag_calendar is not None else ""
    calendar = f"[{link.lag_calendar}]" if link.lag_calendar is not None and unit == "d" else ""
    name = f"#{link.id}" if _PLAIN_ID.fullmatch(link.id) else ""
    return f"{number}{'' if link.type == 'FS' and not lag else link.type}{lag}{calendar}{name}"


def precedences(text: str, where: str) -> list[Precedence]:
    """Read the predecessors of one cell; BadNetwork names what cannot be read."""
    found = []
    for part in filter(None, (piece.strip() for piece in _BETWEEN_LINKS.split(text))):
        match = _LINK.fullmatch(part)
        if match is None:
            raise BadNetwork(f"{where}的前置任务“{part[:40]}”读不懂，应如3FS+5d。")
        kind = next(kind for kind in LINK_TYPES if kind == (match["type"] or "FS").upper())
        days = int(f"{match['sign'] or ''}{match['days'] or 0}")
        elapsed = (match["unit"] or "").lower() in _ELAPSED_UNITS
        calendar = match["calendar"]
        found.append(
            Precedence(
                int(match["number"]), kind, days, elapsed and not calendar, calendar,
                match["id"] or "",
            )
        )  # fmt: skip
    return found


def needs_word(needs: Mapping[str, int]) -> str:
    """Write the crews and machines of an activity, one a line."""
    return "\n".join(f"{name}×{count}" for name, count in needs.items())


def needs_from(text: str, where: str) -> dict[str, int]:
    """Read crews and machines back; a bare name means one."""
    needs: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in _BETWEEN_LINES.split(text))):
        name, times, count = part.rpartition("×")
        if not times:
            name, count = part, "1"
        if not count.isdecimal():
            raise BadNetwork(f"{where}的资源“{part[:40]}”读不懂，应如电工班×2。")
        needs[name] = needs.get(name, 0) + int(count)
    return needs


def crash_word(ways: Iterable[Crash]) -> str:
    """Write the ways to shorten an activity, one a line."""
    return "\n".join(
        f"缩短{way.days}天{f'：{way.what}' if way.what else ''}"
        f"{'' if way.cost is None else f'（{way.cost}万元）'}"
        for way in ways
    )


def crash_from(text: str, where: str) -> tuple[Crash, ...]:
    """Read the ways to shorten an activity back."""
    ways = []
    for part in filter(None, (piece.strip() for piece in text.split("\n"))):
        match = _CRASH.fullmatch(part)
        if match is None:
            raise BadNetwork(
                f"{where}的赶工措施“{part[:40]}”读不懂，应如缩短5天：增开一班（12万元）。"
            )
        days, what, cost = match.groups()
        ways.append(Crash(int(days), what or "", None if cost is None else Decimal(cost)))
    return tuple(ways)


def leave_word(leave: Iterable[Leave]) -> str:
    """Write leave to work on days off, one a line."""
    return "\n".join(
        f"{LEAVE[one.kind]} {one.first}至{one.last}{f'：{one.basis}' if one.basis else ''}"
        for one in leave
    )


def leave_from(text: str, where: str) -> tuple[Leave, ...]:
    """Read leave to work on days off back."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split("\n"))):
        match = _LEAVE.fullmatch(part)
        if match is None:
            raise BadNetwork(
                f"{where}的获准施工“{part[:40]}”读不懂，应如休息日 2026-03-07至2026-05-31：依据。"
            )
        word, first, last, basis = match.groups()
        kind = next(kind for kind in LEAVE_KINDS if LEAVE[kind] == word)
        since, until = (day_from(end, f"{where}的获准施工") for end in (first, last))
        found.append(Leave(since, until, kind, basis or ""))
    return tuple(found)


def periods_word(periods: Iterable[Period]) -> str:
    """Write when there are more or fewer of a resource, one period a line."""
    return "\n".join(f"{one.first}至{one.last}：{one.capacity}" for one in periods)


def periods_from(text: str, where: str) -> tuple[Period, ...]:
    """Read when there are more or fewer of a resource back."""
    found = []
    for part in filter(None, (piece.strip() for piece in _BETWEEN_LINES.split(text))):
        match = _PERIOD.fullmatch(part)
        if match is None:
            raise BadNetwork(
                f"{where}的分期数量“{part[:40]}”读不懂，应如2026-11-01至2027-03-31：0。"
            )
        since, until = (day_from(end, f"{where}的分期数量") for end in match.groups()[:2])
        found.append(Period(since, until, int(match[3])))
    return tuple(found)


def stop_word(stop: Iterable[tuple[MonthDay, MonthDay]]) -> str:
    """Write the stops that repeat every year."""
    return "；".join(
        f"{first[0]:02}-{first[1]:02}至{last[0]:02}-{last[1]:02}" for first, last in stop
    )


def stop_from(text: str, where: str) -> tuple[tuple[MonthDay, MonthDay], ...]:
    """Read the stops back."""
    windows = []
    for part in filter(None, (piece.strip() for piece in _BETWEEN_LINES.split(text))):
        match = _STOP.fullmatch(part)
        if match is None:
            raise BadNetwork(f"{where}的停工时段“{part[:40]}”读不懂，应如11-01至03-31。")
        first_month, first_day, last_month, last_day = map(int, match.groups())
        windows.append(((first_month, first_day), (last_month, last_day)))
    return tuple(windows)


def days_word(days: Iterable[date]) -> str:
    """Write single days."""
    return "、".join(day.isoformat() for day in days)


def days_from(raw: Raw | None, where: str) -> tuple[date, ...]:
    """Read single days back."""
    if isinstance(raw, date):
        return (day_from(raw, where),)
    parts = filter(None, _BETWEEN_DAYS.split(show(raw).strip()))
    return tuple(day_from(part, where) for part in parts)


def day_from(raw: Raw, where: str) -> date:
    """Read a day: a date cell, or text such as 2026-03-01, 2026/3/1, 2026年3月1日."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    match = _DAY.fullmatch(show(raw).strip())
    try:
        if match is not None:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise BadNetwork(f"{where}“{show(raw)[:40]}”不是日期，应如2026-03-01。")


def whole_from(raw: Raw, where: str) -> int:
    """Read a whole number."""
    text = show(raw).strip().removesuffix("天")
    if not re.fullmatch(r"[+-]?\d{1,9}", text):
        raise BadNetwork(f"{where}“{show(raw)[:40]}”不是整数。")
    return int(text)


def truth_from(raw: Raw, where: str) -> bool:
    """Read 是 or 否."""
    text = show(raw).strip()
    if text in {YES, "√", "TRUE", "1"}:
        return True
    if text in {NO, "×", "FALSE", "0", ""}:
        return False
    raise BadNetwork(f"{where}“{text[:40]}”应是“是”或“否”。")
