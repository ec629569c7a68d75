"""Laying a network out as arrays over a horizon of days."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from guatu.engines.calendars import DayTable
from guatu.engines.schedule.activity import Activity, Draft
from guatu.engines.schedule.calendar_stack import ELAPSED, CalendarStack
from guatu.engines.schedule.family import Family
from guatu.engines.schedule.levels import Ints, Ways
from guatu.engines.schedule.plan import NONE, Flags, Links, Plan, Validities

PADDING = 3


def lay_out(network: Draft, table: DayTable, *, first: int, stack: CalendarStack) -> Plan:
    """Turn a network into arrays over the days of ``stack``, which begin at ordinal ``first``.

    The stack holds the network's calendars with at least the padding of `padding_of`.
    """
    return _Layout(network, table, first, stack).plan()


def padding_of(network: Draft) -> int:
    """Return how far beside the horizon the network's durations and lags may reach."""
    longest = max((max(row.duration, row.remaining or 0) for row in network.activities), default=0)
    return longest + max((abs(link.lag) for link in network.links), default=0) + PADDING


@dataclass
class _Layout:
    """The parts of a layout share the rows, the tree and the calendars."""

    network: Draft
    table: DayTable
    first: int
    stack: CalendarStack

    def __post_init__(self) -> None:
        rows = self.network.activities
        self.family = Family.of(rows)
        self.rows = tuple(row for row in rows if row.id not in self.family.children)
        self.node = {row.id: place for place, row in enumerate(self.rows)}
        self.place = {name: place for place, name in enumerate(self.stack.names) if name}
        self.pins = [
            _pin(row, self._calendar(row), self.network.status_date) if row.actual_start else None
            for row in self.rows
        ]
        self.begun: dict[int, int] = {}

    def plan(self) -> Plan:
        """Put the parts together; links come first because they find the started activities."""
        links = self._links()
        rows, total = self.rows, len(self.rows) + len(self.begun)
        begun = [rows[place].actual_start for place in self.begun]
        starts = [self._offset(pin[0] if pin else None) for pin in self.pins]
        finishes = [self._offset(pin[1] if pin else None) for pin in self.pins]
        status = self.network.status_date
        return Plan(
            network=self.network,
            table=self.table,
            family=self.family,
            rows=rows,
            first=self.first,
            stack=self.stack,
            calendar=self._column([self.place[row.works_by] for row in rows], ELAPSED),
            duration=self._column([max(self._left(row), 1) for row in rows], 1),
            status=self._column([max(self._offset(status), 0)] * len(rows), 0),
            earliest=self._column(self._earliest(), 0),
            fixed=self._column(
                [NONE if row.actual_start else self._offset(row.fixed_start) for row in rows], NONE
            ),
            unsplittable=self._column([not row.splittable for row in rows], 0).astype(np.bool_),
            pinned=self._column([pin is not None for pin in self.pins], 1).astype(np.bool_),
            pinned_start=np.array(starts + [self._offset(day) for day in begun], dtype=np.int64),
            pinned_finish=np.array(finishes + [self._offset(day) for day in begun], dtype=np.int64),
            allowed=self._allowed(),
            links=links,
            validities=self._validities(),
            deadline=self._column(self._deadlines(), NONE),
            ways=Ways(total, links.source, links.target),
        )

    def _left(self, row: Activity) -> int:
        """Return the days still to do; most rows are not begun, and ask no calendar."""
        if row.actual_start is None and row.remaining is None:
            return row.duration
        return left(row, self._calendar(row), self.network.status_date)

    def _calendar(self, row: Activity) -> "_Days":
        return _Days(self.stack, self.place[row.works_by], self.first)

    def _offset(self, day: date | None) -> int:
        return NONE if day is None else day.toordinal() - self.first

    def _column(self, values: list[int], rest: int) -> Ints:
        return np.array([*values, *[rest] * len(self.begun)], dtype=np.int64)

    def _earliest(self) -> list[int]:
        """Take ``start_no_earlier`` from the row and every row above it."""
        own = {row.id: row.start_no_earlier for row in self.network.activities}
        if not any(own.values()):
            return [0] * len(self.rows)
        found = []
        for row in self.rows:
            day, above = 0, row.id
            while above:
                day = max(day, self._offset(own[above]))
                above = self.family.parent.get(above, "")
            found.append(day)
        return found

    def _deadlines(self) -> list[int]:
        """Return the earliest deadline of each row, its own or of a row above."""
        found = [NONE] * len(self.rows)
        for deadline in self.network.deadlines:
            day = self._offset(deadline.finish)
            for leaf in self.family.leaves(deadline.activity):
                place = self.node[leaf]
                if self.pins[place] is None:
                    found[place] = day if found[place] == NONE else min(found[place], day)
        return found

    def _allowed(self) -> dict[int, Ints]:
        return {
            place: _ordinals(row.allowed_starts) - self.first
            for place, row in enumerate(self.rows)
            if row.allowed_starts is not None and row.actual_start is None
        }

    def _links(self) -> Links:
        """Expand links of summaries to their rows; leave out what binds a finished row."""
        links = self.network.links
        before, after, owner = self._ends()
        types = [link.type for link in links]
        lags = np.array([link.lag for link in links], dtype=np.int64)
        given = [self.place[link.lag_calendar] if link.lag_calendar else NONE for link in links]
        over = np.array([pin is not None for pin in self.pins], dtype=np.bool_)
        kept = ~over[after]
        source, target, owner = before[kept], after[kept], owner[kept]
        from_finish = np.array([kind[0] == "F" for kind in types], dtype=np.bool_)[owner]
        calendar = np.array([self.place[row.calendar] for row in self.rows], dtype=np.int64)
        counted = np.array(given, dtype=np.int64)[owner]
        counted = np.where(counted == NONE, calendar[target], counted)
        lag = lags[owner]
        return Links(
            source=self._sources(source, from_finish, over),
            target=target,
            from_finish=from_finish,
            to_finish=np.array([kind[1] == "F" for kind in types], dtype=np.bool_)[owner],
            lag=lag,
            # Without a lag it is the days as they come.
            lag_calendar=np.where(lag == 0, ELAPSED, counted),
            owner=owner,
            active=np.ones(len(source), dtype=np.bool_),
        )

    def _ends(self) -> tuple[Ints, Ints, Ints]:
        """Return the nodes each link runs between, and the place of the link it comes from."""
        links, node = self.network.links, self.node
        if not self.family.children:
            before = [node[link.predecessor] for link in links]
            after = [node[link.successor] for link in links]
            owner = list(range(len(links)))
        else:
            ends = [
                (node[first], node[then], place)
                for place, link in enumerate(links)
                for first in self.family.leaves(link.predecessor)
                for then in self.family.leaves(link.successor)
            ]
            before, after, owner = ([end[side] for end in ends] for side in range(3))
        return (
            np.array(before, dtype=np.int64),
            np.array(after, dtype=np.int64),
            np.array(owner, dtype=np.int64),
        )

    def _sources(self, source: Ints, from_finish: Flags, over: Flags) -> Ints:
        """Return the nodes links leave from: a start that is past stands by itself."""
        started = np.array([row.actual_start is not None for row in self.rows], dtype=np.bool_)
        moved = source.copy()
        for link in np.flatnonzero(~from_finish & (started & ~over)[source]).tolist():
            moved[link] = self.begun.setdefault(int(source[link]), len(self.rows) + len(self.begun))
        return moved

    def _validities(self) -> Validities:
        """List permit, user and days of every link out of a row that is valid for a time only."""
        found: set[tuple[int, int, int]] = set()
        permits = {row.id: row.valid_days for row in self.rows if row.valid_days is not None}
        if permits:
            for link in self.network.links:
                days = permits.get(link.predecessor)
                for after in self.family.leaves(link.successor) if days is not None else ():
                    if self.rows[self.node[after]].actual_start is None and days is not None:
                        found.add((self.node[link.predecessor], self.node[after], days))
        table = np.array(sorted(found), dtype=np.int64).reshape(-1, 3)
        return Validities(permit=table[:, 0], user=table[:, 1], days=table[:, 2])


