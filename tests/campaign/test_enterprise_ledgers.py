"""An enterprise register (企业库) through the same flow as every ledger."""

from dataclasses import dataclass

import pytest

from guatu.campaign import reading
from guatu.engines.intake import BadInput
from guatu.register import rules
from guatu.register.enums import OrganisationKind, Role
from guatu.register.errors import Invalid
from guatu.register.models import (
    Batch,
    Enterprise,
    EnterpriseName,
    Event,
    Industry,
    Organisation,
    Sourced,
)
from guatu.register.policies import Standing
from tests.campaign.ledgers import ledger
from tests.factories import act_of, make_campaign, make_district, make_standing, make_unit

pytestmark = pytest.mark.django_db
HEADERS = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "行业代码",
    "企业类型",
    "所在街道",
    "地址",
    "营业收入",
]
FIRST = [
    1,
    "示例机械有限公司",
    "91110000600037341L",
    "3311",
    "有限责任公司",
    "示例街道",
    "示例路1号",
    900,
]
SECOND = [2, "示例纺织有限公司", None, None, None, None, "示例路2号", None]


@dataclass
class World:
    district: Organisation
    unit: Organisation
    office: Standing


@pytest.fixture
def world() -> World:
    rules.load_shipped()
    Industry.objects.create(code="3311", name="示例行业", status="pending")
    district = make_district()
    make_campaign(district)
    make_unit(district, "示例街道", kind=OrganisationKind.STREET)
    office = make_standing(make_unit(district, "示例专班"), Role.OFFICE)
    return World(district, make_unit(district, "示例一局"), office)


def read(standing: Standing, *rows: list[object]) -> Batch:
    data = ledger(*rows, headers=HEADERS, title="示例区企业库")
    return reading.read_ledger_into_drafts(act_of(standing), data, "企业库.xlsx")


def test_confirm_when_good_then_enterprises_with_codes_places_and_cells(world: World) -> None:
    batch = read(world.office, FIRST, SECOND)
    assert (batch.kind, batch.counts["new"], batch.counts["error"]) == ("enterprise", 2, 0)
    reading.confirm_batch(act_of(world.office), batch)
    firm = Enterprise.objects.get(uscc="91110000600037341L")
    assert (firm.name, str(firm.street), firm.address) == (
        "示例机械有限公司",
        "示例街道",
        "示例路1号",
    )
    assert firm.industry is not None
    assert firm.industry.code == "3311"
    source = Sourced.objects.get(subject=firm.subject, field="enterprise.uscc").cell
    assert source is not None
    assert (source.cell, source.raw) == ("C4", "91110000600037341L")


def test_read_when_it_gives_figures_of_a_firm_then_they_are_told_and_not_taken(
    world: World,
) -> None:
    draft = read(world.office, FIRST).drafts.get()
    assert [(issue["cell"], issue["stops"]) for issue in draft.issues] == [("H4", False)]
    assert "经营数据须由企业提供" in draft.issues[0]["message"]


def test_read_when_brought_in_again_then_unchanged_and_a_new_name_keeps_the_old(
    world: World,
) -> None:
    reading.confirm_batch(act_of(world.office), read(world.office, FIRST, SECOND))
    before = Event.objects.count()
    renamed = [1, "示例智能机械有限公司", *FIRST[2:]]
    batch = read(world.office, renamed, SECOND)
    assert (batch.counts["changed"], batch.counts["unchanged"]) == (1, 1)
    reading.confirm_batch(act_of(world.office), batch)
    firm = Enterprise.objects.get(uscc="91110000600037341L")
    names = EnterpriseName.objects.filter(subject=firm.subject).values_list("name", flat=True)
    assert (firm.subject.title, set(names)) == (
        "示例智能机械有限公司",
        {"示例机械有限公司", "示例智能机械有限公司"},
    )
    assert Event.objects.count() > before


