"""A duty's life in Chromium: reported from a phone, returned, extended, closed."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from guatu.loop.actions import ClaimGiven, ask_extension, report, report_no_change
from guatu.loop.enums import DutyState
from guatu.loop.models import Duty, Report
from guatu.register.policies import Standing
from tests.factories import TODAY
from tests.loop.builders import District, issued, make_loop, on, submitted
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PASSWORD = "示例-password-1"
PHONE = (390, 844)
OFFICE = (1366, 900)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place() -> District:
    """District in which everyone can sign in."""
    made = make_loop()
    for standing in (made.owner, made.office, made.leader):
        standing.officer.set_password(PASSWORD)
        standing.officer.password_changed_at = timezone.now()
        standing.officer.save()
    return made


class People:
    """Opens signed-in pages, and keeps what the browser complained about."""

    def __init__(self, browser: Browser, root: str, shots: Path) -> None:
        self.browser = browser
        self.root = root
        self.shots = shots
        self.complaints: list[str] = []

    def at(self, standing: Standing, size: tuple[int, int], path: str = "/desk/") -> Page:
        """Page of an officer on a screen of this size."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=size is PHONE
        )
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        page.goto(f"{self.root}/account/login/?next={path}")
        page.fill("[name=username]", standing.officer.username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"**{path}")
        page.wait_for_load_state("networkidle")
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        refused_form = "422" in message.text
        if message.type in {"error", "warning"} and not refused_form:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.root, "data:")):
            self.complaints.append(f"outside request: {request.url}")

    def judge(self, page: Page, name: str) -> None:
        """Take a picture; no sideways scroll, no accessibility violation."""
        page.screenshot(path=self.shots / f"{name}.png", full_page=True)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert (name, page.evaluate(wide)) == (name, 0)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document)")["violations"]
        violations = [(item["id"], n["html"][:200]) for item in found for n in item["nodes"]]
        assert (name, violations) == (name, [])


@contextmanager
def people(root: object, tmp_path: Path) -> Iterator[People]:
    """Chromium for the length of a flow; Django may be queried before and after, not within."""
    executable = machine.executable()
    if executable is None:
        pytest.skip(machine.MISSING)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        found = People(browser, str(root), Path(os.environ.get("GUATU_SHOTS", tmp_path)))
        yield found
        browser.close()
    assert found.complaints == []


def test_phone_when_something_changed_then_reported_in_two_taps_and_typing(
    live_server: object, place: District, tmp_path: Path
) -> None:
    duty = issued(place, due=TODAY)
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, PHONE)
        page.tap(".desk-open")
        page.wait_for_selector("#report-form")
        assert page.evaluate("document.activeElement.id") == "report_text"
        page.keyboard.type("已完成开工准备")
        page.wait_for_timeout(100)
        crowd.judge(page, "duty-report-390")
        page.tap("#report-form button[type=submit]")
        page.wait_for_selector("text=已报告：推进示例事项")
        assert page.url.endswith("/desk/")
    duty.refresh_from_db()
    assert (duty.progress, duty.state) == ("已完成开工准备", DutyState.DOING)


def test_phone_when_nothing_changed_then_one_tap_affirms_and_targets_are_large(
    live_server: object, place: District, tmp_path: Path
) -> None:
    issued(place, due=TODAY)
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, PHONE)
        crowd.judge(page, "desk-390")
        assert "现状：尚未开展" in page.inner_text("#desk")
        small = page.evaluate(
            "[...document.querySelectorAll('#desk .button, #desk .lamp, #desk .desk-words')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).length"
        )
        assert small == 0
        page.tap("text=无变化")
        page.wait_for_selector("text=已报无变化：推进示例事项（尚未开展）")
    assert [row.affirmed for row in Report.objects.all()] == ["尚未开展"]


