"""A reserve project in Chromium: an idea on a phone, returned, admitted, taken out, restored."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from guatu.investment import stages
from guatu.investment.models import Admission, AdmissionOpinion
from tests.browser.test_duty_life import OFFICE, PHONE, people
from tests.browser.test_duty_life import place as place  # noqa: PLC0414 -- a fixture
from tests.loop.builders import District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGETS = (
    "[...document.querySelectorAll('.idea .button, .raise-cause, .idea .control')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).length"
)


def test_reserve_when_proposed_on_a_phone_then_returned_amended_admitted_out_and_back(
    live_server: object, place: District, tmp_path: Path
) -> None:
    stages.load_shipped()
    with people(live_server, tmp_path) as crowd:
        phone = crowd.at(place.owner, PHONE, "/reserve/")
        phone.tap("text=报谋划项目")
        phone.fill("[name=name]", "示例公共停车楼")
        phone.fill("[name=content]", "地上停车位约400个")
        phone.tap(".raise-cause:has-text('建议提案')")
        assert phone.evaluate(TARGETS) == 0
        crowd.judge(phone, "reserve-new-390")
        phone.tap(".idea button[type=submit]")
        phone.wait_for_selector("text=报初审还缺：总投资")
        crowd.judge(phone, "reserve-idea-390")
        amend(phone, {"total_wan": "3900"})
        submit(phone)

        desk = crowd.at(place.office, OFFICE, "/desk/")
        desk.click("#reserve .desk-acts a")
        judge(desk, "退回修改", "请补土地、资金和运营")
        phone.goto(f"{crowd.root}/desk/")
        phone.tap("#reserve a:has-text('修改再报') >> nth=1")
        phone.fill("[name=land_state]", "已收储")
        phone.fill("[name=funding]", "专项债")
        phone.fill("[name=operation_mode]", "平台公司自营")
        phone.tap("form.form button[type=submit]")
        phone.wait_for_selector("text=已保存")
        submit(phone)

        desk.goto(f"{crowd.root}/desk/")
        desk.click("#reserve .desk-acts a")
        crowd.judge(desk, "reserve-review-1366")
        judge(desk, "同意", "")
        leader = crowd.at(place.leader, OFFICE, "/desk/")
        leader.click("#reserve .desk-acts a")
        judge(leader, "同意", "同意入库")
        leader.wait_for_selector(".tag:has-text('已储备')")
        crowd.judge(leader, "reserve-admitted-1366")
        leader.click(".detail-tools >> text=退库")
        leader.fill("[name=reason]", "权属未明")
        leader.click("form.form button[type=submit]")
        leader.wait_for_selector("text=已退库：")
        leader.click(".detail-tools >> text=恢复")
        leader.click("form.form button[type=submit]")
        leader.wait_for_selector("text=已恢复：")
    row = Admission.objects.get()
    assert (row.state, row.round, row.origin) == ("reserved", 2, "proposal")
    told = AdmissionOpinion.objects.order_by("pk").values_list("round", "step", "verdict")
    assert list(told) == [(1, "first", "return"), (2, "first", "agree"), (2, "final", "agree")]


def amend(page: Page, values: dict[str, str]) -> None:
    """Fill in what was unknown."""
    page.tap(".detail-tools >> text=修改")
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.tap("form.form button[type=submit]")
    page.wait_for_selector("text=已保存")


def submit(page: Page) -> None:
    """Send it to be judged."""
    page.tap(".detail-tools >> text=报送审核")
    page.tap("form.form button[type=submit]")
    page.wait_for_selector("text=已报送，待初审")


def judge(page: Page, verdict: str, words: str) -> None:
    """Give a verdict from the page of the review."""
    page.click(f".raise-cause:has-text('{verdict}')")
    page.fill("[name=words]", words)
    page.click("form.form button[type=submit]")
    page.wait_for_selector("text=已审核")
