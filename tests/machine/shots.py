"""Take the pictures of the README from a fresh sample.

    python -m tests.machine.shots [FOLDER]

The sample is loaded into a data folder of its own and served; Chromium signs in as each post and
takes one picture a page. Run after a change of looks; the pictures are committed.
"""

import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.machine import chromium
from tests.machine.browsing import Site, serving

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LEADER, OFFICE, UNIT = "changwu", "zhuanban", "fagai"


@dataclass(frozen=True)
class Shot:
    """A picture: its name, who looks, where, and how large the window is.

    ``follow`` is the selector of a link whose address is opened next: that of a row is not known
    beforehand; ``query`` filters it. ``scale`` draws a large screen smaller.
    """

    name: str
    who: str
    path: str
    width: int = 1366
    height: int = 768
    follow: str = ""
    query: str = ""
    phone: bool = False
    scale: float = 1


SHOTS = (
    Shot("desk", UNIT, "/desk/"),
    Shot("cockpit", LEADER, "/cockpit/"),
    Shot("wall", LEADER, "/wall/?screen=1", 1920, 1080, scale=0.57),
    Shot("project", OFFICE, "/projects/", follow="table a[href*='#nodes']"),
    Shot("lamp", OFFICE, "/projects/", follow="table a[href$='/lamp/']"),
    Shot("paper", OFFICE, "/intake/", follow="table a[href^='/intake/papers/']"),
    Shot(
        "ledger",
        OFFICE,
        "/intake/",
        follow="table a[href^='/intake/ledgers/']",
        query="?verdict=new",
    ),
    Shot("phone", UNIT, "/desk/", 390, 844, phone=True),
)


def passwords(home: Path) -> dict[str, str]:
    """Return the password of each sample log-in."""
    lines = (home / "sample-logins.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t")[:2] for line in lines if line.count("\t") == 2)


def sign_in(page: Page, site: Site, who: str) -> None:
    """Log in through the page, as a person does."""
    page.goto(f"{site.url}/account/login/")
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", passwords(site.home)[who])
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"^(?!.*/login/)"))


def take(browser: Browser, site: Site, shot: Shot, folder: Path) -> None:
    """Open the page as the post and write the picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        is_mobile=shot.phone,
        has_touch=shot.phone,
        device_scale_factor=shot.scale,
        locale="zh-CN",
    )
    page = context.new_page()
    sign_in(page, site, shot.who)
    answer = page.goto(site.url + shot.path)
    if shot.follow:
        found = page.locator(shot.follow).first.get_attribute("href") or ""
        answer = page.goto(site.url + found.partition("#")[0] + shot.query)
    if answer is None or not answer.ok:
        raise RuntimeError(f"{shot.name}: {page.url} did not answer")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{shot.name}.png", animations="disabled", caret="hide")
    context.close()


def main(words: list[str]) -> int:
    """Take all pictures; 1 without Chromium."""
    executable = chromium.executable()
    if executable is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    folder = Path(words[0]) if words else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guatu-shots-") as scratch:
        home = Path(scratch) / "home"
        # The timer runs first: pictures of different pages must show the same lights.
        for step in ("demo", "tick"):
            made = Site("", home).command(step)
            if made.returncode:
                print(made.stderr, file=sys.stderr)
                return 1
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with serving(home, "--no-sample") as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=arguments)
            for shot in SHOTS:
                take(browser, site, shot, folder)
                print(f"{shot.name}.png {(folder / f'{shot.name}.png').stat().st_size // 1000} kB")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
