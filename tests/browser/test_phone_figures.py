"""Lists and tables on a phone: no figure and no day breaks inside, nothing runs sideways."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.machine.browsing import Site, signed_in

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}
# Texts with digits that stand in more than one line although they fit into one.
BROKEN = r"""
() => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    for (const told of node.data.matchAll(/\d{4}-\d\d-\d\d|\d[\d,]*(?:\.\d+)?/g)) {
      const range = document.createRange();
      range.setStart(node, told.index);
      range.setEnd(node, told.index + told[0].length);
      const tops = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
      if (tops.size > 1 && node.parentElement.checkVisibility()) found.push(told[0]);
    }
  }
  return found;
}
"""
# Boxes of the page that scroll sideways; strips of chips and rooms are meant to.
SIDEWAYS = """
() => [document.documentElement, ...document.querySelectorAll("main *")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1 && !box.closest("nav, .chips"))
  .filter((box) => box.tagName === "HTML" || /auto|scroll/.test(getComputedStyle(box).overflowX))
  .map((box) => box.className || box.tagName)
"""


@pytest.fixture(scope="module")
def phone(site: Site, chromium: Browser) -> Iterator[Page]:
    """The office of the sample, on a phone."""
    page = signed_in(site, chromium, "zhuanban", PHONE)
    yield page
    page.close()


@pytest.mark.parametrize(
    "path", ["/leads/", "/reserve/", "/projects/", "/duties/", "/brief/", "/firms/", "/targets/"]
)
def test_page_when_read_on_a_phone_then_figures_stand_whole(
    site: Site, phone: Page, path: str
) -> None:
    phone.goto(f"{site.url}{path}")
    assert phone.evaluate(BROKEN) == []


def test_tables_when_read_on_a_phone_then_stand_as_cards(site: Site, phone: Page) -> None:
    phone.goto(f"{site.url}/firms/")
    assert phone.evaluate(SIDEWAYS) == []
    phone.goto(f"{site.url}/brief/")
    assert phone.evaluate(SIDEWAYS) == []
    assert (
        phone.locator(".phone-cards tbody tr").first.evaluate(
            "row => getComputedStyle(row).display"
        )
        == "grid"
    )


def test_matrix_and_preview_when_read_on_a_phone_then_stand_as_cards(
    site: Site, phone: Page
) -> None:
    phone.goto(f"{site.url}/targets/")
    phone.click("main a[href^='/targets/0'] >> nth=0")
    phone.click("text=分解到单位和月")
    phone.wait_for_selector(".matrix")
    assert (phone.evaluate(SIDEWAYS), phone.evaluate(BROKEN)) == ([], [])
    # A unit without a share shows its year; its months come with it.
    empty = phone.locator(".matrix tbody tr:has-text('发改局')")
    assert empty.locator(".matrix-box:visible").count() == 2
    empty.locator(".matrix-box").first.fill("3")
    assert empty.locator(".matrix-box:visible").count() == 14
    phone.goto(f"{site.url}/intake/")
    phone.click("a[href^='/intake/ledgers/0'] >> nth=0")
    phone.wait_for_selector(".ledger-preview")
    assert (phone.evaluate(SIDEWAYS), phone.evaluate(BROKEN)) == ([], [])
