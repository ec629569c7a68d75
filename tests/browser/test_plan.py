"""A plan in Chromium as a new user lives it: template, broken deadline, repair, late, exchange."""

import datetime as dt
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from guatu.investment import stages
from guatu.investment.actions import add_project
from guatu.investment.models import Category
from guatu.loop.models import Activity, Baseline, Duty, Lamp, Scenario
from guatu.loop.plan import calendars
from guatu.register.enums import Role
from guatu.register.rules import load_shipped
from guatu.web import navigation
from tests import factories
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PASSWORD = "示例-password-1"
ROAD = "示例一号路"
REPORTED = "project_approval"
MOST_BLACK = 0.04
NEARLY = 32
AXE_RUN = "axe.run(document, {rules: {'target-size': {enabled: true}}})"
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('main :is(a.button, button, .chip span)')]
  .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44)
  .map(e => e.textContent.trim())"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def username() -> Iterator[str]:
    """Fill a district with one road and return the name its officer signs in with."""
    navigation.exists.cache_clear()
    load_shipped()
    stages.load_shipped()
    calendars.load_shipped()
    district = factories.make_district("示例市示例区")
    factories.make_campaign(district)
    unit = factories.make_unit(district, "示例建设局")
    factories.make_post(unit, Role.UNIT, "建设科经办岗")
    road = Category.objects.get(code="road")
    add_project(factories.system_act(), name=ROAD, unit=unit, category=road)
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
        self.told: dict[str, str] = {}
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{root}/projects/", wait_until="networkidle")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/projects/")

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form is answered 422, which Chromium notes as an error.
        if message.type in {"error", "warning"} and "status of 422" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def judge(self, name: str) -> None:
        """Take a picture; no sideways scroll, no accessibility violation."""
        self.page.screenshot(path=self.shots / f"{name}.png", caret="initial")
        assert (name, self.page.evaluate(WIDE)) == (name, 0)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(AXE_RUN)["violations"]
        told = [(item["id"], item["nodes"][0]["html"][:200]) for item in found]
        assert (name, told) == (name, [])

    def text(self, selector: str) -> str:
        """Text of the first element that fits."""
        return self.page.locator(selector).first.inner_text()


def test_plan_when_lived_through_then_answers_at_every_step(
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
        make_from_template(visit)
        pull_the_deadline_in(visit)
        edit_by_key_and_hand(visit)
        take_it(visit)
        read_what_to_push(visit)
        bring_it_out_and_back(visit, tmp_path)
        hang_it_on_paper(visit)
        report_late_from_a_phone(visit)
        assert visit.complaints == []
        browser.close()
    assert Scenario.objects.filter(state="adopted").count() == 1
    assert Baseline.objects.count() == 1
    late = Activity.objects.get(node=REPORTED)
    assert (late.forecast - late.due).days == 10  # type: ignore[operator]
    assert Lamp.objects.get().reason["words"] in visit.told["灯"]
    assert (Duty.objects.count() > 0) == ("新下达" in visit.told["责任事项"])


def make_from_template(visit: Visit) -> None:
    """The completion date shows the latest permit and start, the winter stop honoured."""
    page = visit.page
    page.click(f"text={ROAD}")
    page.click("text=倒排工期")
    page.wait_for_selector("text=本项目还没有网络计划")
    visit.judge("plan-none")
    page.click("text=从模板倒排")
    page.wait_for_selector("text=填写完成日期")
    page.fill("#id_completion", "2027-09-30")
    page.wait_for_selector(".plan-verdict.is-ok")
    visit.judge("plan-foreseen")
    keys = dict(
        zip(
            page.locator(".plan-key dt").all_inner_texts(),
            page.locator(".plan-key dt + dd").all_inner_texts(),
            strict=True,
        )
    )
    permit, start = (dt.date.fromisoformat(keys[k]) for k in ("最迟取得施工许可", "最迟开工"))
    assert permit < start
    assert 4 <= start.month <= 10
    assert keys["季节停工"] == "11月1日—3月31日"
    page.click("text=保存这个计划")
    page.wait_for_selector("#chart-title")
    visit.judge("plan-1366")
    assert visit.text(".plan-verdict b") == "可行"
    assert "%" in visit.text(".plan-chance b")
    assert f"已按模板排定 {page.locator('.chart-bar').count()} 项工作" in visit.text(".messages")


def pull_the_deadline_in(visit: Visit) -> None:
    """Pulled in until it breaks: by how many days, what conflicts, what repairs."""
    page = visit.page
    for day in ("2027-08-31", "2027-06-30"):
        page.fill("[name=due]", day)
        page.wait_for_selector(f"#tried .plan-verdict:has-text('{day}')")
    visit.judge("plan-broken")
    verdict = visit.text("#tried .plan-verdict b")
    assert verdict.startswith("不可行：差 ")
    assert int(verdict.removeprefix("不可行：差 ").removesuffix(" 个日历日")) > 0
    kinds = page.locator("#tried .plan-clashes .tag").all_inner_texts()
    assert "期限" in kinds
    assert page.locator("#tried .plan-repairs > li").count() > 0
    assert "省" in visit.text("#tried .plan-repairs") or "可行" in visit.text(
        "#tried .plan-repairs"
    )
    assert "2027-09-30" in visit.text(".plan-deadlines tbody")
    page.locator("#tried .plan-repairs button").first.click()
    page.wait_for_selector("#editor")
    visit.judge("plan-editor")
    assert undoable(visit) > 0


def undoable(visit: Visit) -> int:
    """How many edits the server's log holds."""
    return int("".join(filter(str.isdecimal, visit.text("[data-log=undo]"))) or 0)


def edit_by_key_and_hand(visit: Visit) -> None:
    """Keys and drags are commands of the server's log; undo and redo walk along it."""
    page = visit.page
    before = undoable(visit)
    page.locator(".chart-bar[data-name='绿化']").focus()
    key = page.evaluate("document.activeElement.dataset.key")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector(f"[data-log=undo]:has-text('{before + 1}')")
    assert page.evaluate("document.activeElement.dataset.key") == key
    page.keyboard.press("u")
    page.wait_for_selector("[data-log=redo]:has-text('1')")
    page.keyboard.press("r")
    page.wait_for_selector(f"[data-log=undo]:has-text('{before + 1}')")
    bar = page.locator(f"#bar-{key} rect.bar-body").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 12, box["y"] + 6, steps=3)
    page.mouse.move(box["x"] + 32, box["y"] + 6, steps=3)
    page.mouse.up()
    page.wait_for_selector(f"[data-log=undo]:has-text('{before + 2}')")
    assert "最早开始" in visit.text(".plan-diff")
    page.locator(f"#bar-{key}").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#step [name=name]")
    visit.judge("plan-step")
    page.fill("#step [name=name]", "示例改过的工作")
    page.click("text=改入方案")
    page.wait_for_selector(f"[data-log=undo]:has-text('{before + 3}')")
    page.click("[data-close]")
    page.locator(f"#bar-{key}").focus()
    page.keyboard.press("s")
    page.wait_for_selector(f"[data-log=undo]:has-text('{before + 4}')")
    page.keyboard.press("l")
    assert "连到哪一项" in visit.text("[data-editor-says]")
    page.keyboard.press("Escape")


