"""A target in Chromium: given out, the difference seen and mended, the score explained."""

import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse

from guatu.loop.models import Target
from guatu.register.models import Observation
from tests.browser.test_duty_life import OFFICE, PASSWORD, PHONE, people
from tests.campaign.targets.test_account import _started
from tests.loop.builders import District, make_loop
from tests.loop.targets import promised

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL = (
    "[...document.querySelectorAll('#main .button, #main .lamp')].filter(e => e.offsetParent)"
    ".map(e => Math.round(e.getBoundingClientRect().height)).filter(h => h < 44)"
)


def _district() -> District:
    place = make_loop()
    for standing in (place.owner, place.office):
        standing.officer.set_password(PASSWORD)
        standing.officer.password_changed_at = dt.datetime.now(dt.UTC)
        standing.officer.save()
    return place


def test_target_when_given_out_then_difference_is_seen_mended_and_the_score_explained(
    live_server: object, tmp_path: Path
) -> None:
    place = _district()
    _started(place.unit, dt.date(2025, 1, 20))
    target = promised(place.office, base=10)
    unit, street = place.unit, place.stranger_post.organisation
    address = reverse("targets:give", args=[target.public_id])
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.office, OFFICE, address)
        page.click(f"[id='id_{unit.pk}-year']")
        for text in ("6", "", "1", "2", "3"):
            page.keyboard.type(text)
            page.keyboard.press("ArrowRight")
        page.click(f"[id='id_{street.pk}-year']")
        page.keyboard.type("3")
        gap = page.inner_text("tfoot tr:last-child td:nth-child(2)")
        assert (gap, page.inner_text("tfoot tr:first-child td:nth-child(2)")) == ("−1", "9")
        page.click("text=保存分解")
        page.wait_for_selector("text=年度目标合计比全区目标少 1")
        crowd.judge(page, "target-give-refused-1366")
        page.fill(f"[id='id_{street.pk}-year']", "4")
        page.click("text=保存分解")
        page.wait_for_selector("text=已保存分解")
        assert "一致" in page.inner_text(".target-balance")
        crowd.judge(page, "target-1366")
        page.goto(f"{live_server}{reverse('targets:targets')}")
        crowd.judge(page, "targets-1366")
        phone = crowd.at(place.owner, PHONE, reverse("targets:scores"))
        crowd.judge(phone, "scores-390")
        phone.tap("#main >> text=示例工信局")
        phone.wait_for_selector("[data-score]")
        assert "完成度 = min(1, 已完成 1 ÷ 年度目标 6) = 16.67%" in phone.inner_text("#main")
        crowd.judge(phone, "score-390")
        phone.goto(f"{live_server}{reverse('targets:target', args=[target.public_id])}")
        crowd.judge(phone, "target-390")
        assert phone.evaluate(SMALL) == []
    assert Target.objects.get().revision == 2
    assert Observation.objects.filter(superseded_at=None, basis="plan").count() == 14
