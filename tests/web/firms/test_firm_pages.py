"""Pages of firms through the client: figures, phone form, consent, specialist, plan, sheet."""

import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from guatu.campaign.reading import confirm_batch, read_ledger_into_drafts
from guatu.campaign.reading.importing import has_errors
from guatu.growth import actions
from guatu.growth.actions import report_figures
from guatu.growth.models import AccountPlan, Consent, Mark, Provision, Service
from guatu.loop.models import Duty
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Batch, Draft, Evidence, Observation, SavedView
from guatu.register.recording import note
from tests.factories import NOON, TODAY, act_of, make_post, make_unit, system_act
from tests.growth.conftest import Place
from tests.web.forms_sent import said_at
from tests.web.leads.conftest import SignIn

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25
DAY = dt.timedelta(days=1)


def page_of(place: Place, name: str = "firm", **more: object) -> str:
    return reverse(f"firms:{name}", kwargs={"key": place.firm.public_id, **more})


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_report_when_posted_by_specialist_then_last_beside_new_and_the_figure_opens(
    place: Place, signed_in: SignIn
) -> None:
    report_figures(act_of(place.clerk), [place.entry("987", period="2025-01")])
    client = signed_in(place.specialist)
    form = text_of(client, page_of(place, "report"))
    assert ("987" in form, 'value="987' in form) == (True, False)  # last shown, never filled in
    refused = client.post(
        page_of(place, "report"), {"period": "2025-02", "value_firm_staff": "12.5"}
    )
    assert refused.status_code == 422
    assert "12.5" in refused.content.decode()
    assert said_at(refused, "value_firm_staff") == "应为整数。"
    worded = {"period": "2025-02", "value_firm_revenue": "七百"}
    refused = client.post(page_of(place, "report"), worded)
    assert said_at(refused, "value_firm_revenue") == "请填写数字，不带单位。"
    told = {"period": "2025-02", "purpose": "service", "value_firm_revenue": "1200.5"}
    assert (
        "还没有填写任何一个数"
        in client.post(
            page_of(place, "report"), {"period": "2025-02", "purpose": "service"}
        ).content.decode()
    )
    assert (
        "没有企业对「一企一策」用途的有效同意"
        in client.post(page_of(place, "report"), told | {"purpose": "plan"}).content.decode()
    )
    assert Observation.objects.count() == 1
    assert client.post(page_of(place, "report"), told).status_code == 302
    row = Observation.objects.get(period="2025-02")
    assert "1,200.50" in text_of(client, page_of(place))
    opened = text_of(client, page_of(place, "figure", figure=row.public_id))
    for words in ("企业填报", "用于企业服务", "示例公司财务负责人", "企业同意"):
        assert words in opened


def test_report_when_a_body_outside_the_tree_gave_it_then_named_as_provider_everywhere(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.specialist)
    assert '<option value="power">供电公司' in text_of(client, page_of(place, "report"))
    told = {"period": "2025-02", "purpose": "service", "value_firm_power": "12.5"}
    nobody = client.post(page_of(place, "report"), told | {"provider": "department"})
    assert "不在组织机构中的单位（如供电公司），请直接选为提供方" in said_at(nobody, "organisation")
    client.post(page_of(place, "report"), told | {"provider": "power"})
    row = Observation.objects.get()
    assert (row.source, row.provision.provider, row.provision.organisation) == (
        *("供电公司", "power"),
        None,
    )
    opened = text_of(client, page_of(place, "figure", figure=row.public_id))
    assert "供电公司 · 用于企业服务" in opened


@pytest.mark.parametrize(
    ("provider", "department", "told"),
    [
        ("部门提供", "国网示例供电公司", "power"),
        ("国网示例供电公司", "", "power"),
        ("供电公司", "", "power"),
        ("部门提供", "示例没有局", None),
    ],
)
def test_sheet_when_a_body_outside_the_tree_is_written_then_its_provider(
    place: Place, provider: str, department: str, told: str | None
) -> None:
    row = (FIRM, "用电量", "2025-02", 12.5, "万千瓦时", provider, "企业服务", department)
    batch = read_ledger_into_drafts(act_of(place.clerk), sheet(row), "电.xlsx")
    assert has_errors(batch) is (told is None)
    if told:
        confirm_batch(act_of(place.clerk), batch)
    assert list(Provision.objects.values_list("provider", flat=True)) == ([told] if told else [])


