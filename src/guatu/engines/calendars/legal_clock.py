"""Time limits of administrative acts: working days from acceptance, stopped and extended by law.

《中华人民共和国行政许可法》: 第三十二条 (one-time notice within five days, otherwise accepted from
the day of receipt), 第四十二条 (extension), 第四十五条 (hearings, tests, expert reviews do not
count), 第八十二条 (limits are working days).  The first day is not counted (民法典第二百零一条).
Other laws may set limits in calendar days; they are counted in a calendar of every day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from guatu.engines.calendars.day_table import Days, DayTable
from guatu.engines.calendars.work_calendar import CalendarSpec, WorkCalendar

NOTICE_WITHIN = 5
ROOM, MOST_ROOM = 400, 20_000
"""Days beyond all that is known that counting is first given, and at most."""
OFFICE_DAYS, EVERY_DAY = CalendarSpec(), CalendarSpec(base="every-day")

Accepting = Literal["complete", "made_good", "noticed_late", "unnoticed", "checking", "missing"]
"""By what an application is accepted; ``checking`` and ``missing``: it is not yet."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The day of acceptance and by what; ``notice_by`` is the last day to name what is missing."""

    day: date | None
    by: Accepting
    notice_by: date


@dataclass(frozen=True)
class Receipt:
    """Papers received; whether what is missing was named at once, and when it was made good.

    ``noticed`` is the day of the one-time notice of all missing papers, ``completed`` the day the
    last of them came in, ``within`` the working days there are for the notice.  Raises ValueError
    when the days are out of order.
    """

    received: date
    complete: bool = False
    noticed: date | None = None
    completed: date | None = None
    within: int = NOTICE_WITHIN

    def __post_init__(self) -> None:
        if self.noticed is not None and self.noticed < self.received:
            raise ValueError(f"补正告知日{self.noticed}早于收件日{self.received}。")
        if self.completed is not None and self.completed < (self.noticed or self.received):
            raise ValueError(f"补正完成日{self.completed}早于告知日或收件日。")

    def acceptance(self, office: WorkCalendar, today: date) -> Acceptance:
        """Return how acceptance stands by law on ``today``."""
        last = office.after(self.received, self.within)
        if self.complete:
            return Acceptance(self.received, "complete", last)
        if self.noticed is None and today <= last:
            return Acceptance(None, "checking", last)
        if self.noticed is None:
            return Acceptance(self.received, "unnoticed", last)
        if self.noticed > last:
            return Acceptance(self.received, "noticed_late", last)
        if self.completed is None or self.completed > today:
            return Acceptance(None, "missing", last)
        return Acceptance(self.completed, "made_good", last)

    def accepted(self, office: WorkCalendar, today: date) -> date | None:
        """Return the day of acceptance as the law has it on ``today``; None while still open."""
        return self.acceptance(office, today).day


@dataclass(frozen=True)
class StopSegment:
    """Days that do not count (hearing, test, expert review), both inclusive.

    ``last`` None: it still runs.
    """

    first: date
    last: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"停表结束日{self.last}早于开始日{self.first}。")


@dataclass(frozen=True)
class Extension:
    """Working days added by the head of the authority, told to the applicant with the reason."""

    days: int
    reason: str

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("延长的天数必须大于零。")


def legal_deadline(
    office: WorkCalendar,
    accepted: date,
    days: int,
    stops: Sequence[StopSegment] = (),
    extension: Extension | None = None,
) -> date:
    """Return the last day to decide: ``days`` days of the calendar after acceptance.

    A day covered by several stop segments is left out once.  Raises ValueError when ``days`` is
    below one, a stop still runs, or the calendar is too short.
    """
    if days < 1:
        raise ValueError("法定期限必须至少一个工作日。")
    begin = accepted.toordinal() + 1 - office.first
    if begin < 0:
        raise ValueError(f"受理日{accepted}不在日历范围内。")
    total = days + (extension.days if extension else 0)
    candidates = np.flatnonzero(_counted(office, stops)[begin:])
    if total > len(candidates):
        raise ValueError("计算结果不在日历范围内。")
    return accepted + timedelta(days=int(candidates[total - 1]) + 1)


