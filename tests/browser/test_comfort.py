"""Keys on a list, and the map, in Chromium: nothing from outside, nothing inline."""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from guatu.campaign.map import bring_outline, locate
from guatu.investment.models import Project
from guatu.register.enums import Role
from guatu.register.policies import standing_of
from guatu.register.recording import create
from guatu.web import navigation
from tests.browser.test_saved_views import PASSWORD, judge
from tests.factories import TODAY, act_of, make_officer, make_post, make_subject, system_act
from tests.loop.builders import issued, make_loop
from tests.machine import chromium as machine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RING = [[125.3, 43.8], [125.5, 43.8], [125.5, 43.95], [125.35, 44.0], [125.3, 43.8]]


@pytest.fixture
def username() -> Iterator[str]:
    """Two duties, a located project and one that is not; the name the office signs in with."""
    navigation.exists.cache_clear()
    place = make_loop()
    for title in ("推动示例厂房开工", "推动示例道路开工"):
        issued(place, title=title)
    office = make_officer(make_post(place.root, Role.OFFICE, "专班综合岗"), password=PASSWORD)
    act = act_of(standing_of(office, TODAY))
    for title in ("示例厂房", "示例道路"):
        subject = make_subject(place.unit, title=title)
        create(system_act(), "project.add", Project(subject=subject, name=title))
    located = Project.objects.get(name="示例厂房").subject
    locate(act, located, longitude=Decimal("125.4"), latitude=Decimal("43.88"))
    data = json.dumps({"type": "Polygon", "coordinates": [RING]}).encode()
    bring_outline(act, data=data, filename="outline.geojson", review_number="示例S(2025)001号")
    yield office.username
    navigation.exists.cache_clear()


def test_comfort_when_used_by_keys_and_on_the_map_then_it_works(
    live_server: object, username: str, tmp_path: Path
) -> None:
    executable = machine.executable()
    if executable is None:
        pytest.skip(machine.MISSING)
    shots = Path(os.environ.get("GUATU_SHOTS", tmp_path))
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    root = str(live_server)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(60_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on(
            "request",
            lambda asked: asked.url.startswith((root, "data:")) or complaints.append(asked.url),
        )
        page.goto(f"{root}/duties/")
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/duties/")
        use_the_keys(page)
        use_the_map(page, root, shots)
        assert complaints == []
        browser.close()


def use_the_keys(page: Page) -> None:
    """Rows by j and k, choosing by x, the overlay by ?, rooms by g, a row by o."""
    focused = "document.activeElement.closest('tr')?.rowIndex ?? 0"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(focused) == 2
    page.keyboard.press("k")
    assert page.evaluate(focused) == 1
    page.keyboard.press("x")
    assert page.locator("tbody input:checked").count() == 1
    page.keyboard.press("?")
    assert page.locator("#help-dialog[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    page.wait_for_url("**/duties/*-*/")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/map/")


def use_the_map(page: Page, root: str, shots: Path) -> None:
    """One project drawn, the other located by a tap; the phone and the wall hold it as well."""
    page.wait_for_selector("[data-map][data-ready]")
    judge(page, shots, "map")
    page.click("a[aria-label='定位 示例道路']")
    page.wait_for_url("**/map/*-*/")
    page.wait_for_selector("[data-map][data-ready]")
    page.locator("[data-map] canvas").click()
    assert float(page.input_value("#id_longitude")) > 100
    page.click("button:has-text('定位')")
    page.wait_for_url("**/map/")
    assert "所有项目都已定位" in page.inner_text(".map-side")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{root}/map/")
    page.wait_for_selector("[data-map][data-ready]")
    judge(page, shots, "map-phone")
    page.goto(f"{root}/brief/")
    judge(page, shots, "brief-phone")
