"""The computed dates of one step as pages read them, with what they wait for in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guatu.loop.plan.timing_rows import TimingRow

if TYPE_CHECKING:
    from guatu.engines.schedule import ActivityDates, OutOfOrder


@dataclass(frozen=True, slots=True)
class Dated(TimingRow):
    """A row of dates, what the start waits for and what sets the latest finish, in words.

    ``free_office``, ``free_days``: free float in office and calendar days, beside ``free``.
    ``disorder``: what it began or ended too early for, in sentences. ``early_provisional`` and
    ``late_provisional`` tell which dates rest on a year without notice.
    """

    early_provisional: bool = False
    late_provisional: bool = False
    driver: str = ""
    late_driver: str = ""
    free_office: int | None = None
    free_days: int | None = None
    disorder: tuple[str, ...] = ()

    @property
    def provisional_words(self) -> str:
        """Which of its dates are provisional; empty where none is."""
        if self.early_provisional and (self.late_provisional or self.late_finish is None):
            return "暂定"
        return "最早暂定" if self.early_provisional else "最迟暂定" if self.late_provisional else ""


def dated(
    activities: Mapping[str, "ActivityDates"],
    disorder: "Iterable[OutOfOrder]" = (),
    *,
    holds: bool = True,
) -> dict[str, Dated]:
    """Dates by key, as the engine computed them; a plan that does not hold has no latest ones.

    Each contradiction stands at its successor.
    """
    told: dict[str, list[str]] = {}
    for one in disorder:
        told.setdefault(one.successor, []).append(one.reason)
    found = {}
    for key, row in activities.items():
        sure = Dated(
            early_start=row.early_start,
            early_finish=row.early_finish,
            critical=row.critical,
            early_provisional=row.early_provisional,
            driver=_driver(row),
            disorder=tuple(told.get(key, ())),
        )
        found[key] = _with_latest(sure, row) if holds else sure
    return found


def _with_latest(sure: Dated, row: "ActivityDates") -> Dated:
    return replace(
        sure,
        late_start=row.late_start,
        late_finish=row.late_finish,
        own=row.total_float_own,
        office=row.total_float_office,
        days=row.total_float_calendar_days,
        free=row.free_float_own,
        free_office=row.free_float_office,
        free_days=row.free_float_calendar_days,
        late_driver=driver.reason if (driver := row.drivers.late_finish) else "",
        late_provisional=row.late_provisional,
    )


def _driver(row: "ActivityDates") -> str:
    driver = row.drivers.early_start or row.drivers.early_finish
    return driver.reason if driver else ""
