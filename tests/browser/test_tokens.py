"""A token in Chromium: permitted by the security administrator, made by its holder, described."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from guatu.register.campaign import calendar_day
from guatu.register.enums import Role
from guatu.register.models import Officer
from guatu.web import navigation
from tests.factories import make_officer, make_post
from tests.loop.builders import issued, make_loop
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PASSWORD = "示例-password-1"
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people() -> Iterator[tuple[Officer, Officer]]:
    """One duty; return a clerk and the security administrator."""
    navigation.exists.cache_clear()
    place = make_loop()
    issued(place)
    clerk = make_officer(make_post(place.unit), name="示例经办", password=PASSWORD)
    post = make_post(place.root, Role.SECURITY_ADMIN, "安全管理岗")
    yield clerk, make_officer(post, name="示例安全员", password=PASSWORD)
    navigation.exists.cache_clear()


PARTS = {
    # The page is long and its sections are alike: one of each kind is looked at.
    "reference": [
        [f"section[aria-labelledby={name}]"] for name in ("begin", "errors", "report_duty")
    ]
}


def judge(page: Page, shots: Path, name: str) -> None:
    """Take pictures on a desktop and a phone: no sideways scroll, no accessibility violation."""
    for suffix, size in (("-phone", PHONE), ("", DESKTOP)):
        page.set_viewport_size(size)
        page.screenshot(path=shots / f"{name}{suffix}.png", caret="initial")
        assert (name, suffix, page.evaluate(WIDE)) == (name, suffix, 0)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    include = PARTS.get(name, [["#main"]])
    found = page.evaluate("include => axe.run({include})", include)["violations"]
    told = [(item["id"], item["nodes"][0]["html"][:200]) for item in found]
    assert (name, told) == (name, [])


def sign_in(page: Page, url: str, officer: Officer) -> None:
    """Sign in as an officer, whoever was before."""
    page.context.clear_cookies()
    page.goto(f"{url}/account/login/")
    page.get_by_label("登录名").fill(officer.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda address: "login" not in address)


def test_token_when_permitted_and_made_then_a_program_reads_with_it(
    live_server: object, people: tuple[Officer, Officer], tmp_path: Path
) -> None:
    executable = machine.executable()
    if executable is None:
        pytest.skip(machine.MISSING)
    shots = Path(os.environ.get("GUATU_SHOTS", tmp_path))
    clerk, admin = people
    until = (calendar_day() + dt.timedelta(days=30)).isoformat()
    url = str(live_server.url)  # type: ignore[attr-defined]  # pytest-django's fixture
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        page = browser.new_page(viewport=DESKTOP)
        outside: list[str] = []
        page.on("request", lambda one: None if one.url.startswith(url) else outside.append(one.url))

        sign_in(page, url, admin)
        page.goto(f"{url}/officers/{clerk.public_id}/")
        page.get_by_role("link", name="准许使用接口").click()
        page.get_by_label("读取责任事项").check()
        page.get_by_label("报告责任事项").check()
        page.get_by_label("准许到").fill(until)
        page.get_by_label("原因").fill("示例：对接数据平台")
        judge(page, shots, "permit")
        page.get_by_role("button", name="准许").click()

        sign_in(page, url, clerk)
        page.locator(".user-menu summary").click()
        page.get_by_role("link", name="我的账号").click()
        page.locator("#main").get_by_role("link", name="接口令牌").click()
        page.get_by_role("link", name="新建令牌").click()
        page.get_by_label("令牌用途").fill("示例：数据平台每日取数")
        page.get_by_label("读取责任事项").check()
        page.get_by_role("button", name="建立令牌").click()
        secret = page.locator("#token-secret").inner_text()
        judge(page, shots, "token-secret")
        page.get_by_role("link", name="已存好").click()
        read = page.request.get(
            f"{url}/api/v1/duties", headers={"Authorization": f"Bearer {secret}"}
        )
        assert (read.status, len(read.json()["rows"])) == (200, 1)
        page.reload()
        judge(page, shots, "tokens")

        page.get_by_role("link", name="接口说明").click()
        judge(page, shots, "reference")
        page.get_by_role("link", name="责任事项：报告有变化").click()
        page.screenshot(path=shots / "reference-report.png")
        assert outside == []
        browser.close()