def test_report_when_out_of_proportion_then_asked_while_typed_kept_and_marked(
    place: Place, signed_in: SignIn
) -> None:
    report_figures(act_of(place.clerk), [place.entry("700", period="2025-02")])
    client = signed_in(place.specialist)
    told = {"period": "2025-02", "purpose": "service", "value_firm_output": "6000000"}
    hint = client.post(page_of(place, "report"), told | {"hints": "1"}).content.decode()
    words = "产值 6,000,000 万元，是2025年2月营业收入 700 的 8,571 倍，请核对数和单位。"
    assert (words in hint, "<html" in hint, Observation.objects.count()) == (True, False, 1)
    saved = client.post(page_of(place, "report"), told, follow=True).content.decode()
    assert (f"存疑：{words}" in saved, f'title="{words}">存疑' in saved) == (True, True)
    row = Observation.objects.get(indicator__code="firm_output")
    assert words in text_of(client, page_of(place, "figure", figure=row.public_id))
    assert f'title="{words}">存疑' in text_of(signed_in(place.office), "/firms/?period=2025-02")
    fair = told | {"value_firm_output": "710"}
    assert "存疑" not in client.post(page_of(place, "report"), fair, follow=True).content.decode()


def test_history_when_figures_were_reported_then_told_old_and_new_while_consent_stands(
    place: Place, signed_in: SignIn
) -> None:
    report_figures(act_of(place.clerk), [place.entry("1234567")])
    report_figures(act_of(place.clerk, NOON + DAY), [place.entry("1200.5")])
    client = signed_in(place.office)
    home = reverse("enterprises:enterprise", args=[place.firm.public_id])
    for address in (page_of(place), home):
        lines = [
            (line.what, line.old, line.new, line.on)
            for line in client.get(address).context["changes"]
            if "营业收入" in line.what
        ]
        assert lines == [
            ("2025年2月营业收入", "1,234,567.00 万元", "1,200.50 万元", TODAY),
            ("2025年2月营业收入", None, "1,234,567.00 万元", None),
        ]
    actions.withdraw_consent(act_of(place.clerk, NOON + DAY), place.consent, by="示例公司经理")
    assert "1,200.50" not in text_of(client, page_of(place)) + text_of(client, home)


def test_history_when_a_draft_was_taken_then_what_came_of_it_is_told_alone(
    place: Place, signed_in: SignIn
) -> None:
    draft = Draft(pk=1, subject=place.firm)
    note(system_act(), "draft.accept", draft, {"state": ["pending", "accepted"]})
    home = reverse("enterprises:enterprise", args=[place.firm.public_id])
    assert "待确认" not in text_of(signed_in(place.office), home)


def test_firms_own_account_when_signed_in_then_only_its_own_and_no_plans(
    place: Place, signed_in: SignIn
) -> None:
    plan = actions.make_plan(act_of(place.clerk), place.firm, year=2025, aims="示例内部目标")
    actions.mark_firm(act_of(place.clerk), place.firm, mark="ballast", source="示例名单")
    other = add_enterprise(system_act(), name="示例另一企业", unit=place.unit)
    client = signed_in(place.contact)
    mine = text_of(client, page_of(place))
    assert ("报数" in mine, "一企一策" in mine, "压舱石" in mine) == (True, False, False)
    home = text_of(client, reverse("enterprises:enterprise", args=[place.firm.public_id]))
    assert ("示例内部目标" in home, "示例名单" in home) == (False, False)
    assert client.get(reverse("firms:plan", args=[plan.public_id])).status_code == 404
    assert client.get(reverse("firms:firm", args=[other.subject.public_id])).status_code == 404
    assert client.get("/firms/").status_code == 404
    assert 'name="provider"' not in text_of(client, page_of(place, "report"))


