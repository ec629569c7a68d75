"""A paper becomes drafts with exact quotes, and drafts become facts that point to them."""

import datetime as dt
from dataclasses import dataclass

import pytest

from guatu.campaign import reading
from guatu.campaign.reading.showing import reading_of
from guatu.engines.intake import BadInput
from guatu.investment import stages
from guatu.investment.actions import add_project
from guatu.investment.models import Project
from guatu.loop.enums import DutyState
from guatu.loop.models import Duty, Quota, Target
from guatu.register import files, rules
from guatu.register.enums import BatchState, DraftKind, DraftState, Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import (
    Batch,
    Document,
    Draft,
    Enterprise,
    Event,
    Organisation,
    Quote,
    Sourced,
    StoredFile,
)
from guatu.register.policies import Standing
from tests.factories import (
    act_of,
    make_campaign,
    make_district,
    make_post,
    make_standing,
    make_unit,
)

pytestmark = pytest.mark.django_db

PAPER = """在示例区项目攻坚年大会上的讲话
以超常规力度扩大有效投资
2025年，要加快推进示例东湖产业园项目建设，年底前完成竣工验收。力争示例云谷数据中心签约落位。
服务示例星河科技公司、示例长风装备公司等5户亿元企业，确保年内完成入库。
初审：某甲 复审：某乙 终审：某丙
"""


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


def read(world: World, text: str = PAPER, name: str = "讲话.txt") -> Batch:
    return reading.read_paper_into_drafts(act_of(world.office), text.encode(), name)


def one(batch: Batch, kind: DraftKind, words: str) -> Draft:
    return batch.drafts.get(kind=kind, quote__text__contains=words)


def test_read_paper_when_new_then_every_draft_stands_on_its_exact_quote(world: World) -> None:
    batch = read(world)
    document = Document.objects.get()
    assert (document.title, document.plan_year) == ("在示例区项目攻坚年大会上的讲话", 2025)
    quotes = list(Quote.objects.all())
    assert quotes
    assert [document.text[q.start : q.end] for q in quotes] == [q.text for q in quotes]
    assert not [d for d in batch.drafts.all() if d.quote.text != d.payload["text"]]
    assert Event.objects.filter(verb="intake.read").count() == 1


def test_read_paper_when_same_bytes_again_then_the_existing_reading_opens(world: World) -> None:
    batch = read(world)
    draft = one(batch, DraftKind.PROJECT, "示例东湖产业园")
    reading.accept_draft(act_of(world.office), draft)
    again = read(world, name="另一个名字.txt")
    assert again.pk == batch.pk
    assert Batch.objects.count() == Document.objects.count() == StoredFile.objects.count() == 1
    assert Draft.objects.get(pk=draft.pk).state == DraftState.ACCEPTED


def test_read_paper_when_it_bears_a_secret_mark_then_refused_logged_and_not_kept(
    world: World,
) -> None:
    with pytest.raises(BadInput) as refusal:
        read(world, "机密★5年\n示例文件")
    assert (refusal.value.kind, refusal.value.row) == ("secret", 1)
    assert (Document.objects.count(), StoredFile.objects.count()) == (0, 0)
    event = Event.objects.get(verb="intake.refuse")
    assert event.officer == world.office.officer
    assert set(event.changes) == {"sha256", "size", "row"}


def test_read_paper_when_officer_is_of_a_unit_then_forbidden(world: World) -> None:
    clerk = make_standing(world.unit, Role.UNIT)
    with pytest.raises(Forbidden):
        reading.read_paper_into_drafts(act_of(clerk), PAPER.encode(), "讲话.txt")
    assert Batch.objects.count() == 0


def test_accept_commitment_when_owner_post_chosen_then_duty_issued_with_quote(
    world: World,
) -> None:
    batch = read(world)
    draft = one(batch, DraftKind.COMMITMENT, "竣工验收")
    post = make_post(world.unit, Role.UNIT)
    edits = {"owner_unit": str(world.unit.public_id), "owner_post": str(post.public_id)}
    reading.accept_draft(act_of(world.office), draft, edits)
    duty = Duty.objects.get()
    assert (duty.state, duty.owner_post, duty.owner_unit) == (DutyState.ISSUED, post, world.unit)
    assert (duty.quote_id, duty.document_id) == (draft.quote_id, batch.document_id)
    assert duty.due == dt.date(2025, 12, 31)
    assert Draft.objects.get(pk=draft.pk).edits == edits


def test_accept_commitment_when_no_owner_then_stays_drafted_and_nobody_is_invented(
    world: World,
) -> None:
    batch = read(world)
    reading.accept_draft(act_of(world.office), one(batch, DraftKind.COMMITMENT, "签约落位"))
    duty = Duty.objects.get()
    assert (duty.state, duty.owner_unit, duty.owner_post) == (DutyState.DRAFT, None, None)
    assert (duty.strength, duty.due) == ("strive", None)


