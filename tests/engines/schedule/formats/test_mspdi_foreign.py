"""Project files other tools write: their meaning is brought over, the rest degrades plainly."""

from datetime import date, timedelta

import pytest

from guatu.engines.calendars import CalendarSpec, DayTable, WorkCalendar, shipped_table
from guatu.engines.schedule import Activity, Deadline, Link, Network
from guatu.engines.schedule.formats.mspdi import read_mspdi, read_mspdi_plan

TABLE = shipped_table()
FULL_WEEK = "".join(
    f"<WeekDay><DayType>{kind}</DayType><DayWorking>1</DayWorking></WeekDay>"
    for kind in range(1, 8)
)


def project(tasks: str, calendar: str = "", head: str = "", rest: str = "") -> bytes:
    return (
        '<Project xmlns="http://schemas.microsoft.com/project"><Title>示例</Title>'
        f"<StartDate>2026-03-02T08:00:00</StartDate>{head}"
        f"<Calendars><Calendar><UID>1</UID><Name>标准</Name>{calendar}</Calendar></Calendars>"
        f"<Tasks>{tasks}</Tasks>{rest}</Project>"
    ).encode()


def task(uid: int, *parts: str, hours: int = 8) -> str:
    return (
        f"<Task><UID>{uid}</UID><Name>工作{uid}</Name><Duration>PT{hours}H0M0S</Duration>"
        f"{''.join(parts)}</Task>"
    )


def only(data: bytes) -> Activity:
    return read_mspdi(data).activities[0]


def test_file_when_it_holds_two_bare_tasks_then_they_start_with_the_project() -> None:
    link = "<PredecessorLink><PredecessorUID>1</PredecessorUID></PredecessorLink>"
    data = (
        b"<Project><StartDate>2026-03-02T08:00:00</StartDate><Tasks>"
        + task(1, hours=12).encode()
        + task(2, link).encode()
        + b"</Tasks></Project>"
    )
    assert read_mspdi(data) == Network(
        calendars={"标准": CalendarSpec()},
        status_date=date(2026, 3, 2),
        activities=(
            Activity(id="1", name="工作1", duration=2, calendar="标准"),
            Activity(id="2", name="工作2", duration=1, calendar="标准"),
        ),
        links=(Link(predecessor="1", successor="2"),),
    )


@pytest.mark.parametrize(
    ("kind", "start_no_earlier", "fixed_start", "deadline"),
    [
        (0, None, None, None),
        (1, None, None, None),
        (2, None, date(2026, 6, 1), None),
        (3, date(2026, 5, 28), None, date(2026, 6, 1)),
        (4, date(2026, 6, 1), None, None),
        (5, None, None, date(2026, 6, 3)),
        (6, date(2026, 5, 28), None, None),
        (7, None, None, date(2026, 6, 1)),
    ],
)
def test_constraint_when_of_each_type_then_by_its_meaning(
    kind: int,
    start_no_earlier: date | None,
    fixed_start: date | None,
    deadline: date | None,
) -> None:
    rule = f"<ConstraintType>{kind}</ConstraintType>"
    network = read_mspdi(
        project(task(1, rule, "<ConstraintDate>2026-06-01T08:00:00</ConstraintDate>", hours=24))
    )
    row = network.activities[0]
    assert (row.start_no_earlier, row.fixed_start) == (start_no_earlier, fixed_start)
    assert network.deadlines == (() if deadline is None else (Deadline("1", deadline),))


def test_manual_task_when_shown_on_a_day_then_fixed_to_it() -> None:
    parts = ("<Manual>1</Manual>", "<Start>2026-04-01T08:00:00</Start>")
    assert only(project(task(1, *parts))).fixed_start == date(2026, 4, 1)


def test_manual_task_when_shown_on_a_sunday_then_not_before_it() -> None:
    parts = ("<Manual>1</Manual>", "<Start>2026-04-05T08:00:00</Start>")
    row = only(project(task(1, *parts)))
    assert (row.fixed_start, row.start_no_earlier) == (None, date(2026, 4, 5))


def test_inactive_and_empty_rows_when_read_then_left_out_with_their_links() -> None:
    link = "<PredecessorLink><PredecessorUID>1</PredecessorUID></PredecessorLink>"
    network = read_mspdi(
        project(
            task(1, "<Active>0</Active>")
            + "<Task><UID>2</UID><IsNull>1</IsNull></Task>"
            + task(3, link)
        )
    )
    assert ([row.id for row in network.activities], network.links) == (["3"], ())


