"""Time limits of administrative acts: working days from acceptance, stopped and extended by law.

《中华人民共和国行政许可法》: 第三十二条 (one-time notice within five days, otherwise accepted from
the day of receipt), 第四十二条 (extension), 第四十五条 (hearings, tests, expert reviews do not
count), 第八十二条 (limits are working days).  The first day is not counted (民法典第二百零一条).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from guatu.engines.calendars.work_calendar import WorkCalendar

NOTICE_WITHIN = 5


@dataclass(frozen=True)
class Receipt:
    """Papers received; whether what is missing was named at once, and when it was made good.

    ``noticed`` is the day of the one-time notice of all missing papers, ``completed`` the day the
    last of them came in.  Raises ValueError when the days are out of order.
    """

    received: date
    complete: bool = False
    noticed: date | None = None
    completed: date | None = None

    def __post_init__(self) -> None:
        if self.noticed is not None and self.noticed < self.received:
            raise ValueError(f"补正告知日{self.noticed}早于收件日{self.received}。")
        if self.completed is not None and self.completed < (self.noticed or self.received):
            raise ValueError(f"补正完成日{self.completed}早于告知日或收件日。")

    def accepted(self, office: WorkCalendar, today: date) -> date | None:
        """Return the day of acceptance as the law has it on ``today``; None while still open."""
        if self.complete:
            return self.received
        last = office.after(self.received, NOTICE_WITHIN)
        if self.noticed is not None and self.noticed <= last:
            return self.completed
        return self.received if self.noticed is not None or today > last else None


@dataclass(frozen=True)
class StopSegment:
    """Days that do not count (hearing, test, expert review), both inclusive."""

    first: date
    last: date
    reason: str

    def __post_init__(self) -> None:
        if self.last < self.first:
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
    """Return the last day to decide: ``days`` working days after acceptance.

    A day covered by several stop segments is left out once.  Raises ValueError when ``days`` is
    below one or the calendar is too short.
    """
    if days < 1:
        raise ValueError("法定期限必须至少一个工作日。")
    counted = office.works.copy()
    for stop in stops:
        first = max(stop.first.toordinal() - office.first, 0)
        counted[first : max(stop.last.toordinal() + 1 - office.first, 0)] = False
    begin = accepted.toordinal() + 1 - office.first
    if begin < 0:
        raise ValueError(f"受理日{accepted}不在日历范围内。")
    total = days + (extension.days if extension else 0)
    candidates = np.flatnonzero(counted[begin:])
    if total > len(candidates):
        raise ValueError("计算结果不在日历范围内。")
    return accepted + timedelta(days=int(candidates[total - 1]) + 1)
