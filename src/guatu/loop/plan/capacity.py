"""How many of a resource there are from when to when: as it is kept, checked, read and counted.

A resource keeps rows ``{"first", "last", "capacity", "note"}``, ISO dates, in order and apart.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from guatu.register.errors import Invalid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from guatu.engines.schedule.network import Period

MOST_PERIODS = 50
MOST = 9_999
PERIOD_NOTE_LENGTH = 60
Row = dict[str, Any]
_LINE = re.compile(
    r"(?P<first>\d{4}-\d{2}-\d{2})\s*(?:至|—|~|到|\s)\s*(?P<last>\d{4}-\d{2}-\d{2})"
    r"\s*[:：,，\s]\s*(?P<capacity>\d{1,5})(?:\s*[,，;；\s]\s*(?P<note>.*))?"
)
EXAMPLE = "2026-11-01 至 2027-03-31 0 冬季外借"


def read_periods(text: str) -> list[Row]:
    """Read periods, a line each, as :func:`periods_text` writes them; Invalid names the line."""
    found: list[Row] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise Invalid(f"分期数量「{line[:40]}」读不懂，应如：{EXAMPLE}。", "periods")
        row: Row = {**match.groupdict(), "capacity": int(match["capacity"])}
        found.append({**row, "note": (row["note"] or "").strip()})
    return checked_periods(found)


def periods_text(periods: Iterable[Mapping[str, Any]]) -> str:
    """Write periods to be edited, a line each."""
    return "\n".join(
        f"{row['first']} 至 {row['last']} {row['capacity']} {row['note']}".strip()
        for row in periods
    )


def checked_periods(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return periods as they are kept, in order of days; Invalid says what is wrong with them."""
    found = sorted((_checked(row) for row in rows), key=lambda row: str(row["first"]))
    if len(found) > MOST_PERIODS:
        raise Invalid(f"分期数量不超过 {MOST_PERIODS} 段。", "periods")
    for i in range(1, len(found)):
        before, row = found[i - 1], found[i]
        if row["first"] <= before["last"]:
            raise Invalid(
                f"分期数量重叠：{before['first']} 至 {before['last']} 与 {row['first']} 至"
                f" {row['last']}。",
                "periods",
            )
    return found


def _checked(row: Mapping[str, Any]) -> Row:
    from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR  # noqa: PLC0415 -- numpy, as needed

    try:
        first, last = (dt.date.fromisoformat(str(row[key])) for key in ("first", "last"))
    except ValueError:
        told = f"{row['first']} 至 {row['last']}"
        raise Invalid(f"分期数量的日期「{told}」不存在，应如：{EXAMPLE}。", "periods") from None
    for day in (first, last):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Invalid(
                f"分期数量的日期 {day} 不在日历表的 {FIRST_YEAR}—{LAST_YEAR} 年之内。", "periods"
            )
    if first > last:
        raise Invalid(f"分期数量从 {first} 到 {last}，先后颠倒。", "periods")
    if not 0 <= row["capacity"] <= MOST:
        raise Invalid(f"{first} 至 {last} 的数量须为 0 到 {MOST} 的整数。", "periods")
    note = str(row.get("note") or "")
    if len(note) > PERIOD_NOTE_LENGTH or not note.isprintable():
        raise Invalid(f"分期数量的说明不超过 {PERIOD_NOTE_LENGTH} 字，且不含控制字符。", "periods")
    ends = {"first": first.isoformat(), "last": last.isoformat()}
    return {**ends, "capacity": int(row["capacity"]), "note": note}


def periods_of(resource: Any) -> "tuple[Period, ...]":  # noqa: ANN401 -- a resource or a past state
    """Turn kept periods into what the engine takes."""
    from guatu.engines.schedule.network import Period  # noqa: PLC0415 -- as above

    return tuple(
        Period(
            dt.date.fromisoformat(row["first"]),
            dt.date.fromisoformat(row["last"]),
            row["capacity"],
        )
        for row in resource.periods
    )


def there_are(resource: Any, first: dt.date, count: int) -> "NDArray[Any]":  # noqa: ANN401 -- as above
    """Return how many there are of a resource on each of ``count`` days from ``first``."""
    import numpy as np  # noqa: PLC0415 -- as above

    found = np.full(count, resource.capacity, dtype=np.int64)
    for period in periods_of(resource):
        begin, end = (period.first - first).days, (period.last - first).days + 1
        found[max(begin, 0) : max(end, 0)] = period.capacity
    return found


def periods_words(periods: Iterable[Mapping[str, Any]]) -> str:
    """Tell a reader when there are how many instead of the usual number."""
    return "；".join(
        f"{row['first']} 至 {row['last']} 为 {row['capacity']}"
        + (f"（{row['note']}）" if row["note"] else "")
        for row in periods
    )