def test_read_when_a_code_is_wrong_or_anothers_then_nothing_is_imported(world: World) -> None:
    reading.confirm_batch(act_of(world.office), read(world.office, FIRST, SECOND))
    wrong = [1, "示例新企业有限公司", "911100006000373410", None, None, None, None, None]
    crossed = [2, "示例纺织有限公司", "91110000600037341L", None, None, None, None, None]
    batch = read(world.office, wrong, crossed)
    assert batch.counts["error"] == 2
    messages = [draft.issues[0]["message"] for draft in batch.drafts.all()]
    assert "校验码" in messages[0]
    assert "请核对" in messages[1]
    assert [draft.issues[0]["cell"] for draft in batch.drafts.all()] == ["C4", "C5"]
    with pytest.raises(Invalid, match="一行也没有导入"):
        reading.confirm_batch(act_of(world.office), batch)
    assert Enterprise.objects.count() == 2


def test_read_when_a_clerk_brings_it_in_then_new_ones_are_of_his_unit_and_others_refused(
    world: World,
) -> None:
    reading.confirm_batch(act_of(world.office), read(world.office, FIRST))
    clerk = make_standing(world.unit, Role.UNIT)
    batch = read(clerk, FIRST, SECOND)
    verdicts = list(batch.drafts.values_list("verdict", flat=True))
    assert verdicts == ["error", "new"]
    alone = read(clerk, SECOND)
    reading.confirm_batch(act_of(clerk), alone)
    assert Enterprise.objects.get(name="示例纺织有限公司").subject.unit == world.unit


def test_read_when_two_rows_are_one_firm_then_both_rows_are_named(world: World) -> None:
    batch = read(world.office, FIRST, [2, *FIRST[1:]])
    assert batch.counts == {"new": 1, "changed": 0, "unchanged": 0, "error": 1}
    issue = batch.drafts.get(order=1).issues[0]
    assert ("第4行是同一家企业" in issue["message"], issue["cell"]) == (True, "B5")


def test_read_when_asked_as_another_kind_then_told_what_can_be_brought_in(world: World) -> None:
    data = ledger(FIRST, headers=HEADERS, title="示例区企业库")
    with pytest.raises(BadInput, match="没有认出项目台账，看起来像企业库"):
        reading.read_ledger_into_drafts(act_of(world.office), data, "企业库.xlsx", "project")


def test_read_when_a_column_not_taken_is_wrong_then_it_does_not_stop_the_import(
    world: World,
) -> None:
    headers = [*HEADERS[:-1], "上年度收入", "利润总额（万元）"]
    rows = [[*FIRST[:-1], 900, "很多"], [*SECOND[:-1], None, None]]
    data = ledger(*rows, headers=headers, title="示例区企业库", unit="")
    batch = reading.read_ledger_into_drafts(act_of(world.office), data, "企业库.xlsx")
    unread = [one["header"] for one in batch.tables[0]["unread"]]
    assert unread == ["上年度收入", "利润总额（万元）"]
    assert (batch.errors, batch.counts["error"], batch.counts["new"]) == ([], 0, 2)
    reading.confirm_batch(act_of(world.office), batch)
    assert Enterprise.objects.count() == 2


def test_read_when_a_column_that_is_taken_is_wrong_then_it_still_stops(world: World) -> None:
    batch = read(world.office, FIRST, [2, "示例纺织有限公司", "9111", *SECOND[3:]])
    assert batch.counts["error"] == 1


def test_read_when_a_new_name_differs_in_legal_form_alone_then_the_known_one_is_hinted(
    world: World,
) -> None:
    reading.confirm_batch(act_of(world.office), read(world.office, [1, "示例精工", *SECOND[2:]]))
    batch = read(world.office, [1, "示例精工有限公司", *SECOND[2:]], [2, "示例精密", *SECOND[2:]])
    told = [[i["message"] for i in draft.issues] for draft in batch.drafts.order_by("order")]
    assert told == [["库中可能已有“示例精工”，确是同一家的请改用库中名称"], []]
    assert batch.counts["new"] == 2


def test_read_when_a_row_has_several_faults_then_all_are_told(world: World) -> None:
    batch = read(world.office, [1, "示" * 201, "9111", None, "示" * 61, None, None, None])
    told = [issue["cell"] for issue in batch.drafts.get().issues if issue["stops"]]
    assert sorted(told) == ["B4", "C4", "E4"]