def test_outline_when_levels_rise_and_fall_then_parents_follow() -> None:
    levels = {1: 1, 2: 2, 3: 4, 4: 2, 5: 1}
    rows = [task(uid, f"<OutlineLevel>{level}</OutlineLevel>") for uid, level in levels.items()]
    network = read_mspdi(project("".join(rows)))
    assert {row.id: row.parent for row in network.activities} == {
        "1": None,
        "2": "1",
        "3": "2",
        "4": "1",
        "5": None,
    }


@pytest.mark.parametrize(
    ("lag", "lag_format", "days", "calendar"),
    [
        (9_600, 7, 2, None),
        (9_600, 5, 2, None),
        (5_000, 7, 2, None),
        (-9_600, 7, -2, None),
        (43_200, 8, 3, "日历日"),
        (50, 19, 2, None),
        (0, 8, 0, None),
    ],
)
def test_lag_when_in_each_unit_then_in_whole_days(
    lag: int, lag_format: int, days: int, calendar: str | None
) -> None:
    link = (
        "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>3</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{lag_format}</LagFormat></PredecessorLink>"
    )
    assert read_mspdi(project(task(1, hours=32) + task(2, link))).links == (
        Link(predecessor="1", successor="2", type="SS", lag=days, lag_calendar=calendar),
    )


def test_elapsed_duration_when_read_then_in_a_calendar_that_never_rests() -> None:
    network = read_mspdi(project(task(1, "<DurationFormat>8</DurationFormat>", hours=72)))
    row = network.activities[0]
    assert (row.duration, row.calendar) == (3, "日历日")
    assert network.calendars["日历日"] == CalendarSpec(base="every-day")


def test_progress_when_only_a_share_is_known_then_dated_as_shown() -> None:
    row = only(
        project(
            task(
                1,
                "<Start>2026-03-03T08:00:00</Start>",
                "<PercentComplete>25</PercentComplete>",
                "<RemainingDuration>PT24H0M0S</RemainingDuration>",
                hours=32,
            )
        )
    )
    assert (row.actual_start, row.actual_finish, row.remaining) == (date(2026, 3, 3), None, 3)


def test_custom_fields_when_somebody_elses_then_not_taken_for_ours() -> None:
    field = "<ExtendedAttribute><FieldID>{}</FieldID>{}</ExtendedAttribute>"
    defined = field.format(188743767, "<Alias>单价</Alias>")
    row = only(
        project(
            task(1, field.format(188743767, "<Value>350</Value>")),
            head=f"<ExtendedAttributes>{defined}</ExtendedAttributes>",
        )
    )
    assert (row.id, row.valid_days) == ("1", None)


def test_resources_when_read_then_crews_count_and_material_does_not() -> None:
    rest = (
        "<Resources><Resource><UID>0</UID></Resource>"
        "<Resource><UID>1</UID><Name>电工班</Name><Type>1</Type><MaxUnits>2.0</MaxUnits></Resource>"
        "<Resource><UID>2</UID><Name>水泥</Name><Type>0</Type></Resource></Resources>"
        "<Assignments>"
        "<Assignment><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID><Units>1.5</Units></Assignment>"
        "<Assignment><TaskUID>1</TaskUID><ResourceUID>2</ResourceUID><Units>9</Units></Assignment>"
        "<Assignment><TaskUID>1</TaskUID><ResourceUID>-65535</ResourceUID></Assignment>"
        "</Assignments>"
    )
    network = read_mspdi(project(task(1), rest=rest))
    assert [(row.id, row.capacity) for row in network.resources] == [("电工班", 2)]
    assert network.activities[0].needs == {"电工班": 2}


def test_baseline_when_before_the_table_of_days_then_still_read() -> None:
    baseline = (
        "<Baseline><Number>1</Number><Start>2018-05-02T08:00:00</Start></Baseline>"
        "<Baseline><Number>11</Number><Start>2018-05-02T08:00:00</Start></Baseline>"
    )
    plan = read_mspdi_plan(project(task(1, baseline)))
    assert plan.baselines == {1: {"1": (date(2018, 5, 2), None)}}