def test_consent_when_withdrawn_by_form_then_no_page_export_or_interface_tells_the_figure(
    place: Place, signed_in: SignIn
) -> None:
    row = report_figures(act_of(place.clerk), [place.entry("7654321")])[0]
    client = signed_in(place.office)
    places = [
        page_of(place),
        reverse("enterprises:enterprise", args=[place.firm.public_id]),
        "/firms/?period=2025-02",
    ]
    assert "7,654,321" in text_of(client, places[0])
    check = page_of(place, "withdraw", consent=place.consent.public_id)
    assert "1 个数" in text_of(client, check)
    assert client.post(check, {"by": "", "revision": 1}).status_code == 422
    contact = signed_in(place.contact)
    assert contact.post(check, {"by": "示例公司经理", "revision": 1}).status_code == 302
    for address in (*places, f"{places[0]}?as_of={TODAY}", f"{places[1]}?as_of={TODAY}"):
        told = text_of(client, address)
        assert ("7,654,321" in told, "7654321" in told) == (False, False)
    book = load_workbook(io.BytesIO(client.get("/firms/?period=2025-02&export=xlsx").content))
    cells = [cell.value for line in book.worksheets[0].iter_rows() for cell in line]
    assert 7654321 not in cells
    assert "示例机械有限公司" in cells
    opened = page_of(place, "figure", figure=row.public_id)
    assert client.get(opened).status_code == 404


def test_list_when_filtered_by_specialist_and_mark_then_the_firms_meant(
    place: Place, signed_in: SignIn
) -> None:
    add_enterprise(system_act(), name="示例无人服务企业", unit=place.unit)
    actions.mark_firm(act_of(place.office), place.firm, mark="ballast", source="示例名单")
    client = signed_in(place.specialist)
    mine = text_of(client, "/enterprises/?serve=mine")
    assert ("示例机械有限公司" in mine, "示例政数局企业服务专员岗" in mine) == (True, True)
    office = signed_in(place.office)
    alone = text_of(office, "/enterprises/?serve=none")
    assert ("示例无人服务企业" in alone, "示例机械有限公司" in alone) == (True, False)
    ballast = text_of(office, "/enterprises/?mark=ballast")
    assert ("示例机械有限公司" in ballast, "示例无人服务企业" in ballast) == (True, False)


def test_figures_when_listed_then_sorted_summed_grouped_exported_and_kept_as_a_view(
    place: Place, signed_in: SignIn
) -> None:
    other = add_enterprise(system_act(), name="示例另一企业", unit=make_unit(place.district))
    report_figures(act_of(place.clerk), [place.entry("1200"), place.entry("800", "firm_staff")])
    report_figures(act_of(place.clerk), [place.entry("1000", period="2024-02")])
    client = signed_in(place.office)
    page = client.get("/firms/?sort=-firm_revenue&group=unit")
    listing = page.context["listing"]
    assert [row.subject_id for row in listing.rows] == [place.firm.pk, other.subject_id]
    assert (listing.sums["firm_revenue"], listing.notes["firm_revenue"]) == (
        "1,200.00",
        "含 1 项未报",
    )
    assert (listing.sums["firm_tax"], listing.notes["firm_tax"]) == ("未报", "含 2 项未报")
    assert [(group.name, group.sums["firm_revenue"]) for group in listing.index] == [
        ("示例街道", "1,200.00"),
        (str(other.subject.unit), "未报"),
    ]
    told = page.content.decode()
    assert ("同比" in told, f"/firms/{place.firm.public_id}/figures/" in told) == (True, True)
    earlier = client.get("/firms/?period=2024-02").context["listing"]
    assert earlier.sums["firm_revenue"] == "1,000.00"
    names = [
        [str(row) for row in client.get(f"/firms/?said={said}").context["listing"].rows]
        for said in ("yes", "no")
    ]
    assert [len(found) for found in names] == [1, 1]
    book = load_workbook(io.BytesIO(client.get("/firms/?period=2024-02&export=xlsx").content))
    cells = [cell.value for line in book.worksheets[0].iter_rows() for cell in line]
    assert ("企业报数 2024年2月" in cells, 1000 in cells) == (True, True)
    given = {"name": "去年二月", "audience": ""}
    client.post("/views/new/firm_figures/?period=2024-02&group=unit&page=3", given)
    assert SavedView.objects.get().query == "period=2024-02&group=unit"
    assert "去年二月" in text_of(client, "/firms/")


def test_figures_when_consent_is_withdrawn_then_neither_order_nor_sums_tell_them(
    place: Place, signed_in: SignIn
) -> None:
    add_enterprise(system_act(), name="示例另一企业", unit=place.unit)
    report_figures(act_of(place.clerk), [place.entry("1200")])
    actions.withdraw_consent(act_of(place.contact), place.consent, by="示例公司经理")
    for query in ("", f"?as_of={TODAY}", "?said=yes", "?sort=firm_revenue&group=unit"):
        listing = signed_in(place.office).get(f"/firms/{query}").context["listing"]
        assert listing.sums["firm_revenue"] == "未报"
    assert signed_in(place.office).get("/firms/?said=yes").context["listing"].count == 0


