"""The wall and a project in Chromium: three sizes, turning pages, a red lamp, a node done."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from guatu.investment import stages
from guatu.investment.actions import add_project, make_timetable
from guatu.investment.models import Category, Project
from guatu.loop.models import Activity
from guatu.register.enums import Role
from guatu.register.rules import load_shipped
from guatu.web import navigation
from tests import factories
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PASSWORD = "示例-password-1"
DAY = dt.timedelta(days=1)
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TEXT = """() => [...document.querySelectorAll('main *')]
  .filter(e => e.getClientRects().length && [...e.childNodes].some(
    n => n.nodeType === 3 && n.textContent.trim()))
  .filter(e => !e.closest('.visually-hidden, title, caption'))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < 28)
  .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 20))"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def username() -> Iterator[str]:
    """Fill a district with roads and return the name its officer signs in with."""
    navigation.exists.cache_clear()
    load_shipped()
    stages.load_shipped()
    district = factories.make_district("示例市示例区")
    factories.make_campaign(district)
    unit = factories.make_unit(district, "示例建设局")
    road = Category.objects.get(code="road")
    for number in range(20):
        project = add_project(
            factories.system_act(), name=f"示例{number:02d}号路", unit=unit, category=road
        )
        if number:
            due = factories.TODAY + (number - 4) * 6 * DAY
            dues = {"permit": due, "start": due + 40 * DAY}
            make_timetable(factories.system_act(), project, dues)
    post = factories.make_post(unit, Role.OFFICE, "专班综合岗")
    officer = factories.make_officer(post, name="示例甲", password=PASSWORD)
    yield officer.username
    navigation.exists.cache_clear()


class Visit:
    """A signed-in page whose complaints are kept."""

    def __init__(self, browser: Browser, root: str, username: str, shots: Path) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1366, "height": 768})
        self.root = root
        self.shots = shots
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.open("/projects/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/projects/")

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form is answered 422, which Chromium notes as an error.
        if message.type in {"error", "warning"} and "status of 422" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path: str, width: int = 1366, height: int = 768) -> None:
        """Go to an address at a size."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(self.root + path, wait_until="networkidle")

    def judge(self, name: str) -> None:
        """Take a picture; no sideways scroll, no accessibility violation."""
        self.page.screenshot(path=self.shots / f"{name}.png", caret="initial")
        assert (name, self.page.evaluate(WIDE)) == (name, 0)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document)")["violations"]
        assert (name, [(item["id"], item["nodes"][0]["html"][:200]) for item in found]) == (
            name,
            [],
        )


def test_wall_and_project_when_used_then_plain_accessible_and_silent(
    live_server: object, username: str, tmp_path: Path
) -> None:
    executable = machine.executable()
    if executable is None:
        pytest.skip(machine.MISSING)
    shots = Path(os.environ.get("GUATU_SHOTS", tmp_path))
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        visit = Visit(browser, str(live_server), username, shots)
        ask_why_it_is_red(visit)
        finish_a_node(visit)
        narrow_the_wall(visit)
        hang_the_wall(visit)
        read_on_a_phone(visit)
        assert visit.complaints == []
        browser.close()
    done = Activity.objects.get(subject__title="示例01号路", node="permit")
    assert (done.finished, done.note) == (factories.TODAY, "批复已取得")
    assert Project.objects.get(name="示例01号路").stage is None


def ask_why_it_is_red(visit: Visit) -> None:
    page = visit.page
    visit.judge("projects-1366")
    assert page.locator("tbody .lamp").first.inner_text() == "红 · 逾期 18 天"
    page.locator("tbody .lamp").first.click()
    page.wait_for_url("**/lamp/")
    visit.judge("lamp-1366")
    assert "「施工许可」应于" in page.locator(".lamp-line").inner_text()
    page.click("text=查看项目")
    page.wait_for_load_state("networkidle")
    visit.judge("project-1366")


def finish_a_node(visit: Visit) -> None:
    page = visit.page
    page.click("[aria-label='办理 施工许可']")
    page.click("details[open] >> text=登记完成")
    page.wait_for_load_state("networkidle")
    page.fill("#id_day", (factories.TODAY + DAY).isoformat())
    page.click("button:has-text('保存')")
    page.wait_for_selector("[data-error-summary]")
    visit.judge("finish-refused")
    page.fill("#id_day", factories.TODAY.isoformat())
    page.fill("#id_note", "批复已取得")
    page.click("button:has-text('保存')")
    page.wait_for_selector(".is-claimed")
    page.emulate_media(media="print")
    page.screenshot(path=visit.shots / "project-print.png", full_page=True)
    page.emulate_media(media="screen")


def narrow_the_wall(visit: Visit) -> None:
    page = visit.page
    visit.open("/wall/")
    visit.judge("wall-1366")
    assert page.locator(".wall tbody tr").count() == 19
    page.check(".chip-box[value=red]", force=True)
    page.wait_for_url("**/wall/?**lamp=red**")
    assert page.locator(".wall tbody tr").count() == 2
    page.click(".wall-zoom >> text=季")
    page.wait_for_url("**zoom=quarter**")
    assert page.locator(".wall-zoom b").inner_text() == "2025年第1季度"
    page.locator(".mark").first.click()
    page.wait_for_url("**/projects/**#nodes")


def hang_the_wall(visit: Visit) -> None:
    page = visit.page
    visit.open("/wall/?screen=1", 1920, 1080)
    visit.judge("wall-1920")
    rows = page.locator(".wall tbody tr")
    assert rows.count() == 15
    assert page.evaluate("document.documentElement.scrollHeight") == 1080
    assert page.evaluate(SMALL_TEXT) == []
    headline = "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
    assert page.evaluate(headline) >= 72
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=第 2/2 页")
    assert page.locator(".wall tbody tr").count() == 4
    stop = page.locator("[data-wall-stop]")
    stop.click()
    assert (stop.inner_text(), stop.get_attribute("aria-pressed")) == ("继续翻页", "true")


def read_on_a_phone(visit: Visit) -> None:
    for path, name in (("/wall/", "wall-390"), ("/projects/", "projects-390")):
        visit.open(path, 390, 844)
        visit.judge(name)
    visit.page.locator("tbody a.lamp").first.click()
    visit.page.wait_for_url("**/lamp/")
    visit.judge("lamp-390")
