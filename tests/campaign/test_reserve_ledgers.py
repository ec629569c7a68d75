"""A ledger of the reserve by the same flow as that of projects: preview, all or nothing."""

from decimal import Decimal

import pytest

from guatu.campaign import reading
from guatu.campaign.reading.ledger_view import marked_as_excel, preview_of
from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import read_workbook
from guatu.engines.intake.sheet.template import RESERVE, empty_ledger
from guatu.investment import actions
from guatu.investment.models import Admission, Category, Project
from guatu.register.enums import BatchState
from guatu.register.errors import Invalid
from guatu.register.models import Batch, Event, Sourced
from tests.campaign.ledgers import ledger
from tests.factories import act_of
from tests.investment.conftest import World
from tests.investment.conftest import world as world  # noqa: PLC0414 -- a fixture

pytestmark = pytest.mark.django_db
TITLE = "示例区储备项目库台账"
HEADERS = (
    *("序号", "项目名称", "项目类别", "项目来源", "建设内容及规模", "责任单位", "估算总投资"),
    *("下年度计划投资", "资金构成", "土地现状", "运营模式", "项目阶段"),
)


def line(number: int, name: str, **changes: object) -> list[object]:
    """One good row of ``HEADERS``; ``changes`` by the header's position, as ``c6=...``."""
    cells: list[object] = [
        *(number, name, "园区", "单位谋划", "标准厂房2万平方米", "示例建设局", 3900),
        *(1200, "专项债", "已收储", "自营", ""),
    ]
    for key, value in changes.items():
        cells[int(key.removeprefix("c"))] = value
    return cells


def sheet(*rows: list[object], title: str = TITLE) -> bytes:
    return ledger(*rows, headers=HEADERS, title=title)


def read(world: World, data: bytes, kind: str | None = None) -> Batch:
    return reading.read_ledger_into_drafts(act_of(world.office), data, "储备.xlsx", kind)


def counts(batch: Batch) -> tuple[int, ...]:
    return tuple(batch.counts[name] for name in ("new", "changed", "unchanged", "error"))


def test_reserve_ledger_when_good_then_ideas_with_each_fact_its_cell(world: World) -> None:
    batch = read(world, sheet(line(1, "示例停车楼"), line(2, "示例书屋", c6="", c3="上面给的")))
    assert (batch.kind, counts(batch)) == ("reserve", (2, 0, 0, 0))
    told = preview_of(act_of(world.office), batch)
    assert "项目来源" in {column.header for column in told.columns}
    reading.confirm_batch(act_of(world.office), batch)
    row = Admission.objects.get(subject__title="示例停车楼")
    project = row.subject.project
    assert (row.state, row.origin, row.round) == ("idea", "unit", 0)
    assert (project.total_wan, project.next_plan_wan, project.year_plan_wan, project.stage) == (
        Decimal(3900),
        Decimal(1200),
        None,
        None,
    )
    assert (project.funding, project.land_state, project.operation_mode) == (
        *("专项债", "已收储", "自营"),
    )
    pointed = Sourced.objects.get(subject=row.subject, field="project.next_plan_wan").cell
    assert pointed is not None
    assert (pointed.cell, pointed.raw) == ("H4", "1200")
    other = Admission.objects.get(subject__title="示例书屋")
    assert (other.origin, other.subject.project.total_wan) == ("", None)
    verbs = Event.objects.filter(model="investment.Admission").values_list("verb", flat=True)
    assert set(verbs) == {"reserve.import"}


def test_reserve_ledger_when_brought_in_again_then_only_what_differs(world: World) -> None:
    first = sheet(line(1, "示例停车楼"), line(2, "示例书屋"))
    reading.confirm_batch(act_of(world.office), read(world, first))
    assert read(world, first).state == BatchState.CONFIRMED
    again = read(world, sheet(line(1, "示例停车楼"), line(2, "示例书屋", c3="规划纲要", c9="")))
    assert counts(again) == (0, 1, 1, 0)
    assert again.drafts.get(verdict="changed").diff == {"origin": ["单位谋划", "规划纲要"]}
    reading.confirm_batch(act_of(world.office), again)
    row = Admission.objects.get(subject__title="示例书屋")
    assert (row.origin, row.subject.project.land_state) == ("plan", "已收储")
    assert Project.objects.count() == 3