def test_phone_when_several_are_listed_then_titles_and_boxes_are_large_targets(
    live_server: object, place: District, tmp_path: Path
) -> None:
    for number in range(2):
        issued(place, due=TODAY, title=f"推进示例事项第 {number + 1} 项")
    small = (
        "[...document.querySelectorAll('.desk-open, #main input[type=checkbox]:not(.chip-box)')]"
        ".filter(e => e.offsetParent)"
        ".map(e => Math.round(e.getBoundingClientRect().height)).filter(h => h < 44)"
    )
    with people(live_server, tmp_path) as crowd:
        desk = crowd.at(place.owner, PHONE)
        crowd.judge(desk, "desk-many-390")
        rows = crowd.at(place.office, PHONE, "/duties/")
        rows.check("[data-choose] >> nth=0")
        crowd.judge(rows, "duties-390")
        assert [page.locator(".desk-box input").count() for page in (desk, rows)] == [2, 0]
        assert [page.locator(".choose input:visible").count() for page in (desk, rows)] == [0, 2]
        assert [page.evaluate(small) for page in (desk, rows)] == [[], []]


def test_desk_when_twelve_tasks_then_ten_rows_fit_and_many_are_affirmed_at_once(
    live_server: object, place: District, tmp_path: Path
) -> None:
    for number in range(12):
        issued(place, due=TODAY, title=f"推进示例事项第 {number + 1} 项")
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, OFFICE)
        crowd.judge(page, "desk-1366")
        whole = page.evaluate(
            "[...document.querySelectorAll('.desk-row')]"
            ".filter(e => e.getBoundingClientRect().bottom <= innerHeight).length"
        )
        assert whole >= 10
        heights = page.evaluate(
            "[...new Set([...document.querySelectorAll('.desk-line')].map(e => e.offsetHeight))]"
        )
        assert heights == [56]
        for box in page.locator("#desk input[type=checkbox]").all()[:3]:
            box.check()
        page.click("text=所选均无变化")
        page.wait_for_selector("text=已报无变化 3 项。")
    assert Report.objects.filter(changed=False).count() == 3


def test_duty_when_submitted_returned_and_submitted_again_then_closed(
    live_server: object, place: District, tmp_path: Path
) -> None:
    duty = issued(place, due=TODAY)
    with people(live_server, tmp_path) as crowd:
        owner, office = crowd.at(place.owner, PHONE), crowd.at(place.office, OFFICE)
        finish(owner, "已全部办完")
        office.reload()
        crowd.judge(office, "desk-office-1366")
        office.click("text=退回")
        office.click("main button[type=submit]")
        office.wait_for_selector("[data-error-summary]")
        office.fill("textarea[name=reason]", "缺少附图")
        office.click("main button[type=submit]")
        office.wait_for_selector("text=已退回：推进示例事项")
        owner.reload()
        assert owner.locator(".desk-row").first.inner_text().count("被退回：缺少附图") == 1
        finish(owner, "已补齐附图")
        office.reload()
        office.click("text=认可并办结")
        office.wait_for_selector("text=已办结：推进示例事项")
        owner.goto(f"{crowd.root}/duties/{duty.public_id}/")
        crowd.judge(owner, "duty-closed-390")
    duty.refresh_from_db()
    assert (duty.state, duty.closed_on) == (DutyState.CLOSED, TODAY)


def finish(page: Page, words: str) -> None:
    """Report that the duty is done and ask for review."""
    page.tap(".desk-open")
    page.wait_for_selector("#report-form")
    page.fill("#report_text", words)
    page.tap("text=已办完或有佐证材料")
    page.check("#report_done")
    page.tap("#report-form button[type=submit]")
    page.wait_for_selector("text=已报告：推进示例事项")


