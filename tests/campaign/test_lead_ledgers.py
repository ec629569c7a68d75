"""A ledger of leads by the same flow as that of projects: preview, all or nothing, error rows."""

import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from guatu.attraction.models import FollowUp, Lead
from guatu.campaign import reading
from guatu.campaign.reading.ledger_view import errors_as_excel, preview_of
from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import read_workbook
from guatu.engines.intake.sheet.template import LEAD_COLUMNS, LEADS, empty_ledger
from guatu.register.enums import BatchState
from guatu.register.errors import Invalid
from guatu.register.models import Batch, Event, Party, SourceCell, Sourced
from tests.attraction.conftest import Place
from tests.attraction.conftest import place as place  # noqa: PLC0414 -- a fixture
from tests.campaign.ledgers import ledger
from tests.factories import act_of

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
    sheet = load_workbook(io.BytesIO(errors_as_excel(batch))).worksheets[0]
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


def test_lead_ledger_when_a_step_names_nobody_then_its_day_stays_in_words(place: Place) -> None:
    batch = read(place, leads(line(1, "示例光电园", c7="")))
    notes = "；".join(issue["message"] for issue in batch.drafts.get().issues)
    assert "下一步没有可用的责任岗位，按文字保留" in notes
    reading.confirm_batch(act_of(place.office), batch)
    told = FollowUp.objects.get()
    assert (told.said, told.next_due) == ("看了厂房\n下一步：送方案，时限 2025-03-21", None)


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
