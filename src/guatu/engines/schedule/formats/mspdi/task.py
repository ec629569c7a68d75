"""One row of a project file as an activity."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypedDict
from xml.etree.ElementTree import Element

from guatu.engines.calendars import CalendarSpec, DayTable, WorkCalendar
from guatu.engines.schedule.formats.mspdi import own
from guatu.engines.schedule.formats.mspdi.codes import (
    DONE,
    ELAPSED_FORMATS,
    FINISH_NO_EARLIER,
    FINISH_NO_LATER,
    LAST_BASELINE,
    MINUTES_PER_ELAPSED_DAY,
    MUST_FINISH,
    MUST_START,
    START_NO_EARLIER,
    START_NO_LATER,
    shown_remaining,
)
from guatu.engines.schedule.formats.mspdi.document import (
    any_day,
    day,
    flag,
    in_days,
    minutes,
    required,
    text,
    verbatim,
    whole,
)
from guatu.engines.schedule.network import Activity, BadNetwork
from guatu.engines.schedule.validation import LONGEST

AROUND = 800
"""Days on either side in which a task's other end is sought, beside three times its duration."""

Named = tuple[str, CalendarSpec, DayTable]


@dataclass(frozen=True, slots=True)
class Timed:
    """An activity and the last day its row lets it finish."""

    activity: Activity
    deadline: date | None


class _Bounds(TypedDict, total=False):
    start_no_earlier: date | None
    fixed_start: date | None


