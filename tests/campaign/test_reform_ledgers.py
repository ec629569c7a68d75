"""A list of reforms (重点改革任务清单) through the same flow as every ledger."""

import datetime as dt

import pytest

from guatu.campaign import reading
from guatu.campaign.reading.ledger_view import marked_as_excel, preview_of
from guatu.campaign.reading.reform_book import TEMPLATE
from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import read_workbook
from guatu.engines.intake.sheet.template import empty_ledger
from guatu.loop.actions.reforms import add_reform
from guatu.loop.models import Reform
from guatu.register.enums import BatchState, Role
from guatu.register.errors import Invalid
from guatu.register.models import Batch, Event, Sourced
from guatu.register.policies import standing_of
from tests.campaign.ledgers import ledger
from tests.factories import TODAY, act_of, make_officer, make_post
from tests.investment.conftest import World
from tests.investment.conftest import world as world  # noqa: PLC0414 -- a fixture

pytestmark = pytest.mark.django_db
TITLE = "示例区2025年重点改革任务清单"
HEADERS = (
    *("序号", "任务编号", "改革任务", "改革内容", "预期成果", "改革领域", "责任单位"),
    *("包保领导", "推进状态", "完成时限", "进展情况", "备注"),
)


def line(number: int, name: str, **changes: object) -> list[object]:
    """One good row of ``HEADERS``; ``changes`` by the header's position, as ``c6=...``."""
    cells: list[object] = [
        *(number, "", name, "拟定流程\n压减环节", "印发办法", "优服务", "示例建设局"),
        *("示例副区长", "推进中", "2025-06", "已摸底", "第一批"),
    ]
    for key, value in changes.items():
        cells[int(key.removeprefix("c"))] = value
    return cells


def sheet(*rows: list[object], title: str = TITLE) -> bytes:
    return ledger(*rows, headers=HEADERS, title=title, unit="")


def read(world: World, data: bytes, kind: str | None = None) -> Batch:
    return reading.read_ledger_into_drafts(act_of(world.office), data, "改革.xlsx", kind)


def counts(batch: Batch) -> tuple[int, ...]:
    return tuple(batch.counts[name] for name in ("new", "changed", "unchanged", "error"))


@pytest.fixture
def leader(world: World) -> None:
    post = make_post(world.district, Role.LEADER, "示例副区长")
    standing_of(make_officer(post), TODAY)


@pytest.mark.usefixtures("leader")
def test_reform_ledger_when_good_then_reforms_with_each_fact_its_cell(world: World) -> None:
    bare = line(2, "示例标准地改革", c3="", c4="", c5="", c6="", c7="", c8="", c9="", c10="")
    batch = read(world, sheet(line(1, "示例高效办成一件事"), bare))
    assert (batch.kind, counts(batch)) == ("reform", (2, 0, 0, 0))
    assert "预期成果" in {
        column.header for column in preview_of(act_of(world.office), batch).columns
    }
    reading.confirm_batch(act_of(world.office), batch)
    first, second = Reform.objects.order_by("pk").select_related("subject__unit", "leader_post")
    assert (first.subject.code, first.subject.title, str(first.subject.unit)) == (
        *("GG-00001", "示例高效办成一件事", "示例建设局"),
    )
    assert (first.content, first.result, first.progress, first.state, first.due) == (
        *("拟定流程 压减环节", "印发办法", "已摸底", "doing", dt.date(2025, 6, 30)),
    )
    assert (str(first.leader_post)[-5:], first.subject.domain) == ("示例副区长", "service")
    told = (second.subject.code, second.subject.unit, second.state, second.due, second.content)
    assert (told, second.subject.domain) == (("GG-00002", None, "planned", None, ""), "governance")
    pointed = Sourced.objects.get(subject=first.subject, field="reform.due").cell
    assert pointed is not None
    assert (pointed.cell, pointed.raw) == ("J4", "2025-06")
    verbs = Event.objects.filter(model__in=("loop.Reform", "register.Subject"))
    assert "reform.import" in set(verbs.values_list("verb", flat=True))
    drafts = [str(draft.subject) for draft in batch.drafts.order_by("order")]
    assert drafts == [str(first.subject), str(second.subject)]


@pytest.mark.usefixtures("leader")
def test_reform_ledger_when_brought_in_again_then_nothing_changes_and_later_only_what_differs(
    world: World,
) -> None:
    first = sheet(line(1, "示例高效办成一件事"), line(2, "示例标准地改革"))
    reading.confirm_batch(act_of(world.office), read(world, first))
    assert read(world, first).state == BatchState.CONFIRMED
    same = read(
        world,
        sheet(line(1, "★示例高效办成一件事"), line(2, "示例标准地改革"), title=TITLE + "（三月）"),
    )
    assert counts(same) == (0, 0, 2, 0)
    before = Event.objects.filter(verb="reform.import").count()
    reading.confirm_batch(act_of(world.office), same)
    assert Event.objects.filter(verb="reform.import").count() == before
    later = read(
        world,
        sheet(
            line(1, "示例高效办成一类事", c1="GG-00001", c3=""),
            line(2, "示例标准地改革", c8="已办结", c9="2025-07-15"),
        ),
    )
    assert [draft.diff for draft in later.drafts.order_by("order")] == [
        {"name": ["示例高效办成一件事", "示例高效办成一类事"]},
        {"state": ["推进中", "已完成"], "due": ["2025-06-30", "2025-07-15"]},
    ]
    reading.confirm_batch(act_of(world.office), later)
    rows = Reform.objects.order_by("pk").values_list("subject__title", "state", "content")
    assert list(rows) == [
        ("示例高效办成一类事", "doing", "拟定流程 压减环节"),
        ("示例标准地改革", "done", "拟定流程 压减环节"),
    ]


