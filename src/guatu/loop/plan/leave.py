"""Leave to work on days a calendar has off: as a plan keeps it, the engine takes it, and in words.

A plan keeps it as rows ``{"first", "last", "kind", "basis"}``, ISO dates and a word of `LeaveKind`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from guatu.loop.enums import LeaveKind
from guatu.register.errors import Invalid

if TYPE_CHECKING:
    from guatu.engines.calendars import CalendarSpec, Leave

MOST_LEAVES = 50
"""Periods of leave one piece of work may have."""
MOST_DAYS = 10_000
"""Days of leave one piece of work may have, all periods together; as in the engine."""
BASIS_LENGTH = 200
UNAPPROVED = "依据未报"
Row = Mapping[str, str]


def checked_leave(raw: object, name: str = "leave") -> list[dict[str, str]]:
    """Return leave as it is kept, in order of days; Invalid says what is wrong with it."""
    if not isinstance(raw, list) or len(raw) > MOST_LEAVES:
        raise Invalid(f"获准施工写法不对，或超过 {MOST_LEAVES} 段。", name)
    rows = sorted((_checked(row, name) for row in raw), key=lambda row: (row["first"], row["last"]))
    days = sum(
        (dt.date.fromisoformat(row["last"]) - dt.date.fromisoformat(row["first"])).days + 1
        for row in rows
    )
    if days > MOST_DAYS:
        raise Invalid(f"获准施工合计 {days} 天，不能超过 {MOST_DAYS} 天。", name)
    return rows


def _checked(row: object, name: str) -> dict[str, str]:
    if not isinstance(row, Mapping) or set(row) - {"first", "last", "kind", "basis"}:
        raise Invalid("获准施工写法不对。", name)
    first, last = (_day(row.get(end), name) for end in ("first", "last"))
    if row.get("kind") not in LeaveKind.values:
        raise Invalid(f"获准施工只能是{'、'.join(LeaveKind.labels)}之一。", name)
    if first > last:
        raise Invalid(f"获准施工从 {first} 到 {last}，先后颠倒。", name)
    basis = row.get("basis") or ""
    if not isinstance(basis, str) or len(basis.strip()) > BASIS_LENGTH or not basis.isprintable():
        raise Invalid(f"批准依据不超过 {BASIS_LENGTH} 字，且不含控制字符。", name)
    ends = {"first": first.isoformat(), "last": last.isoformat()}
    return {**ends, "kind": str(row["kind"]), "basis": basis.strip()}


def _day(raw: object, name: str) -> dt.date:
    from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR  # noqa: PLC0415 -- numpy, as needed

    try:
        day = dt.date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid("获准施工的起止日期写法不对，应如 2026-03-01。", name)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(f"获准施工 {day} 不在日历表的 {FIRST_YEAR}—{LAST_YEAR} 年之内。", name)
    return day


def leaves_of(rows: Iterable[Row]) -> "tuple[Leave, ...]":
    """Turn kept leave into what the engine takes."""
    from guatu.engines.calendars import LEAVE_KINDS, Leave  # noqa: PLC0415 -- as above

    return tuple(
        Leave(
            dt.date.fromisoformat(row["first"]),
            dt.date.fromisoformat(row["last"]),
            next(kind for kind in LEAVE_KINDS if kind == row["kind"]),
            row["basis"],
        )
        for row in rows
    )


def rows_of_leave(leave: "Iterable[Leave]") -> list[dict[str, str]]:
    """Turn leave of the engine into what a plan keeps; Invalid where a plan cannot keep it."""
    return checked_leave(
        [
            {
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "kind": one.kind,
                "basis": one.basis,
            }
            for one in leave
        ]
    )


def spec_with(spec: "CalendarSpec", rows: Sequence[Row]) -> "CalendarSpec":
    """Return the calendar of work that has leave."""
    if not rows:
        return spec
    from guatu.engines.calendars import granted  # noqa: PLC0415 -- as above

    return granted(spec, leaves_of(rows))


def leave_words(rows: Iterable[Row]) -> str:
    """Write leave for a reader, each period with what it rests on."""
    return "；".join(
        f"{LeaveKind(row['kind']).label} {row['first']} 至 {row['last']}"
        f"（{row['basis'] or UNAPPROVED}）"
        for row in rows
    )
