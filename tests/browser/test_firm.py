"""A firm in Chromium: its figure reported from a phone with its purpose; withdrawn, it is gone."""

from pathlib import Path

import pytest
from django.utils import timezone

from guatu.growth.actions import report_figures
from guatu.growth.models import Consent, Provision
from tests.browser.test_duty_life import OFFICE, PASSWORD, PHONE, people
from tests.factories import act_of
from tests.growth.conftest import Place
from tests.growth.conftest import place as place  # noqa: PLC0414 -- a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGETS = (
    "[...document.querySelectorAll('.firm-report .button, .raise-cause, .firm-new .control')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).length"
)


def test_figure_when_reported_from_a_phone_then_shown_until_the_firm_withdraws(
    live_server: object, place: Place, tmp_path: Path
) -> None:
    for standing in (place.specialist, place.contact, place.office):
        standing.officer.set_password(PASSWORD)
        standing.officer.password_changed_at = timezone.now()
        standing.officer.save()
    report_figures(act_of(place.clerk), [place.entry("987", period="2025-01")])
    path = f"/enterprises/{place.firm.public_id}/"
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.specialist, PHONE, path)
        page.wait_for_selector(".firm-part")
        crowd.judge(page, "firm-card-390")
        page.tap(".firm-part >> text=报数")
        page.wait_for_selector(".firm-report")
        assert page.input_value("[name=value_firm_revenue]") == ""
        page.fill("[name=value_firm_revenue]", "1200.5")
        page.tap(".raise-cause:has-text('企业服务')")
        assert page.evaluate(TARGETS) == 0
        crowd.judge(page, "firm-report-390")
        page.tap(".firm-report button[type=submit]")
        page.wait_for_selector("text=已报 2025年2月 1 个数")
        crowd.judge(page, "firm-390")
        office = crowd.at(place.office, OFFICE, f"/firms/{place.firm.public_id}/")
        assert "1,200.50" in office.inner_text("#figures")
        crowd.judge(office, "firm-1366")
        office.goto(f"{crowd.root}/firms/")
        crowd.judge(office, "firm-sheet-1366")
        own = crowd.at(place.contact, PHONE, f"/firms/{place.firm.public_id}/")
        own.tap("#consents >> text=撤回")
        own.fill("[name=by]", "示例公司经理")
        crowd.judge(own, "firm-withdraw-390")
        own.tap("text=撤回同意 >> nth=-1")
        own.wait_for_selector("text=已撤回同意")
        office.goto(f"{crowd.root}/firms/{place.firm.public_id}/")
        assert "1,200.50" not in office.inner_text("#figures")
        assert "未报" in office.inner_text("#figures")
    assert (Provision.objects.count(), Consent.objects.get().withdrawn_by) == (2, "示例公司经理")