def test_enterprises_when_something_is_open_then_the_list_adds_it_up(
    place: Place, signed_in: SignIn
) -> None:
    add_enterprise(system_act(), name="示例另一企业", unit=place.unit)
    plan = actions.make_plan(act_of(place.clerk), place.firm, year=2025, aims="示例")
    for title in ("示例措施一", "示例措施二"):
        actions.charge_measure(
            act_of(place.leader), plan, title=title, due=TODAY, owner_post=place.post
        )
    client = signed_in(place.office)
    for query in ("", "?group=street", f"?as_of={TODAY}"):
        listing = client.get(f"/enterprises/{query}").context["listing"]
        assert listing.sums == {"open": "2"}
    assert counted(client, "/enterprises/?group=street&q=示例") <= MOST_QUERIES


def test_specialist_mark_and_plan_when_done_by_forms_then_shown_with_their_history(
    place: Place, signed_in: SignIn
) -> None:
    other = make_post(make_unit(place.district), Role.SPECIALIST, "接任专员岗")
    client = signed_in(place.leader)
    given = {"post": other.public_id, "since": "2025-03-18"}
    assert client.post(page_of(place, "specialist"), given).status_code == 422
    client.post(page_of(place, "specialist"), given | {"reason": "分工调整"})
    assert Service.objects.get(until=None).post == other
    said = {"mark": "upgrade", "source": "示例名单", "since": "2025-03-18", "goal": "年内上规"}
    client.post(page_of(place, "mark"), said)
    client.post(page_of(place, "make_plan"), {"year": 2025, "aims": "稳住产能"})
    plan = AccountPlan.objects.get()
    told = {"title": "协调用电扩容", "owner_post": place.post.public_id, "due": "2025-03-20"}
    measure = reverse("firms:measure", args=[plan.public_id])
    assert client.post(measure, told | {"due": "2025-03-01"}).status_code == 422
    client.post(measure, told)
    shown = text_of(client, page_of(place))
    for words in ("接任专员岗", "分工调整", "小升规培育", "年内上规", "措施 1 项", "实施中"):
        assert words in shown
    duty = Duty.objects.get()
    opened = text_of(client, reverse("firms:plan", args=[plan.public_id]))
    assert reverse("duties:duty", args=[duty.public_id]) in opened
    assert "示例机械有限公司" in text_of(client, "/firms/plans/?state=2")
    for way in ("unit", "year"):
        assert "示例机械有限公司" in text_of(client, f"/firms/plans/?group={way}")
    row = Mark.objects.get()
    client.post(page_of(place, "unmark", mark=row.public_id), {"reason": "示例"})
    client.post(page_of(place, "dismiss"), {"reason": "示例"})
    assert (Mark.objects.get().ended_on, Service.objects.filter(until=None).count()) == (TODAY, 0)
    assert client.get(f"{page_of(place, 'mark')}?as_of={TODAY}").status_code == 404


def test_pages_when_there_are_more_rows_then_no_more_queries(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.office)
    report_figures(act_of(place.clerk), [place.entry("1")])
    plan = actions.make_plan(act_of(place.clerk), place.firm, year=2025, aims="示例")
    addresses = [
        page_of(place),
        page_of(place, "report"),
        "/firms/",
        "/firms/plans/",
        reverse("firms:plan", args=[plan.public_id]),
        "/enterprises/",
        reverse("enterprises:enterprise", args=[place.firm.public_id]),
    ]

    def grow(number: int) -> None:
        entries = [
            place.entry(str(number), "firm_power", f"2024-{month:02d}") for month in range(1, 13)
        ]
        report_figures(act_of(place.clerk, NOON + number * DAY), entries)
        actions.charge_measure(
            act_of(place.leader), plan, title=f"措施{number}", due=TODAY, owner_post=place.post
        )
        firm = add_enterprise(system_act(), name=f"示例企业{number}", unit=place.unit).subject
        actions.make_plan(act_of(place.clerk), firm, year=2025, aims="示例")

    grow(1)
    counted(client, addresses[0])
    few = [counted(client, one) for one in addresses]
    for number in (2, 3, 4):
        grow(number)
    assert [counted(client, one) for one in addresses] == few
    assert max(few) <= MOST_QUERIES


