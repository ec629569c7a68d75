"""Small random plans against a loop that tries day after day and shares no code with the engine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import (
    LEAVE_KINDS,
    CalendarSpec,
    Leave,
    every_weeks,
    shipped_table,
)
from guatu.engines.schedule import Activity, BackSchedule, Deadline, Link, Network, back_schedule

STATUS = date(2026, 9, 14)
DAY = timedelta(days=1)
TABLE = shipped_table()
HORIZON = 1_500
CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),), off=frozenset({STATUS.toordinal() + 4})),
    "summer": CalendarSpec(
        base="every-day", stop=(((9, 20), (9, 24)),), work=frozenset({STATUS.toordinal() + 8})
    ),
    "elapsed": CalendarSpec(base="every-day"),
}
MEETINGS = tuple(every_weeks(date(2026, 9, 17), 2, date(2030, 12, 31)))
OFF = {day for notice in TABLE.notices.values() for day in notice.off}
WORK = {day for notice in TABLE.notices.values() for day in notice.work}


def stopped(spec: CalendarSpec, day: date) -> bool:
    if day.toordinal() in spec.off | spec.work:
        return False
    for first, last in spec.stop:
        code = (day.month, day.day)
        if first <= last and first <= code <= last:
            return True
        if first > last and (code >= first or code <= last):
            return True
    return False


def works(spec: CalendarSpec, day: date) -> bool:
    number = day.toordinal()
    if number in spec.work or number in spec.off:
        return number in spec.work
    if stopped(spec, day):
        return False
    if spec.base == "every-day" or number in WORK:
        return True
    holidays = OFF if day.year in TABLE.notices else TABLE.statutory
    return day.weekday() < 5 and number not in holidays


def shifted(spec: CalendarSpec, day: date, lag: int) -> date:
    """The lag-th day of the calendar after (before) the day."""
    step = DAY if lag > 0 else -DAY
    for _ in range(abs(lag)):
        day += step
        while not works(spec, day):
            day += step
    return day


def has_leave(row: Activity, day: date, kind: str) -> bool:
    return any(one.kind == kind and one.first <= day <= one.last for one in row.leave)


def working(
    row: Activity, day: date, calendars: Mapping[str, CalendarSpec] = MappingProxyType(CALENDARS)
) -> bool:
    """Whether the activity works on the day, with the leave it has."""
    spec = calendars[row.calendar]
    if has_leave(row, day, "all") or (has_leave(row, day, "rest") and not stopped(spec, day)):
        return True
    if stopped(spec, day) and has_leave(row, day, "stop"):
        return works(replace(spec, stop=()), day)
    return works(spec, day)


def run(row: Activity, start: date) -> date | None:
    """The finish of an activity that starts on the day, None when it cannot."""
    spec = CALENDARS[row.calendar]
    if not working(row, start):
        return None
    day, left = start, max(row.duration, 1) - 1
    while left:
        day += DAY
        free = has_leave(row, day, "all") or has_leave(row, day, "stop")
        if stopped(spec, day) and not free and not row.splittable:
            return None
        left -= working(row, day)
    return day


def keeps(link: Link, network: Network, dates: dict[str, tuple[date, date]]) -> bool:
    before, after = dates[link.predecessor], dates[link.successor]
    calendar = {row.id: row.calendar for row in network.activities}[link.successor]
    spec = CALENDARS[link.lag_calendar or calendar]
    bound = shifted(spec, before[link.type[0] == "F"], link.lag)
    if link.type == "FS":
        return after[0] > bound
    return after[link.type[1] == "F"] >= bound


@dataclass
class DayLoop:
    """Tries every start day of every activity in turn."""

    network: Network

    def earliest(self) -> dict[str, tuple[date, date]]:
        dates: dict[str, tuple[date, date]] = {}
        for row in self.network.activities:
            incoming = [link for link in self.network.links if link.successor == row.id]
            floor = max(filter(None, [STATUS, row.start_no_earlier, row.fixed_start]))
            dates[row.id] = next(
                span
                for span in spans(row, floor, DAY)
                if all(keeps(link, self.network, {**dates, row.id: span}) for link in incoming)
            )
        return dates

    def latest(self, last: dict[str, date]) -> dict[str, tuple[date, date]]:
        dates: dict[str, tuple[date, date]] = {}
        for row in reversed(self.network.activities):
            outgoing = [link for link in self.network.links if link.predecessor == row.id]
            dates[row.id] = next(
                span
                for span in spans(row, row.fixed_start or last[row.id], -DAY)
                if span[1] <= last[row.id]
                and all(keeps(link, self.network, {**dates, row.id: span}) for link in outgoing)
            )
        return dates


def spans(row: Activity, day: date, step: timedelta) -> Iterator[tuple[date, date]]:
    for _ in range(HORIZON):
        finish = run(row, day)
        if finish is not None and (row.allowed_starts is None or day in row.allowed_starts):
            yield day, finish
        day += step


@st.composite
def leaves(draw: st.DrawFn) -> Leave:
    first = STATUS + draw(st.integers(-5, 60)) * DAY
    last = first + draw(st.integers(0, 40)) * DAY
    return Leave(first, last, draw(st.sampled_from(LEAVE_KINDS)))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    count = draw(st.integers(1, 6))
    rows = [
        Activity(
            id=f"a{number}",
            duration=draw(st.integers(0, 9)),
            calendar=draw(st.sampled_from(["office", "outdoor", "summer", "elapsed"])),
            splittable=draw(st.booleans()),
            start_no_earlier=draw(
                st.none() | st.integers(-5, 40).map(lambda days: STATUS + days * DAY)
            ),
            allowed_starts=draw(st.sampled_from([None, None, None, MEETINGS])),
            leave=tuple(draw(st.lists(leaves(), max_size=2))),
        )
        for number in range(count)
    ]
    links = [
        Link(
            predecessor=f"a{before}",
            successor=f"a{after}",
            type=draw(st.sampled_from(["FS", "SS", "FF", "SF"])),
            lag=draw(st.integers(-6, 9)),
            lag_calendar=draw(st.none() | st.sampled_from(["office", "outdoor", "elapsed"])),
        )
        for after in range(count)
        for before in range(after)
        if draw(st.booleans())
    ]
    return Network(
        calendars=CALENDARS, status_date=STATUS, activities=tuple(rows), links=tuple(links)
    )


def early(answer: BackSchedule) -> dict[str, tuple[date | None, date | None]]:
    return {key: (row.early_start, row.early_finish) for key, row in answer.activities.items()}


def late(answer: BackSchedule) -> dict[str, tuple[date | None, date | None]]:
    return {key: (row.late_start, row.late_finish) for key, row in answer.activities.items()}


@settings(max_examples=80, deadline=None)
@given(networks())
def test_dates_when_no_deadline_then_as_the_day_loop(network: Network) -> None:
    loop = DayLoop(network)
    answer = back_schedule(network)

    expected = loop.earliest()
    end = max(finish for _start, finish in expected.values())
    assert early(answer) == expected
    assert late(answer) == loop.latest({row.id: end for row in network.activities})


@settings(max_examples=80, deadline=None)
@given(networks(), st.data())
def test_dates_when_deadlines_then_late_ones_as_the_day_loop(
    network: Network, data: st.DataObject
) -> None:
    loop = DayLoop(network)
    expected = loop.earliest()
    limits = {
        key: finish + data.draw(st.integers(0, 60)) * DAY
        for key, (_start, finish) in expected.items()
        if data.draw(st.booleans())
    }
    deadlines = tuple(Deadline(key, finish) for key, finish in limits.items())
    answer = back_schedule(replace(network, deadlines=deadlines))

    end = max([finish for _start, finish in expected.values()] + list(limits.values()))
    assert answer.feasible
    assert early(answer) == expected
    assert late(answer) == loop.latest(
        {row.id: limits.get(row.id, end) for row in network.activities}
    )


OFFICE = Activity(id="office", duration=0, calendar="office")


def floated(row: Activity, after: date, until: date) -> int:
    """Days d the row works with after < d ≤ until, counted one by one."""
    days = (after + number * DAY for number in range(1, (until - after).days + 1))
    return sum(working(row, day) for day in days)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_floats_when_counted_day_by_day_then_the_same(network: Network) -> None:
    answer = back_schedule(network)
    dates = DayLoop(network).earliest()
    for row in network.activities:
        found = answer.activities[row.id]
        outgoing = [link for link in network.links if link.predecessor == row.id]
        free = next(
            span
            for span in spans(row, found.late_start, -DAY)
            if all(keeps(link, network, {**dates, row.id: span}) for link in outgoing)
        )
        end, last = found.early_finish, found.late_finish
        assert (
            found.total_float_own,
            found.total_float_office,
            found.total_float_calendar_days,
            found.free_float_own,
            found.free_float_office,
            found.free_float_calendar_days,
        ) == (
            floated(row, end, last),
            floated(OFFICE, end, last),
            (last - end).days,
            floated(row, end, free[1]),
            floated(OFFICE, end, free[1]),
            (free[1] - end).days,
        )


def without(network: Network, kind: str, key: str) -> Network:
    """The plan as a clerk would change it in the file."""
    rows, part = network.activities, dict[str, object]()
    changes = {"duration": {"duration": 0}, "fixed_start": {"fixed_start": None}}
    if kind == "deadline":
        part["deadlines"] = tuple(limit for limit in network.deadlines if limit.activity != key)
    elif kind == "link":
        part["links"] = tuple(link for link in network.links if link.key != key)
    elif kind == "calendar_stop":
        lifted = replace(network.calendars[key], stop=())
        part["calendars"] = {**network.calendars, key: lifted}
    elif kind == "status_date":
        part["status_date"] = date(2021, 1, 4)
    else:
        part["activities"] = tuple(
            replace(row, **changes[kind]) if row.id == key else row for row in rows
        )
    return replace(network, **part)


def every_item(network: Network) -> set[tuple[str, str]]:
    return {
        ("status_date", ""),
        *(("deadline", limit.activity) for limit in network.deadlines),
        *(("link", link.key) for link in network.links),
        *(("duration", row.id) for row in network.activities),
        *(("fixed_start", row.id) for row in network.activities if row.fixed_start),
        *(("calendar_stop", key) for key, spec in network.calendars.items() if spec.stop),
    }


@settings(max_examples=50, deadline=None)
@given(networks(), st.data())
def test_conflict_when_infeasible_then_all_items_whose_removal_alone_is_enough(
    network: Network, data: st.DataObject
) -> None:
    expected = DayLoop(network).earliest()
    key = data.draw(st.sampled_from(sorted(expected)))
    broken_by = data.draw(st.integers(1, 30))
    limit = max(expected[key][1] - broken_by * DAY, STATUS)
    if limit == expected[key][1]:
        return
    plan = replace(network, deadlines=(Deadline(key, limit),))
    if data.draw(st.booleans()):
        rows = list(plan.activities)
        place = data.draw(st.integers(0, len(rows) - 1))
        rows[place] = replace(rows[place], fixed_start=STATUS + data.draw(st.integers(0, 30)) * DAY)
        plan = replace(plan, activities=tuple(rows))
    answer = back_schedule(plan)

    if answer.feasible:
        return
    enough = {item for item in every_item(plan) if back_schedule(without(plan, *item)).feasible}
    if enough:
        assert {(item.kind, item.id) for item in answer.conflict} == enough


@st.composite
def begun(draw: st.DrawFn) -> Network:
    """Plans of which some work is over, some has begun, and some permits lapse."""
    plan = draw(networks())
    rows = []
    for row in plan.activities:
        start = STATUS - draw(st.integers(0, 40)) * DAY
        state = draw(st.sampled_from(["open", "open", "begun", "done"]))
        if state == "begun":
            changed = replace(
                row,
                duration=max(row.duration, 1),
                actual_start=start,
                remaining=draw(st.integers(1, 9)),
            )
        elif state == "done":
            finish = min(start + draw(st.integers(0, 20)) * DAY, STATUS)
            changed = replace(row, actual_start=start, actual_finish=finish)
        else:
            changed = replace(row, valid_days=draw(st.none() | st.integers(15, 90)))
        rows.append(changed)
    return replace(plan, activities=tuple(rows))


@dataclass
class Reported:
    """The day loop for plans in progress: what is reported stands, what remains is planned."""

    network: Network

    def earliest(self, floors: dict[str, date]) -> dict[str, tuple[date, date]]:
        """The days of what remains, or of what is over."""
        dates: dict[str, tuple[date, date]] = {}
        for row in self.network.activities:
            if row.actual_start and row.actual_finish:
                dates[row.id] = (row.actual_start, row.actual_finish)
                continue
            incoming = [link for link in self.network.links if link.successor == row.id]
            seen = {**self.seen(dates), row.id: (STATUS, STATUS)}
            left = replace(row, duration=row.remaining or row.duration)
            if row.actual_start:
                left = replace(left, allowed_starts=None)
            floor = max(filter(None, [STATUS, row.start_no_earlier, floors.get(row.id)]))
            dates[row.id] = next(
                span
                for span in spans(left, floor, DAY)
                if all(keeps(link, self.network, {**seen, row.id: span}) for link in incoming)
            )
        return dates

    def seen(self, dates: dict[str, tuple[date, date]]) -> dict[str, tuple[date, date]]:
        """The same with the starts that others see: the reported ones."""
        starts = {row.id: row.actual_start for row in self.network.activities}
        return {key: (starts[key] or span[0], span[1]) for key, span in dates.items()}

    def waiting(self) -> dict[str, tuple[date, date]] | None:
        """The days when permits are taken out a day later as long as they lapse before use."""
        rows = {row.id: row for row in self.network.activities}
        floors: dict[str, date] = {}
        for _day in range(HORIZON):
            dates = self.earliest(floors)
            lapsing = {
                link.predecessor
                for link in self.network.links
                if (valid := rows[link.predecessor].valid_days) is not None
                and not rows[link.successor].actual_start
                and dates[link.successor][0] > dates[link.predecessor][1] + valid * DAY
            }
            if not lapsing:
                return self.seen(dates)
            for key in lapsing:
                floors[key] = dates[key][0] + DAY
        return None


@settings(max_examples=60, deadline=None)
@given(begun())
def test_dates_when_work_is_under_way_and_permits_lapse_then_as_the_day_loop(
    network: Network,
) -> None:
    answer = back_schedule(network)
    if answer.feasible:
        assert early(answer) == Reported(network).waiting()


@settings(max_examples=40, deadline=None)
@given(networks(), st.data())
def test_dates_when_rows_lie_under_a_summary_then_as_if_each_were_linked(
    network: Network, data: st.DataObject
) -> None:
    inner = [row.id for row in network.activities[1:-1] if data.draw(st.booleans())]
    if not inner:
        return
    first, last = network.activities[0].id, network.activities[-1].id
    into, out = data.draw(st.sampled_from(["FS", "SS"])), data.draw(st.sampled_from(["FS", "FF"]))
    summary = Activity(id="s", duration=0, calendar="office")
    rows = [replace(row, parent="s" if row.id in inner else None) for row in network.activities]
    grouped = replace(
        network,
        activities=(summary, *rows),
        links=(
            *network.links,
            Link(predecessor=first, successor="s", type=into, lag=2, id="in"),
            Link(predecessor="s", successor=last, type=out, lag=1, id="out"),
        ),
    )
    each = [
        *(Link(predecessor=first, successor=key, type=into, lag=2, id=f"i{key}") for key in inner),
        *(Link(predecessor=key, successor=last, type=out, lag=1, id=f"o{key}") for key in inner),
    ]
    loop = DayLoop(replace(network, links=(*network.links, *each)))
    answer, expected = back_schedule(grouped), loop.earliest()
    end = max(finish for _start, finish in expected.values())
    latest = loop.latest({row.id: end for row in network.activities})
    spans_of = {"early": expected, "late": latest}
    for word, found in (("early", early(answer)), ("late", late(answer))):
        dates = spans_of[word]
        assert {key: found[key] for key in dates} == dates
        starts, finishes = zip(*(dates[key] for key in inner), strict=True)
        assert found["s"] == (min(starts), max(finishes))
