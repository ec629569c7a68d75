"""A supervision ledger (督办台账) through the same flow as every ledger."""

import datetime as dt
import html
import io
import re
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from guatu.campaign import reading
from guatu.campaign.reading.ledger_view import marked_as_excel, preview_of
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
    district: Organisation
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
    unit, other = make_unit(district, "示例一局"), make_unit(district, "示例二局")
    return World(district, unit, other, leader, office)


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


@pytest.mark.parametrize(
    ("written", "due", "words", "note"),
    [
        ("6月底前", dt.date(2025, 6, 30), "", "“6月底前”年份按2025年，按月末计"),
        ("2025年底", dt.date(2025, 12, 31), "", "“2025年底”年底按12月，按月末计"),
        ("长期坚持", None, "长期坚持", "“长期坚持”不是日期，期限按待定，原文保留"),
    ],
)
def test_confirm_when_a_deadline_is_in_words_then_reckoned_or_kept_and_said(
    world: World, written: str, due: dt.date | None, words: str, note: str
) -> None:
    data = ledger(
        ["示例事项", "示例一局", written],
        headers=["督办事项", "责任单位", "办理时限"],
        title="示例区督办台账",
    )
    batch = reading.read_ledger_into_drafts(act_of(world.office), data, "督办.xlsx")
    assert [issue["message"] for issue in batch.drafts.get().issues] == [note]
    reading.confirm_batch(act_of(world.office), batch)
    duty = Duty.objects.get()
    assert (duty.due, duty.due_text) == (due, words)


def test_read_when_a_bad_day_stands_under_any_header_of_deadlines_then_refused(
    world: World,
) -> None:
    data = ledger(
        ["示例事项", "示例一局", "2025年13月45日"],
        headers=["督办事项", "责任单位", "办理时限"],
        title="示例区督办台账",
    )
    batch = reading.read_ledger_into_drafts(act_of(world.office), data, "督办.xlsx")
    (issue,) = batch.drafts.get().issues
    assert (issue["cell"], issue["stops"]) == ("C4", True)


def test_read_when_words_stand_where_a_day_was_or_a_day_where_words_were_then_the_day_holds(
    world: World,
) -> None:
    first, second = brought_in(world, line("示例一", c7="长期坚持"), line("示例二"))
    batch = read(
        world,
        line("示例一", c1=first.code, c7="2025-07-31"),
        line("示例二", c1=second.code, c7="长期坚持"),
    )
    told = batch.drafts.get(verdict="unchanged")
    assert "原期限2025-06-30没有改" in "".join(issue["message"] for issue in told.issues)
    reading.confirm_batch(act_of(world.office), batch)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.due, first.due_text) == (dt.date(2025, 7, 31), "")
    assert (second.due, second.due_text) == (dt.date(2025, 6, 30), "")


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
    sheet = load_workbook(io.BytesIO(marked_as_excel(batch))).worksheets[0]
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


def test_confirm_when_a_row_names_fewer_helpers_then_the_help_of_the_others_ends(
    world: World,
) -> None:
    third = make_unit(world.district, "示例三局")
    (duty,) = brought_in(world, line("示例一", c5="示例二局、示例三局"))
    batch = read(world, line("示例一", c5="示例二局"))
    draft = batch.drafts.get()
    assert draft.diff == {"co_owners": ["示例三局、示例二局", "示例二局"]}
    assert "这一行没有列“示例三局”，导入后不再是配合单位" in [i["message"] for i in draft.issues]
    reading.confirm_batch(act_of(world.office), batch)
    helping = CoOwner.objects.filter(duty=duty, ended=False)
    assert [one.unit for one in helping] == [world.other]
    over = CoOwner.objects.get(duty=duty, unit=third)
    event = Event.objects.filter(model=CoOwner._meta.label, row=over.pk).latest("pk")
    assert (event.verb, event.changes["ended"]) == ("duty.import", [False, True])
    again = read(world, line("示例一", c5="示例二局", c0=9))
    assert again.counts["unchanged"] == 1


def test_read_when_a_helper_is_misspelt_then_nobodys_help_ends(world: World) -> None:
    make_unit(world.district, "示例三局")
    (duty,) = brought_in(world, line("示例一", c5="示例二局、示例三局"))
    batch = read(world, line("示例一", c5="示例二局、示例山局"))
    draft = batch.drafts.get()
    assert (draft.verdict, draft.diff) == ("unchanged", {})
    told = "配合单位“示例山局”不在组织机构中，没有导入，原有的配合单位不减少"
    assert told in [issue["message"] for issue in draft.issues]
    reading.confirm_batch(act_of(world.office), batch)
    assert CoOwner.objects.filter(duty=duty, ended=False).count() == 2


