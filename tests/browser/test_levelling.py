"""Levelling in Chromium: the overload is seen, levelled, checked and adopted; also on a phone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from guatu.loop.enums import LevellingState
from guatu.loop.models import Activity, Levelling
from guatu.register.enums import Role
from guatu.web import navigation
from tests.factories import make_officer, make_post
from tests.loop.builders import make_loop
from tests.loop.sharing import shared
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PASSWORD = "示例-password-1"
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE_MS = 180_000

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def username() -> Iterator[str]:
    """Lay two plans over one crew and return the name the office signs in with."""
    navigation.exists.cache_clear()
    place = make_loop()
    shared(place)
    office = make_officer(make_post(place.unit, Role.OFFICE, "专班综合岗"), password=PASSWORD)
    yield office.username
    navigation.exists.cache_clear()


def judge(page: Page, shots: Path, name: str) -> None:
    """Take a picture; no sideways scroll, no accessibility violation."""
    page.screenshot(path=shots / f"{name}.png", caret="initial")
    assert (name, page.evaluate(WIDE)) == (name, 0)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")["violations"]
    told = [(item["id"], item["nodes"][0]["html"][:200]) for item in found]
    assert (name, told) == (name, [])


def test_levelling_when_adopted_then_no_week_is_too_much(
    live_server: object, username: str, tmp_path: Path
) -> None:
    executable = machine.executable()
    if executable is None:
        pytest.skip(machine.MISSING)
    shots = Path(os.environ.get("GUATU_SHOTS", tmp_path))
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(PATIENCE_MS)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server}/resources/")
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("text=1 项有超出")
        judge(page, shots, "resources")
        page.check("#id_seconds_0")
        page.click("#level button[type=submit]")
        page.wait_for_selector("text=各期限都能按期")
        judge(page, shots, "levelling")
        result = page.url
        page.get_by_role("link", name="采用", exact=True).click()
        page.fill("#id_reason", "调度会定")
        judge(page, shots, "levelling-check")
        page.click("main button[type=submit]")
        page.wait_for_selector("text=计划已改")
        page.set_viewport_size({"width": 390, "height": 844})
        judge(page, shots, "levelling-phone")
        page.goto(f"{live_server}/resources/")
        page.wait_for_selector("text=都够用")
        judge(page, shots, "resources-phone")
        assert complaints == []
        assert result.startswith(f"{live_server}/resources/levellings/")
        browser.close()
    assert Levelling.objects.get().state == LevellingState.ADOPTED
    assert Activity.objects.exclude(no_earlier=None).count() == 1
