"""The stages of a plan as summary rows: they order a file for its readers and are no activities."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, SubElement

from guatu.engines.calendars import WorkCalendar
from guatu.engines.schedule.formats.mspdi import own
from guatu.engines.schedule.formats.mspdi.codes import DAYS, FIXED_DURATION
from guatu.engines.schedule.formats.mspdi.elements import CLOSES, OPENS, at, hours, put, put_field
from guatu.engines.schedule.formats.mspdi.layout import Heading, Layout

Ends = tuple[date | None, date | None]


@dataclass(frozen=True)
class HeadingWriter:
    """Writes the rows of stages; ``days`` is the calendar in which their length is counted."""

    layout: Layout
    days: WorkCalendar

    def put_heading(self, tasks: Element, heading: Heading, outline: str, place: int) -> None:
        """Append a stage that lasts from its first day to its last, today and in each baseline."""
        task = SubElement(tasks, "Task")
        rows = [row for top in heading.rows for row in self.layout.with_those_under(top)]
        start, finish = _span(self.layout.shown(row) for row in rows)
        for name, value in (
            ("UID", str(heading.uid)),
            ("ID", str(place)),
            ("Name", heading.name),
            ("Active", "1"),
            ("Manual", "0"),
            ("Type", str(FIXED_DURATION)),
            ("IsNull", "0"),
            ("WBS", outline),
            ("OutlineNumber", outline),
            ("OutlineLevel", str(outline.count(".") + 1)),
            ("Priority", "500"),
            ("Start", at(start, OPENS)),
            ("Finish", at(finish, CLOSES)),
            ("Duration", hours(self._length(start, finish))),
            ("DurationFormat", str(DAYS)),
            ("Milestone", "0"),
            ("Summary", "1"),
        ):
            put(task, name, value)
        put_field(task, own.PIECES[0], own.STAGE)
        for number, agreed in sorted(self.layout.baselines.items()):
            put_baseline(task, number, _span(agreed.get(row.id, (None, None)) for row in rows))

    def _length(self, start: date | None, finish: date | None) -> int:
        if start is None or finish is None or finish < start:
            return 0
        first, last = (day.toordinal() - self.days.first for day in (start, finish))
        return int(self.days.works[max(first, 0) : max(last + 1, 0)].sum())


def put_baseline(task: Element, number: int, ends: Ends) -> None:
    """Append what a baseline says of a row, nothing where it does not know it."""
    start, finish = ends
    if start is not None or finish is not None:
        baseline = SubElement(task, "Baseline")
        put(baseline, "Number", str(number))
        put(baseline, "Start", at(start, OPENS))
        put(baseline, "Finish", at(finish, CLOSES))


def _span(ends: Iterator[Ends]) -> Ends:
    known = list(ends)
    starts = [start for start, _finish in known if start is not None]
    finishes = [finish for _start, finish in known if finish is not None]
    return min(starts, default=None), max(finishes, default=None)
