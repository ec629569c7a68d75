"""A ledger of leads by the same flow as that of projects: preview, all or nothing, error rows."""

import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from guatu.attraction.models import FollowUp, Lead, Promise
from guatu.attraction.queries import steps_on_desk
from guatu.campaign import reading
from guatu.campaign.reading.ledger_view import marked_as_excel, preview_of
from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import read_workbook
from guatu.engines.intake.sheet.template import LEAD_COLUMNS, LEADS, empty_ledger
from guatu.register.enums import BatchState, Role
from guatu.register.errors import Invalid
from guatu.register.models import Batch, Event, Party, SourceCell, Sourced
from tests.attraction.conftest import Place
from tests.attraction.conftest import place as place  # noqa: PLC0414 -- a fixture
from tests.campaign.ledgers import ledger
from tests.factories import act_of, make_post

pytestmark = pytest.mark.django_db
HEADERS = (
    *("序号", "线索名称", "投资方", "招商方式", "线索阶段", "意向投资", "责任单位", "责任岗位"),
    *("跟进日期", "对接方式", "跟进情况", "下一步", "下一步时限", "企业联系人", "联系电话"),
)


def line(number: int, name: str, **changes: object) -> list[object]:
    """One good row of ``HEADERS``; ``changes`` by the header's position, as ``c5=...``."""
    cells: list[object] = [
        *(number, name, "示例公司", "叩门招商", "洽谈", 1200, "示例招商局", "招商岗"),
        *("2025-03-10", "走访", "看了厂房", "送方案", "2025-03-21", "示例某甲", "00000000000"),
    ]
    for key, value in changes.items():
        cells[int(key.removeprefix("c"))] = value
    return cells


def leads(*rows: list[object]) -> bytes:
    return ledger(*rows, headers=HEADERS, title="示例区招商线索台账")


def read(place: Place, data: bytes, name: str = "招商.xlsx") -> Batch:
    return reading.read_ledger_into_drafts(act_of(place.office), data, name)


def test_lead_ledger_when_good_then_leads_with_follow_ups_and_each_fact_its_cell(
    place: Place,
) -> None:
    batch = read(place, leads(line(1, "示例光电园"), line(2, "示例云仓", c5="", c4="拟签约")))
    assert (batch.kind, batch.counts) == (
        "lead",
        {"new": 2, "changed": 0, "unchanged": 0, "error": 0},
    )
    reading.confirm_batch(act_of(place.office), batch)
    lead = Lead.objects.get(name="示例光电园")
    assert (lead.stage, lead.tactic, lead.intended_wan, lead.owner_post, lead.first_on) == (
        "talk",
        "knock",
        Decimal(1200),
        place.post,
        dt.date(2025, 3, 10),
    )
    told = FollowUp.objects.get(subject=lead.subject)
    assert (told.way, told.said, told.next_step, told.next_due, told.next_post) == (
        "visit_out",
        "看了厂房",
        "送方案",
        dt.date(2025, 3, 21),
        place.post,
    )
    assert Party.objects.get(subject=lead.subject).outside_name == "示例某甲"
    source = Sourced.objects.get(subject=lead.subject, field="lead.intended_wan").cell
    assert source is not None
    assert (source.cell, source.raw) == ("F4", "1200")
    unknown = Lead.objects.get(name="示例云仓")
    assert (unknown.intended_wan, unknown.stage) == (None, "talk")


def test_lead_ledger_when_imported_again_then_unchanged_and_changes_show_old_and_new(
    place: Place,
) -> None:
    first = leads(line(1, "示例光电园"))
    reading.confirm_batch(act_of(place.office), read(place, first))
    assert read(place, first).state == BatchState.CONFIRMED  # the same bytes
    again = read(place, leads(line(9, "★示例光电园")), "再来.xlsx")
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 1, "error": 0}
    before = Event.objects.filter(verb="lead.import").count()
    reading.confirm_batch(act_of(place.office), again)
    assert Event.objects.filter(verb="lead.import").count() == before
    changed = read(place, leads(line(1, "示例光电园", c5=2000, c4="签约")), "三.xlsx")
    draft = changed.drafts.get()
    assert draft.diff == {"intended_wan": ["1200", "2000"]}
    assert [issue["message"] for issue in draft.issues] == [
        "台账所列阶段“签约”与系统“洽谈”不同，阶段在线索页调整"
    ]
    shown = preview_of(act_of(place.office), changed).rows[0]
    assert [cell.old for cell in shown.cells if cell.verdict == "changed"] == ["1200"]


