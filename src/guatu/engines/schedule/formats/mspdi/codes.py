"""Codes and conventions of Microsoft Project's XML that reading and writing share."""

from collections.abc import Mapping
from datetime import date

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule.network import Activity, LinkType

NAMESPACE = "http://schemas.microsoft.com/project"
LINK_CODES: Mapping[LinkType, int] = {"FF": 0, "FS": 1, "SF": 2, "SS": 3}
LINK_TYPES: Mapping[int, LinkType] = {code: kind for kind, code in LINK_CODES.items()}
AS_SOON, MUST_START, MUST_FINISH, START_NO_EARLIER = 0, 2, 3, 4
START_NO_LATER, FINISH_NO_EARLIER, FINISH_NO_LATER = 5, 6, 7
"""Constraint types; 1, as late as possible, says nothing to a plan that has both dates."""

FIXED_DURATION = 1
WORK_RESOURCE = 1
NOBODY = -65_535
"""The resource UID of an assignment to nobody."""

SUMMARY_OF_ALL = 0
"""The UID of the row that stands for the whole project."""

MINUTES_PER_DAY = 480
MINUTES_PER_ELAPSED_DAY = 1440
TENTHS = 10
"""Lags and floats are counted in tenths of minutes."""

DAYS, ELAPSED_DAYS = 7, 8
ELAPSED_FORMATS = frozenset({4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52})
"""Duration formats that count day and night (MSPDI schema, DurationFormat)."""
PERCENT_FORMATS = frozenset({19, 20, 51, 52})
DONE = 100
LAST_BASELINE = 10

BaselineRows = Mapping[str, tuple[date | None, date | None]]
Baselines = Mapping[int, BaselineRows]


def is_elapsed(spec: CalendarSpec) -> bool:
    """Tell whether a calendar works every day without exception."""
    return spec.base == "every-day" and not (spec.stop or spec.off or spec.work)


def shown_remaining(row: Activity) -> int:
    """Return the remaining days as other tools show them."""
    if row.actual_finish is not None:
        return 0
    return row.duration if row.remaining is None else row.remaining
