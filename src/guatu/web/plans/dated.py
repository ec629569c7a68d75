"""The computed dates of one step as pages read them, with what they wait for in words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guatu.engines.schedule import ActivityDates, OutOfOrder


@dataclass(frozen=True, slots=True)
class Dated:
    """Earliest and latest dates, floats in three counts, and what the start waits for, in words.

    ``own``: working days of the step's calendar, ``office``: of the government's, ``days``:
    calendar days. All None where the plan cannot hold or the date never comes. ``disorder``: what
    it began or ended too early for, in sentences.
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
    disorder: tuple[str, ...] = ()


def dated(
    activities: Mapping[str, "ActivityDates"], disorder: "Iterable[OutOfOrder]" = ()
) -> dict[str, Dated]:
    """Dates by key, as the engine computed them; each contradiction stands at its successor."""
    told: dict[str, list[str]] = {}
    for one in disorder:
        told.setdefault(one.successor, []).append(one.reason)
    return {
        key: Dated(
            early_start=row.early_start,
            early_finish=row.early_finish,
            late_start=row.late_start,
            late_finish=row.late_finish,
            own=row.total_float_own,
            office=row.total_float_office,
            days=row.total_float_calendar_days,
            free=row.free_float_own,
            critical=row.critical,
            provisional=row.provisional,
            driver=_driver(row),
            disorder=tuple(told.get(key, ())),
        )
        for key, row in activities.items()
    }


def _driver(row: "ActivityDates") -> str:
    driver = row.drivers.early_start or row.drivers.early_finish
    return driver.reason if driver else ""