def take_it(visit: Visit) -> None:
    """Side by side with the plan that stands, then taken for a reason."""
    page = visit.page
    page.click("text=方案比较")
    page.wait_for_selector(".plan-compare")
    visit.judge("plan-compare")
    heads = page.locator(".plan-compare thead th").all_inner_texts()
    assert (len(heads), heads[1]) == (3, "现行")
    page.locator(".plan-compare thead a").click()
    page.wait_for_selector("#id_reason")
    page.click("button:has-text('采用')")
    page.wait_for_selector(".error-summary, .plan-verdict, .errorlist")
    page.fill("#id_reason", "示例：会议定了新的安排")
    page.click("button:has-text('采用')")
    page.wait_for_selector("text=已采用")
    visit.judge("plan-taken")


def read_what_to_push(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.root}/today/", wait_until="networkidle")
    visit.judge("today-1366")
    page.goto(f"{visit.root}/calendars/", wait_until="networkidle")
    visit.judge("calendars-1366")
    assert page.locator(".tag-pending").count() > 0


def bring_it_out_and_back(visit: Visit, folder: Path) -> None:
    """Out as Project's XML and as a workbook; each comes back unchanged."""
    page = visit.page
    for name in ("导出 Project（XML）", "导出 Excel"):
        open_plan(visit)
        page.click(".detail-tools summary")
        with page.expect_download() as waiting:
            page.click(f"text={name}")
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        page.click("text=导入计划文件")
        page.set_input_files("#id_file", file)
        page.click("text=上传并核对")
        page.wait_for_selector("text=文件与现行计划完全一致")


def open_plan(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.root}/projects/", wait_until="networkidle")
    page.click(f"text={ROAD}")
    page.wait_for_selector(f"h1:has-text('{ROAD}')")
    page.click("text=倒排工期")
    page.wait_for_selector("#chart-title")


def hang_it_on_paper(visit: Visit) -> None:
    page = visit.page
    open_plan(visit)
    page.click(".detail-tools >> text=打印")
    page.wait_for_selector(".sheet-chart")
    visit.judge("plan-paper")
    charts = page.locator(".sheet-chart").all()
    assert len(charts) > 1
    # What a later sheet repeats is styled as on the first: no band covers links in black.
    assert [black(chart.screenshot()) < MOST_BLACK for chart in charts] == [True] * len(charts)
    pdf = page.pdf(prefer_css_page_size=True)
    across = b"/MediaBox [0 0 841.91998 594.95996]"
    assert (pdf[:4], pdf.count(across) > 0) == (b"%PDF", True)
    assert pdf.count(b"/MediaBox") == pdf.count(across)
    assert pdf.count(b"/Subtype /Image") == 0  # lines, no pictures of lines
    (visit.shots / "plan-a4.pdf").write_bytes(pdf)


def black(picture: bytes) -> float:
    """Share of a picture that is black or nearly so, 0…1."""
    with Image.open(io.BytesIO(picture)) as image:
        shades = image.convert("L").histogram()
    return sum(shades[:NEARLY]) / sum(shades)


def report_late_from_a_phone(visit: Visit) -> None:
    """A stage unfolds, then three taps; lamp, broken deadlines, duties and chance give reasons."""
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    open_plan(visit)
    visit.judge("plan-390")
    assert not page.locator(f"#row-{REPORTED}").is_visible()
    page.locator(f"tbody:has(#row-{REPORTED}) .plan-fold").click()
    page.locator(f"#row-{REPORTED} .plan-report a[href$='/report/']").click()
    page.wait_for_selector(".plan-ways")
    visit.judge("report-390")
    assert page.evaluate(SMALL) == []
    page.locator(".chip:has-text('预计晚 10 天')").click()
    page.locator(".plan-causes button:has-text('审批')").click()
    page.wait_for_selector("text=由此带来")
    visit.judge("reported-390")
    told = dict(
        zip(
            page.locator(".plan-follows dt").all_inner_texts(),
            page.locator(".plan-follows dd").all_inner_texts(),
            strict=True,
        )
    )
    assert list(told) == ["灯", "按期把握", "期限", "责任事项"]
    visit.told = told
    assert "→" in told["灯"]
    assert "→" in told["按期把握"]
