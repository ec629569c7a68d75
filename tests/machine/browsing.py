"""Fixtures for real flows: `guatu serve` on sample data, and Chromium driving it.

The server is the product's own command in its own process and data folder, never a test server:
what a flow sees is what a user sees. Each test module gets a fresh copy of the sample, so what
one module changes no other sees.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.machine import chromium as machine
from tests.machine.postgresql import free_port

GUATU = (sys.executable, "-m", "guatu.cli")
START_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """An installation: where it answers, where its data lies, and its process while it runs."""

    url: str
    home: Path
    process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a `guatu` command on this installation's data."""
        return subprocess.run(
            [*GUATU, *words],
            env=environment(self.home),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which `guatu` knows only this data folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GUATU_")}
    kept.pop("DATABASE_URL", None)
    kept["DJANGO_SETTINGS_MODULE"] = "guatu.config.settings"
    return kept | {"GUATU_HOME": str(home)}


@contextmanager
def serving(home: Path, *words: str) -> Iterator[Site]:
    """Run `guatu serve` on a data folder until the block ends."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = home.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*GUATU, "serve", "--port", str(port), *words],
            env=environment(home),
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_answering(url, process, log)
        yield Site(url, home, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_answering(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # an error page is an answer
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"guatu serve did not start:\n{log.read_text(encoding='utf-8')}")


def signed_in(site: Site, browser: Browser, name: str, viewport: ViewportSize) -> Page:
    """Return a page on which an officer of the sample has signed in."""
    logins = (site.home / "sample-logins.txt").read_text(encoding="utf-8")
    password = re.search(rf"^{name}\t(\S+)", logins, re.MULTILINE)
    assert password is not None
    page = browser.new_page(viewport=viewport)
    page.goto(site.url)
    page.fill("#id_username", name)
    page.fill("#id_password", password[1])
    page.click("button[type=submit]")
    page.wait_for_load_state()
    return page


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the sample loaded by `guatu demo`; copy it, never serve it."""
    home = tmp_path_factory.mktemp("sample") / "home"
    made = Site("", home).command("demo")
    assert made.returncode == 0, made.stderr
    return home


@pytest.fixture(scope="module")
def site(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a fresh copy of the sample for one test module."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(sample_home, home)
    with serving(home, "--no-sample") as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Chromium; skip, saying what is missing, where there is none.

    One per module: while it runs Django takes the thread for asynchronous and refuses queries,
    so it must be gone before the next module's database tests.
    """
    executable = machine.executable()
    if executable is None:
        pytest.skip(machine.MISSING)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()