def test_read_when_the_owner_stands_among_the_helpers_then_it_is_none_and_stays_so(
    world: World,
) -> None:
    (duty,) = brought_in(world, line("示例一", c5="示例一局、示例二局"))
    assert [one.unit for one in duty.co_owners.all()] == [world.other]
    assert read(world, line("示例一", c5="示例一局、示例二局", c0=9)).counts["unchanged"] == 1


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


def test_confirm_when_the_ledger_numbers_it_then_kept_and_matched_by_that_number(
    world: World,
) -> None:
    first, second = brought_in(
        world, line("办结示例甲", c1="DB-001"), line("办结示例乙", c1="二政督〔2025〕2号")
    )
    assert (first.outside_number, second.outside_number) == ("DB-001", "二政督〔2025〕2号")
    batch = read(world, line("办结示例甲的许可", c1="ｄｂ-001"), line("办结示例丙", c1="DB-003"))
    changed, new = batch.drafts.order_by("order")
    assert (changed.verdict, new.verdict) == ("changed", "new")
    assert changed.diff == {"title": ["办结示例甲", "办结示例甲的许可"]}
    reading.confirm_batch(act_of(world.office), batch)
    assert Duty.objects.count() == 3
    first.refresh_from_db()
    assert first.title == "办结示例甲的许可"


def test_read_when_a_number_stands_twice_then_the_second_row_is_an_error_at_its_cell(
    world: World,
) -> None:
    batch = read(world, line("办结示例甲", c1="DB-001"), line("办结示例乙", c1="DB-001 "))
    (issue,) = (one for one in batch.drafts.get(order=1).issues if one["stops"])
    assert (issue["cell"], issue["message"]) == ("B5", "事项编号“DB-001”与第4行重复")
    assert batch.counts["error"] == 1


def test_read_when_numbers_are_those_of_rows_then_they_match_nothing_and_may_repeat(
    world: World,
) -> None:
    brought_in(world, line("办结示例甲", c1=1), line("办结示例乙", c1=2))
    batch = read(world, line("办结示例丙", c1=1), line("办结示例丁", c1=1))
    assert (batch.counts["new"], batch.counts["changed"], batch.counts["error"]) == (2, 0, 0)


def test_read_when_number_means_a_duty_of_other_words_and_unit_then_asked_about(
    world: World,
) -> None:
    (duty,) = brought_in(world, line("办结示例甲", c1="DB-001"))
    batch = read(world, line("排查示例隐患", c1="DB-001", c4="示例二局", c5=None))
    notes = [issue["message"] for issue in batch.drafts.get().issues]
    words = f"按编号认作“{duty.code}”，名称和责任单位都不同，请核对是否同一事项"
    assert words in notes


def test_read_when_known_before_numbers_were_kept_then_its_number_is_a_change(
    world: World,
) -> None:
    (duty,) = brought_in(world, line("办结示例甲"))
    batch = read(world, line("办结示例甲", c1="DB-001"))
    assert batch.drafts.get().diff == {"outside_number": [None, "DB-001"]}
    reading.confirm_batch(act_of(world.office), batch)
    duty.refresh_from_db()
    assert duty.outside_number == "DB-001"


def test_duty_page_when_it_came_from_a_ledger_then_its_cells_are_linked_for_who_sees_it(
    world: World,
) -> None:
    clerk = make_standing(world.unit, Role.UNIT)
    stranger = make_standing(make_unit(world.district, "示例三局"), Role.UNIT)
    (duty,) = brought_in(world, line("办结示例甲", c1="DB-102"))
    page = _client(clerk).get(reverse("duties:duty", args=[duty.public_id])).content.decode()
    assert "台账编号 DB-102" in page
    links = set(re.findall(r'class="source" href="([^"]+)"', page))
    cells = {unquote(one).rpartition("cell=")[2] for one in links}
    assert cells >= {"B4", "C4", "D4", "E4", "F4", "H4"}
    due = html.unescape(next(one for one in links if one.endswith("H4")))
    told = _client(clerk).get(due).content.decode()
    assert "2025年6月" in told
    assert f"{duty.code} 办结示例甲" in told
    assert _client(stranger).get(due).status_code == 404
    found = _client(clerk).get(reverse("duties:duties"), {"q": "DB-102"}).content.decode()
    assert "办结示例甲" in found
    searched = _client(clerk).get(reverse("search:search"), {"q": "db-102"}).content.decode()
    assert "办结示例甲" in searched


def _client(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
    return client