@lru_cache(maxsize=64)
def _ordinals(days: tuple[date, ...]) -> Ints:
    """Return days in their order as ordinals; one body's days recur from plan to plan."""
    return np.array(sorted(day.toordinal() for day in days), dtype=np.int64)


@dataclass(frozen=True)
class _Days:
    """One calendar of the stack, asked by date."""

    stack: CalendarStack
    place: int
    first: int

    def worked(self, start: date, until: date) -> int:
        """Count working days from ``start`` to the day before ``until``."""
        before = self.stack.calendars[self.place].before
        return int(before[until.toordinal() - self.first] - before[start.toordinal() - self.first])

    def last_before(self, day: date, floor: date) -> date:
        """Return the last working day before ``day``, not before ``floor``."""
        calendar = self.stack.calendars[self.place]
        earlier = int(calendar.before[day.toordinal() - self.first])
        found = self.first + int(calendar.days[earlier - 1]) if earlier else 0
        return date.fromordinal(max(found, floor.toordinal()))


def left(row: Activity, calendar: _Days, status_date: date | None) -> int:
    """Return the working days still to do.

    Reported days win; otherwise the duration less what was worked since the start, at least one
    as long as nobody has reported the finish.
    """
    if row.remaining is not None:
        return row.remaining
    if row.actual_start is None or status_date is None:
        return row.duration
    return max(row.duration - calendar.worked(row.actual_start, status_date), 1)


def _pin(row: Activity, calendar: _Days, status_date: date | None) -> tuple[date, date] | None:
    """Return start and finish of a row that is over; a started milestone is, and one with 0 left.

    Work of which nothing remains is taken to have ended on the last working day before the status
    date when its finish was not reported.
    """
    if row.actual_start is None or status_date is None:
        return None
    if row.actual_finish is not None:
        return row.actual_start, row.actual_finish
    if row.duration == 0:
        return row.actual_start, row.actual_start
    if row.remaining == 0:
        return row.actual_start, calendar.last_before(status_date, row.actual_start)
    return None
