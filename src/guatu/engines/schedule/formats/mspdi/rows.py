"""The rows of a project file: each activity with its dates, links, progress and baselines."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from guatu.engines.schedule.back import ActivityDates
from guatu.engines.schedule.formats.mspdi import own
from guatu.engines.schedule.formats.mspdi.codes import (
    AS_SOON,
    DAYS,
    DONE,
    ELAPSED_DAYS,
    FIXED_DURATION,
    LINK_CODES,
    MINUTES_PER_DAY,
    MINUTES_PER_ELAPSED_DAY,
    MUST_START,
    START_NO_EARLIER,
    TENTHS,
    is_elapsed,
    shown_remaining,
)
from guatu.engines.schedule.formats.mspdi.elements import (
    CLOSES,
    OPENS,
    at,
    figure,
    hours,
    put,
    put_field,
    put_pieces,
)
from guatu.engines.schedule.formats.mspdi.headings import put_baseline
from guatu.engines.schedule.formats.mspdi.layout import Layout
from guatu.engines.schedule.network import Activity, Link

Values = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class RowWriter:
    """Writes the rows of one plan; elements stand in the order of the schema."""

    layout: Layout

    def put_row(self, tasks: Element, row: Activity, outline: str, place: int) -> None:
        """Append one activity; ``outline`` is its number in the tree, ``place`` its line."""
        task = SubElement(tasks, "Task")
        for name, value in (
            ("UID", str(self.layout.uids[row.id])),
            ("ID", str(place)),
            ("Name", row.name or row.id),
            ("Active", "1"),
            ("Manual", "0"),
            ("Type", str(FIXED_DURATION)),
            ("IsNull", "0"),
            ("WBS", outline),
            ("OutlineNumber", outline),
            ("OutlineLevel", str(outline.count(".") + 1)),
            ("Priority", "500"),
            *self._timing(row),
            *_progress(row),
            *self._limits(row),
        ):
            put(task, name, value)
        for _place, link in self.layout.incoming.get(row.id, []):
            self._put_link(task, link)
        self._put_own(task, row)
        for number, agreed in sorted(self.layout.baselines.items()):
            put_baseline(task, number, agreed.get(row.id, (None, None)))

    def _timing(self, row: Activity) -> Values:
        summary = row.id in self.layout.children
        dates = self.layout.schedule.activities.get(row.id) if self.layout.schedule else None
        start, finish = self.layout.shown(row)
        yield "Start", at(start, OPENS)
        yield "Finish", at(finish, CLOSES)
        yield "Duration", hours(row.duration)
        yield "DurationFormat", str(DAYS)
        yield "EffortDriven", "0"
        yield "Estimated", "0"
        yield "Milestone", "1" if row.duration == 0 and not summary else "0"
        yield "Summary", "1" if summary else "0"
        yield from _computed(dates)

    def _limits(self, row: Activity) -> Values:
        kind, day = AS_SOON, None
        if row.fixed_start is not None:
            kind, day = MUST_START, row.fixed_start
        elif row.start_no_earlier is not None:
            kind, day = START_NO_EARLIER, row.start_no_earlier
        yield "ConstraintType", str(kind)
        yield "CalendarUID", str(self.layout.calendar_uids[row.works_by])
        yield "ConstraintDate", at(day, OPENS)
        yield "Deadline", at(self.layout.deadlines.get(row.id), CLOSES)
        yield "IgnoreResourceCalendar", "1"

    def _put_link(self, task: Element, link: Link) -> None:
        element = SubElement(task, "PredecessorLink")
        calendar = link.lag_calendar
        elapsed = calendar is not None and is_elapsed(self.layout.network.calendars[calendar])
        per_day = MINUTES_PER_ELAPSED_DAY if elapsed else MINUTES_PER_DAY
        put(element, "PredecessorUID", str(self.layout.uids[link.predecessor]))
        put(element, "Type", str(LINK_CODES[link.type]))
        put(element, "CrossProject", "0")
        put(element, "LinkLag", str(link.lag * per_day * TENTHS))
        put(element, "LagFormat", str(ELAPSED_DAYS if elapsed else DAYS))

    def _put_own(self, task: Element, row: Activity) -> None:
        figures = (
            (own.VALID, row.valid_days),
            (own.LOW, row.low),
            (own.HIGH, row.high),
            (own.LEGAL, row.legal_days),
            (own.PROMISED, row.promised_days),
        )
        for field, value in (
            (own.KEY, row.id),
            (own.CAUSE, row.cause or ""),
            (own.SPLITTABLE, "1" if row.splittable else ""),
            *((field, figure(days)) for field, days in figures),
        ):
            if value:
                put_field(task, field, value)
        mine = own.OwnTask(
            place=self.layout.uids[row.id],
            unnamed=not row.name,
            zeros=tuple(field.name for field, days in figures if days == 0),
            remaining=row.remaining,
            start_no_earlier=row.start_no_earlier if row.fixed_start else None,
            allowed_starts=row.allowed_starts,
            meeting=row.meeting,
            crash=row.crash,
            calendar=row.calendar if row.leave else "",
            leave=row.leave,
            links=tuple(
                own.OwnLink(link.predecessor, link.type, link.lag_calendar, link.id, place)
                for place, link in self.layout.incoming.get(row.id, [])
            ),
        )
        put_pieces(task, own.task_values(mine))


def _computed(dates: ActivityDates | None) -> Values:
    """Yield what was computed of a task; floats in tenths of minutes of its own calendar."""
    if dates is None:
        return
    yield "Critical", "1" if dates.critical else "0"
    yield "EarlyStart", at(dates.early_start, OPENS)
    yield "EarlyFinish", at(dates.early_finish, CLOSES)
    yield "LateStart", at(dates.late_start, OPENS)
    yield "LateFinish", at(dates.late_finish, CLOSES)
    for name, days in (("FreeSlack", dates.free_float_own), ("TotalSlack", dates.total_float_own)):
        yield name, "" if days is None else str(days * MINUTES_PER_DAY * TENTHS)


def _progress(row: Activity) -> Values:
    remaining = shown_remaining(row)
    yield "PercentComplete", str(_percent(row, remaining))
    yield "ActualStart", at(row.actual_start, OPENS)
    yield "ActualFinish", at(row.actual_finish, CLOSES)
    done = row.duration - remaining if row.actual_start is not None else 0
    yield "ActualDuration", hours(max(done, 0))
    yield "RemainingDuration", hours(remaining)


def _percent(row: Activity, remaining: int) -> int:
    if row.actual_finish is not None:
        return DONE
    if row.actual_start is None or row.duration == 0:
        return 0
    return max(0, min(DONE - 1, DONE * (row.duration - remaining) // row.duration))