def days_off(calendar: str, first: date, last: date, table: DayTable = TABLE) -> list[str]:
    """The days of a full week's calendar that an exception takes out."""
    spec = read_mspdi(project(task(1), f"<WeekDays>{FULL_WEEK}</WeekDays>{calendar}")).calendars
    count = (last - first).days + 1
    laid = WorkCalendar.over(spec["标准"], table, first.toordinal(), count)
    days = (first + timedelta(days=place) for place in range(count))
    return [day.isoformat() for day in days if not laid.is_working(day)]


def exception(kind: int, first: str, last: str, **parts: int) -> str:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    return (
        "<Exceptions><Exception><TimePeriod>"
        f"<FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate></TimePeriod>"
        f"<Type>{kind}</Type>{inside}<DayWorking>0</DayWorking></Exception></Exceptions>"
    )


FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("calendar", "days"),
    [
        (exception(1, "2026-06-01", "2026-06-03"), ["2026-06-01", "2026-06-02", "2026-06-03"]),
        (exception(2, "2026-01-01", "2030-12-31", Month=9, MonthDay=1), ["2026-10-01"]),
        (
            exception(3, "2026-01-01", "2030-12-31", Month=4, MonthItem=4, MonthPosition=4),
            ["2026-05-25"],
        ),
        (
            exception(4, "2026-05-01", "2026-10-31", MonthDay=15, Period=2),
            ["2026-05-15", "2026-07-15", "2026-09-15"],
        ),
        (
            exception(5, "2026-05-01", "2026-07-31", MonthItem=8, MonthPosition=1, Period=1),
            ["2026-05-08", "2026-06-12", "2026-07-10"],
        ),
        (
            exception(5, "2026-05-01", "2026-06-30", MonthItem=1, MonthPosition=4, Period=1),
            ["2026-05-29", "2026-06-30"],
        ),
        (
            exception(6, "2026-06-01", "2026-06-28", DaysOfWeek=66, Period=2),
            ["2026-06-01", "2026-06-06", "2026-06-15", "2026-06-20"],
        ),
    ],
)
def test_exception_when_it_comes_back_then_on_those_days(calendar: str, days: list[str]) -> None:
    assert days_off(calendar, FIRST, LAST) == days


def test_work_week_when_it_has_a_period_then_its_pattern_holds_there() -> None:
    week = (
        "<WorkWeeks><WorkWeek><TimePeriod><FromDate>2026-06-01T00:00:00</FromDate>"
        "<ToDate>2026-06-14T23:59:00</ToDate></TimePeriod><WeekDays><WeekDay><DayType>1</DayType>"
        "<DayWorking>0</DayWorking></WeekDay></WeekDays></WorkWeek></WorkWeeks>"
    )
    assert days_off(week, FIRST, LAST) == ["2026-06-07", "2026-06-14"]


def test_exception_when_of_the_oldest_kind_then_read_too() -> None:
    old = (
        "<WeekDays><WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod>"
        "<FromDate>2026-07-01T00:00:00</FromDate><ToDate>2026-07-02T23:59:00</ToDate></TimePeriod>"
        f"</WeekDay>{FULL_WEEK}</WeekDays>"
    )
    spec = read_mspdi(project(task(1), old)).calendars["标准"]
    assert spec == CalendarSpec(
        base="every-day",
        off=frozenset({date(2026, 7, 1).toordinal(), date(2026, 7, 2).toordinal()}),
    )


def test_calendar_when_derived_then_its_base_shows_through() -> None:
    derived = (
        "<Calendar><UID>2</UID><Name>甲班</Name><IsBaseCalendar>0</IsBaseCalendar>"
        "<BaseCalendarUID>1</BaseCalendarUID><WeekDays><WeekDay><DayType>1</DayType>"
        "<DayWorking>0</DayWorking></WeekDay></WeekDays></Calendar>"
    )
    whole_week = f"<WeekDays>{FULL_WEEK}</WeekDays></Calendar>{derived}<Calendar><UID>3</UID>"
    network = read_mspdi(project(task(1, "<CalendarUID>2</CalendarUID>"), whole_week))
    laid = WorkCalendar.over(network.calendars["甲班"], TABLE, date(2026, 6, 1).toordinal(), 14)
    assert laid.works.tolist() == [True] * 6 + [False] + [True] * 6 + [False]
