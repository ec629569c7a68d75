"""The computed dates of one step as pages read them, with what they wait for in words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guatu.engines.schedule import ActivityDates


@dataclass(frozen=True, slots=True)
class Dated:
    """Earliest and latest dates, floats in three counts, and what the start waits for, in words.

    ``own``: working days of the step's calendar, ``office``: of the government's, ``days``:
    calendar days. All None where the plan cannot hold or the date never comes.
    ``early_provisional`` and ``late_provisional`` tell which dates rest on a year without notice.
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
    early_provisional: bool = False
    late_provisional: bool = False
    driver: str = ""

    @property
    def provisional_words(self) -> str:
        """Which of its dates are provisional; empty where none is."""
        if self.early_provisional and (self.late_provisional or self.late_finish is None):
            return "暂定"
        return "最早暂定" if self.early_provisional else "最迟暂定" if self.late_provisional else ""


def dated(activities: Mapping[str, "ActivityDates"], *, holds: bool = True) -> dict[str, Dated]:
    """Dates by key, as the engine computed them; a plan that does not hold has no latest ones."""
    return {
        key: Dated(
            early_start=row.early_start,
            early_finish=row.early_finish,
            critical=row.critical,
            early_provisional=row.early_provisional,
            driver=_driver(row),
        )
        if not holds
        else Dated(
            early_start=row.early_start,
            early_finish=row.early_finish,
            late_start=row.late_start,
            late_finish=row.late_finish,
            own=row.total_float_own,
            office=row.total_float_office,
            days=row.total_float_calendar_days,
            free=row.free_float_own,
            critical=row.critical,
            early_provisional=row.early_provisional,
            late_provisional=row.late_provisional,
            driver=_driver(row),
        )
        for key, row in activities.items()
    }


def _driver(row: "ActivityDates") -> str:
    driver = row.drivers.early_start or row.drivers.early_finish
    return driver.reason if driver else ""
