"""The XML of Microsoft Project as a plan of ours; nothing partial: one sentence, or all of it.

What the format has and we do not is brought over by its meaning: a start no later than a day
becomes a deadline, a finish no earlier than a day an earliest start, a manually scheduled task a
fixed start.  Parts of days count as whole ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from xml.etree.ElementTree import Element

from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR, CalendarSpec, DayTable
from guatu.engines.schedule.formats.mspdi import own
from guatu.engines.schedule.formats.mspdi.calendars import FileCalendars, Span
from guatu.engines.schedule.formats.mspdi.codes import (
    ELAPSED_FORMATS,
    LINK_CODES,
    LINK_TYPES,
    MINUTES_PER_DAY,
    MINUTES_PER_ELAPSED_DAY,
    PERCENT_FORMATS,
    SUMMARY_OF_ALL,
    TENTHS,
    BaselineRows,
    is_elapsed,
)
from guatu.engines.schedule.formats.mspdi.document import (
    day,
    flag,
    in_days,
    number,
    required,
    text,
    whole,
)
from guatu.engines.schedule.formats.mspdi.layout import YEARS_AFTER, YEARS_BEFORE
from guatu.engines.schedule.formats.mspdi.resources import FileResources
from guatu.engines.schedule.formats.mspdi.task import FileTask, Timed, parents_of
from guatu.engines.schedule.network import (
    Activity,
    BadNetwork,
    Deadline,
    Link,
    Network,
)

ELAPSED = "日历日"
"""What a calendar is called that had to be added for elapsed days."""
STANDARD = "标准"
MOST_YEARS = 40
DAY_MINUTES = range(30, MINUTES_PER_ELAPSED_DAY + 1)


@dataclass(frozen=True)
class MspdiPlan:
    """What a file holds: the plan, its baselines by number, and the dates it was shown with."""

    title: str
    network: Network
    baselines: Mapping[int, BaselineRows]
    dates: BaselineRows


@dataclass(frozen=True)
class ProjectReader:
    """One file being read."""

    project: Element
    table: DayTable

    def plan(self) -> MspdiPlan:
        """Return all that is in the file; BadNetwork when it is not a plan."""
        timed = self._timed
        network = Network(
            calendars=self._specs,
            status_date=self._status([row.activity for row in timed]),
            activities=tuple(row.activity for row in self._ordered(timed)),
            links=self._links(timed),
            deadlines=self._deadlines(timed),
            resources=self._resources.shared(self._own.undeclared if self._own else ()),
        )
        return MspdiPlan(
            title=text(self.project, "Title") or text(self.project, "Name"),
            network=network,
            baselines=self._baselines(),
            dates={
                self._keys[task.uid]: (task.day("Start"), task.day("Finish"))
                for task in self._tasks
            },
        )

    @cached_property
    def _rows(self) -> Mapping[int, FileTask]:
        """Every row of the file by UID, also those that are no activities."""
        rows: dict[int, FileTask] = {}
        for element in self.project.iterfind("Tasks/Task"):
            task = FileTask.of(element, self._day_minutes, self._our_fields)
            if task.uid in rows:
                both = (rows[task.uid].label, task.label)
                said = "、".join(dict.fromkeys(both))
                raise BadNetwork(f"{said}的编号{task.uid}在文件里用了两次。")
            rows[task.uid] = task
        return rows

    @cached_property
    def _our_fields(self) -> frozenset[str]:
        headings = {str(field.id): field.alias for field in own.FIELDS}
        defined = self.project.iterfind("ExtendedAttributes/ExtendedAttribute")
        pairs = ((text(row, "FieldID"), text(row, "Alias")) for row in defined)
        return frozenset(field for field, alias in pairs if alias and headings.get(field) == alias)

    @cached_property
    def _outlined(self) -> Sequence[FileTask]:
        """The rows of the outline: activities, and headings of stages that we wrote."""
        return [
            task
            for task in self._rows.values()
            if task.uid != SUMMARY_OF_ALL and task.level != 0 and task.used
        ]

    @cached_property
    def _tasks(self) -> Sequence[FileTask]:
        """The rows that become activities."""
        for task in self._outlined:
            if task.is_stage:
                task.refuse_as_activity()
        return [task for task in self._outlined if not task.is_stage]

    @cached_property
    def _own(self) -> own.OwnPlan | None:
        first = self._rows.get(SUMMARY_OF_ALL)
        return None if first is None else own.plan_from(own.joined(first.pieces))

    @cached_property
    def _day_minutes(self) -> int:
        found = whole(self.project, "MinutesPerDay", "项目")
        if found is not None and found not in DAY_MINUTES:
            raise BadNetwork(f"项目的每日工时是{found}分钟，应在30到1440分钟之间。")
        return found or MINUTES_PER_DAY

    @cached_property
    def _keys(self) -> Mapping[int, str]:
        """What the plan calls each task; a copy of a task does not keep the original's key."""
        keys: dict[int, str] = {}
        taken: set[str] = set()
        for task in self._tasks:
            key = task.field(own.KEY)
            if not key or key in taken:
                key = str(task.uid)
            while key in taken:
                key += "'"
            taken.add(key)
            keys[task.uid] = key
        return keys

    @cached_property
    def _parents(self) -> Mapping[int, int]:
        return parents_of(self._outlined)

    @cached_property
    def _calendars(self) -> FileCalendars:
        return FileCalendars.of(self.project)

    @cached_property
    def _standard(self) -> int | None:
        """The calendar of tasks without one; None when the file has no calendar at all."""
        uid = whole(self.project, "CalendarUID", "项目")
        if uid is not None and uid in self._calendars.elements:
            return uid
        if uid is not None and uid >= 0 and self._calendars.elements:
            raise BadNetwork(f"项目用的第{uid}号日历不存在。")
        return next(iter(self._calendars.elements), None)

    def _calendar_uid(self, task: FileTask) -> int | None:
        uid = whole(task.element, "CalendarUID", task.label)
        if uid is None or uid < 0:
            return self._standard
        if uid not in self._calendars.elements:
            raise BadNetwork(f"{task.label}用的第{uid}号日历不存在。")
        return uid

    def _calendar_name(self, task: FileTask) -> str:
        """Name a task's calendar; for one that stood for another and its leave, that other."""
        uid = self._calendar_uid(task)
        name = STANDARD if uid is None else self._calendars.name(uid)
        ours = self._own is not None and name in self._own.granted
        base = task.kept.calendar if ours and task.kept else ""
        return base if base in self._calendars.names else name

    @cached_property
    def _specs(self) -> Mapping[str, CalendarSpec]:
        """Calendars by name: the shared ones and those tasks use, elapsed days if they need it."""
        used = {self._calendar_name(task) for task in self._tasks}
        granted = self._own.granted if self._own else ()
        kept = self._own.calendars if self._own else {}
        specs: dict[str, CalendarSpec] = {}
        for uid, element in self._calendars.elements.items():
            name = self._calendars.name(uid)
            shared = flag(element, "IsBaseCalendar", default=True) and name not in granted
            if name in used or shared:
                specs[name] = self._calendars.spec(uid, self.table, self._span, kept.get(name))
        if self._standard is None and STANDARD in used:
            specs[STANDARD] = CalendarSpec()
        if self._needs_elapsed and not any(is_elapsed(spec) for spec in specs.values()):
            specs[ELAPSED] = CalendarSpec(base="every-day")
        return specs

    @cached_property
    def _elapsed(self) -> str:
        return next(name for name, spec in self._specs.items() if is_elapsed(spec))

    @cached_property
    def _needs_elapsed(self) -> bool:
        return any(
            task.elapsed or any(_is_elapsed_lag(row) for row in task.links) for task in self._tasks
        )

    @cached_property
    def _span(self) -> Span:
        """The years calendars are compared over: those of the file's dates and some after."""
        heads = (day(self.project, name, "项目") for name in ("StartDate", "FinishDate"))
        rows = (task.day(name) for task in self._tasks for name in ("Start", "Finish", "Deadline"))
        years = sorted(found.year for found in (*heads, *rows) if found is not None)
        first = max((years or [FIRST_YEAR])[0] - YEARS_BEFORE, FIRST_YEAR)
        last = min((years or [FIRST_YEAR])[-1] + YEARS_AFTER, first + MOST_YEARS, LAST_YEAR)
        start = date(first, 1, 1).toordinal()
        return Span(start, date(last, 12, 31).toordinal() - start + 1)

    @cached_property
    def _timed(self) -> Sequence[Timed]:
        """The activities, each with the deadline its row implies."""
        summaries = set(self._parents.values())
        needed = self._resources.needed_by({uid: row.label for uid, row in self._rows.items()})
        timed = []
        for task in self._tasks:
            name = self._calendar_name(task)
            calendar = self._elapsed if task.elapsed else name
            above = self._parents.get(task.uid)
            row = task.activity(
                self._keys[task.uid],
                calendar=(calendar, self._specs[calendar], self.table),
                parent=None if above is None else self._keys[above],
                summary=task.uid in summaries,
            )
            needs = needed.get(task.uid, {})
            timed.append(replace(row, activity=replace(row.activity, needs=needs)))
        return timed

    def _ordered(self, timed: Sequence[Timed]) -> Sequence[Timed]:
        """Return the activities in the order they had with us, else in that of the file."""
        places = [task.kept.place if task.kept else None for task in self._tasks]
        known = [place for place in places if place is not None]
        if len(set(known)) < len(timed):
            return timed
        return [row for _place, row in sorted(zip(known, timed, strict=True), key=_first)]

    def _links(self, timed: Sequence[Timed]) -> tuple[Link, ...]:
        durations = {row.activity.id: row.activity.duration for row in timed}
        found: list[tuple[int | None, Link]] = []
        for task in self._tasks:
            mine = list(task.kept.links) if task.kept else []
            for row in task.links:
                if (link := self._link(task, row, durations)) is None:
                    continue
                place, whole_link = self._completed(link, mine, elapsed=_is_elapsed_lag(row))
                found.append((place, whole_link))
        known = [(place, link) for place, link in found if place is not None]
        if len({place for place, _link in known}) == len(found):
            return tuple(link for _place, link in sorted(known, key=_first))
        return tuple(link for _place, link in found)

    def _link(self, task: FileTask, row: Element, durations: Mapping[str, int]) -> Link | None:
        """Return a link as the file has it, None for one to a row that is no activity."""
        uid = required(row, "PredecessorUID", f"{task.label}的前置任务")
        if flag(row, "CrossProject"):
            raise BadNetwork(f"{task.label}的前置任务在别的项目文件里，请先合并成一个文件。")
        if uid not in self._rows or uid == SUMMARY_OF_ALL:
            raise BadNetwork(f"{task.label}的前置任务（第{uid}号）不存在。")
        if self._rows[uid].is_stage:
            raise BadNetwork(f"{task.label}的前置任务是阶段的汇总行，请改为阶段下的工作。")
        if uid not in self._keys:
            return None
        code = whole(row, "Type", task.label)
        kind = LINK_TYPES.get(LINK_CODES["FS"] if code is None else code)
        if kind is None:
            raise BadNetwork(f"{task.label}的前置关系类型“{code}”不认识，应是0到3之一。")
        predecessor = self._keys[uid]
        amount = number(row, "LinkLag", task.label) or 0.0
        lag_format = whole(row, "LagFormat", task.label)
        if lag_format in PERCENT_FORMATS:
            lag = in_days(amount * durations[predecessor], 100)
        else:
            per_day = MINUTES_PER_ELAPSED_DAY if _is_elapsed_lag(row) else self._day_minutes
            lag = in_days(amount, per_day * TENTHS)
        return Link(predecessor=predecessor, successor=self._keys[task.uid], type=kind, lag=lag)

    def _completed(
        self, link: Link, mine: list[own.OwnLink], *, elapsed: bool
    ) -> tuple[int | None, Link]:
        """Add what we knew of the link, unless its unit was changed elsewhere."""
        ends = (link.predecessor, link.type)
        plain = replace(link, lag_calendar=self._elapsed if elapsed and link.lag else None)
        known = next((row for row in mine if (row.predecessor, row.type) == ends), None)
        if known is None:
            return None, plain
        mine.remove(known)
        spec = self._specs.get(known.lag_calendar or "")
        ours = known.lag_calendar is None or spec is not None
        if not ours or (link.lag and elapsed != (spec is not None and is_elapsed(spec))):
            return known.place, replace(plain, id=known.id)
        return known.place, replace(link, lag_calendar=known.lag_calendar, id=known.id)

    def _deadlines(self, timed: Sequence[Timed]) -> tuple[Deadline, ...]:
        """Return the deadlines, as we had them if none has changed."""
        rows = [(row.activity.id, row.deadline) for row in self._ordered(timed)]
        shown = {key: finish for key, finish in rows if finish is not None}
        kept: dict[str, date] = {}
        for key, finish in self._own.deadlines if self._own else ():
            kept[key] = min(kept.get(key, finish), finish)
        if self._own and kept == shown:
            return tuple(Deadline(key, finish) for key, finish in self._own.deadlines)
        return tuple(Deadline(key, finish) for key, finish in shown.items())

    def _status(self, activities: Sequence[Activity]) -> date | None:
        """Return the status date; a file without one counts from its start or last actual."""
        stated = day(self.project, "StatusDate", "项目")
        if stated is not None or (self._own and self._own.without_status):
            return stated
        start = day(self.project, "StartDate", "项目")
        actual = (found for row in activities for found in (row.actual_start, row.actual_finish))
        return max(filter(None, (start, *actual)), default=None)

    @cached_property
    def _resources(self) -> FileResources:
        return FileResources(self.project)

    def _baselines(self) -> Mapping[int, BaselineRows]:
        found: dict[int, dict[str, tuple[date | None, date | None]]] = {}
        for task in self._tasks:
            for number_, start, finish in task.baselines():
                found.setdefault(number_, {})[self._keys[task.uid]] = (start, finish)
        return dict(sorted(found.items()))


def _first(pair: tuple[int, object]) -> int:
    return pair[0]


def _is_elapsed_lag(row: Element) -> bool:
    return whole(row, "LagFormat", "前置关系") in ELAPSED_FORMATS
