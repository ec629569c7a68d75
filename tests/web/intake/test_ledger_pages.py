"""The ledger's pages through the client: preview, confirmation, error rows, template."""

import io
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.engines.intake.sheet.template import PROJECT_COLUMNS
from guatu.investment.models import Project
from guatu.register.enums import Verdict
from guatu.register.models import (
    Draft,
    SourceCell,
)
from tests.campaign.ledgers import ledger, row
from tests.web.intake.uploads import (
    MOST_QUERIES,
    World,
    signed_in,
    upload_ledger,
)

pytestmark = pytest.mark.django_db


def test_ledger_when_good_then_preview_confirm_and_links(world: World) -> None:
    client = signed_in(world.office)
    page = upload_ledger(client, ledger(row(1, "示例东湖产业园"), row(2, "示例<b>云谷</b>"))).url
    shown = client.get(page).content.decode()
    assert "<b>云谷</b>" not in shown
    assert shown.count("verdict-new") == 2
    assert "将新增 2 个项目" in client.get(page + "confirm/").content.decode()
    client.post(page + "confirm/")
    assert Project.objects.count() == 2
    made = client.get(page).content.decode()
    project = Project.objects.get(name="示例东湖产业园")
    assert reverse("projects:project", args=[project.subject.public_id]) in made
    cell = SourceCell.objects.get(cell="F4")
    address = reverse("intake:cells", args=[cell.workbook.public_id])
    source = client.get(address, {"sheet": cell.sheet, "cell": "F4"})
    assert "1001" in source.content.decode()


def test_ledger_when_a_value_changes_then_old_and_new_stand_in_the_text(world: World) -> None:
    client = signed_in(world.office)
    client.post(upload_ledger(client, ledger(row(1, "示例东湖产业园"))).url + "confirm/")
    page = upload_ledger(client, ledger(row(1, "示例东湖产业园", c5=2000)), "二.xlsx").url
    shown = client.get(page, {"verdict": "changed"}).content.decode()
    assert "<del>1001</del> → " in shown
    assert "2000" in shown


def test_ledger_when_a_row_is_wrong_then_nothing_goes_in_and_rows_come_back_as_excel(
    world: World,
) -> None:
    client = signed_in(world.office)
    wrong = ledger(row(1, "示例东湖产业园"), row(2, "示例云谷", c4="2025-02-30", c8="示例九局"))
    page = upload_ledger(client, wrong).url
    shown = client.get(page).content.decode()
    assert "一行也不会导入" in shown
    assert "I5" in shown
    assert client.post(page + "confirm/").status_code == 302
    assert Project.objects.count() == 0
    excel = client.get(page + "errors/")
    assert excel.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert zipfile.is_zipfile(io.BytesIO(excel.content))


def test_template_when_filled_in_then_its_row_is_read_and_its_example_left_out(
    world: World,
) -> None:
    client = signed_in(world.clerk)
    book = load_workbook(io.BytesIO(client.get(reverse("intake:template")).content))
    sheet = book["项目台账"]
    headers = {str(cell.value): cell for line in sheet.iter_rows() for cell in line if cell.value}
    at = headers["项目名称"].row + 2
    for header, value in (("项目名称", "示例新厂房"), ("总投资", 800)):
        column = next(cell.column for name, cell in headers.items() if name.startswith(header))
        sheet.cell(at, column, value)
    filled = io.BytesIO()
    book.save(filled)
    upload_ledger(client, filled.getvalue(), "填好.xlsx")
    draft = Draft.objects.get()
    assert draft.verdict == Verdict.NEW
    assert draft.diff["name"] == [None, "示例新厂房"]
    assert draft.diff["unit"] == [None, "示例一局"]


def test_ledger_page_when_500_rows_then_as_many_queries_as_for_5(world: World) -> None:
    client = signed_in(world.office)
    counts = []
    for size in (5, 500):
        data = ledger(*(row(n, f"示例{size}号厂房{n:04d}") for n in range(1, size + 1)))
        page = upload_ledger(client, data, f"台账{size}.xlsx").url
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_ledger_when_it_has_the_templates_41_columns_then_six_that_are_filled_are_shown(
    world: World,
) -> None:
    client = signed_in(world.office)
    headers = [column.header for column in PROJECT_COLUMNS]
    filled = {
        "项目名称": "示例新厂房",
        "总投资": 800,
        "责任单位": "示例一局",
        "项目阶段": "在建",
        "计划竣工时间": "2026-10",
        "形象进度": "完成基础",
        "存在问题": "无",
        "3月形象进度目标": "完成基础",
    }
    data = ledger([filled.get(header, "") for header in headers], headers=headers)
    shown = client.get(upload_ledger(client, data).url).content.decode()
    heads = re.findall(r'<th scope="col">([^<]+)', shown)
    assert heads == [
        "行", "结果", "项目名称", "责任单位", "总投资", "计划竣工时间", "项目阶段", "形象进度",
        "其余内容",
    ]  # fmt: skip
    assert "另有 2 项" in shown
    assert "2025-03 形象进度目标：完成基础" in shown


def test_ledger_when_it_has_no_money_and_excels_own_sheet_name_then_neither_is_told(
    world: World,
) -> None:
    client = signed_in(world.office)
    headers = ["事项名称", "责任单位", "完成时限"]
    data = ledger(["示例事项", "示例一局", "2025-06-30"], headers=headers, title="示例督办台账")
    book = load_workbook(io.BytesIO(data))
    book.worksheets[0].title = "Sheet1"
    told = io.BytesIO()
    book.save(told)
    shown = client.get(upload_ledger(client, told.getvalue()).url).content.decode()
    assert ("示例事项" in shown, "金额单位" in shown, "工作表" in shown) == (True, False, False)
    projects = client.get(upload_ledger(client, ledger(row(1, "示例厂房")), "二.xlsx").url)
    assert "金额单位" in projects.content.decode()


def test_ledger_when_it_is_a_csv_then_no_sheet_is_named(world: World) -> None:
    client = signed_in(world.office)
    data = "项目名称,总投资（万元）\n示例新厂房,800\n".encode()
    shown = client.get(upload_ledger(client, data, "台账.csv").url).content.decode()
    assert "台账.csv" in shown
    assert "工作表" not in shown


def test_index_when_a_clerk_opens_it_then_only_ledgers_the_clerk_may_import_are_offered(
    world: World,
) -> None:
    shown = signed_in(world.clerk).get(reverse("intake:index")).content.decode()
    offered = re.findall(r'<option value="(\w+)"', shown)
    assert "project" in offered
    assert not {"supervision", "reform"} & set(offered)
    assert "kind=supervision" not in shown
    whole = signed_in(world.office).get(reverse("intake:index")).content.decode()
    assert "kind=supervision" in whole
    rows = [["示例事项", "示例一局"]]
    owed = ledger(*rows, headers=["督办事项", "责任单位"], title="示例区督办台账")
    refused = upload_ledger(signed_in(world.clerk), owed, "督办.xlsx")
    assert refused.status_code == 422
    assert "您的岗位不能导入督办台账" in refused.content.decode()
