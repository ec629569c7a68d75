"""Plans across a process border, and as JSON."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.engines.intake.confined import Bounds
from guatu.engines.schedule import Activity, BadNetwork, Network, network_from
from guatu.engines.schedule.formats.crossing import read_plan_confined
from guatu.engines.schedule.formats.mspdi import write_mspdi
from guatu.engines.schedule.formats.plan_json import network_document
from guatu.engines.schedule.formats.table import write_plan_table
from tests.engines.schedule.formats.plans import CALENDARS, STATUS, networks

PLAN = Network(
    calendars=CALENDARS,
    status_date=STATUS,
    activities=(Activity(id="a", name="基础", duration=5, calendar="outdoor"),),
)


@settings(max_examples=60)
@given(networks())
def test_document_when_read_again_then_the_same_plan(network: Network) -> None:
    assert network_from(json.loads(json.dumps(network_document(network)))) == network


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (write_mspdi(PLAN, title="示例"), "计划.XML"),
        (write_plan_table(PLAN, title="示例"), "计划.xlsx"),
    ],
    ids=["xml", "xlsx"],
)
def test_file_when_read_in_a_process_of_its_own_then_the_plan(data: bytes, filename: str) -> None:
    assert read_plan_confined(data, filename) == PLAN


def test_calendar_when_a_notice_is_loaded_then_the_child_knows_it() -> None:
    day = date(2027, 2, 15).toordinal()
    table = shipped_table()
    notices = {**table.notices, 2027: replace(table.notices[2026], year=2027, off=frozenset({day}))}
    known = replace(table, notices=notices)
    bare = (
        b"<Project><StartDate>2027-01-04T08:00:00</StartDate><Calendars><Calendar><UID>1</UID>"
        b"<Name>A</Name></Calendar></Calendars><Tasks><Task><UID>1</UID><Name>A</Name>"
        b"<Duration>PT8H0M0S</Duration></Task></Tasks></Project>"
    )
    spec = read_plan_confined(bare, "plan.xml", known).calendars["A"]
    assert (spec.base, day in spec.work) == ("china", True)
    assert isinstance(spec, CalendarSpec)


@pytest.mark.parametrize(
    ("data", "filename", "sentence"),
    [
        (b"<Project/>", "计划.xml", "计划里没有任何工作。"),
        (b"", "计划.pdf", "只认.xml、.mpp（Microsoft Project）和.xlsx计划文件。"),
    ],
)
def test_file_when_it_is_no_plan_then_one_sentence(
    data: bytes, filename: str, sentence: str
) -> None:
    with pytest.raises(BadNetwork) as refused:
        read_plan_confined(data, filename)
    assert str(refused.value) == sentence


def test_file_when_it_takes_too_much_then_refused() -> None:
    heavy = b"<Project>" + b"<a/>" * 400_000 + b"</Project>"
    with pytest.raises(BadNetwork, match=r"。$"):
        read_plan_confined(heavy, "计划.xml", bounds=Bounds(memory_mb=300, cpu_seconds=2))
