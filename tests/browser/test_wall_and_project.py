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
from guatu.loop.models import Activity, Link
from guatu.register.enums import Role
from guatu.register.recording import create_many
from guatu.register.rules import load_shipped
from guatu.web import navigation
from tests import factories
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
ROOM = 260
"""Height that what the wall says of a bar takes."""
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
            permit, start = (
                Activity.objects.get(subject=project.subject, node=node) for node in dues
            )
            link = Link(subject=project.subject, predecessor=permit, successor=start)
            create_many(factories.system_act(), "link.add", [link])
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
        move_over_the_wall(visit)
        see_it_whole(visit)
        lay_it_on_paper(visit)
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
    page.wait_for_selector("body.has-wall-chart")
    visit.judge("wall-1366")
    names = page.locator("[data-wall-names] > li")
    assert names.count() == 19
    assert page.locator("#wall-part").is_visible() is False
    page.check(".chip-box[value=red]", force=True)
    page.wait_for_url("**/wall/?**lamp=red**")
    page.wait_for_selector("body.has-wall-chart")
    assert names.count() == 2
    lamp = names.first.locator(".lamp")
    assert lamp.inner_text() == "红 · 逾期 12 天"
    read_a_bar_of_few_rows(visit)
    lamp.click()
    page.wait_for_url("**/lamp/")


def read_a_bar_of_few_rows(visit: Visit) -> None:
    """What is said of a bar is not cut off, though the rows take less room than it does."""
    page = visit.page
    canvas = page.locator("[data-wall-canvas]")
    box = canvas.bounding_box()
    assert box is not None
    assert box["height"] >= ROOM
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 80)
    page.wait_for_timeout(100)
    visit.judge("wall-few-1366")
    page.mouse.move(0, 0)


def shown(page: Page) -> tuple[str, str]:
    """First and last day on the canvas."""
    chart = page.locator("[data-wall-chart]")
    return chart.get_attribute("data-from") or "", chart.get_attribute("data-to") or ""


def move_over_the_wall(visit: Visit) -> None:
    """Zoom with buttons, keys and wheel, drag, point at a row, open a bar."""
    page = visit.page
    visit.open("/wall/")
    page.wait_for_selector("body.has-wall-chart")
    assert shown(page) == ("2025-01-01", "2025-12-31")
    page.click("[data-wall-act=quarter]")
    assert shown(page) == ("2025-01-01", "2025-03-31")
    assert page.locator("[data-wall-span-name]").inner_text() == "2025年1月1日—3月31日"
    canvas = page.locator("[data-wall-canvas]")
    canvas.focus()
    page.keyboard.press("-")
    first, last = shown(page)
    assert (first < "2025-01-01", last > "2025-03-31") == (True, True)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert shown(page)[0] > first
    page.click("[data-wall-act=year]")
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 120)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    page.wait_for_timeout(200)
    near = shown(page)
    assert (near[0] > "2025-01-01", near[1] < "2025-12-31") == (True, True)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 80, box["y"] + 120, steps=4)
    page.mouse.up()
    assert shown(page)[0] < near[0]
    page.click("[data-wall-act=year]")
    point_at_a_row(page)


def point_at_a_row(page: Page) -> None:
    """Names and rows light up together; the focus tells the row's links; a bar opens its nodes."""
    line = page.locator("[data-wall-names] > li").first
    before = page.locator("[data-wall-canvas]").screenshot()
    line.locator(".wall-name").focus()
    assert "is-hot" in (line.get_attribute("class") or "")
    said = page.locator("[data-wall-said]").inner_text()
    assert said == "示例02号路：施工许可 逾期 12 天。节点：逾期 1，未到期 1；前后衔接 1 处。"
    page.wait_for_timeout(100)
    assert page.locator("[data-wall-canvas]").screenshot() != before
    box = page.locator("[data-wall-canvas]").bounding_box()
    assert box is not None
    # 施工许可 of the first row: the 6th of March, half a day in.
    x = box["x"] + box["width"] * (64.5 / 365)
    page.mouse.move(x, box["y"] + 80)
    assert "is-open" in (page.locator("[data-wall-canvas]").get_attribute("class") or "")
    page.mouse.click(x, box["y"] + 80)
    page.wait_for_url("**/projects/**#nodes")


def see_it_whole(visit: Visit) -> None:
    page = visit.page
    visit.open("/wall/")
    page.wait_for_selector("body.has-wall-chart")
    page.click("[data-wall-act=all]")
    assert page.locator("[data-wall-names]").is_visible() is False
    page.wait_for_timeout(100)
    visit.judge("wall-whole-1366")
    page.click("[data-wall-act=all]")
    assert page.locator("[data-wall-names]").is_visible()


def lay_it_on_paper(visit: Visit) -> None:
    page = visit.page
    page.click(".wall-leave >> text=打印")
    page.wait_for_url("**/wall/print/**")
    visit.judge("wall-sheets-1366")
    assert page.locator(".sheet").count() == 1
    page.click(".sheets-tools >> text=A4")
    page.wait_for_url("**paper=a4**")
    overflowing = """[...document.querySelectorAll('.sheet')].filter(
      e => e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth).length"""
    assert page.evaluate(overflowing) == 0


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
