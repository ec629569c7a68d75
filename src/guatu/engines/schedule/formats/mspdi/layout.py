"""What a project file must know of a plan before a line of it is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR, CalendarSpec
from guatu.engines.schedule.back import BackSchedule
from guatu.engines.schedule.formats.mspdi.calendars import Span
from guatu.engines.schedule.formats.mspdi.codes import Baselines
from guatu.engines.schedule.network import Activity, Link, Network, Resource

YEARS_BEFORE, YEARS_AFTER = 1, 3
"""How far the days of calendars are written out around the dates of the plan."""


@dataclass(frozen=True)
class Layout:
    """One plan with its numbering; ``baselines`` are numbered 0 to 10."""

    network: Network
    schedule: BackSchedule | None
    baselines: Baselines

    @cached_property
    def uids(self) -> Mapping[str, int]:
        """The UID of each activity."""
        return {row.id: uid for uid, row in enumerate(self.network.activities, start=1)}

    @cached_property
    def calendar_uids(self) -> Mapping[str, int]:
        """The UID of each calendar, those of activities with leave behind the plan's own."""
        return {name: uid for uid, name in enumerate(self.specs, start=1)}

    @cached_property
    def specs(self) -> Mapping[str, CalendarSpec]:
        """The calendars activities work by."""
        return self.network.specs()

    @cached_property
    def calendar_names(self) -> Mapping[str, str]:
        """What the file calls them: those with leave are numbered, for names must be short."""
        names = {name: name for name in self.network.calendars}
        base = {row.works_by: row.calendar for row in self.network.activities if row.leave}
        for place, (key, calendar) in enumerate(base.items(), start=1):
            name = f"{calendar}＋获准施工{place}"
            while name in names.values():
                name += "＋"
            names[key] = name
        return names

    @cached_property
    def resources(self) -> Sequence[Resource]:
        """Resources; the undeclared ones as large as anyone needs them."""
        undeclared = (
            Resource(name, max(row.needs.get(name, 0) for row in self.network.activities))
            for name in self.undeclared
        )
        return [*self.network.resources, *undeclared]

    @cached_property
    def undeclared(self) -> tuple[str, ...]:
        """Resources that are needed while nobody said how many there are."""
        declared = {resource.id for resource in self.network.resources}
        needed = (name for row in self.network.activities for name in row.needs)
        return tuple(dict.fromkeys(name for name in needed if name not in declared))

    @cached_property
    def children(self) -> Mapping[str | None, list[Activity]]:
        """The rows under each summary, and under None those on top."""
        children: dict[str | None, list[Activity]] = {}
        for row in self.network.activities:
            children.setdefault(row.parent, []).append(row)
        return children

    @cached_property
    def incoming(self) -> Mapping[str, list[tuple[int, Link]]]:
        """The links into each activity with their place in the plan."""
        incoming: dict[str, list[tuple[int, Link]]] = {}
        for place, link in enumerate(self.network.links):
            incoming.setdefault(link.successor, []).append((place, link))
        return incoming

    @cached_property
    def deadlines(self) -> Mapping[str, date]:
        """The first deadline of each activity that has one."""
        found: dict[str, date] = {}
        for deadline in self.network.deadlines:
            known = found.get(deadline.activity, deadline.finish)
            found[deadline.activity] = min(known, deadline.finish)
        return found

    @cached_property
    def days(self) -> Sequence[date]:
        """Every date of the plan, in order."""
        days = {deadline.finish for deadline in self.network.deadlines}
        days |= {self.network.status_date} if self.network.status_date else set()
        for row in self.network.activities:
            named = (row.start_no_earlier, row.fixed_start, row.actual_start, row.actual_finish)
            days.update(filter(None, named))
        for dates in (self.schedule.activities if self.schedule else {}).values():
            days.update(filter(None, (dates.early_start, dates.early_finish, dates.late_finish)))
        for rows in self.baselines.values():
            days.update(day for pair in rows.values() for day in pair if day is not None)
        return sorted(days)

    @cached_property
    def span(self) -> Span:
        """The years calendars are written out over."""
        first = max(self.days[0].year - YEARS_BEFORE, FIRST_YEAR)
        last = min(self.days[-1].year + YEARS_AFTER, LAST_YEAR)
        start = date(first, 1, 1).toordinal()
        return Span(start, date(max(first, last), 12, 31).toordinal() - start + 1)

    def outlined(self) -> Iterator[tuple[Activity, str]]:
        """Yield the rows top down with their outline number."""
        waiting = [(row, f"{n}") for n, row in enumerate(self.children.get(None, []), start=1)]
        waiting.reverse()
        while waiting:
            row, outline = waiting.pop()
            yield row, outline
            under = self.children.get(row.id, [])
            waiting += [(child, f"{outline}.{n}") for n, child in enumerate(under, start=1)][::-1]
