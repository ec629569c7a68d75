"""Microsoft Project's XML: out and back unchanged, and what other tools change in it."""

from dataclasses import replace
from datetime import date

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import Leave
from guatu.engines.schedule import Activity, BadNetwork, Deadline, Link, Network, back_schedule
from guatu.engines.schedule.formats.mspdi import read_mspdi, read_mspdi_plan, write_mspdi
from tests.engines.schedule.formats.plans import CALENDARS, DAY, STATUS, networks


@settings(max_examples=60)
@given(network=networks(), computed=st.booleans())
def test_plan_when_written_and_read_then_unchanged_and_scheduled_alike(
    network: Network, *, computed: bool
) -> None:
    schedule = back_schedule(network)
    data = write_mspdi(network, schedule if computed else None, title="示例")
    again = read_mspdi(data)
    assert again == network
    assert back_schedule(again) == schedule


@settings(max_examples=60)
@given(network=networks(), titles=st.lists(st.sampled_from(["", "前期", "<施工>"]), min_size=1))
def test_stages_when_written_as_headings_then_the_plan_comes_back_without_them(
    network: Network, titles: list[str]
) -> None:
    stages = {row.id: titles[place % len(titles)] for place, row in enumerate(network.activities)}
    data = write_mspdi(network, back_schedule(network), title="示例", stages=stages)
    assert read_mspdi(data) == network


def small(**rest: object) -> Network:
    values: dict[str, object] = {
        "calendars": CALENDARS,
        "status_date": STATUS,
        "activities": (
            Activity(id="permit", name="施工许可", duration=20, calendar="office", valid_days=90),
            Activity(id="works", name="主体施工", duration=120, calendar="outdoor"),
        ),
        "links": (Link(predecessor="permit", successor="works", lag=7, lag_calendar="elapsed"),),
        "deadlines": (Deadline("works", date(2027, 10, 31)),),
    }
    return Network(**{**values, **rest})


def test_plan_when_it_has_no_status_date_then_none_comes_back() -> None:
    network = small(status_date=None)
    assert read_mspdi(write_mspdi(network, title="示例")) == network


def test_deadlines_when_one_activity_has_two_then_both_come_back() -> None:
    twice = (Deadline("works", date(2027, 10, 31)), Deadline("works", date(2027, 9, 30)))
    assert read_mspdi(write_mspdi(small(deadlines=twice), title="示例")).deadlines == twice


def test_long_data_when_it_exceeds_one_text_field_then_it_comes_back_whole() -> None:
    every_other = tuple(STATUS + DAY * (number * number) for number in range(150))
    rows = (Activity(id="a", duration=1, calendar="office", allowed_starts=every_other),)
    network = small(activities=rows, links=(), deadlines=())
    assert read_mspdi(write_mspdi(network, title="示例")) == network


def test_baselines_when_written_then_they_come_back_with_title_and_dates() -> None:
    network = small()
    schedule = back_schedule(network)
    baselines = {
        0: {"permit": (date(2026, 9, 14), date(2026, 10, 13)), "works": (None, date(2027, 9, 1))},
        10: {"works": (date(2026, 10, 20), None)},
    }
    plan = read_mspdi_plan(write_mspdi(network, schedule, title="示例厂房", baselines=baselines))
    assert (plan.title, plan.baselines) == ("示例厂房", baselines)
    assert plan.dates == {
        key: (dates.early_start, dates.early_finish) for key, dates in schedule.activities.items()
    }


def test_names_when_xml_cannot_hold_a_character_then_it_is_left_out() -> None:
    rows = (Activity(id="a", name="基\x07础\ud800<&>", duration=1, calendar="office"),)
    network = small(activities=rows, links=(), deadlines=())
    assert read_mspdi(write_mspdi(network, title="示例")).activities[0].name == "基础<&>"


def edited(network: Network, *changes: tuple[str, str]) -> Network:
    """Read the plan after another tool has replaced texts of its file."""
    content = write_mspdi(network, title="示例").decode()
    for old, new in changes:
        assert content.count(old) >= 1
        content = content.replace(old, new, 1)
    return read_mspdi(content.encode())


def test_duration_when_changed_elsewhere_then_the_change_counts() -> None:
    again = edited(small(), ("<Duration>PT160H0M0S", "<Duration>PT168H0M0S"))
    assert [row.duration for row in again.activities] == [21, 120]


def test_lag_when_changed_elsewhere_then_its_calendar_follows_the_new_unit() -> None:
    eight_days = ("<LinkLag>100800</LinkLag><LagFormat>8", "<LinkLag>38400</LinkLag><LagFormat>7")
    assert edited(small(), eight_days).links == (
        Link(predecessor="permit", successor="works", lag=8),
    )


def test_calendar_when_a_day_was_changed_elsewhere_then_that_day_is_named() -> None:
    saturday = ("<DayType>7</DayType><DayWorking>0", "<DayType>7</DayType><DayWorking>1")
    spec = edited(small(), saturday).calendars["office"]
    assert spec.base == "china"
    assert {date.fromordinal(day).weekday() for day in spec.work} == {5}


