"""The frame, the list and the components in Chromium at three sizes."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, sync_playwright

from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import Campaign
from guatu.web import navigation
from tests import factories
from tests.machine import chromium as machine

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
PASSWORD = "示例-password-1"
KINDS = (OrganisationKind.DEPARTMENT, OrganisationKind.STREET, OrganisationKind.PLATFORM)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.web.shell_site"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def username() -> Iterator[str]:
    """Fill an example district and return the name its officer signs in with."""
    navigation.exists.cache_clear()
    district = factories.make_district("示例市示例区")
    for number in range(60):
        factories.make_unit(
            district,
            f"示例单位第{number + 1:02d}（承担年度重点项目推进与要素保障）",
            KINDS[number % 3],
            number + 1,
        )
    unit = factories.make_unit(district, "示例发展和改革局", rank=1)
    campaign = factories.make_campaign(district)
    Campaign.objects.filter(pk=campaign.pk).update(pinned_date=dt.date(2025, 3, 18))
    post = factories.make_post(unit, Role.OFFICE, "专班综合岗")
    officer = factories.make_officer(post, name="示例甲", password=PASSWORD)
    yield officer.username
    navigation.exists.cache_clear()


class Watched:
    """A page whose console complaints and outside requests are kept."""

    def __init__(self, page: Page, root: str, shots: Path) -> None:
        self.page = page
        self.root = root
        self.shots = shots
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text} {message.location}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.root, "data:")):
            self.complaints.append(f"outside request: {request.url}")

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self.page.goto(self.root + path, wait_until="networkidle")

    def judge(self, name: str) -> None:
        """Take a picture; no sideways scroll, no accessibility violation."""
        self.page.screenshot(path=self.shots / f"{name}.png", caret="initial")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert (name, self.page.evaluate(wide)) == (name, 0)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document)")
        violations = [
            (item["id"], node["html"][:200])
            for item in found["violations"]
            for node in item["nodes"]
        ]
        assert (name, violations) == (name, [])


def size(watched: Watched, width: int, height: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": height})


def test_shell_when_used_at_three_sizes_then_accessible_and_silent(
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
        watched = Watched(page, str(live_server), shots)
        sign_in(watched, username)
        narrow_the_list(watched)
        look_at_components(watched)
        use_the_keyboard(watched)
        look_on_a_phone(watched)
        look_at_the_wall(watched)
        assert watched.complaints == []
        browser.close()


def sign_in(watched: Watched, username: str) -> None:
    watched.open("/duties/")
    watched.judge("login")
    watched.page.fill("#id_username", username)
    watched.page.fill("#id_password", PASSWORD)
    watched.page.click("button[type=submit]")
    watched.page.wait_for_url("**/duties/")


def narrow_the_list(watched: Watched) -> None:
    page = watched.page
    page.wait_for_load_state("networkidle")
    watched.judge("list-1366")
    page.click("#filter-kind > summary")
    watched.judge("list-menu")
    page.check(".chip-box[value=street]", force=True)
    page.wait_for_url("**/duties/?kind=street")
    assert page.locator(".pager-sum").inner_text() == "共 20 项"
    assert page.evaluate("document.activeElement.id") == "chip-kind-street"
    page.keyboard.press("Escape")
    page.fill("#list-search", "第0")
    page.wait_for_url("**/duties/?**q=**")
    assert page.locator("tbody tr").count() == 3
    page.locator("tbody [data-choose]").first.check()
    assert page.locator("[data-chosen-count]").inner_text() == "已选 1 项"
    watched.judge("list-chosen")
    page.click("text=无变化")
    page.wait_for_url("**/check/")
    watched.judge("check")
    page.go_back(wait_until="networkidle")
    assert page.locator("tbody tr").count() == 3


def look_at_components(watched: Watched) -> None:
    watched.open("/things/P-0001/")
    watched.page.click("#row-1 .button-main")
    watched.page.wait_for_selector("#row-1 .inline-form")
    watched.judge("detail-1366")
    watched.page.reload()
    watched.page.click("text=提交")
    watched.page.wait_for_selector("[data-error-summary]")
    assert watched.page.evaluate("'errorSummary' in document.activeElement.dataset")
    watched.judge("form-error")
    watched.page.emulate_media(media="print")
    watched.page.screenshot(path=watched.shots / "print.png", full_page=True, caret="initial")
    watched.page.emulate_media(media="screen")
    watched.open("/account/password/")
    watched.judge("password")


def use_the_keyboard(watched: Watched) -> None:
    page = watched.page
    watched.open("/duties/?as_of=2025-03-18")
    page.click(".user-menu summary")
    watched.judge("as-of")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator("tbody a").first.get_attribute("href").endswith("?as_of=2025-03-18")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "site-search"
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("?")
    assert page.locator("#help-dialog").is_visible()
    watched.judge("help")
    page.keyboard.press("Escape")


def look_on_a_phone(watched: Watched) -> None:
    size(watched, 390, 844)
    watched.open("/duties/")
    watched.judge("list-390")
    watched.open("/things/P-0001/")
    watched.judge("detail-390")
    targets = watched.page.evaluate(
        "[...document.querySelectorAll('.rail-menu a, .button')].filter(e => e.offsetParent)"
        ".map(e => e.getBoundingClientRect()).filter(r => r.height < 44).length"
    )
    assert targets == 0


def look_at_the_wall(watched: Watched) -> None:
    size(watched, 1920, 1080)
    watched.open("/duties/?screen=1")
    watched.judge("screen-1920")
