"""What does not add up is put before the person confirming; what nobody sees is taken out."""

import pytest

from guatu.investment.models import Project
from guatu.loop.models import Duty
from guatu.register.models import Batch, Draft, SourceCell
from tests.campaign.ledgers import HEADERS, ledger, row
from tests.web.intake.uploads import World, signed_in, upload_ledger

pytestmark = pytest.mark.django_db
TOTAL = ["合计", None, None, None, None, 9999, None, None, None, None, None, None]
TOLD = "F6：合计行与各行之和不符：“合计”写明9999万元，按2行相加为2003万元"


def test_ledger_when_a_total_is_wrong_then_told_on_top_and_confirmed_only_with_a_tick(
    world: World,
) -> None:
    client = signed_in(world.office)
    rows = (row(1, "示例东湖产业园"), row(2, "示例云谷"), TOTAL)
    page = upload_ledger(client, ledger(*rows)).url
    shown = client.get(page).content.decode()
    assert shown.index(TOLD) < shown.index("ledger-preview")
    assert "<b>不符</b>" in shown
    check = client.get(f"{page}confirm/").content.decode()
    assert (TOLD in check, "我已核对" in check) == (True, True)
    refused = client.post(f"{page}confirm/")
    assert (refused.status_code, Project.objects.count()) == (422, 0)
    assert "请先核对上面各处" in refused.content.decode()
    assert client.post(f"{page}confirm/", {"seen": "on"}).status_code == 302
    assert Project.objects.count() == 2


def test_ledger_when_totals_agree_then_nothing_is_asked(world: World) -> None:
    client = signed_in(world.office)
    total = [2003 if value == 9999 else value for value in TOTAL]
    page = upload_ledger(client, ledger(row(1, "示例东湖产业园"), row(2, "示例云谷"), total)).url
    assert "ledger-warnings" not in client.get(page).content.decode()
    assert "我已核对" not in client.get(f"{page}confirm/").content.decode()


def test_ledger_when_cells_hold_unseen_marks_then_they_are_taken_out_and_told(
    world: World,
) -> None:
    client = signed_in(world.office)
    headers = [f"{HEADERS[0]}\u200b", *HEADERS[1:]]
    data = ledger(
        row(1, "示例\u202e东湖\u2066产业园", c3="示例：建设\u200b厂房"),
        headers=headers,
        title="示例区\u202d2025年台账",
    )
    page = upload_ledger(client, data, "台\u202e账.xlsx").url
    shown = client.get(page).content.decode()
    assert "B4：含看不见的控制或方向字符U+202E、U+2066，已去掉，请核对" in shown
    client.post(f"{page}confirm/", {"seen": "on"})
    project = Project.objects.get()
    assert (project.name, project.content) == ("示例东湖产业园", "示例：建设厂房")
    cell = SourceCell.objects.get(cell="B4")
    assert (cell.raw, cell.workbook.filename) == ("示例东湖产业园", "台账.xlsx")
    pages = (shown, client.get(f"/projects/{project.subject.public_id}/").content.decode())
    assert [mark for text in pages for mark in text if mark in "\u200b\u202d\u202e\u2066"] == []


def test_ledger_when_headers_have_no_rows_then_refused_in_a_sentence(world: World) -> None:
    answer = upload_ledger(signed_in(world.office), ledger())
    assert answer.status_code == 422
    assert "认出了项目台账的表头，但表头下面没有一行数据" in answer.content.decode()
    assert (Batch.objects.count(), Draft.objects.count()) == (0, 0)


def test_ledger_when_a_column_is_in_another_unit_then_the_heading_says_how_it_is_read(
    world: World,
) -> None:
    headers = [f"{name}（亿元）" if name == "总投资" else name for name in HEADERS]
    data = ledger(row(1, "示例东湖产业园", c5=1.2), headers=headers)
    shown = signed_in(world.office).get(upload_ledger(signed_in(world.office), data).url)
    assert "金额单位 万元，“总投资（亿元）”按亿元填写，一律换算为万元" in shown.content.decode()
    assert shown.content.decode().count('<span class="cell-remark">即 12,000 万元</span>') == 1


DUTIES = ["督办事项", "责任单位", "工作要求", "办理情况", "完成时限", "事项编号", "成果形式"]


def duties(*more: str, **filled: str) -> bytes:
    names = [*DUTIES, *more]
    cells = ["示例事项", "示例一局", "示例要求", "已受理", "2025-06-30", "7号", "示例报告"]
    row = [*cells, *(filled.get(name, "") for name in more)]
    return ledger(row, headers=names, title="示例区督办台账")


def test_ledger_when_columns_are_not_read_then_the_preview_names_them_beyond_the_six(
    world: World,
) -> None:
    client = signed_in(world.office)
    page = upload_ledger(client, duties("备注", "频次", 备注="示例备注")).url
    shown = client.get(page).content.decode()
    assert "<b>以下列不导入：</b>“成果形式”、“备注”</p>" in shown
    assert shown.count('scope="col"') == 3 + 6
    assert "ledger-warnings" not in shown
    check = client.get(f"{page}confirm/").content.decode()
    assert ("以下列不导入" in check, "我已核对" in check) == (True, False)
    client.post(f"{page}confirm/")
    assert "<b>以下列没有导入：</b>“成果形式”、“备注”" in client.get(page).content.decode()


def test_ledger_when_an_unread_column_looks_like_a_deadline_then_only_with_a_tick(
    world: World,
) -> None:
    client = signed_in(world.office)
    page = upload_ledger(client, duties("何时报结", 何时报结="2025年7月15日")).url
    shown = client.get(page).content.decode()
    told = "H3：“何时报结”这一列像是期限，没有读入，导入后不带这一列"
    assert shown.index(told) < shown.index("ledger-preview")
    refused = client.post(f"{page}confirm/")
    assert (refused.status_code, Duty.objects.count()) == (422, 0)
    assert told in refused.content.decode()
    assert client.post(f"{page}confirm/", {"seen": "on"}).status_code == 302
    assert Duty.objects.count() == 1


def test_ledger_when_taken_in_then_the_page_says_where_its_cells_are_shown(world: World) -> None:
    client = signed_in(world.office)
    projects = upload_ledger(client, ledger(row(1, "示例东湖产业园"))).url
    assert "各项内容都可从项目页查到单元格" in client.get(f"{projects}confirm/").content.decode()
    owed = upload_ledger(client, duties(), "督办.xlsx").url
    assert "各项内容都可从事项页查到单元格" in client.get(f"{owed}confirm/").content.decode()
    for page in (projects, owed):
        client.post(f"{page}confirm/")
    assert "都能从项目页的「出处」查到" in client.get(projects).content.decode()
    assert "都能从事项页的「出处」查到" in client.get(owed).content.decode()


def test_ledger_when_a_new_rows_cell_has_a_remark_then_it_stands_in_the_text(world: World) -> None:
    client = signed_in(world.office)
    data = ledger(
        ["示例事项", "示例一局", "长期坚持"],
        headers=["督办事项", "责任单位", "办理时限"],
        title="示例区督办台账",
    )
    shown = client.get(upload_ledger(client, data).url).content.decode()
    assert '<span class="cell-remark">“长期坚持”不是日期，期限按待定，原文保留</span>' in shown
