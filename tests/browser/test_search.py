"""Search in Chromium: by keyboard on a desktop, by touch on a phone, and without script."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from guatu.register.enterprises import add_enterprise, rename_enterprise
from guatu.register.enums import Role
from guatu.web import navigation
from tests.factories import make_officer, make_post, system_act
from tests.loop.builders import issued, make_loop
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PASSWORD = "示例-password-1"
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CHOSEN = "#suggestions [aria-selected=true] .suggestion-title"
FOCUSED = "document.activeElement.querySelector('.found-title').textContent"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def username() -> Iterator[str]:
    """Firms, one of them renamed, and a duty; return the name the office signs in with."""
    navigation.exists.cache_clear()
    place = make_loop()
    for name in ("示例道路养护公司", "示例道路照明公司"):
        add_enterprise(system_act(), name=name, unit=place.unit)
    renamed = add_enterprise(system_act(), name="示例机械厂", unit=place.unit)
    rename_enterprise(system_act(), renamed, "示例智造公司")
    issued(place, title="推动示例道路改造开工")
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


def test_search_when_used_by_keyboard_and_by_touch_then_leads_to_the_thing(
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
        page.goto(f"{live_server}/desk/")
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/desk/")
        open_by_keyboard(page, shots)
        walk_the_results(page, shots)
        open_on_a_phone(page, shots)
        assert complaints == []
        state = page.context.storage_state()
        plain = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
        plain.goto(f"{live_server}/desk/")
        plain.fill("#site-search", "照明")
        plain.press("#site-search", "Enter")
        plain.wait_for_url("**/search/?q=*")
        assert plain.locator(".found-title").all_inner_texts() == ["示例道路照明公司"]
        browser.close()


def open_by_keyboard(page: Page, shots: Path) -> None:
    """``/``, initials, arrows, Esc, Enter."""
    page.keyboard.press("/")
    page.keyboard.type("sldlzm")
    page.wait_for_selector("#suggestions a")
    page.keyboard.press("ArrowDown")
    judge(page, shots, "search-suggestions")
    assert page.locator(CHOSEN).inner_text() == "示例道路照明公司"
    page.keyboard.press("Escape")
    page.wait_for_selector("#suggestions", state="hidden")
    page.fill("#site-search", "机械厂")
    page.wait_for_selector("#suggestions a:has-text('曾用名：示例机械厂')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('示例智造公司')")


def walk_the_results(page: Page, shots: Path) -> None:
    """Enter shows all; the arrows walk from one to the next and open it."""
    page.fill("#site-search", "道路")
    page.press("#site-search", "Enter")
    page.wait_for_selector("h1:has-text('查找「道路」')")
    judge(page, shots, "search")
    page.focus("#site-search")
    page.keyboard.press("Escape")
    page.focus("#site-search")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "示例道路照明公司"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('推动示例道路改造开工')")


def open_on_a_phone(page: Page, shots: Path) -> None:
    """The bar widens when touched; a suggestion opens."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.fill("#site-search", "养护")
    page.wait_for_selector("#suggestions a")
    judge(page, shots, "search-phone")
    page.click("#suggestions a")
    page.wait_for_selector("h1:has-text('示例道路养护公司')")
    page.goto(page.url.split("/enterprises/")[0] + "/search/?q=示例")
    judge(page, shots, "search-phone-results")