def test_accept_commitment_when_it_names_one_project_then_the_duty_hangs_on_it(
    world: World,
) -> None:
    batch = read(world)
    reading.accept_draft(act_of(world.office), one(batch, DraftKind.COMMITMENT, "签约落位"))
    project = Project.objects.get()
    assert Duty.objects.get().subject_id == project.subject_id
    assert one(batch, DraftKind.PROJECT, "云谷").state == DraftState.ACCEPTED


def test_accept_project_when_paper_strives_to_sign_then_never_signed(world: World) -> None:
    batch = read(world)
    reading.accept_draft(act_of(world.office), one(batch, DraftKind.PROJECT, "云谷"))
    project = Project.objects.get()
    assert project.stage is not None
    assert (project.stage.code, "力争" in project.stage_said) == ("landing", True)
    assert Sourced.objects.filter(subject=project.subject, field="project.name").count() == 1


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("确保示例四区道路通车。", "确保…通车"),
        ("推动示例交通科技等项目竣工验收。", "推动…竣工验收"),
        ("统筹推进示例第一中学等5所学校。", "统筹推进"),
        ("抓好示例煤矿产业园等区域改造治理。", "抓好…改造治理"),
        ("加快建设示例东湖产业园。", "加快建设"),
        ("推动示例云谷数据中心项目开工。", "推动…开工"),
    ],
)
def test_accept_project_when_the_paper_promises_then_words_kept_and_stage_unknown(
    world: World, sentence: str, said: str
) -> None:
    batch = read(world, sentence)
    reading.accept_draft(act_of(world.office), batch.drafts.get(kind=DraftKind.PROJECT))
    project = Project.objects.get()
    assert (project.stage, project.stage_said) == (None, said)
    card = next(c for c in reading_of(batch).cards if c.draft.kind == DraftKind.PROJECT)
    assert card.stage_words == ""


def test_accept_project_when_procedures_are_under_way_then_in_approval(world: World) -> None:
    batch = read(world, "抓紧办理示例东湖产业园前期手续。")
    reading.accept_draft(act_of(world.office), batch.drafts.get(kind=DraftKind.PROJECT))
    stage = Project.objects.get().stage
    assert stage is not None
    assert stage.code == "approval"


def known_project(world: World, name: str) -> Project:
    return add_project(act_of(world.office), name=name, unit=None)


def test_accept_drafts_when_a_known_name_holds_the_read_one_then_linked_not_doubled(
    world: World,
) -> None:
    known = known_project(world, "示例东湖产业园配套改造治理")
    batch = read(world)
    card = next(c for c in reading_of(batch).cards if c.values["title"] == "示例东湖产业园项目")
    assert card.alike == known.subject
    reading.accept_drafts(act_of(world.office), batch, reading.pending_drafts(batch))
    assert list(Project.objects.filter(name__contains="东湖")) == [known]
    sourced = Sourced.objects.filter(subject=known.subject, field="project.name")
    assert sourced.count() == 1


def test_accept_draft_when_a_person_chooses_a_new_project_then_it_is_made(world: World) -> None:
    known_project(world, "示例东湖产业园配套改造治理")
    draft = one(read(world), DraftKind.PROJECT, "示例东湖产业园")
    reading.accept_draft(act_of(world.office), draft, {"subject": ""})
    assert Project.objects.filter(name__contains="东湖").count() == 2


@pytest.mark.parametrize(
    "names",
    [
        ("示例东湖产业园二期",),
        ("示例东湖产业园南区", "示例东湖产业园北区"),
        ("东湖",),
    ],
)
def test_read_paper_when_another_phase_or_a_doubt_then_nothing_is_proposed_to_link(
    world: World, names: tuple[str, ...]
) -> None:
    for name in names:
        known_project(world, name)
    draft = one(read(world), DraftKind.PROJECT, "示例东湖产业园")
    assert "alike" not in draft.payload


def test_read_paper_when_facets_are_counted_then_shown_but_no_places(world: World) -> None:
    facets = "算好任务账，力争超额完成项目建设、投资增长、招商落位、资金争取四个方面的目标任务。"
    batch = read(world, PAPER + facets)
    kept = [row for row in batch.tables if row["text"] == "四个方面的目标任务"]
    assert [row["attrs"]["value"] for row in kept] == [4]
    reading.accept_drafts(act_of(world.office), batch, reading.pending_drafts(batch))
    assert [quota.title for quota in Quota.objects.all()] == ["5户亿元企业"]


