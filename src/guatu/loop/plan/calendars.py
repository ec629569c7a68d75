"""Calendars of the district: shipped ones as rows, holidays by notice over the shipped table."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from guatu.loop.models import (
    HolidayNotice,
    ReviewMeeting,
    ReviewMeetingVersion,
    WorkCalendar,
    WorkCalendarVersion,
)
from guatu.loop.plan.meetings import meetings_of
from guatu.register.campaign import act_now
from guatu.register.recording import Act, create_many
from guatu.register.versions import rows_as_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from guatu.engines.calendars import CalendarSpec, DayTable, Meetings
    from guatu.engines.calendars import WorkCalendar as WorkDays
    from guatu.engines.calendars.day_table import YearNotice


@dataclass(frozen=True)
class Calendars:
    """Calendars and review bodies by code, their names, and the table of China's working days."""

    specs: "Mapping[str, CalendarSpec]"
    names: Mapping[str, str]
    table: "DayTable"
    notices: "tuple[YearNotice, ...]" = ()
    """What the district loaded over the shipped table, by year."""
    meetings: "Mapping[str, Meetings]" = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    """Names of review bodies by code."""


def calendars_on(as_of: dt.date | None = None) -> Calendars:
    """Read what plans count by as it is or was known; three queries, five of the past."""
    rows = calendar_rows(as_of)
    bodies = _rows(ReviewMeeting, ReviewMeetingVersion, as_of)
    notices = _notices(as_of)
    return Calendars(
        specs={row.code: spec_of(row) for row in rows},
        names={row.code: row.name for row in rows},
        table=_table(notices),
        notices=notices,
        meetings={row.code: meetings_of(row) for row in bodies},
        bodies={row.code: row.name for row in bodies},
    )


def _notices(as_of: dt.date | None) -> "tuple[YearNotice, ...]":
    told = (_notice(row) for row in rows_as_of(HolidayNotice, as_of))
    return tuple(sorted(told, key=lambda notice: notice.year))


def office_rule(as_of: dt.date | None = None) -> "tuple[CalendarSpec, DayTable]":
    """Read the calendar of offices and the table beneath it; two queries.

    All China's working days where the district keeps, or then kept, no calendar of its offices.
    """
    from guatu.engines.calendars import CalendarSpec  # noqa: PLC0415 -- numpy, when first needed

    row = rows_as_of(WorkCalendar, as_of).filter(code="office").first()
    return CalendarSpec() if row is None else spec_of(row), _table(_notices(as_of))


def office_calendar(first: dt.date, last: dt.date, as_of: dt.date | None = None) -> "WorkDays":
    """Working days of offices from ``first`` to ``last``, both inclusive; two queries."""
    from guatu.engines.calendars import WorkCalendar as Laid  # noqa: PLC0415 -- as above

    spec, table = office_rule(as_of)
    return Laid.over(spec, table, first.toordinal(), (last - first).days + 1)


@lru_cache(maxsize=8)
def _table(notices: "tuple[YearNotice, ...]") -> "DayTable":
    """Lay notices over the shipped table; one table a set of notices, so that engines know it."""
    from guatu.engines.calendars import shipped_table  # noqa: PLC0415 -- numpy, when first needed

    table = shipped_table()
    return replace(table, notices={**table.notices, **{one.year: one for one in notices}})


def calendar_rows(as_of: dt.date | None = None) -> list[Any]:
    """Calendars, or their states of a past day; one query, two of the past.

    A calendar entered after the day read counts as it was first entered: plans of that day that
    were entered later still need it.
    """
    return _rows(WorkCalendar, WorkCalendarVersion, as_of)


def _rows(model: Any, versions: Any, as_of: dt.date | None) -> list[Any]:  # noqa: ANN401 -- a table with codes
    rows: list[Any] = list(rows_as_of(model, as_of).order_by("pk"))
    if as_of is not None:
        known = {row.code for row in rows}
        states: QuerySet[Any] = versions._default_manager.all()
        first = states.filter(revision=1).order_by("row_id")
        rows += [row for row in first if row.code not in known]
    return rows


def spec_of(row: Any) -> "CalendarSpec":  # noqa: ANN401 -- a calendar or a past state of one
    """Turn a calendar's row into what the engine reads."""
    from guatu.engines.calendars import CalendarSpec  # noqa: PLC0415 -- as above

    return CalendarSpec(
        base="every-day" if row.base == "every-day" else "china",
        stop=tuple((_month_day(first), _month_day(last)) for first, last in row.stop),
        off=_ordinals(row.off),
        work=_ordinals(row.work),
    )


def _notice(row: Any) -> "YearNotice":  # noqa: ANN401 -- a notice or a past state of one
    from guatu.engines.calendars.day_table import YearNotice  # noqa: PLC0415 -- as above

    return YearNotice(
        year=row.year,
        off=_ordinals(day for day, kind in row.days if kind == "off"),
        work=_ordinals(day for day, kind in row.days if kind == "work"),
        source=row.source,
        provisional=row.provisional,
    )


def _ordinals(days: Iterable[str]) -> frozenset[int]:
    return frozenset(dt.date.fromisoformat(day).toordinal() for day in days)


def _month_day(text: str) -> tuple[int, int]:
    day = dt.date.fromisoformat(f"2000-{text}")
    return day.month, day.day


def load_shipped(act: Act | None = None) -> int:
    """Insert the calendars and review bodies that ship and are not there yet; returns how many.

    A district's own changes stay.
    """
    act = act or act_now(None, "随软件提供的日历")
    calendars = [WorkCalendar(**row) for row in _shipped("calendars", WorkCalendar)]
    bodies = [ReviewMeeting(**row) for row in _shipped("meetings", ReviewMeeting)]
    create_many(act, "calendar.ship", calendars)
    create_many(act, "meeting.ship", bodies)
    return len(calendars) + len(bodies)


def _shipped(name: str, model: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- as above
    text = resources.files("guatu.loop").joinpath(f"data/{name}.json").read_text("utf-8")
    have = set(model.objects.values_list("code", flat=True))
    return [row for row in json.loads(text) if row["code"] not in have]
