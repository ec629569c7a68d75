"""Views and groups of a list in Chromium: kept on a desktop, opened and chosen on a phone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from guatu.register.enums import Role
from guatu.web import navigation
from tests.factories import make_officer, make_post
from tests.loop.builders import issued, make_loop
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PASSWORD = "示例-password-1"
HIGHEST_TABLE = 260
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def username() -> Iterator[str]:
    """Two duties; return the name the office signs in with."""
    navigation.exists.cache_clear()
    place = make_loop()
    for title in ("推动示例厂房开工", "推动示例道路开工"):
        issued(place, title=title)
    office = make_officer(make_post(place.root, Role.OFFICE, "专班综合岗"), password=PASSWORD)
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


def titles(page: Page) -> list[str]:
    """Names of the rows."""
    return [text.split("\n")[0].strip() for text in page.locator("tbody th a").all_inner_texts()]


def test_view_when_saved_then_one_tap_away_and_the_default_of_the_menu(
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
        page.set_default_timeout(120_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server}/duties/")
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/duties/")
        save(page, shots)
        choose_from_a_menu(page, shots, str(live_server))
        use_on_a_phone(page, shots, str(live_server))
        group_on_a_phone(page, shots, str(live_server))
        assert complaints == []
        browser.close()


def save(page: Page, shots: Path) -> None:
    """Search and leave a column out, then keep that; the words follow into the view."""
    page.fill("#list-search", "厂房")
    page.wait_for_url("**/duties/?q=*")
    page.click(".list-columns summary:has-text('列')")
    page.uncheck(".column-choice label:has-text('包保领导') input")
    page.check(".column-choice label:has-text('编号') input")
    page.fill(".column-choice li:has-text('编号') .column-place", "1")
    judge(page, shots, "view-columns")
    page.click(".column-choice button")
    page.wait_for_url("**cols=code&cols=lamp*")
    page.wait_for_selector(".list-save[href*='cols=code']")
    judge(page, shots, "view-list")
    page.click(".list-save")
    page.fill("#id_name", "厂房")
    page.select_option("#id_audience", label="共享给示例区")
    assert "「厂房」" in page.inner_text(".told")
    judge(page, shots, "view-save")
    page.click("main button[type=submit]")
    page.wait_for_selector(".list-views a[aria-current]:has-text('厂房')")
    assert titles(page) == ["推动示例厂房开工"]
    assert page.locator("thead th:has-text('包保领导')").count() == 0
    renew(page, shots)


def renew(page: Page, shots: Path) -> None:
    """Change what the view shows: it is offered to be renewed, and keeps its name."""
    page.click("thead th:has-text('期限') a")
    page.click(".list-save-over:has-text('更新视图「厂房」')")
    page.wait_for_selector("h1:has-text('更新视图「厂房」')")
    judge(page, shots, "view-renew")
    page.click("main button[type=submit]")
    page.wait_for_selector(".list-views a[aria-current]:has-text('厂房')")
    assert page.locator(".list-save-over").count() == 0


def choose_from_a_menu(page: Page, shots: Path, root: str) -> None:
    """Many choices open by key and stay open; the rows begin high on the page."""
    page.goto(f"{root}/duties/?q=")
    page.focus("#filter-unit > summary")
    page.keyboard.press("Enter")
    judge(page, shots, "filter-menu")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_url("**/duties/?**unit=**")
    page.wait_for_selector("#filter-unit[open] .chip-box:checked:focus")
    page.keyboard.press("Escape")
    assert page.locator("#filter-unit[open]").count() == 0
    assert page.locator(".filter-chosen").inner_text() == "示例工信局"
    assert page.locator("#list-part table").bounding_box()["y"] <= HIGHEST_TABLE  # type: ignore[index]


def use_on_a_phone(page: Page, shots: Path, root: str) -> None:
    """Open the view by its chip, make it the default, and come back by the menu."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{root}/duties/")
    assert len(titles(page)) == 2
    judge(page, shots, "view-phone")
    page.click(".list-views a:has-text('厂房')")
    page.wait_for_selector(".list-views a[aria-current]")
    assert titles(page) == ["推动示例厂房开工"]
    page.click(".list-views-all")
    page.wait_for_selector("h1:has-text('我的视图')")
    judge(page, shots, "view-phone-all")
    page.click("button:has-text('设为默认')")
    page.wait_for_selector("button:has-text('取消默认')")
    page.click(".rail-menu a:has-text('责任事项')")
    page.wait_for_selector(".list-views a[aria-current]")
    assert titles(page) == ["推动示例厂房开工"]


def group_on_a_phone(page: Page, shots: Path, root: str) -> None:
    """Group by the unit and leave a card's line out; columns no card has are not offered."""
    page.goto(f"{root}/duties/?q=")
    page.click("#filter-unit > summary")
    judge(page, shots, "filter-phone")
    page.keyboard.press("Escape")
    page.click(".list-columns summary:has-text('分组')")
    page.click(".menu-list a:has-text('按责任单位')")
    page.wait_for_selector(".group-row:has-text('2 项')")
    page.click(".list-columns summary:has-text('列')")
    offered = page.locator(".column-choice li:visible").all_inner_texts()
    assert ("期限" in offered, "包保领导" in offered) == (True, False)
    judge(page, shots, "group-phone")
    page.uncheck(".column-choice label:has-text('期限') input")
    page.click(".column-choice button")
    page.wait_for_selector("td[data-label='期限']", state="detached")
    assert page.locator(".group-row").count() == 1
