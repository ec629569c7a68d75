"""Working days of offices between two days, by the district's calendar."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.loop.plan.calendars import table_on

if TYPE_CHECKING:
    from guatu.engines.calendars import DayTable


@dataclass(frozen=True)
class OfficeDays:
    """The table of working days as it was known on some day."""

    table: "DayTable"

    def between(self, after: dt.date, until: dt.date) -> int:
        """Count working days d with after < d ≤ until; 0 when ``until`` is not later."""
        length = (until - after).days
        if length <= 0:
            return 0
        return int(self.table.working(after.toordinal() + 1, length).sum())


def office_days(as_of: dt.date | None = None) -> OfficeDays:
    """Read the table of working days; one query."""
    return OfficeDays(table_on(as_of))
