"""A plan as the XML of Microsoft Project: what the format knows in its place, the rest beside it.

A working day is eight hours, 08:00–12:00 and 13:00–17:00, in every calendar; a lag in a calendar
that never rests is written in elapsed days.  Element order follows the MSPDI schema.
"""

from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from guatu.engines.calendars import DayTable, WorkCalendar
from guatu.engines.schedule.formats.mspdi import own
from guatu.engines.schedule.formats.mspdi.availability import put_periods
from guatu.engines.schedule.formats.mspdi.calendars import (
    NAMES,
    WEEK,
    exceptions_of,
    own_calendar,
    works_weekday,
)
from guatu.engines.schedule.formats.mspdi.codes import (
    DAYS,
    FIXED_DURATION,
    MINUTES_PER_DAY,
    NAMESPACE,
    SUMMARY_OF_ALL,
    WORK_RESOURCE,
)
from guatu.engines.schedule.formats.mspdi.elements import (
    CLOSES,
    OPENS,
    hours,
    put,
    put_pieces,
    put_worked,
)
from guatu.engines.schedule.formats.mspdi.layout import Layout
from guatu.engines.schedule.formats.mspdi.rows import RowWriter
from guatu.engines.schedule.network import Deadline


@dataclass(frozen=True)
class ProjectFile:
    """One plan to be written."""

    layout: Layout
    title: str
    table: DayTable

    def xml(self) -> bytes:
        """Return the file."""
        root = Element("Project", {"xmlns": NAMESPACE})
        self._put_head(root)
        self._put_fields(root)
        self._put_calendars(root)
        tasks = SubElement(root, "Tasks")
        self._put_summary_of_all(tasks)
        rows = RowWriter(self.layout)
        for place, (row, outline) in enumerate(self.layout.outlined(), start=1):
            rows.put_row(tasks, row, outline, place)
        self._put_resources(root)
        content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return content

    def _put_head(self, root: Element) -> None:
        status = self.layout.network.status_date
        for name, value in (
            ("SaveVersion", "14"),
            ("Name", f"{self.title}.xml"),
            ("Title", self.title),
            ("ScheduleFromStart", "1"),
            ("StartDate", f"{status or self.layout.days[0]}{OPENS}"),
            ("FinishDate", f"{self.layout.days[-1]}{CLOSES}"),
            ("CalendarUID", "1"),
            ("DefaultStartTime", "08:00:00"),
            ("DefaultFinishTime", "17:00:00"),
            ("MinutesPerDay", str(MINUTES_PER_DAY)),
            ("MinutesPerWeek", str(MINUTES_PER_DAY * 5)),
            ("DaysPerMonth", "20"),
            ("DefaultTaskType", str(FIXED_DURATION)),
            ("DurationFormat", str(DAYS)),
            ("WorkFormat", "2"),
            ("NewTasksAreManual", "0"),
            ("StatusDate", f"{status}{CLOSES}" if status else ""),
        ):
            put(root, name, value)

    def _put_fields(self, root: Element) -> None:
        fields = SubElement(root, "ExtendedAttributes")
        for field in own.FIELDS:
            definition = SubElement(fields, "ExtendedAttribute")
            put(definition, "FieldID", str(field.id))
            put(definition, "FieldName", field.name)
            put(definition, "Alias", field.alias)

    def _put_calendars(self, root: Element) -> None:
        calendars = SubElement(root, "Calendars")
        for name, uid in self.layout.calendar_uids.items():
            calendar = self._laid_out(name)
            element = SubElement(calendars, "Calendar")
            put(element, "UID", str(uid))
            put(element, "Name", self.layout.calendar_names[name])
            put(element, "IsBaseCalendar", "1")
            put(element, "BaseCalendarUID", "-1")
            week = SubElement(element, "WeekDays")
            for place in range(WEEK):
                weekday = SubElement(week, "WeekDay")
                put(weekday, "DayType", str(place + 1))
                put_worked(weekday, worked=works_weekday(calendar.spec, (place - 1) % WEEK))
            exceptions = SubElement(element, "Exceptions")
            for found in exceptions_of(calendar):
                exception = SubElement(exceptions, "Exception")
                put(exception, "EnteredByOccurrences", "0")
                period = SubElement(exception, "TimePeriod")
                put(period, "FromDate", f"{found.first}T00:00:00")
                put(period, "ToDate", f"{found.last}T23:59:00")
                put(exception, "Occurrences", str((found.last - found.first).days + 1))
                put(exception, "Name", NAMES[found.kind])
                put(exception, "Type", "1")
                put_worked(exception, worked=found.kind == "work")

    def _laid_out(self, name: str) -> WorkCalendar:
        spec = self.layout.specs[name]
        return WorkCalendar.over(spec, self.table, self.layout.span.first, self.layout.span.count)

    def _put_summary_of_all(self, tasks: Element) -> None:
        task = SubElement(tasks, "Task")
        put(task, "UID", str(SUMMARY_OF_ALL))
        put(task, "ID", "0")
        put(task, "Name", self.title)
        put(task, "Type", str(FIXED_DURATION))
        put(task, "OutlineNumber", "0")
        put(task, "OutlineLevel", "0")
        put(task, "Summary", "1")
        doubled = len(self.layout.deadlines) < len(self.layout.network.deadlines)
        in_order = [Deadline(key, day) for key, day in self._deadlines_by_row()]
        kept = doubled or list(self.layout.network.deadlines) != in_order
        plan = own.OwnPlan(
            calendars={
                name: own_calendar(self._laid_out(name)) for name in self.layout.network.calendars
            },
            deadlines=tuple(
                (deadline.activity, deadline.finish)
                for deadline in self.layout.network.deadlines
                if kept
            ),
            granted=tuple(name for key, name in self.layout.calendar_names.items() if key != name),
            undeclared=self.layout.undeclared,
            without_status=self.layout.network.status_date is None,
        )
        put_pieces(task, own.plan_values(plan))

    def _deadlines_by_row(self) -> list[tuple[str, date]]:
        found = self.layout.deadlines
        return [
            (row.id, found[row.id]) for row in self.layout.network.activities if row.id in found
        ]

    def _put_resources(self, root: Element) -> None:
        resources = SubElement(root, "Resources")
        uids: dict[str, int] = {}
        for uid, one in enumerate(self.layout.resources, start=1):
            uids[one.id] = uid
            resource = SubElement(resources, "Resource")
            put(resource, "UID", str(uid))
            put(resource, "ID", str(uid))
            put(resource, "Name", one.id)
            put(resource, "Type", str(WORK_RESOURCE))
            put(resource, "MaxUnits", str(one.capacity))
            put_periods(resource, one)
        assignments = SubElement(root, "Assignments")
        needs = [(row, name) for row in self.layout.network.activities for name in row.needs]
        for uid, (row, name) in enumerate(needs, start=1):
            assignment = SubElement(assignments, "Assignment")
            put(assignment, "UID", str(uid))
            put(assignment, "TaskUID", str(self.layout.uids[row.id]))
            put(assignment, "ResourceUID", str(uids[name]))
            put(assignment, "Units", str(row.needs[name]))
            put(assignment, "Work", hours(row.duration * row.needs[name]))
