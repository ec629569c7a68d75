"""The computed dates of one step as pages read them, with what they wait for in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.loop.plan.timing_rows import TimingRow

if TYPE_CHECKING:
    from guatu.engines.schedule import ActivityDates


@dataclass(frozen=True, slots=True)
class Dated(TimingRow):
    """A row of dates and what the start waits for, in words."""

    driver: str = ""


def dated(activities: Mapping[str, "ActivityDates"]) -> dict[str, Dated]:
    """Dates by key, as the engine computed them."""
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
        )
        for key, row in activities.items()
    }


def _driver(row: "ActivityDates") -> str:
    driver = row.drivers.early_start or row.drivers.early_finish
    return driver.reason if driver else ""
