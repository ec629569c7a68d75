"""A ledger becomes projects all at once or not at all, each fact with its cell."""

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from guatu.campaign import reading
from guatu.campaign.reading import importing
from guatu.campaign.reading.ledger_view import marked_as_excel
from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import read_workbook
from guatu.investment import stages
from guatu.investment.models import MonthlyImage, Project
from guatu.register import rules
from guatu.register.enums import BatchState, PartyRole, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import (
    Absence,
    Batch,
    Draft,
    Event,
    Observation,
    Organisation,
    Party,
    SourceCell,
    Sourced,
    StoredFile,
    Workbook,
)
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import change, create
from tests.campaign.ledgers import ledger, row
from tests.factories import (
    TODAY,
    act_of,
    make_campaign,
    make_district,
    make_post,
    make_standing,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db
NAMES = ("示例东湖产业园", "示例云谷数据中心", "示例长风路改造")
GOOD = ledger(*(row(n, name) for n, name in enumerate(NAMES, 1)))


@dataclass
class World:
    district: Organisation
    unit: Organisation
    office: Standing


@pytest.fixture
def world() -> World:
    rules.load_shipped()
    stages.load_shipped()
    district = make_district()
    make_campaign(district)
    unit = make_unit(district, "示例一局")
    return World(district, unit, make_standing(make_unit(district, "示例专班"), Role.OFFICE))


def read(world: World, data: bytes = GOOD, name: str = "台账.xlsx") -> Batch:
    return reading.read_ledger_into_drafts(act_of(world.office), data, name)


def test_confirm_ledger_when_good_then_each_fact_has_its_cell(world: World) -> None:
    batch = read(world)
    assert batch.counts == {"new": 3, "changed": 0, "unchanged": 0, "error": 0}
    confirmed = reading.confirm_batch(act_of(world.office), batch)
    assert confirmed.state == BatchState.CONFIRMED
    project = Project.objects.get(name=NAMES[0])
    assert (project.total_wan, project.subject.unit) == (Decimal(1001), world.unit)
    assert (project.start_on, project.finish_on) == (dt.date(2025, 3, 1), dt.date(2026, 10, 31))
    assert project.category is not None
    assert project.category.code == "industry"
    source = Sourced.objects.get(subject=project.subject, field="project.total_wan").cell
    assert source is not None
    assert (source.sheet, source.cell, source.raw) == ("项目台账", "F4", "1001")
    figure = Observation.objects.get(subject=project.subject)
    assert (figure.indicator.code, figure.period, figure.value) == ("counted", "2025", 100)
    assert figure.cell is not None
    assert figure.cell.cell == "H4"
    image = MonthlyImage.objects.get(subject=project.subject)
    assert (image.month, image.words) == ("2025-03", "完成基础")


def test_read_ledger_when_leader_holds_a_post_then_named_by_post_else_by_words(
    world: World,
) -> None:
    post = make_post(world.district, Role.LEADER, "示例领导")
    data = ledger(row(1, NAMES[0]), row(2, NAMES[1], c9="示例某甲"))
    batch = read(world, data)
    second = batch.drafts.get(order=1)
    assert [issue["stops"] for issue in second.issues] == [False]
    reading.confirm_batch(act_of(world.office), batch)
    led = Party.objects.filter(role=PartyRole.LEADER).order_by("subject_id")
    assert [(party.post, party.outside_name) for party in led] == [(post, ""), (None, "示例某甲")]


def test_read_ledger_when_imported_before_then_all_unchanged_and_same_file_opens_its_batch(
    world: World,
) -> None:
    batch = read(world)
    reading.confirm_batch(act_of(world.office), batch)
    again = read(world, GOOD, "改了名.xlsx")
    assert (again.pk, again.state) == (batch.pk, BatchState.CONFIRMED)
    other = read(
        world, ledger(*(row(n, x) for n, x in enumerate(NAMES, 1)), title="2025年项目台账")
    )
    assert other.counts == {"new": 0, "changed": 0, "unchanged": 3, "error": 0}
    before = Event.objects.filter(verb="project.import").count()
    reading.confirm_batch(act_of(world.office), other)
    assert Event.objects.filter(verb="project.import").count() == before
    assert Project.objects.count() == 3


def test_read_ledger_when_a_value_differs_then_changed_old_to_new(world: World) -> None:
    reading.confirm_batch(act_of(world.office), read(world))
    batch = read(world, ledger(row(1, NAMES[0], c5=2000), row(2, NAMES[1], c5=None)))
    assert batch.counts == {"new": 0, "changed": 1, "unchanged": 1, "error": 0}
    assert batch.drafts.get(order=0).diff == {"total_wan": ["1001", "2000"]}
    reading.confirm_batch(act_of(world.office), batch)
    totals = Project.objects.order_by("id").values_list("total_wan", flat=True)
    assert list(totals) == [2000, 1002, 1003]


def test_read_ledger_when_unit_unknown_then_error_names_cell_and_likeliest(world: World) -> None:
    batch = read(world, ledger(row(1, NAMES[0]), row(2, NAMES[1], c8="示例壹局")))
    issue = batch.drafts.get(order=1).issues[0]
    assert (issue["cell"], issue["stops"]) == ("I5", True)
    assert "示例一局" in issue["message"]
    with pytest.raises(Invalid, match="一行也没有导入"):
        reading.confirm_batch(act_of(world.office), batch)
    assert (Project.objects.count(), SourceCell.objects.count()) == (0, 0)


def test_read_ledger_when_errors_are_corrected_in_their_excel_then_it_goes_in(
    world: World,
) -> None:
    batch = read(world, ledger(row(1, NAMES[0]), row(2, NAMES[1], c8="示例壹局")))
    book = read_workbook(marked_as_excel(batch), "待改正.xlsx")
    assert [len(table.rows) for table in book.tables] == [2]
    make_unit(world.district, "示例壹局")
    fixed = read(world, marked_as_excel(batch), "改好.xlsx")
    assert fixed.counts == {"new": 2, "changed": 0, "unchanged": 0, "error": 0}
    reading.confirm_batch(act_of(world.office), fixed)
    assert list(Project.objects.order_by("pk").values_list("name", flat=True)) == [*NAMES[:2]]


def test_marked_as_excel_when_a_row_has_no_name_then_its_reason_and_its_row_stand_there(
    world: World,
) -> None:
    batch = read(world, ledger(row(1, NAMES[0]), row(2, "")))
    sheet = load_workbook(io.BytesIO(marked_as_excel(batch))).worksheets[0]
    assert [cell.value for cell in sheet[sheet.max_row]][-2:] == [5, "B5 没有填写“项目名称”"]


def test_confirm_ledger_when_saving_fails_midway_then_nothing_is_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = read(world)
    monkeypatch.setattr(importing, "_close", _fail)
    before = Event.objects.count()
    with pytest.raises(RuntimeError):
        reading.confirm_batch(act_of(world.office), batch)
    kept = (Project, SourceCell, Sourced, Observation, Party)
    assert [model.objects.count() for model in kept] == [0] * len(kept)
    assert (Event.objects.count(), Batch.objects.get().state) == (before, BatchState.PREVIEW)


def _fail(*_: object) -> None:
    message = "disk full"
    raise RuntimeError(message)


def test_confirm_ledger_when_projects_changed_since_preview_then_stale_and_preview_renewed(
    world: World,
) -> None:
    reading.confirm_batch(act_of(world.office), read(world))
    batch = read(world, ledger(row(1, NAMES[0], c5=2000)))
    project = Project.objects.get(name=NAMES[0])
    change(system_act(), "project.edit", project, total_wan=Decimal(1500))
    with pytest.raises(Stale):
        reading.confirm_batch(act_of(world.office), batch)
    assert Project.objects.get(name=NAMES[0]).total_wan == 1500
    assert batch.drafts.get().diff == {"total_wan": ["1500", "2000"]}
    reading.confirm_batch(act_of(world.office), Batch.objects.get(pk=batch.pk))
    assert Project.objects.get(name=NAMES[0]).total_wan == 2000


def test_read_ledger_when_clerk_then_own_unit_only_and_blank_unit_is_own(world: World) -> None:
    clerk = make_standing(world.unit, Role.UNIT)
    make_unit(world.district, "示例二局")
    data = ledger(row(1, NAMES[0], c8=None), row(2, NAMES[1], c8="示例二局"))
    batch = reading.read_ledger_into_drafts(act_of(clerk), data, "台账.xlsx")
    own, other = batch.drafts.all()
    assert (own.verdict, own.diff["unit"]) == ("new", [None, "示例一局"])
    assert other.issues[0]["message"] == "责任单位不在您的办理范围内"
    assert other.issues[0]["cell"] == "I5"
    elsewhere = make_standing(make_unit(world.district, "示例三局"), Role.UNIT)
    with pytest.raises(Forbidden):
        reading.confirm_batch(act_of(elsewhere), batch)


def test_read_ledger_when_office_deputises_for_a_clerk_then_blank_unit_stays_blank(
    world: World,
) -> None:
    clerk = make_standing(world.unit, Role.UNIT)
    away = Absence(post=clerk.posts[0], since=TODAY, until=TODAY, deputy_post=world.office.posts[0])
    create(system_act(), "absence.add", away)
    deputy = standing_of(world.office.officer, TODAY)
    assert clerk.posts[0].pk in deputy.post_ids
    batch = reading.read_ledger_into_drafts(
        act_of(deputy), ledger(row(1, NAMES[0], c8=None)), "台账.xlsx"
    )
    assert "unit" not in batch.drafts.get().diff


def test_read_ledger_when_leader_or_statistician_then_forbidden(world: World) -> None:
    for role in (Role.LEADER, Role.STATISTICIAN, Role.ENTERPRISE, Role.SYSTEM_ADMIN):
        standing = make_standing(world.unit, role)
        with pytest.raises(Forbidden):
            reading.read_ledger_into_drafts(act_of(standing), GOOD, "台账.xlsx")
    assert Workbook.objects.count() == StoredFile.objects.count() == 0


def test_read_ledger_when_of_a_kind_not_taken_in_then_told_what_it_looks_like(world: World) -> None:
    data = ledger(
        [1, "示例机械有限公司", "示例：请协调用电", "用能", "示例一局"],
        headers=["序号", "诉求企业", "诉求内容", "诉求类别", "责任单位"],
        title="企业诉求台账",
    )
    with pytest.raises(BadInput, match="看起来像企业诉求台账；目前能导入项目台账"):
        read(world, data)
    assert StoredFile.objects.count() == 0


def test_load_file_when_confirmed_then_counts_and_second_time_nothing_new(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(GOOD)
    username = world.office.officer.username
    first = reading.load_file(path, officer=username, confirm=True).as_json()
    assert (first["new"], first["errors"]) == (3, [])
    assert Project.objects.count() == 3
    again = reading.load_file(path, officer=username, confirm=True).as_json()
    assert again == first | {"new": 0, "unchanged": 3}


def test_load_file_when_errors_and_confirm_then_nothing_is_kept_and_cell_is_named(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger(row(1, NAMES[0]), row(2, NAMES[1], c8="示例壹局")))
    with pytest.raises(BadInput) as refusal:
        reading.load_file(path, officer=world.office.officer.username, confirm=True)
    assert (refusal.value.row, refusal.value.column) == (5, "I")
    rows = (Project, Batch, Draft, Workbook, StoredFile)
    assert [model.objects.count() for model in rows] == [0] * len(rows)


def test_load_file_when_officer_may_not_then_forbidden(world: World, tmp_path: Path) -> None:
    path = tmp_path / "讲话.txt"
    path.write_text("示例讲话：加快推进示例东湖产业园建设。", encoding="utf-8")
    clerk = make_standing(world.unit, Role.UNIT)
    with pytest.raises(Forbidden):
        reading.load_file(path, officer=clerk.officer.username)