def _counted(calendar: WorkCalendar, stops: Sequence[StopSegment]) -> Days:
    """Mark the days of the calendar on which the clock runs."""
    counted = calendar.works.copy()
    for stop in stops:
        if stop.last is None:
            raise ValueError(f"{stop.first}起的停表还没有结束日。")
        first = max(stop.first.toordinal() - calendar.first, 0)
        counted[first : max(stop.last.toordinal() + 1 - calendar.first, 0)] = False
    return counted


@dataclass(frozen=True, slots=True)
class ClockReading:
    """How a clock stands on a day, in days of the limit's own count.

    ``last`` is the last day to decide as far as is known, None before acceptance; a stop still
    running is taken to last through the day read.  ``left`` counts the days from the next one to
    ``last``, ``over`` those after ``last`` up to the day read.
    """

    acceptance: Acceptance
    last: date | None
    left: int
    over: int
    stopped: bool


@dataclass(frozen=True)
class LegalClock:
    """One application under a limit of ``days``: working days, or else calendar days.

    Raises ValueError when the limit is below one.
    """

    receipt: Receipt
    days: int
    working: bool = True
    stops: tuple[StopSegment, ...] = ()
    extension: Extension | None = None

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("法定期限必须至少一天。")

    def acceptance(self, table: DayTable, today: date) -> Acceptance:
        """Return how acceptance stands by law on ``today``."""
        room = 3 * self.receipt.within + ROOM
        return self.receipt.acceptance(self._calendar(OFFICE_DAYS, table, room), today)

    def read(self, table: DayTable, today: date) -> ClockReading:
        """Return how the clock stands on ``today``."""
        acceptance = self.acceptance(table, today)
        stops = self._known(today)
        stopped = any(s.last is not None and s.first <= today <= s.last for s in stops)
        spec = OFFICE_DAYS if self.working else EVERY_DAY
        last = self.lapses(spec, self.days, table, today, extended=True)
        if last is None:
            return ClockReading(acceptance, None, 0, 0, stopped)
        first, until = min(last, today), max(last, today)
        days = self._calendar(spec, table, (until - self.receipt.received).days + ROOM)
        if today >= last:
            return ClockReading(acceptance, last, 0, days.count(first, until), stopped)
        begin, end = (day.toordinal() + 1 - days.first for day in (first, until))
        left = int(_counted(days, stops)[max(begin, 0) : end].sum())
        return ClockReading(acceptance, last, left, 0, stopped)

    def lapses(
        self, spec: CalendarSpec, days: int, table: DayTable, today: date, *, extended: bool = False
    ) -> date | None:
        """Return the day on which ``days`` of a calendar are over, stops left out.

        As far as is known on ``today``; None before acceptance.  Raises ValueError when the
        calendar has not so many days within the next decades.
        """
        accepted = self.acceptance(table, today).day
        if accepted is None:
            return None
        stops, room = self._known(today), 2 * days + ROOM
        extension = self.extension if extended else None
        while True:
            try:
                calendar = self._calendar(spec, table, room)
                return legal_deadline(calendar, accepted, days, stops, extension)
            except ValueError:
                if room > MOST_ROOM:
                    raise
                room *= 4

    def _known(self, today: date) -> list[StopSegment]:
        """List the stops, one that still runs up to ``today``; one that is yet to begin is open."""
        return [
            stop if stop.last is not None else replace(stop, last=today)
            for stop in self.stops
            if stop.last is not None or stop.first <= today
        ]

    def _calendar(self, spec: CalendarSpec, table: DayTable, room: int) -> WorkCalendar:
        """Lay a calendar out from the day of receipt to ``room`` days after all that is known."""
        ends = (self.receipt.completed, *(stop.last for stop in self.stops))
        known = max(filter(None, ends), default=self.receipt.received)
        first = self.receipt.received.toordinal()
        return WorkCalendar.over(spec, table, first, known.toordinal() - first + room)
