"""A supervision ledger (督办台账) through the same flow as every ledger."""

import datetime as dt
import io
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook

from guatu.campaign import reading
from guatu.campaign.reading.ledger_view import errors_as_excel, preview_of
from guatu.engines.intake.sheet.template import _WRONG_FILL
from guatu.loop.enums import DutySource, DutyState
from guatu.loop.models import CoOwner, Duty, Report
from guatu.register import rules
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Batch, Event, Organisation, Post
from guatu.register.policies import Standing
from tests.campaign.ledgers import ledger
from tests.factories import (
    act_of,
    make_campaign,
    make_district,
    make_post,
    make_standing,
    make_unit,
)

pytestmark = pytest.mark.django_db
HEADERS = [
    "序号",
    "事项编号",
    "事项名称",
    "任务要求",
    "责任单位",
    "配合单位",
    "督办领导",
    "完成时限",
    "进展情况",
    "办结时间",
]


def line(title: str, **changes: object) -> list[object]:
    """One row of HEADERS; ``changes`` by the header's position, as ``c4=...``."""
    cells: list[object] = [
        1,
        None,
        title,
        "示例：按期办结",
        "示例一局",
        "示例二局",
        "示例领导",
        "2025年6月",
        "已受理",
        None,
    ]
    for key, value in changes.items():
        cells[int(key.removeprefix("c"))] = value
    return cells


@dataclass
class World:
    unit: Organisation
    other: Organisation
    leader: Post
    office: Standing


@pytest.fixture
def world() -> World:
    rules.load_shipped()
    district = make_district()
    make_campaign(district)
    leader = make_post(district, Role.LEADER, "示例领导")
    office = make_standing(make_unit(district, "示例专班"), Role.OFFICE)
    return World(make_unit(district, "示例一局"), make_unit(district, "示例二局"), leader, office)


def read(world: World, *rows: list[object]) -> Batch:
    data = ledger(*rows, headers=HEADERS, title="示例区重点任务督办台账")
    return reading.read_ledger_into_drafts(act_of(world.office), data, "督办.xlsx")


def brought_in(world: World, *rows: list[object]) -> list[Duty]:
    batch = read(world, *rows)
    assert batch.counts["error"] == 0
    reading.confirm_batch(act_of(world.office), batch)
    return list(Duty.objects.order_by("id"))


def test_confirm_when_good_then_issued_duties_with_helpers_and_a_first_report(
    world: World,
) -> None:
    (duty,) = brought_in(world, line("办结示例项目施工许可"))
    assert (duty.source, duty.state, duty.kind) == (DutySource.LEDGER, DutyState.DOING, "task")
    assert (duty.owner_unit, duty.leader_post, duty.due) == (
        world.unit,
        world.leader,
        dt.date(2025, 6, 30),
    )
    assert (duty.what, duty.progress) == ("示例：按期办结", "已受理")
    assert CoOwner.objects.get(duty=duty).unit == world.other
    assert Report.objects.get(duty=duty).text == "已受理"


def test_read_when_a_due_day_lies_before_the_campaign_then_its_row_is_an_error(
    world: World,
) -> None:
    batch = read(world, line("办结示例项目施工许可", c7="2023年1月1日"))
    (issue,) = batch.drafts.get().issues
    assert issue["stops"]
    assert issue["message"] == "完成时限2023-01-01早于攻坚年开始的2025-01-01，请核对年份"
    assert issue["cell"] == "H4"


def test_read_when_a_row_is_wrong_then_preview_and_error_rows_point_at_its_cell(
    world: World,
) -> None:
    batch = read(
        world,
        line("办结示例甲", c7="2019年1月1日"),
        line("示" * 301),
        line("", c8="有进展"),
        line("办结示例乙"),
        line("办结示例乙"),
    )
    told = {
        draft.payload["row"]: issue["cell"]
        for draft in batch.drafts.all()
        for issue in draft.issues
        if issue["stops"]
    }
    assert told == {4: "H4", 5: "C5", 6: "C6", 8: "C8"}
    shown = {
        cell.address
        for row in preview_of(act_of(world.office), batch).rows
        for cell in row.cells
        if cell.verdict == "error"
    }
    assert shown == set(told.values())
    sheet = load_workbook(io.BytesIO(errors_as_excel(batch))).worksheets[0]
    coloured = [
        cell.column_letter
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == _WRONG_FILL.fgColor.rgb
    ]
    assert coloured == ["H", "C", "C", "C"]


def test_read_when_its_number_is_ours_and_unknown_then_new_and_said(world: World) -> None:
    batch = read(
        world, line("示例甲", c1="ZR-99999", c7=None), line("示例乙", c1="督办7号", c7=None)
    )
    told = [[issue["message"] for issue in draft.issues] for draft in batch.drafts.order_by("pk")]
    assert told == [["没有编号为“ZR-99999”的事项，按新增导入，另编号"], []]
    assert batch.counts["new"] == 2


def test_confirm_when_no_unit_is_named_then_it_stays_a_draft_and_says_so(world: World) -> None:
    batch = read(world, line("推进示例工作", c4=None))
    assert [issue["message"] for issue in batch.drafts.get().issues if "拟定" in issue["message"]]
    reading.confirm_batch(act_of(world.office), batch)
    assert Duty.objects.get().state == DutyState.DRAFT


def test_read_when_brought_in_again_then_unchanged_and_nothing_is_written(world: World) -> None:
    rows = [line("示例一"), line("示例二", c8=None)]
    brought_in(world, *rows)
    before = Event.objects.filter(verb="duty.import").count()
    batch = read(world, *rows, line("示例三"))
    assert (batch.counts["unchanged"], batch.counts["new"]) == (2, 1)
    reading.confirm_batch(act_of(world.office), batch)
    assert Duty.objects.count() == 3
    assert Event.objects.filter(verb="duty.import").count() > before


def test_read_when_the_due_day_or_the_closing_differs_then_told_and_left_to_their_own_acts(
    world: World,
) -> None:
    (duty,) = brought_in(world, line("示例一"))
    changed = line("示例一", c1=duty.code, c7="2025-07-31", c8="现场已踏勘", c9="2025-06-01")
    batch = read(world, changed)
    draft = batch.drafts.get()
    assert draft.diff == {"progress": ["已受理", "现场已踏勘"]}
    told = "".join(issue["message"] for issue in draft.issues)
    assert "须经延期审批" in told
    assert "办结须经核验" in told
    reading.confirm_batch(act_of(world.office), batch)
    duty.refresh_from_db()
    assert (duty.due, duty.state, duty.progress) == (
        dt.date(2025, 6, 30),
        DutyState.DOING,
        "现场已踏勘",
    )


def test_read_when_a_unit_is_unknown_or_a_row_stands_twice_then_nothing_is_imported(
    world: World,
) -> None:
    batch = read(world, line("示例一", c4="示例三局"), line("示例二"), line("示例 二"))
    assert batch.counts["error"] == 2
    with pytest.raises(Invalid, match="一行也没有导入"):
        reading.confirm_batch(act_of(world.office), batch)
    assert not Duty.objects.exists()


def test_read_when_a_unit_clerk_brings_it_in_then_sent_to_the_office(world: World) -> None:
    clerk = make_standing(world.unit, Role.UNIT)
    data = ledger(line("示例一"), headers=HEADERS, title="示例区重点任务督办台账")
    with pytest.raises(Invalid, match="不能导入督办台账"):
        reading.read_ledger_into_drafts(act_of(clerk), data, "督办.xlsx")
    assert not Batch.objects.exists()
