"""Working days: the dated table of holidays, calendars with seasons, legal clocks.

Dates at the edges, day ordinals (``date.toordinal()``) inside.
"""

from guatu.engines.calendars.day_table import (
    FIRST_YEAR,
    LAST_YEAR,
    BadTable,
    DayTable,
    shipped_table,
)
from guatu.engines.calendars.leave import LEAVE_KINDS, Leave, LeaveKind, granted
from guatu.engines.calendars.legal_clock import (
    Acceptance,
    ClockReading,
    Extension,
    LegalClock,
    Receipt,
    StopSegment,
    legal_deadline,
)
from guatu.engines.calendars.meetings import Meetings
from guatu.engines.calendars.work_calendar import (
    Base,
    CalendarSpec,
    MonthDay,
    WorkCalendar,
    every_weeks,
)

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "LEAVE_KINDS",
    "Acceptance",
    "BadTable",
    "Base",
    "CalendarSpec",
    "ClockReading",
    "DayTable",
    "Extension",
    "Leave",
    "LeaveKind",
    "LegalClock",
    "Meetings",
    "MonthDay",
    "Receipt",
    "StopSegment",
    "WorkCalendar",
    "every_weeks",
    "granted",
    "legal_deadline",
    "shipped_table",
]