@pytest.mark.parametrize(
    ("changes", "cell", "sentence"),
    [
        ({"c6": "示例没有局"}, "G5", "责任单位“示例没有局”不在组织机构中"),
        ({"c5": "-3"}, "F5", "意向投资.*金额是负数"),
        ({"c8": "2025-04-10"}, "I5", "晚于业务日期"),
        ({"c1": "示例光电园"}, "B5", "同一条线索"),
        ({"c1": ""}, "B5", "没有填写"),
    ],
)
def test_lead_ledger_when_a_row_is_wrong_then_nothing_goes_in_and_it_comes_back(
    place: Place, changes: dict[str, object], cell: str, sentence: str
) -> None:
    batch = read(place, leads(line(1, "示例光电园"), line(2, "示例云仓", **changes)))
    assert batch.counts["error"] == 1
    with pytest.raises(Invalid, match="一行也没有导入"):
        reading.confirm_batch(act_of(place.office), batch)
    assert Lead.objects.count() == 1  # the place's own
    sheet = load_workbook(io.BytesIO(marked_as_excel(batch))).worksheets[0]
    reasons = [str(c.value) for r in sheet.iter_rows() for c in r if cell in str(c.value)]
    assert len(reasons) == 1
    assert re.search(sentence, reasons[0]), reasons[0]


def test_lead_ledger_when_not_plain_then_told_and_kept_as_words(place: Place) -> None:
    row = line(1, "示例光电园", c3="随缘", c4="已开工", c8="2025-03", c12="", c7="查无此岗")
    batch = read(place, leads(row))
    notes = "；".join(issue["message"] for issue in batch.drafts.get().issues)
    for words in (
        "招商方式“随缘”不在名单",
        "须在线索页移交项目库",
        "没有写到日",
        "没有对应的唯一岗位",
    ):
        assert words in notes
    reading.confirm_batch(act_of(place.office), batch)
    lead = Lead.objects.get(name="示例光电园")
    assert (lead.stage, lead.tactic, lead.progress) == ("sign", "", "看了厂房\n下一步：送方案")
    assert FollowUp.objects.count() == 0


def notes_of(batch: Batch) -> str:
    return "；".join(issue["message"] for issue in batch.drafts.get().issues)


def test_lead_ledger_when_a_step_names_nobody_then_the_only_business_post_takes_it(
    place: Place,
) -> None:
    batch = read(place, leads(line(1, "示例光电园", c7="")))
    told = "下一步没有写责任岗位，交给“示例招商局招商岗”（该单位只有这一个业务岗位）"
    assert told in notes_of(batch)
    shown = preview_of(act_of(place.office), batch).rows[0]
    assert told in {cell.remark for cell in shown.cells}
    assert ("下一步", "空", f"送方案，2025-03-21 前，{place.post}") in shown.rest
    reading.confirm_batch(act_of(place.office), batch)
    step = FollowUp.objects.get()
    assert (step.said, step.next_step, step.next_due, step.next_post) == (
        *("看了厂房", "送方案", dt.date(2025, 3, 21)),
        place.post,
    )
    assert [one.next_step for one in steps_on_desk(place.clerk)] == ["送方案"]


def test_lead_ledger_when_two_posts_could_do_a_step_then_it_is_the_units(place: Place) -> None:
    make_post(place.unit, Role.UNIT, "经办岗")
    batch = read(place, leads(line(1, "示例光电园", c7="", c12="3月底")))
    assert "下一步没有写责任岗位，记在“示例招商局”名下，由该单位办理" in notes_of(batch)
    assert "“3月底”年份按2025年，按月末计" in notes_of(batch)
    reading.confirm_batch(act_of(place.office), batch)
    step = FollowUp.objects.get()
    assert (step.next_step, step.next_due, step.next_post) == (
        *("送方案", dt.date(2025, 3, 31)),
        None,
    )
    assert [one.pk for one in steps_on_desk(place.clerk)] == [step.pk]
    assert steps_on_desk(place.stranger) == []


