"""The computed dates of one step as pages read them: a row of a stored or a fresh timing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Dated:
    """Earliest and latest dates, floats in three counts, and what the start waits for, in words.

    ``own``: working days of the step's calendar, ``office``: of the government's, ``days``:
    calendar days. All None where the plan cannot hold or the date never comes.
    """

    early_start: dt.date | None = None
    early_finish: dt.date | None = None
    late_start: dt.date | None = None
    late_finish: dt.date | None = None
    own: int | None = None
    office: int | None = None
    days: int | None = None
    free: int | None = None
    critical: bool = False
    provisional: bool = False
    driver: str = ""


def of_timing(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Dated]:
    """Read rows as `Timing.rows` keeps them."""
    return {
        key: Dated(
            early_start=_day(row.get("es")),
            early_finish=_day(row.get("ef")),
            late_start=_day(row.get("ls")),
            late_finish=_day(row.get("lf")),
            own=row.get("own"),
            office=row.get("office"),
            days=row.get("days"),
            free=row.get("free"),
            critical=bool(row.get("critical")),
            provisional=bool(row.get("provisional")),
            driver=str(row.get("begin") or row.get("driver") or ""),
        )
        for key, row in rows.items()
    }


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