def test_reserve_ledger_when_a_row_is_wrong_then_nothing_enters_and_the_rows_come_back(
    world: World,
) -> None:
    batch = read(
        world,
        sheet(
            line(1, "示例停车楼"),
            line(2, "示例书屋", c5="示例没有的局"),
            line(3, "示例小学"),  # is built already
            line(4, "示例仓库", c6="约三千"),
        ),
    )
    assert counts(batch) == (1, 0, 0, 3)
    with pytest.raises(Invalid, match="一行也没有导入"):
        reading.confirm_batch(act_of(world.office), batch)
    assert not Admission.objects.exists()
    found = marked_as_excel(batch)
    table = read_workbook(found, "待改正.xlsx").tables[0]
    assert len(table.rows) == 4
    issues = [issue["message"] for draft in batch.drafts.all() for issue in draft.issues]
    assert any("已是实施项目" in message for message in issues)
    cells = [i["cell"] for d in batch.drafts.all() for i in d.issues if "实施项目" in i["message"]]
    assert cells == ["B6"]


def test_reserve_ledger_when_it_says_admitted_then_still_an_idea_with_a_note(
    world: World,
) -> None:
    batch = read(world, sheet(line(1, "示例停车楼", c11="已入库")))
    issues = batch.drafts.get().issues
    assert [issue["stops"] for issue in issues] == [False]
    assert "入库须经初审、终审" in issues[0]["message"]
    reading.confirm_batch(act_of(world.office), batch)
    assert Admission.objects.get().state == "idea"


def test_ledger_when_its_project_is_judged_then_neither_ledger_may_change_it(
    world: World,
) -> None:
    row = actions.propose(
        act_of(world.clerk),
        name="示例停车楼",
        unit=world.unit,
        content="车位",
        total_wan=Decimal(1),
    )
    actions.submit(act_of(world.clerk), row)
    reserve = read(world, sheet(line(1, "示例停车楼")))
    assert counts(reserve) == (0, 0, 0, 1)
    project = read(world, sheet(line(2, "示例停车楼"), title="示例区项目台账"))
    assert (project.kind, counts(project)) == ("project", (0, 0, 0, 1))
    actions.withdraw(act_of(world.clerk), row)
    built = read(world, sheet(line(3, "示例停车楼", c11="在建"), title="示例区重点项目台账"))
    assert (built.kind, counts(built)) == ("project", (0, 1, 0, 0))
    assert "stage" not in built.drafts.get().diff


def test_template_when_read_back_then_a_reserve_ledger_without_rows(world: World) -> None:
    blank = empty_ledger(RESERVE, "储备项目库台账", {"category": ["园区"], "origin": ["单位谋划"]})
    with pytest.raises(BadInput, match="认出了储备项目库台账的表头"):
        read(world, blank)
    fields = {column.field for column in read_workbook(blank, "空表.xlsx").tables[0].columns}
    assert {column.field for column in RESERVE.columns} <= fields


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no book", b"\xff" * 4000])
def test_reserve_ledger_when_hostile_then_refused_in_words(world: World, data: bytes) -> None:
    with pytest.raises(BadInput):
        read(world, data, "reserve")
    assert not Batch.objects.exists()


def test_reserve_ledger_when_cells_are_hostile_then_text_stays_text(world: World) -> None:
    name = '=HYPERLINK("http://示例","示例")'
    batch = read(world, sheet(line(1, "'" + name), line(2, "示" * 301), line(3, "示例", c6=-5)))
    assert batch.counts["error"] >= 2
    assert Category.objects.count() == 10


def test_reserve_ledger_when_a_likely_header_stands_left_of_the_exact_one_then_the_exact_wins(
    world: World,
) -> None:
    headers = ["序号", "项目名称", "领域", "牵头单位", "项目类别", "责任单位"]
    row = [1, "示例停车楼", "城建", "示例教育局", "园区", "示例建设局"]
    batch = read(world, ledger(row, headers=headers, title=TITLE))
    draft = batch.drafts.get()
    assert (draft.diff["unit"][1], draft.diff["category"][1]) == ("示例建设局", "园区平台")
    assert {one["header"] for one in batch.tables[0]["unread"]} == {"领域", "牵头单位"}