@pytest.mark.usefixtures("leader")
def test_reform_ledger_when_rows_are_wrong_then_nothing_enters_and_each_points_to_its_cell(
    world: World,
) -> None:
    add_reform(act_of(world.office), name="示例已有改革")
    batch = read(
        world,
        sheet(
            line(1, "示例好的"),
            line(2, "示例单位错", c6="示例没有的局"),
            line(3, "示例年份错", c9="2021-06"),
            line(4, "示" * 201),
            line(5, "示例好的"),
            line(6, "示例内容长", c3="长" * 4001),
            line(7, "示例已有改革", c1="GG-99999"),
        ),
    )
    issues = [
        (draft.payload["row"], one["cell"], one["message"])
        for draft in batch.drafts.order_by("order")
        for one in draft.issues
        if one["stops"]
    ]
    assert [(row, cell) for row, cell, _ in issues] == [
        *((5, "G5"), (6, "J6"), (7, "C7"), (8, "C8"), (9, "D9")),
    ]
    words = [message for _, _, message in issues]
    assert "示例没有的局" in words[0]
    assert "早于2025年的攻坚行动" in words[1]
    assert "任务名称共201字" in words[2]
    assert "与第4行是同一项改革任务" in words[3]
    assert "改革内容共4001字" in words[4]
    with pytest.raises(Invalid, match="一行也没有导入"):
        reading.confirm_batch(act_of(world.office), batch)
    assert Reform.objects.count() == 1
    table = read_workbook(marked_as_excel(batch), "待改正.xlsx").tables[0]
    assert len(table.rows) == batch.drafts.count() == 7


def test_reform_ledger_when_words_are_unknown_then_noted_and_left_out(world: World) -> None:
    row = line(1, "示例改革", c5="党建", c7="示例某人", c8="快了", c1="GG-00042")
    batch = read(world, sheet(row))
    told = {one["cell"]: one["message"] for one in batch.drafts.get().issues}
    assert set(told) == {"F4", "H4", "I4", "J4", "C4"}
    assert ["没有导入" in told[cell] for cell in ("F4", "H4", "I4")] == [True] * 3
    assert "按月末计" in told["J4"]
    assert "另编号" in told["C4"]
    reading.confirm_batch(act_of(world.office), batch)
    reform = Reform.objects.get()
    assert (reform.state, reform.leader_post, reform.subject.code) == ("planned", None, "GG-00001")


def test_ledger_when_its_title_says_supervision_then_duties_unless_asked_otherwise(
    world: World,
) -> None:
    data = sheet(line(1, "示例改革"), title="示例区重点工作督办台账")
    assert read(world, data).kind == "supervision"
    other = sheet(line(2, "示例改革"), title="示例区重点工作督办台账")
    assert read(world, other, "reform").kind == "reform"
    third = sheet(line(3, "示例改革"))
    assert read(world, third, "supervision").kind == "supervision"


def test_reform_ledger_when_a_unit_brings_it_then_refused_before_anything_is_kept(
    world: World,
) -> None:
    with pytest.raises(Invalid, match="不能导入改革任务清单"):
        reading.read_ledger_into_drafts(act_of(world.clerk), sheet(line(1, "示例")), "改革.xlsx")
    assert not Batch.objects.exists()


def test_template_when_read_back_then_a_list_of_reforms_without_rows(world: World) -> None:
    blank = empty_ledger(TEMPLATE, "改革任务清单", {"status": ["推进中"], "category": ["综合"]})
    with pytest.raises(BadInput, match="认出了改革任务清单的表头"):
        read(world, blank)
    fields = {column.field for column in read_workbook(blank, "空表.xlsx").tables[0].columns}
    assert {column.field for column in TEMPLATE.columns} <= fields


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no book", b"\xff" * 4000])
def test_reform_ledger_when_hostile_then_refused_in_words(world: World, data: bytes) -> None:
    with pytest.raises(BadInput):
        read(world, data, "reform")
    assert not Batch.objects.exists()


def test_reform_ledger_when_cells_are_hostile_then_text_stays_text(world: World) -> None:
    script = "示例<script>alert(1)</script>"
    rows = (line(1, script, c3="=1+1"), line(2, '\'=HYPERLINK("http://示例")'), line(3, "   "))
    batch = read(world, sheet(*rows))
    assert counts(batch) == (1, 0, 0, 2)
    issues = [one for draft in batch.drafts.all() for one in draft.issues if one["stops"]]
    assert [one["cell"] for one in issues] == ["D4", "C6"]
    assert "公式" in issues[0]["message"]
    again = read(world, sheet(line(1, script, c3=""), rows[1]))
    reading.confirm_batch(act_of(world.office), again)
    found = Reform.objects.order_by("pk").values_list("subject__title", "content")
    assert list(found) == [(script, ""), ('\'=HYPERLINK("http://示例")', "拟定流程 压减环节")]


def test_reform_ledger_when_a_form_kept_line_breaks_then_no_change_for_them(
    world: World,
) -> None:
    add_reform(act_of(world.office), name="示例改革", content="拟定流程\n压减环节")
    blank = {f"c{at}": "" for at in range(4, 12)}
    assert counts(read(world, sheet(line(1, "示例改革", **blank)))) == (0, 0, 1, 0)


def test_reform_ledger_when_marked_secret_then_refused_and_not_kept(world: World) -> None:
    with pytest.raises(BadInput, match="密"):
        read(world, sheet(line(1, "示例改革"), title="机密★ 示例区重点改革任务清单"))
    assert not Batch.objects.exists()