def test_copied_row_when_it_bears_the_same_key_then_the_copy_gets_one_of_its_own() -> None:
    again = edited(small(links=()), ("<Value>works</Value>", "<Value>permit</Value>"))
    assert [row.id for row in again.activities] == ["permit", "2"]


def test_leave_when_read_by_another_tool_then_a_calendar_of_its_own_has_the_days() -> None:
    winter = Leave(date(2026, 11, 1), date(2027, 1, 31), "all", "示例批复")
    works = Activity(id="works", duration=60, calendar="outdoor", splittable=True, leave=(winter,))
    network = small(activities=(works,), links=())
    content = write_mspdi(network, title="示例").decode()
    foreign = content.replace('"at":', '"at"').replace('{"calendars"', '{"calendar')
    again = read_mspdi(foreign.replace('{"granted"', '{"granted').encode())
    assert [row.calendar for row in again.activities] == ["outdoor＋获准施工1"]
    finishes = {back_schedule(plan).activities["works"].early_finish for plan in (network, again)}
    assert finishes == {date(2026, 11, 30)}


def test_our_data_when_cut_short_then_the_plan_proper_is_still_read() -> None:
    content = write_mspdi(small(), title="示例").decode()
    damaged = content.replace('"at":2', '"at":').replace('{"calendars"', '{"calendar')
    again = read_mspdi(damaged.encode())
    assert [(row.id, row.duration) for row in again.activities] == [("permit", 20), ("works", 120)]
    assert again.links[0].lag_calendar == "elapsed"


AFTER_PERMIT = "<PredecessorLink><PredecessorUID>1</PredecessorUID></PredecessorLink>"
STAGES = {"permit": "前期手续", "works": "施工"}


def staged() -> str:
    permit, works = small().activities
    network = small(activities=(permit, replace(works, duration=60)))
    agreed = {"works": (date(2026, 10, 9), date(2027, 9, 30))}
    schedule = back_schedule(network)
    data = write_mspdi(network, schedule, title="示例", stages=STAGES, baselines={0: agreed})
    return data.decode()


def test_stage_when_written_then_a_summary_from_its_first_day_to_its_last() -> None:
    space = "{http://schemas.microsoft.com/project}"
    names = ("UID", "Name", "OutlineNumber", "OutlineLevel", "Summary", "Start", "Duration")
    rows = [
        tuple(task.findtext(f"{space}{name}") for name in names)
        for task in fromstring(staged()).iterfind(f"{space}Tasks/{space}Task")
    ][1:]
    assert rows == [
        ("3", "前期手续", "1", "1", "1", "2026-12-07T08:00:00", "PT160H0M0S"),
        ("1", "施工许可", "1.1", "2", "0", "2026-12-07T08:00:00", "PT160H0M0S"),
        ("4", "施工", "2", "1", "1", "2027-04-01T08:00:00", "PT480H0M0S"),
        ("2", "主体施工", "2.1", "2", "0", "2027-04-01T08:00:00", "PT480H0M0S"),
    ]


def test_baseline_when_stages_are_written_then_a_stage_has_it_for_show_alone() -> None:
    content = staged()
    assert content.count("<Start>2026-10-09T08:00:00</Start>") == 2
    agreed = {"works": (date(2026, 10, 9), date(2027, 9, 30))}
    assert read_mspdi_plan(content.encode()).baselines == {0: agreed}


def test_stage_when_put_under_a_new_summary_elsewhere_then_its_work_is_under_that() -> None:
    new = (
        "<Task><UID>9</UID><ID>3</ID><Name>一期</Name><OutlineLevel>1</OutlineLevel>"
        "<Duration>PT0H0M0S</Duration></Task>"
    )
    heading = "<Task><UID>4</UID>"
    content = staged().replace(heading, new + heading)
    before, _mark, after = content.partition(heading)
    after = after.replace("<OutlineLevel>2<", "<OutlineLevel>3<").replace(
        "<OutlineLevel>1<", "<OutlineLevel>2<"
    )
    rows = read_mspdi((before + heading + after).encode()).activities
    assert [(row.name, row.parent) for row in rows] == [
        ("施工许可", None),
        ("一期", None),
        ("主体施工", "9"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "<PredecessorUID>1<",
            "<PredecessorUID>3<",
            "任务「主体施工」的前置任务是阶段的汇总行，请改为阶段下的工作。",
        ),
        (
            "<Name>施工</Name>",
            "<Name>施工</Name><Deadline>2027-01-31T17:00:00</Deadline>",
            "任务「施工」是阶段的汇总行，不能有期限；请把它设在阶段下的工作上。",
        ),
        (
            "<Name>施工</Name>",
            f"<Name>施工</Name>{AFTER_PERMIT}",
            "任务「施工」是阶段的汇总行，不能有前置任务；请把它设在阶段下的工作上。",
        ),
    ],
)
def test_stage_when_given_what_only_work_has_then_refused(
    old: str, new: str, sentence: str
) -> None:
    content = staged()
    assert content.count(old) == 1
    with pytest.raises(BadNetwork) as refused:
        read_mspdi(content.replace(old, new).encode())
    assert str(refused.value) == sentence
