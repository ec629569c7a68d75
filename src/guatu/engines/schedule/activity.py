"""The rows of a plan as written down: activities, links, deadlines, resources; not yet checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from guatu.engines.calendars import CalendarSpec, Leave, granted
from guatu.engines.calendars.leave import leave_words

LinkType = Literal["FS", "SS", "FF", "SF"]
LINK_TYPES: tuple[LinkType, ...] = ("FS", "SS", "FF", "SF")


class BadNetwork(ValueError):
    """A plan that cannot be computed, said in one plain Chinese sentence naming the items."""


@dataclass(frozen=True, slots=True)
class Crash:
    """A declared way to shorten an activity: days saved, what is done, its price in 万元."""

    days: int
    what: str = ""
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One row of the plan; durations in working days of its calendar, 0 for a milestone.

    ``parent`` names the summary row it belongs to; a row with children is a summary and takes its
    dates from them.  ``valid_days``: calendar days from the finish within which every successor
    must have started.  ``remaining`` replaces what is left of ``duration``.

    ``low`` and ``high`` bound a duration that is not certain and ``cause`` names what makes it
    vary (see :mod:`ranges`).  An approval has ``legal_days``, the limit set by law, and perhaps
    ``promised_days``, the shorter limit its desk has promised; ``crash`` lists how an activity may
    be shortened for money.  With ``leave`` it works on days its calendar has off; what waits for it
    or lags behind it still counts in the calendar itself.  ``meeting`` names the body whose days
    ``allowed_starts`` are; it decides nothing by itself.
    """

    id: str
    duration: int
    calendar: str
    name: str = ""
    splittable: bool = False
    valid_days: int | None = None
    needs: Mapping[str, int] = field(default_factory=dict)
    parent: str | None = None
    start_no_earlier: date | None = None
    fixed_start: date | None = None
    actual_start: date | None = None
    actual_finish: date | None = None
    remaining: int | None = None
    allowed_starts: tuple[date, ...] | None = None
    low: int | None = None
    high: int | None = None
    cause: str | None = None
    crash: tuple[Crash, ...] = ()
    legal_days: int | None = None
    promised_days: int | None = None
    leave: tuple[Leave, ...] = ()
    meeting: str = ""

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return f"「{self.name or self.id}」"

    @property
    def works_by(self) -> str:
        """The name of the days it works on: its calendar, or that calendar with its leave."""
        return f"{self.calendar}＋{leave_words(self.leave)}" if self.leave else self.calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A precedence between two activities; ``lag`` in days of ``lag_calendar``.

    Without ``lag_calendar`` the successor's calendar counts the lag.
    """

    predecessor: str
    successor: str
    type: LinkType = "FS"
    lag: int = 0
    lag_calendar: str | None = None
    id: str = ""

    @property
    def key(self) -> str:
        """The id given, or ``from>to``."""
        return self.id or f"{self.predecessor}>{self.successor}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which an activity may finish."""

    activity: str
    finish: date


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included, on which there are ``capacity`` of a resource instead of the usual."""

    first: date
    last: date
    capacity: int


@dataclass(frozen=True, slots=True)
class Resource:
    """Something activities share: a crew, a desk, a machine; ``periods`` do not overlap."""

    id: str
    capacity: int
    periods: tuple[Period, ...] = ()

    @property
    def peak(self) -> int:
        """The most there ever are."""
        return max([self.capacity, *(period.capacity for period in self.periods)])

    @property
    def least(self) -> int:
        """The fewest there ever are."""
        return min([self.capacity, *(period.capacity for period in self.periods)])


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A whole plan as of ``status_date``, as written: nothing has been checked.

    ``follow_on``: work that leads to no deadline, as a plant's running-in after its completion,
    ends as late as the latest course of the rest makes it, instead of with the last deadline.
    ``calendar_names``: what sentences call a calendar; its key where nobody named it.
    """

    calendars: Mapping[str, CalendarSpec]
    status_date: date | None
    activities: tuple[Activity, ...]
    links: tuple[Link, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    resources: tuple[Resource, ...] = ()
    follow_on: bool = False
    calendar_names: Mapping[str, str] = field(default_factory=dict)

    def specs(self) -> dict[str, CalendarSpec]:
        """Calendars by name, then those of activities with leave."""
        own = {row.works_by: row for row in self.activities if row.leave}
        more = {name: granted(self.calendars[row.calendar], row.leave) for name, row in own.items()}
        return {**self.calendars, **more}
