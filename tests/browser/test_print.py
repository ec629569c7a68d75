"""Pages on paper: lists and the map across, nothing cut off, no buttons, a head telling whose."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.machine.browsing import Site, signed_in

pytestmark = pytest.mark.browser
ACROSS, UPRIGHT = (842, 595), (595, 842)
# What is inside the margins of print.css, in CSS pixels of 96 to the inch.
INSIDE = {ACROSS: 1001, UPRIGHT: 672}
LISTS = (
    "projects",
    "duties",
    "leads",
    "reserve",
    "letters",
    "blockers",
    "enterprises",
    "firms",
    "inbox",
)
UPRIGHTS = ("targets", "organisations", "brief", "desk", "cockpit")
BUTTONS = (
    "[...document.querySelectorAll('.button, button, input')].filter(e => e.offsetParent).length"
)
CUT = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def desk(site: Site, chromium: Browser) -> Iterator[Page]:
    """The office of the sample at its desk."""
    page = signed_in(site, chromium, "zhuanban", {"width": 1366, "height": 768})
    yield page
    page.close()


def sheets(page: Page) -> set[tuple[int, int]]:
    """Sizes of the sheets a browser prints, in points."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    return {(round(float(wide)), round(float(high))) for wide, high in boxes}


@pytest.mark.parametrize(
    ("path", "size"),
    [(f"/{one}/", ACROSS) for one in LISTS] + [(f"/{one}/", UPRIGHT) for one in UPRIGHTS],
)
def test_page_when_printed_then_whole_with_its_head_and_no_buttons(
    site: Site, desk: Page, path: str, size: tuple[int, int]
) -> None:
    desk.goto(f"{site.url}{path}")
    assert sheets(desk) == {size}
    desk.set_viewport_size({"width": INSIDE[size], "height": 800})
    desk.emulate_media(media="print")
    assert (desk.evaluate(CUT), desk.evaluate(BUTTONS)) == (0, 0)
    assert "数据截至" in desk.inner_text(".print-head")
    desk.emulate_media(media="null")
    desk.set_viewport_size({"width": 1366, "height": 768})
    assert not desk.is_visible(".print-head")


def test_map_when_printed_then_it_is_drawn_for_the_sheet(site: Site, desk: Page) -> None:
    desk.goto(f"{site.url}/map/")
    desk.wait_for_selector("[data-map][data-ready]")
    width = "document.querySelector('[data-map] canvas').style.width"
    before = desk.evaluate(width)
    seen = """() => { dispatchEvent(new Event("beforeprint"));
        const seen = [document.querySelector("[data-map] canvas").style.width];
        dispatchEvent(new Event("afterprint")); return seen; }"""
    assert desk.evaluate(seen) == ["1000px"]
    assert (desk.evaluate(width), sheets(desk)) == (before, {ACROSS})


@pytest.mark.parametrize(("paper", "size"), [("a3", (1191, 842)), ("a4", ACROSS)])
def test_wall_when_printed_from_the_browser_then_sheets_have_their_format(
    site: Site, desk: Page, paper: str, size: tuple[int, int]
) -> None:
    desk.goto(f"{site.url}/wall/print/?paper={paper}")
    assert sheets(desk) == {size}
