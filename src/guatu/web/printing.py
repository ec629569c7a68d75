"""Pages of our own as PDF, with text and lines as vectors, through Chromium where there is one.

The page is one document with its styles inside, given as a file: the browser that prints it has no
session, reaches no network, and lives in a process of its own that ends within its time.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from django.conf import settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WITHIN_SECONDS = 90
WAIT_SECONDS = 60
_one_at_a_time = threading.BoundedSemaphore(1)


class Unprintable(Exception):
    """A page that could not be made into a PDF, with a sentence that says why."""


def pdf_of(document: str, *, within: float = WITHIN_SECONDS) -> bytes:
    """Print an HTML document; its ``@page`` rule decides the paper.

    Raises Unprintable where no Chromium is installed, where it does not finish ``within`` seconds
    or fails, and when another page has been printing for too long.
    """
    browser = _browser()
    if browser is None:
        raise Unprintable("本机没有可用的 Chromium 浏览器，不能直接生成 PDF。")
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise Unprintable("正在生成另一份 PDF，请稍后再试。")
    try:
        with tempfile.TemporaryDirectory(prefix="guatu-print-") as folder:
            return _printed(browser, Path(folder), document, within)
    finally:
        _one_at_a_time.release()


def _browser() -> str | None:
    """Where the browser is that the settings name, or the first that is installed."""
    names = (settings.CHROMIUM,) if settings.CHROMIUM else BROWSERS
    return next(filter(None, map(shutil.which, names)), None)


def _printed(browser: str, folder: Path, document: str, within: float) -> bytes:
    page, answer = folder / "page.html", folder / "page.pdf"
    page.write_text(document, encoding="utf-8")
    # The command is the machine's own browser with fixed words; the page is ours.
    with subprocess.Popen(  # noqa: S603 -- see above
        [browser, *_words(folder), f"--print-to-pdf={answer}", page.as_uri()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(folder),
        cwd=folder,
        start_new_session=True,
    ) as process:
        try:
            process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            raise Unprintable("生成 PDF 超时，请缩小范围后再试。") from None
        finally:
            _end(process)
    if process.returncode or not answer.is_file():
        raise Unprintable("Chromium 没有生成 PDF，请改用浏览器的打印功能。")
    return answer.read_bytes()


def _words(folder: Path) -> list[str]:
    """What the browser is told: nothing but this page, no network, no profile that stays."""
    words = [
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder / 'profile'}",
    ]
    # Chromium refuses its sandbox to root, as services in a container often are.
    return [*words, "--no-sandbox"] if os.geteuid() == 0 else words


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return kept | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "TMPDIR": str(folder)}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser and whatever it started; they are a group of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