@dataclass(frozen=True)
class FileTask:
    """A Task element; ``day_minutes`` is the project's working day.

    ``ours`` are the numbers of the custom fields that bear our headings: any other use of a field
    is somebody else's.
    """

    element: Element
    uid: int
    day_minutes: int
    ours: frozenset[str]

    @classmethod
    def of(cls, element: Element, day_minutes: int, ours: frozenset[str]) -> "FileTask":
        """Name the row by its UID; BadNetwork when it has none."""
        uid = required(element, "UID", f"任务「{text(element, 'Name')}」")
        return cls(element, uid, day_minutes, ours)

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        name = text(self.element, "Name")
        return f"任务「{name}」" if name else f"第{self.uid}号任务"

    @cached_property
    def level(self) -> int:
        """The outline level, 1 when not given."""
        found = whole(self.element, "OutlineLevel", self.label)
        return 1 if found is None else found

    @property
    def used(self) -> bool:
        """Whether the row is a task at all and not set inactive."""
        return not flag(self.element, "IsNull") and flag(self.element, "Active", default=True)

    @property
    def elapsed(self) -> bool:
        """Whether the duration counts day and night."""
        return whole(self.element, "DurationFormat", self.label) in ELAPSED_FORMATS

    @property
    def links(self) -> list[Element]:
        """The links that come in."""
        return self.element.findall("PredecessorLink")

    @cached_property
    def _fields(self) -> Mapping[str, str]:
        return {
            field: verbatim(row, "Value")
            for row in self.element.iterfind("ExtendedAttribute")
            if (field := text(row, "FieldID")) in self.ours
        }

    def field(self, field: own.Field) -> str:
        """Return the value of a custom field, empty when there is none."""
        return self._fields.get(str(field.id), "")

    @property
    def pieces(self) -> list[str]:
        """The pieces of what we keep with the row."""
        return [self.field(field) for field in own.PIECES]

    @cached_property
    def is_stage(self) -> bool:
        """Whether we wrote the row as the heading of a stage."""
        return self.field(own.PIECES[0]) == own.STAGE

    def refuse_as_activity(self) -> None:
        """Refuse a stage's heading that was given what only work can have."""
        for name, said in (("PredecessorLink", "前置任务"), ("Deadline", "期限")):
            value = self.element.find(name)
            if value is not None and "".join(value.itertext()).strip() not in {"", "NA"}:
                raise BadNetwork(
                    f"{self.label}是阶段的汇总行，不能有{said}；请把它设在阶段下的工作上。"
                )

    @cached_property
    def kept(self) -> own.OwnTask | None:
        """What we keep with the row, None when another tool made it."""
        return own.task_from(own.joined(self.pieces))

    def day(self, name: str) -> date | None:
        """Return one of the row's dates."""
        return day(self.element, name, self.label)

    def baselines(self) -> Iterator[tuple[int, date | None, date | None]]:
        """Yield number, start and finish of each baseline."""
        for row in self.element.iterfind("Baseline"):
            number = whole(row, "Number", f"{self.label}的基线") or 0
            if 0 <= number <= LAST_BASELINE:
                start = any_day(row, "Start", f"{self.label}的基线")
                finish = any_day(row, "Finish", f"{self.label}的基线")
                if start is not None or finish is not None:
                    yield number, start, finish

    def activity(self, key: str, *, calendar: Named, parent: str | None, summary: bool) -> Timed:
        """Return the row as an activity; BadNetwork names it when something is amiss."""
        mine, name = self.kept, verbatim(self.element, "Name")
        duration = self._duration(summary=summary)
        bounds, limit = self._bounds(duration, calendar)
        if summary and mine is None:
            begun = bounds.get("fixed_start") or bounds.get("start_no_earlier")
            bounds = {"start_no_earlier": begun}
        row = Activity(
            id=key,
            name="" if mine and mine.unnamed and name == key else name,
            duration=duration,
            calendar=calendar[0],
            parent=parent,
            splittable=self.field(own.SPLITTABLE) in {"1", "true"},
            valid_days=self._figure(own.VALID),
            low=self._figure(own.LOW),
            high=self._figure(own.HIGH),
            cause=self.field(own.CAUSE) or None,
            legal_days=self._figure(own.LEGAL),
            promised_days=self._figure(own.PROMISED),
            allowed_starts=mine.allowed_starts if mine else None,
            meeting=mine.meeting if mine else "",
            crash=mine.crash if mine else (),
            leave=mine.leave if mine else (),
            remaining=mine.remaining if mine else None,
            **bounds,
        )
        if mine is not None or not summary:
            row = self._with_progress(row)
        limits = [found for found in (self.day("Deadline"), limit) if found is not None]
        return Timed(row, min(limits, default=None))

    def _duration(self, *, summary: bool) -> int:
        found = minutes(self.element, "Duration", self.label)
        if found is None:
            if summary or flag(self.element, "Milestone"):
                return 0
            raise BadNetwork(f"{self.label}缺少工期。")
        days = in_days(found, MINUTES_PER_ELAPSED_DAY if self.elapsed else self.day_minutes)
        if not 0 <= days <= LONGEST:
            raise BadNetwork(f"{self.label}的工期是{days}天，应在0到{LONGEST}天之间。")
        return days

    def _figure(self, field: own.Field) -> int | None:
        value = self.field(field).strip()
        if not value:
            return 0 if self.kept and field.name in self.kept.zeros else None
        try:
            return round(float(value))
        except (ValueError, OverflowError):
            raise BadNetwork(f"{self.label}的{field.alias}“{value[:40]}”不是数字。") from None

    def _with_progress(self, row: Activity) -> Activity:
        """Add what is done; a share done without dates is dated as the row is shown."""
        start, finish = self.day("ActualStart"), self.day("ActualFinish")
        percent = whole(self.element, "PercentComplete", self.label) or 0
        if percent >= DONE and finish is None:
            finish = self.day("Finish")
        if (percent > 0 or finish is not None) and start is None:
            start = self.day("Start") or finish
        row = replace(row, actual_start=start, actual_finish=finish)
        found = minutes(self.element, "RemainingDuration", self.label)
        if found is None:
            return row
        left = in_days(found, MINUTES_PER_ELAPSED_DAY if self.elapsed else self.day_minutes)
        if left == shown_remaining(row):
            return row
        under_way = start is not None and finish is None
        return replace(row, remaining=left if under_way and left != row.duration else None)

    def _bounds(self, duration: int, calendar: Named) -> tuple[_Bounds, date | None]:
        """Return what holds the start, and the last day the row may finish by its constraint."""
        kind = whole(self.element, "ConstraintType", self.label) or 0
        asked, shown = self.day("ConstraintDate"), self.day("Start")
        if flag(self.element, "Manual") and shown is not None:
            works = _around(calendar, shown, duration).is_working(shown)
            return ({"fixed_start": shown} if works else {"start_no_earlier": shown}), None
        if asked is None:
            return {}, None
        bounds: _Bounds = {}
        if kind == START_NO_EARLIER:
            bounds = {"start_no_earlier": asked}
        elif kind == MUST_START:
            earlier = self.kept.start_no_earlier if self.kept else None
            bounds = {"fixed_start": asked, "start_no_earlier": earlier}
        elif kind in {FINISH_NO_EARLIER, MUST_FINISH}:
            days = _around(calendar, asked, duration)
            bounds = {"start_no_earlier": _other_end(days.start, asked, duration)}
        limit = asked if kind in {FINISH_NO_LATER, MUST_FINISH} else None
        if kind == START_NO_LATER:
            limit = _other_end(_around(calendar, asked, duration).finish, asked, duration)
        return bounds, limit


def parents_of(outlined: Iterable[FileTask]) -> Mapping[int, int]:
    """Return the task above each task, by the outline levels; headings are looked through."""
    parents: dict[int, int] = {}
    above: list[tuple[int, int | None]] = []
    for task in outlined:
        while above and above[-1][0] >= task.level:
            above.pop()
        nearest = above[-1][1] if above else None
        if nearest is not None and not task.is_stage:
            parents[task.uid] = nearest
        above.append((task.level, nearest if task.is_stage else task.uid))
    return parents


def _around(calendar: Named, middle: date, duration: int) -> WorkCalendar:
    reach = AROUND + 3 * duration
    first = max(middle.toordinal() - reach, 1)
    return WorkCalendar.over(calendar[1], calendar[2], first, 2 * reach)


def _other_end(count: Callable[[date, int], date], day: date, duration: int) -> date | None:
    """Return the other end of a task, None when its calendar never lets it end."""
    try:
        return count(day, duration)
    except ValueError:
        return None
