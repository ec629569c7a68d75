"""Legal clocks of approvals: as rows keep them, as the engine reads them, as plans use them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guatu.loop.enums import Cause, LimitUnit, StopKind
from guatu.loop.models import ApprovalClock, ClockStop
from guatu.register.versions import rows_as_of

if TYPE_CHECKING:
    from guatu.engines.calendars import CalendarSpec, ClockReading, DayTable, LegalClock

SAME_NAMES = (
    "received",
    "complete",
    "noticed",
    "completed",
    "notice_days",
    "limit_days",
    "limit_unit",
    "basis",
    "extension_days",
    "extension_reason",
    "extension_by",
)
"""Columns of a clock's row that its plain value carries under the same name."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Days on which a clock stands still; ``last`` None while it does."""

    kind: StopKind
    first: dt.date
    last: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One application's time limit as plain values: see `ApprovalClock`."""

    received: dt.date
    complete: bool = False
    noticed: dt.date | None = None
    completed: dt.date | None = None
    notice_days: int
    limit_days: int
    limit_unit: LimitUnit = LimitUnit.WORKING
    basis: str = ""
    extension_days: int | None = None
    extension_reason: str = ""
    extension_by: str = ""
    stops: tuple[Stop, ...] = ()

    @property
    def engine(self) -> "LegalClock":
        """The clock as the engine takes it; ValueError says what is out of order."""
        from guatu.engines.calendars import (  # noqa: PLC0415 -- numpy, when first needed
            Extension,
            LegalClock,
            Receipt,
            StopSegment,
        )

        days, reason = self.extension_days, self.extension_reason
        return LegalClock(
            Receipt(self.received, self.complete, self.noticed, self.completed, self.notice_days),
            self.limit_days,
            self.limit_unit == LimitUnit.WORKING,
            tuple(StopSegment(stop.first, stop.last, stop.kind.label) for stop in self.stops),
            None if days is None else Extension(days, reason),
        )

    @property
    def deciding(self) -> list[Any]:
        """All that decides its days, for a plan's digest."""
        days = (self.received, self.noticed, self.completed)
        return [
            *(None if day is None else day.isoformat() for day in days),
            self.complete,
            *(self.notice_days, self.limit_days, str(self.limit_unit), self.extension_days),
            [[str(stop.first), str(stop.last)] for stop in self.stops],
        ]

    def reading(
        self, table: "DayTable", day: dt.date, decided: dt.date | None = None
    ) -> "ClockReading":
        """Return how it stands on ``day``, or stood when it was decided on before."""
        return self.engine.read(table, day if decided is None else min(day, decided))

    def lapsed(self, table: "DayTable", day: dt.date) -> dt.date | None:
        """Return the last legal day if nothing was decided by it and ``day`` is beyond it."""
        reading = self.reading(table, day)
        return reading.last if reading.last is not None and day > reading.last else None

    def expected(
        self, spec: "CalendarSpec", duration: int, table: "DayTable", day: dt.date
    ) -> dt.date | None:
        """Return the day a running approval is planned to end on, as far as is known on ``day``.

        ``duration`` days of its own calendar after acceptance, stops left out; never after the last
        legal day. None before acceptance, or where its calendar has not so many days.
        """
        engine = self.engine
        try:
            own = engine.lapses(spec, duration, table, day)
        except ValueError:
            own = None
        last = engine.read(table, day).last
        return min(filter(None, (own, last)), default=None)


def is_approval(activity: Any) -> bool:  # noqa: ANN401 -- an activity, a past state of one, a step
    """Tell whether an activity is an act of an authority that the law gives so many days for."""
    legal = activity.basis.get("legal")
    return activity.cause == Cause.APPROVAL or bool(legal and legal["bound"] == "at_most")


def clocks_of(subjects: Sequence[int], as_of: dt.date | None = None) -> dict[int, Clock]:
    """Clocks by the key of their activity, as they are or were known; two queries at most."""
    way = "subject_id__in" if as_of is None else "row__subject_id__in"
    identity = "pk" if as_of is None else "row_id"
    running = {"ended": False, way: list(subjects)}
    rows = rows_as_of(ApprovalClock, as_of).filter(**running).order_by("activity_id")
    told = list(rows.values_list(identity, "activity_id", *SAME_NAMES))
    if not told:
        return {}
    stops: dict[int, list[Stop]] = {}
    kept = rows_as_of(ClockStop, as_of).filter(**running).order_by("first", identity)
    for clock, kind, *values in kept.values_list("clock_id", "kind", "first", "last", "note"):
        stops.setdefault(clock, []).append(Stop(StopKind(kind), *values))
    return {
        activity: _clock(dict(zip(SAME_NAMES, values, strict=True)), stops.get(clock, ()))
        for clock, activity, *values in told
    }


def clock_of_row(row: ApprovalClock, stops: Sequence[ClockStop]) -> Clock:
    """Turn a clock's row and its stops into plain values."""
    kept = [Stop(StopKind(one.kind), one.first, one.last, one.note) for one in stops]
    return _clock({name: getattr(row, name) for name in SAME_NAMES}, kept)


def _clock(values: dict[str, Any], stops: Sequence[Stop]) -> Clock:
    unit = LimitUnit(values.pop("limit_unit"))
    return Clock(**values, limit_unit=unit, stops=tuple(stops))