def test_lead_ledger_when_nobody_can_do_a_step_then_it_stays_in_words_and_is_said(
    place: Place,
) -> None:
    batch = read(place, leads(line(1, "示例光电园", c7="", c6="")))
    assert "下一步没有责任岗位，线索也没有责任单位，按文字保留，不提醒" in notes_of(batch)
    reading.confirm_batch(act_of(place.office), batch)
    told = FollowUp.objects.get()
    assert (told.said, told.next_due) == ("看了厂房\n下一步：送方案，时限 2025-03-21", None)


def test_lead_ledger_when_a_known_lead_keeps_its_post_then_its_step_goes_to_it(
    place: Place,
) -> None:
    make_post(place.unit, Role.UNIT, "经办岗")
    reading.confirm_batch(act_of(place.office), read(place, leads(line(1, place.lead.name, c7=""))))
    assert FollowUp.objects.get().next_post == place.post


def test_lead_ledger_when_only_its_step_is_new_then_the_step_comes_and_the_contact_does_not(
    place: Place,
) -> None:
    reading.confirm_batch(act_of(place.office), read(place, leads(line(1, "示例光电园"))))
    moved = read(place, leads(line(1, "示例光电园", c12="2025-03-28")), "二.xlsx")
    assert moved.counts["unchanged"] == 1
    assert "“送方案”时限系统为2025-03-21，台账为2025-03-28，没有改" in notes_of(moved)
    later = read(place, leads(line(1, "示例光电园", c11="签意向书", c12="2025-04-10")), "三.xlsx")
    assert later.drafts.get().diff == {
        "next_step": [None, f"签意向书，2025-04-10 前，{place.post}"]
    }
    reading.confirm_batch(act_of(place.office), later)
    told = FollowUp.objects.order_by("pk").values_list("said", "next_step")
    assert list(told) == [("看了厂房", "送方案"), ("下一步：签意向书", "签意向书")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"c11": ""}, "下一步时限没有对应的下一步，没有导入"),
        ({"c8": ""}, "对接方式没有对应的跟进日期，没有导入"),
        ({"c8": ""}, "没有跟进日期，下一步按文字保留在台账所述进展里，不提醒"),
        ({"c10": "", "c11": "", "c12": ""}, "只写了跟进日期，没有写谈了什么，没有导入"),
        ({"c13": ""}, "联系电话没有对应的联系人，没有导入"),
        ({"c12": "择期"}, "“下一步时限”写的是“择期”，不能换算，没有导入"),
    ],
)
def test_lead_ledger_when_something_means_nothing_alone_then_it_is_said(
    place: Place, changes: dict[str, object], sentence: str
) -> None:
    assert sentence in notes_of(read(place, leads(line(1, "示例光电园", **changes))))


def test_lead_ledger_when_progress_stands_in_two_columns_then_both_are_kept(place: Place) -> None:
    headers = ["线索名称", "招商方式", "意向投资", "对接进展", "洽谈进度"]
    data = ledger(
        ["示例光电园", "叩门招商", 900, "看了厂房", "洽谈"], headers=headers, title="招商"
    )
    batch = read(place, data)
    assert batch.tables[0]["unread"] == []
    reading.confirm_batch(act_of(place.office), batch)
    assert Lead.objects.get(name="示例光电园").progress == "看了厂房\n洽谈"


def test_lead_ledger_when_the_progress_is_a_stage_then_it_is_the_stage(place: Place) -> None:
    headers = ["线索名称", "招商方式", "意向投资", "洽谈进度"]
    data = ledger(["示例光电园", "叩门招商", 900, "洽谈"], headers=headers, title="招商")
    reading.confirm_batch(act_of(place.office), read(place, data))
    assert Lead.objects.get(name="示例光电园").stage == "talk"


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ("正在洽谈", "talk"),
        ("洽谈阶段", "talk"),
        ("目前已对接", "contact"),
        ("已完成实地考察", "visit"),
        ("已正式签约", "sign"),
        ("考察洽谈", "talk"),
        ("未签约", None),
        ("正在签约", None),
        ("推进签约", None),
        ("考察后洽谈", None),
        ("谈得不错", None),
        ("企业来访看了厂房，双方洽谈了用地", None),
    ],
)
def test_lead_ledger_when_the_stage_stands_in_other_words_then_read_or_said_not_to_be(
    place: Place, said: str, stage: str | None
) -> None:
    headers = ["线索名称", "招商方式", "意向投资", "洽谈进度"]
    batch = read(
        place, ledger(["示例光电园", "叩门招商", 900, said], headers=headers, title="招商")
    )
    unread = "没有读出阶段，按“线索”登记"
    assert (unread in notes_of(batch)) is (stage is None)
    reading.confirm_batch(act_of(place.office), batch)
    assert Lead.objects.get(name="示例光电园").stage == (stage or "clue")