def test_accept_project_when_ledger_has_the_name_then_linked_not_doubled(world: World) -> None:
    first = read(world)
    reading.accept_draft(act_of(world.office), one(first, DraftKind.PROJECT, "示例东湖产业园"))
    second = read(world, PAPER.replace("大会上", "调度会上"), "第二份.txt")
    draft = one(second, DraftKind.PROJECT, "示例东湖产业园")
    reading.accept_draft(act_of(world.office), draft)
    assert Project.objects.filter(name__contains="东湖").count() == 1
    subject = Project.objects.get(name__contains="东湖").subject
    assert Sourced.objects.filter(subject=subject, field="project.name").count() == 2


def test_accept_quantity_when_two_of_five_named_then_three_places_to_fill(world: World) -> None:
    batch = read(world)
    reading.accept_draft(act_of(world.office), one(batch, DraftKind.QUANTITY, "5户"))
    quota = Quota.objects.get()
    assert quota.stated == 5
    named = [place.subject and place.subject.title for place in quota.places.all()]
    assert named == ["示例星河科技公司", "示例长风装备公司", None, None, None]
    assert Enterprise.objects.count() == 2


def test_accept_draft_when_accepted_before_then_nothing_is_made_again(world: World) -> None:
    batch = read(world)
    draft = one(batch, DraftKind.COMMITMENT, "竣工验收")
    for _ in range(2):
        reading.accept_draft(act_of(world.office), draft)
    assert Duty.objects.count() == 1


def test_accept_drafts_when_one_fails_in_the_middle_then_nothing_is_made(
    world: World,
) -> None:
    batch = read(world)
    drafts = reading.pending_drafts(batch)
    last = drafts[-1]
    last.edits = {"owner_unit": "0192f000-0000-7000-8000-000000000000"}
    last.save()
    before = Event.objects.count()
    with pytest.raises(Invalid, match="已不存在"):
        reading.accept_drafts(act_of(world.office), batch, drafts)
    made = (Duty, Target, Quota, Project, Enterprise, Sourced)
    assert [model.objects.count() for model in made] == [0] * len(made)
    assert Event.objects.count() == before


def test_accept_drafts_when_all_then_every_fact_has_a_source_and_reading_is_closed(
    world: World,
) -> None:
    batch = read(world)
    count = reading.accept_drafts(act_of(world.office), batch, reading.pending_drafts(batch))
    assert count == batch.drafts.filter(state=DraftState.ACCEPTED).count() == batch.drafts.count()
    assert Batch.objects.get().state == BatchState.CONFIRMED
    assert not Duty.objects.filter(quote=None).exists()
    owners = Duty.objects.exclude(owner_unit=None) | Duty.objects.exclude(owner_post=None)
    assert not owners.exists()


def test_reject_and_reopen_draft_then_state_follows_and_accepting_rejected_is_refused(
    world: World,
) -> None:
    batch = read(world)
    draft = one(batch, DraftKind.PROJECT, "云谷")
    reading.reject_draft(act_of(world.office), draft)
    with pytest.raises(Invalid, match="恢复"):
        reading.accept_draft(act_of(world.office), draft)
    assert reading.reopen_draft(act_of(world.office), draft).state == DraftState.PENDING


def test_edit_draft_when_post_outside_unit_then_field_is_named(world: World) -> None:
    draft = one(read(world), DraftKind.COMMITMENT, "竣工验收")
    elsewhere = make_post(make_unit(world.district, "示例二局"), Role.UNIT)
    edits = {"owner_unit": str(world.unit.public_id), "owner_post": str(elsewhere.public_id)}
    with pytest.raises(Invalid) as refusal:
        reading.edit_draft(act_of(world.office), draft, edits)
    assert refusal.value.field == "owner_post"
    assert Draft.objects.get(pk=draft.pk).edits == {}


def test_drop_batch_when_read_again_then_the_reading_opens_again(world: World) -> None:
    batch = read(world)
    reading.drop_batch(act_of(world.office), batch)
    assert Batch.objects.get().state == BatchState.DROPPED
    assert read(world).state == BatchState.PREVIEW


def test_reading_of_when_shown_then_passages_join_to_the_text(world: World) -> None:
    batch = read(world)
    shown = reading_of(batch)
    text = "\n".join("".join(p.text for p in line.passages) for line in shown.lines)
    assert text + "\n" == batch.document.text
    assert [card.draft.pk for card in shown.cards] == [d.pk for d in batch.drafts.all()]


def test_read_paper_when_keeping_fails_then_no_file_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guatu.campaign.reading.papers.note", _fail)
    with pytest.raises(RuntimeError):
        read(world)
    assert StoredFile.objects.count() == 0
    kept = [p for p in files.path_of("aa").parents[1].rglob("*") if p.is_file()]
    assert [p for p in kept if p.read_bytes() == PAPER.encode()] == []


def _fail(*_: object) -> None:
    message = "disk full"
    raise RuntimeError(message)
