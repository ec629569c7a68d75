"""A specialist's 走访 in Chromium on a phone, and the paper that shows a firm's consent."""

from pathlib import Path

import pytest
from django.utils import timezone

from guatu.growth.models import ConsentEvidence
from guatu.loop.models import Visit
from tests.browser.test_duty_life import OFFICE, PASSWORD, PHONE, people
from tests.growth.conftest import Place
from tests.growth.conftest import place as place  # noqa: PLC0414 -- a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL = (
    "[...document.querySelectorAll('#main .button, .raise-cause, #main .control')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).length"
)
PAPER = {"name": "示例同意书.txt", "mimeType": "text/plain", "buffer": "示例同意书".encode()}


def test_visit_when_recorded_from_a_phone_then_the_firm_is_no_longer_due_and_papers_open(
    live_server: object, place: Place, tmp_path: Path
) -> None:
    for standing in (place.specialist, place.office):
        standing.officer.set_password(PASSWORD)
        standing.officer.password_changed_at = timezone.now()
        standing.officer.save()
    path = f"/firms/{place.firm.public_id}/"
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.specialist, PHONE, path)
        assert "该走访" in page.inner_text("#main")
        page.tap("#main >> text=记走访")
        page.wait_for_selector("h1:has-text('记走访')")
        assert page.evaluate(SMALL) == 0
        crowd.judge(page, "visit-new-390")
        page.tap("text=保存")
        page.wait_for_selector("[data-error-summary]")
        refused = page.inner_text("[data-error-summary]")
        assert ("结论：请点选" in refused, "看到的情况：请写一句" in refused) == (True, True)
        page.tap(".verdict-choice .raise-cause >> nth=0")
        page.fill("[name=text]", "示例：生产正常，用工不足")
        page.tap("text=保存")
        page.wait_for_selector(f"text=已记走访：{place.firm.title}")
        page.goto(f"{crowd.root}{path}")
        shown = page.inner_text("#main")
        assert ("该走访" in shown, "没有同意书文件" in shown) == (False, True)
        page.tap("#consents >> text=补充文件")
        page.set_input_files("[name=file]", [PAPER])
        crowd.judge(page, "consent-paper-390")
        page.tap("#main button[type=submit]")
        page.wait_for_selector("text=已补充文件")
        office = crowd.at(place.office, OFFICE, path)
        with office.expect_download() as got:
            office.click("#consents .firm-papers a")
        assert Path(got.value.path()).read_text(encoding="utf-8") == "示例同意书"
    visit = Visit.objects.get()
    assert (visit.leader_post, visit.on) == (place.specialist.posts[0], place.specialist.today)
    assert ConsentEvidence.objects.get().consent == place.consent