@pytest.mark.parametrize(
    ("step", "due", "said"),
    [
        ("3月25日前安排考察", dt.date(2025, 3, 25), "“3月25日前”，按2025-03-25"),
        ("4月底前签意向书", dt.date(2025, 4, 30), "“4月底前”，按2025-04-30"),
        ("3月28日赴企业回访", dt.date(2025, 3, 28), "“3月28日”，按2025-03-28"),
        ("4月赴企业回访", dt.date(2025, 4, 30), "“4月”，按2025-04-30，按月末计"),
        ("按3月12日会议要求，3月25日前送方案", dt.date(2025, 3, 25), "“3月25日前”"),
        ("3月20日或3月22日来访", None, "没有可用的时限"),
        ("安排考察", None, "没有可用的时限"),
    ],
)
def test_lead_ledger_when_the_step_itself_names_its_day_then_that_is_its_due_day(
    place: Place, step: str, due: dt.date | None, said: str
) -> None:
    batch = read(place, leads(line(1, "示例光电园", c11=step, c12="")))
    assert said in notes_of(batch)
    reading.confirm_batch(act_of(place.office), batch)
    told = FollowUp.objects.get()
    assert (told.next_step, told.next_due) == ((step, due) if due else ("", None))


def test_lead_ledger_when_it_tells_of_benefits_then_said_to_be_no_promise(place: Place) -> None:
    batch = read(place, leads(line(1, "示例光电园", c10="企业希望税收地方留成返还")))
    assert "写有「税」「返」（税收返还、减免和与税收挂钩的奖补），只作文字保留" in notes_of(batch)
    reading.confirm_batch(act_of(place.office), batch)
    assert Promise.objects.count() == 0


def test_lead_ledger_when_an_attraction_officer_brings_it_in_then_for_the_own_unit_alone(
    place: Place,
) -> None:
    act = act_of(place.clerk)
    mine = leads(line(1, "示例光电园", c6=""), line(2, "示例云仓", c6="示例教育局", c7=""))
    batch = reading.read_ledger_into_drafts(act, mine, "招商.xlsx")
    first, second = batch.drafts.order_by("order")
    assert (first.verdict, second.verdict) == ("new", "error")
    assert "不在您的办理范围内" in second.issues[0]["message"]
    assert second.issues[0]["cell"] == "G5"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 broken", "."),
        (leads(), "没有一行数据"),
        (
            "线索名称,招商方式,首次接触日期\n机密,=HYPERLINK(1),2025\n机密文件,机密★,\n".encode(),
            ".",
        ),
    ],
)
def test_lead_ledger_when_hostile_then_refused_and_nothing_kept(
    place: Place, data: bytes, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        read(place, data, "招商.xlsx" if data[:2] == b"PK" else "招商.csv")
    assert Batch.objects.count() == SourceCell.objects.count() == 0


def test_lead_template_when_read_back_then_every_header_is_known_and_the_example_left_out() -> None:
    table = read_workbook(
        empty_ledger(LEADS, "示例台账", {"tactic": ["叩门招商"]}), "模板.xlsx"
    ).tables[0]
    assert table.kind == "lead"
    assert [column.field for column in table.columns] == [one.field for one in LEAD_COLUMNS]
    assert table.rows == ()


def test_load_when_kind_is_lead_then_the_command_takes_it_in(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "招商.xlsx"
    path.write_bytes(leads(line(1, "示例光电园")))
    name = place.office.officer.username
    told = reading.load_file(path, kind="lead", officer=name, confirm=True)
    assert (told.new, told.errors) == (1, [])
    path.write_bytes(leads(line(1, "示例另一个")))
    with pytest.raises(BadInput, match="没有认出项目台账，看起来像招商台账"):
        reading.load_file(path, kind="project")