def test_duty_when_extension_is_asked_then_leader_agrees_in_one_click(
    live_server: object, place: District, tmp_path: Path
) -> None:
    duty = issued(place, due=TODAY + dt.timedelta(days=3))
    report(on(place.owner, -2), duty, text="已完成摸排")
    report_no_change(on(place.owner, -1), [duty])
    with people(live_server, tmp_path) as crowd:
        owner = crowd.at(place.owner, OFFICE, f"/duties/{duty.public_id}/")
        crowd.judge(owner, "duty-1366")
        owner.click("text=申请延期")
        owner.fill("[name=to_due]", "2025-05-31")
        owner.fill("[name=reason]", "等待上级批复")
        owner.click("main button[type=submit]")
        owner.wait_for_selector("text=延期申请已提交：推进示例事项")
        leader = crowd.at(place.leader, OFFICE)
        crowd.judge(leader, "desk-leader-1366")
        leader.click("text=同意")
        leader.wait_for_selector("text=延期申请已批复：推进示例事项")
        owner.goto(f"{crowd.root}/duties/")
        crowd.judge(owner, "duties-1366")
    assert Duty.objects.get(pk=duty.pk).due == dt.date(2025, 5, 31)


def test_desk_when_a_colleague_was_faster_then_message_and_desk_are_shown(
    live_server: object, place: District, tmp_path: Path
) -> None:
    asked_of = issued(place, due=TODAY + dt.timedelta(days=3))
    ask_extension(on(place.owner), asked_of, to_due=dt.date(2025, 5, 31), reason="等待批复")
    claims = [ClaimGiven("办结", closes=True)]
    unproven = issued(place, kind="commitment", title="没有佐证的示例承诺")
    report(on(place.owner), unproven, text="已办完", claims=claims, submit=True)
    with people(live_server, tmp_path) as crowd:
        office, leader = crowd.at(place.office, OFFICE), crowd.at(place.leader, OFFICE)
        leader.click("#decisions button:text-is('同意')")
        leader.wait_for_selector("text=延期申请已批复：推进示例事项")
        office.click("#decisions button:text-is('同意')")
        office.wait_for_selector("text=未能同意延期「推进示例事项」")
        assert office.locator("#desk h1").inner_text() == "我的工作台"
        office.click("text=认可并办结")
        office.wait_for_selector("text=未能认可并办结「没有佐证的示例承诺」：还不能办结，尚缺：")
        assert office.locator("text=核验办结：没有佐证的示例承诺").count() == 1
        crowd.judge(office, "desk-refused-1366")
    assert Duty.objects.get(pk=unproven.pk).state == DutyState.REVIEW


def test_desk_when_answer_is_a_page_without_the_desk_then_it_is_not_blank(
    live_server: object, place: District, tmp_path: Path
) -> None:
    submitted(place)
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.office, OFFICE)
        page.eval_on_selector("#decisions [name=one_click]", "field => field.remove()")
        page.eval_on_selector("#decisions [name=revision]", "field => { field.value = 99; }")
        page.click("text=认可并办结")
        page.wait_for_selector("[data-error-summary]")
        assert page.locator("main h1").inner_text() == "认可并办结：推进示例事项"


def test_phone_when_empty_report_is_refused_then_bar_leaves_the_words_free(
    live_server: object, place: District, tmp_path: Path
) -> None:
    for number in range(4):
        issued(place, due=TODAY, title=f"推进示例事项第 {number + 1} 项")
    overlap = (
        "document.querySelector('#report-form .form-end').getBoundingClientRect().top"
        " - document.querySelector('#report_text').getBoundingClientRect().bottom"
    )
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, PHONE)
        page.tap(".desk-open >> nth=3")
        page.wait_for_selector("#report-form")
        page.tap("#report-form button[type=submit]")
        page.wait_for_selector("[data-error-summary]")
        crowd.judge(page, "desk-empty-report-390")
        assert page.evaluate(overlap) > 0


def test_report_when_a_file_is_chosen_then_its_name_stands_beside_the_chinese_button(
    live_server: object, place: District, tmp_path: Path
) -> None:
    issued(place, due=TODAY)
    permit = tmp_path / "示例批复.pdf"
    permit.write_bytes(b"%PDF-1.7 example")
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, OFFICE)
        page.click(".desk-open")
        page.click("text=已办完或有佐证材料")
        assert page.locator(".file-choice > span").all_inner_texts() == ["选择文件", "未选择文件"]
        page.set_input_files("[name=file]", permit)
        assert page.locator("[data-file-name]").inner_text() == "示例批复.pdf"
        crowd.judge(page, "desk-file-1366")