def sheet(*rows: tuple[object, ...]) -> bytes:
    """A filled-in sheet of figures."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "月度指标表"
    page.append(["2025年2月月度指标表"])
    page.append(
        [
            *("序号", "企业名称", "指标名称", "时期", "本期数", "计量单位"),
            *("数据提供方", "数据用途", "提供部门"),
        ]
    )
    for number, row in enumerate(rows, start=1):
        page.append([number, *row])
    told = io.BytesIO()
    book.save(told)
    return told.getvalue()


FIRM = "示例机械有限公司"
GOOD = (FIRM, "营业收入", "2025-02", 1200.5, "万元", "企业填报", "企业服务")


def test_sheet_when_fetched_filled_in_and_brought_in_then_figures_with_cells_and_ground(
    place: Place, signed_in: SignIn
) -> None:
    report_figures(act_of(place.clerk), [place.entry("987", period="2025-01")])
    client = signed_in(place.clerk)
    book = load_workbook(io.BytesIO(client.get("/firms/sheet/?period=2025-02").content))
    page = book.worksheets[0]
    heads = {str(cell.value): cell for row in page.iter_rows() for cell in row if cell.value}
    at = heads["营业收入"].row
    assert page.cell(at, heads["上期数"].column).value == "987"
    page.cell(at, heads["本期数"].column, 1300)
    told = io.BytesIO()
    book.save(told)
    batch = read_ledger_into_drafts(act_of(place.clerk), told.getvalue(), "二月.xlsx")
    assert (batch.kind, batch.counts["new"], batch.counts["unchanged"]) == ("indicator", 1, 4)
    confirm_batch(act_of(place.clerk), batch)
    row = Observation.objects.get(period="2025-02")
    assert (row.value, row.cell is not None, row.provision.consent) == (1300, True, place.consent)
    again = read_ledger_into_drafts(act_of(place.clerk), told.getvalue(), "二月.xlsx")
    assert again == batch
    same = read_ledger_into_drafts(
        act_of(place.clerk), sheet((*GOOD[:3], 1300, *GOOD[4:])), "又一份.xlsx"
    )
    assert same.counts["unchanged"] == 1
    confirm_batch(act_of(place.clerk), same)
    assert Observation.objects.filter(period="2025-02").count() == 1
    opened = reverse("intake:ledger", args=[batch.public_id])
    assert client.get(opened).status_code == 200
    actions.withdraw_consent(act_of(place.contact), place.consent, by="示例公司经理")
    assert client.get(opened).status_code == 404


@pytest.mark.parametrize(
    ("place_of", "value", "sentence"),
    [
        (0, "示例没有的企业", "企业库中没有"),
        (1, "生产总值", "没有“生产总值”这一指标"),
        (2, "二月", "时期“二月”不正确"),
        (2, "2025-03", "还没有结束"),
        (3, "一千", "不是数字"),
        (3, -5, "不能是负数"),
        (4, "亿元", "应以万元计"),
        (5, "道听途说", "没有“道听途说”这一提供方"),
        (5, None, "没有填写数据提供方"),
        (6, None, "没有填写数据用途"),
        (6, "一企一策", "请先登记同意"),
    ],
)
def test_sheet_when_a_row_is_wrong_then_told_at_its_cell_and_nothing_kept(
    place: Place, place_of: int, value: object, sentence: str
) -> None:
    wrong = list(GOOD)
    wrong[place_of] = value
    other = (FIRM, "用工人数", "2025-02", 135, "人", "企业填报", "企业服务")
    batch = read_ledger_into_drafts(act_of(place.clerk), sheet(tuple(wrong), other), "错.xlsx")
    told = [issue["message"] for draft in batch.drafts.all() for issue in draft.issues]
    assert any(sentence in one for one in told), told
    assert has_errors(batch)
    with pytest.raises(Invalid, match="一行也没有导入"):
        confirm_batch(act_of(place.clerk), batch)
    assert (Observation.objects.count(), Provision.objects.count()) == (0, 0)


def test_sheet_when_firm_is_anothers_or_stands_twice_then_told(place: Place) -> None:
    foreign = read_ledger_into_drafts(act_of(place.stranger), sheet(GOOD), "他.xlsx")
    twice = read_ledger_into_drafts(act_of(place.clerk), sheet(GOOD, GOOD), "重.xlsx")
    told = [
        issue["message"]
        for batch in Batch.objects.filter(pk__in=[foreign.pk, twice.pk]).order_by("pk")
        for draft in batch.drafts.order_by("order")
        for issue in draft.issues
    ]
    assert any("不归您报数" in one for one in told)
    assert any("是同一个数" in one for one in told), told
    assert Observation.objects.count() == 0


def test_sheet_when_a_figure_is_out_of_proportion_then_asked_about_in_the_preview(
    place: Place, signed_in: SignIn
) -> None:
    report_figures(act_of(place.clerk), [place.entry("700", period="2025-01")])
    told = sheet((*GOOD[:3], 70_000, *GOOD[4:]))
    batch = read_ledger_into_drafts(act_of(place.clerk), told, "万.xlsx")
    page = text_of(signed_in(place.clerk), reverse("intake:ledger", args=[batch.public_id]))
    assert "存疑：营业收入70,000万元，是2025年1月营业收入700的100倍" in page
    confirm_batch(act_of(place.clerk), batch)
    assert Observation.objects.get(period="2025-02").value == 70_000


def test_consent_when_recorded_with_its_paper_then_the_file_opens_from_the_page(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.specialist)
    assert "没有同意书文件" in text_of(client, page_of(place))
    told = {"basis": "consent", "given_by": "示例负责人", "purposes": ["service"], "on": TODAY}
    paper = SimpleUploadedFile("示例同意书.txt", "示例同意书".encode())
    assert client.post(page_of(place, "consent"), told | {"file": paper}).status_code == 302
    kept = Evidence.objects.get(consents__consent__given_by="示例负责人")
    address = reverse("firms:paper", args=[kept.public_id])
    assert address in text_of(client, page_of(place))
    got = client.get(address)
    assert got.content == "示例同意书".encode()
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert signed_in(place.stranger).get(address).status_code == 404
    reader = text_of(signed_in(place.statistician), page_of(place))
    assert (kept.title in reader, address in reader) == (True, False)


def test_consent_form_when_no_use_is_chosen_then_never_called_optional_and_told_at_the_field(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    shown = text_of(client, page_of(place, "consent"))
    assert ("数据用于" in shown, re.findall("数据用于(?:<[^>]+>)*（可不填）", shown)) == (True, [])
    assert re.findall("文件名称或条款(?:<[^>]+>)*（可不填）", shown) == []
    answer = client.post(
        page_of(place, "consent"), {"basis": "consent", "given_by": "示例公司经理", "on": TODAY}
    )
    assert (answer.status_code, Consent.objects.count()) == (422, 1)
    assert "数据用于：请至少选择一项用途。" in answer.content.decode()


def test_visit_form_when_no_place_is_given_then_never_called_optional_and_told(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.specialist)
    shown = text_of(client, reverse("visits:new"))
    assert "或填写其他项目或企业</label>" in shown
    answer = client.post(reverse("visits:new"), {"verdict": "normal", "on": TODAY})
    text = answer.content.decode()
    assert ("请点选或填写一个项目或企业。" in text, "看到的情况：请写一句" in text) == (True, True)


def test_report_when_nothing_permits_it_then_why_and_whom_to_ask_instead_of_a_form(
    place: Place, signed_in: SignIn
) -> None:
    actions.withdraw_consent(act_of(place.clerk), place.consent, by="示例公司经理")
    address = page_of(place, "report")
    told = {"也可以请企业账号自行登记": place.clerk, "由您代表本企业登记": place.contact}
    for words, who in told.items():
        shown = text_of(signed_in(who), address)
        assert ("现在不能报数" in shown, words in shown) == (True, True)
        assert f"责任单位{place.unit}、服务专员 {place.specialist.posts[0]}" in shown
        assert f'href="{page_of(place, "consent")}">登记同意</a>' in shown
        assert ("保存</button>" in shown, "value_firm_revenue" in shown) == (False, False)
    sent = {"period": "2025-02", "value_firm_revenue": "5", "purpose": "service"}
    assert signed_in(place.clerk).post(address, sent).status_code == 422
    assert not Provision.objects.exists()


def test_paper_when_added_to_a_consent_by_form_then_needed_and_shown(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    address = page_of(place, "show_consent", consent=place.consent.public_id)
    assert client.post(address, {}).status_code == 422
    paper = SimpleUploadedFile("示例补充.txt", "示例".encode())
    assert client.post(address, {"file": paper}).status_code == 302
    assert "示例补充.txt" in text_of(client, page_of(place))
    assert "同意文件" in text_of(client, page_of(place))


def test_visit_when_due_then_told_on_list_page_and_desk_until_the_specialist_records_it(
    place: Place, signed_in: SignIn
) -> None:
    Service.objects.filter(subject=place.firm).update(since=TODAY - 31 * DAY)
    client = signed_in(place.specialist)
    listed = text_of(client, reverse("enterprises:enterprises") + "?serve=visit")
    assert (place.firm.title in listed, "该走访" in listed) == (True, True)
    assert "还没有走访，已 31 天，满 30 天，该走访" in text_of(client, page_of(place))
    assert f"走访：{place.firm.title}" in text_of(client, reverse("desk:desk"))
    address = reverse("visits:new") + f"?subject={place.firm.public_id}"
    form = text_of(client, address)
    assert ("记走访" in form, place.firm.title in form, "督帮领导" in form) == (True, True, False)
    told = {
        "subject": place.firm.title,
        "verdict": "normal",
        "text": "示例走访",
        "on": TODAY,
        "leader_post": place.specialist.posts[0].public_id,
    }
    answer = client.post(address, told)
    assert answer.status_code == 302
    page = text_of(client, answer.headers["Location"])
    assert ("走访发现" in page, "交办" in page) == (True, False)
    assert f"走访：{place.firm.title}" not in text_of(client, reverse("desk:desk"))
    assert "没有符合" in text_of(client, reverse("enterprises:enterprises") + "?serve=visit")
    assert f"最近走访 {TODAY}" in text_of(client, page_of(place))


def test_visit_form_when_asked_for_by_who_does_not_serve_then_not_found(
    place: Place, signed_in: SignIn
) -> None:
    address = reverse("visits:new") + f"?subject={place.firm.public_id}"
    for who in (place.clerk, place.contact, place.statistician, place.stranger):
        assert signed_in(who).get(address).status_code == 404
    assert "记督帮" in text_of(signed_in(place.leader), address)


def test_desk_when_read_by_the_firms_account_then_its_report_and_no_way_to_a_closed_room(
    place: Place, signed_in: SignIn
) -> None:
    firm = signed_in(place.contact)
    shown = text_of(firm, "/desk/")
    assert f'href="{page_of(place, "report")}">报数</a>' in shown
    assert "报2025年2月经营数据" in shown
    assert ("两函一单" in shown, "今天没有需要您办理的事项" in shown) == (False, False)
    ways = set(re.findall(r'<a[^>]* href="(/[^"#?]*)', shown))
    assert {way: firm.get(way, follow=True).status_code for way in ways} == dict.fromkeys(ways, 200)
    assert "本企业报数" not in text_of(signed_in(place.specialist), "/desk/")
    actions.mark_firm(act_of(place.clerk), place.firm, mark="ballast", source="示例名单")
    listed = text_of(firm, "/enterprises/")
    assert ("示例机械有限公司" in listed, "压舱石" in listed) == (True, False)


def test_account_when_named_on_the_page_then_listed_and_ended_with_a_reason(
    place: Place, signed_in: SignIn
) -> None:
    post = make_post(place.unit, Role.ENTERPRISE, "示例企业报数岗")
    clerk = signed_in(place.clerk)
    asked = text_of(clerk, page_of(place, "account"))
    assert ("示例企业报数岗" in asked, "企业联系岗" in asked) == (True, False)
    clerk.post(page_of(place, "account"), {"post": post.public_id})
    assert "示例企业报数岗" in text_of(clerk, page_of(place))
    named = actions.accounts_of(place.firm).get(post=post)
    end = page_of(place, "end_account", number=named.pk)
    assert clerk.post(end, {"reason": ""}).status_code == 422
    clerk.post(end, {"reason": "人员离职"})
    assert [str(row.post) for row in actions.accounts_of(place.firm)] == ["示例政数局企业联系岗"]
    assert "企业账号" not in text_of(signed_in(place.contact), page_of(place))
