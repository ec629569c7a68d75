"""Days on which a body sits: every so many weeks on one weekday, less and more by notice."""

from dataclasses import dataclass
from datetime import date, timedelta

from guatu.engines.calendars.work_calendar import every_weeks

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Meetings:
    """A body that sits every ``weeks`` weeks on ``weekday`` (1 Monday … 7) from ``since`` on.

    Single days are ``cancelled`` or ``added``; a day that is both is held.  Raises ValueError for a
    weekday or an interval that is none.
    """

    since: date
    weeks: int
    weekday: int
    cancelled: frozenset[date] = frozenset()
    added: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.weeks < 1:
            raise ValueError("会议至少间隔一周。")
        if not 1 <= self.weekday <= DAYS_A_WEEK:
            raise ValueError("会议只能在周一至周日的一天。")

    def days(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days of ``first`` to ``last``, both inclusive, on which it sits.

        >>> body = Meetings(date(2026, 3, 1), 2, 4, added=frozenset({date(2026, 3, 13)}))
        >>> [str(day) for day in body.days(date(2026, 3, 1), date(2026, 3, 31))]
        ['2026-03-05', '2026-03-13', '2026-03-19']
        """
        ahead = (self.weekday - self.since.isoweekday()) % DAYS_A_WEEK
        begin = self.since + timedelta(days=ahead)
        regular = set(every_weeks(begin, self.weeks, last)) - self.cancelled
        return tuple(sorted(day for day in regular | self.added if first <= day <= last))
