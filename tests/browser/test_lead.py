"""A lead in Chromium: followed up from a phone, its next step on the desk, signed, a project."""

from decimal import Decimal
from pathlib import Path

import pytest

from guatu.attraction.actions import add_lead, move_lead
from guatu.attraction.models import FollowUp, Lead
from guatu.investment import stages
from tests.browser.test_duty_life import OFFICE, PHONE, people
from tests.browser.test_duty_life import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import act_of
from tests.loop.builders import District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGETS = (
    "[...document.querySelectorAll('.follow .button, .raise-cause, .follow .control')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).length"
)


def test_lead_when_followed_up_from_a_phone_then_on_the_desk_signed_and_a_project(
    live_server: object, place: District, tmp_path: Path
) -> None:
    stages.load_shipped()
    lead = add_lead(
        act_of(place.owner),
        name="示例冷链装备基地",
        unit=place.unit,
        investor="示例装备公司",
        intended_wan=Decimal(32000),
        owner_post=place.owner_post,
    )
    move_lead(act_of(place.owner), lead, "talk")
    page_path = f"/leads/{lead.subject.public_id}/"
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, PHONE, page_path)
        page.tap("text=记跟进")
        page.wait_for_selector(".follow")
        page.tap(".raise-cause:has-text('走访')")
        page.fill("[name=said]", "价格谈妥，准备签约")
        page.fill("[name=next_step]", "送签约文本")
        page.fill("[name=next_due]", "2025-03-19")
        assert page.evaluate(TARGETS) == 0
        crowd.judge(page, "lead-follow-390")
        page.tap(".follow button[type=submit]")
        page.wait_for_selector("text=已记跟进")
        crowd.judge(page, "lead-390")
        page.goto(f"{crowd.root}/desk/")
        assert "送签约文本" in page.inner_text("#leads")
        page.tap("#leads a:has-text('跟进')")
        page.tap(".raise-cause:has-text('洽谈')")
        page.fill("[name=said]", "文本已签")
        page.tap(".follow button[type=submit]")
        page.wait_for_selector("text=没有待办的下一步")
        office = crowd.at(place.owner, OFFICE, page_path)
        office.click("text=调整阶段")
        office.check("[name=stage][value=sign]")
        office.click("form.form button[type=submit]")
        office.wait_for_selector("text=阶段已调整")
        office.click("text=移交项目库")
        crowd.judge(office, "lead-hand-over-1366")
        office.click("text=确认移交")
        office.wait_for_selector("text=已移交项目库")
        assert "由招商线索" in office.inner_text(".detail-side")
        office.click("text=XS-00001")
        office.wait_for_selector("text=已转项目")
        crowd.judge(office, "lead-landed-1366")
    lead = Lead.objects.get()
    assert (lead.stage, lead.became is not None) == ("landed", True)
    assert [one.step_result for one in FollowUp.objects.order_by("pk")] == ["已跟进", ""]
