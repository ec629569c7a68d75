"""The wall with 500 projects × 20 nodes in headless Chromium, beside other Gantt charts.

    python -m bench.wall             peers too: they are installed by npm in a folder that is gone
    python -m bench.wall --ours      the wall alone

The wall is the product's own page: `guatu serve` on generated 示例 data, signed in, with rights,
filters and the whole answer of the server in the time. Peers are pages with the bars already in
them. Painted is the time from the navigation to the frame that shows bars; a zoom step is the time
from the input to the next frame.
"""

import datetime as dt
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from bench.measuring.tables import Value, table, verdict
from bench.measuring.walls import Times, measured, peers
from tests.machine import chromium
from tests.machine.browsing import environment, serving
from tests.machine.shots import passwords

if TYPE_CHECKING:
    from guatu.loop.models import Activity

PROJECTS, NODES = 500, 20
NAME = "示例挂图规模"
SIZE = {"width": 1850, "height": 1000}
MOST_PAINT_MS, MOST_ZOOM_MS = 1000, 100
WHO = "zhuanban"
WARM_UPS = 4  # each of the web processes imports what it needs at its first answer


def main() -> int:
    """Return 0; what missed a bar is marked in the table."""
    executable = chromium.executable()
    if executable is None:
        print(chromium.MISSING)
        return 0
    rows: list[list[Value]] = []
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder, sync_playwright() as play:
        home = Path(folder, "home")
        _fill(home)
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = play.chromium.launch(executable_path=executable, args=arguments)
        rows += _ours(browser, home)
        if "--ours" not in sys.argv[1:]:
            rows += [_row(name, times) for name, times in peers(browser, folder, PROJECTS, NODES)]
        browser.close()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    window = f"{SIZE['width']}×{SIZE['height']}"
    print(f"\n{PROJECTS} projects × {NODES} bars, window {window}, load {load}\n")
    headers = ["chart", "painted ms", "zoom step ms", "DOM nodes", "× our paint", "bars"]
    ours = rows[0][1]
    for row in rows:
        ratio = float(row[1]) / float(ours) if row[1] and ours else None
        row.insert(4, ratio)
    print(table(headers, rows), flush=True)
    return 0


def _fill(home: Path) -> None:
    """Load the sample and the projects, in a process of their own: settings are read once."""
    home.mkdir()
    for words in (("-m", "guatu.cli", "demo"), ("-c", "import bench.wall as w; w.add_projects()")):
        subprocess.run([sys.executable, *words], env=environment(home), check=True)


def add_projects() -> None:
    """Add the projects to the data folder of the environment, through the real recording."""
    from guatu.cli.application import application  # noqa: PLC0415 -- reads the environment

    application()
    from guatu.investment.models import Category, Project  # noqa: PLC0415 -- needs Django set up
    from guatu.loop.lamps import recompute  # noqa: PLC0415 -- as above
    from guatu.loop.models import Link  # noqa: PLC0415 -- as above
    from guatu.register.campaign import act_now  # noqa: PLC0415 -- as above
    from guatu.register.enums import SubjectKind  # noqa: PLC0415 -- as above
    from guatu.register.models import Organisation, Subject  # noqa: PLC0415 -- as above
    from guatu.register.recording import create_many  # noqa: PLC0415 -- as above

    act = act_now(None, "示例规模数据")
    unit = Organisation.objects.filter(subjects__project__isnull=False).first()
    category = Category.objects.get(code="industry")
    subjects = [
        Subject(
            kind=SubjectKind.PROJECT,
            code=f"XMB-{number:05d}",
            title=f"{NAME}{number:04d}",
            unit=unit,
            is_sample=True,
        )
        for number in range(PROJECTS)
    ]
    create_many(act, "project.add", subjects)
    projects = [Project(subject=s, name=s.title, category=category) for s in subjects]
    create_many(act, "project.add", projects)
    nodes = [
        node
        for number, subject in enumerate(subjects)
        for node in _nodes(subject, number, act.business_date)
    ]
    create_many(act, "node.plan", nodes)
    pairs = [(a, b) for a, b in pairwise(nodes) if a.subject_id == b.subject_id]
    links = [Link(subject=a.subject, predecessor=a, successor=b) for a, b in pairs]
    create_many(act, "link.add", links)
    recompute(act, [subject.pk for subject in subjects])


def _nodes(subject: object, number: int, today: dt.date) -> "list[Activity]":
    """Twenty nodes a month long, of which each project has done some more or less in time."""
    from guatu.loop.models import Activity  # noqa: PLC0415 -- needs Django set up

    begin = today - dt.timedelta(days=30 * (number % 12) + number % 29)
    nodes = []
    for place in range(NODES):
        start = begin + dt.timedelta(days=30 * place)
        due = start + dt.timedelta(days=25 + (number + place) % 9)
        finished = due if due < today - dt.timedelta(days=number % 40) else None
        nodes.append(
            Activity(
                subject=subject,
                node=f"n{place}",
                name=f"示例节点{place + 1:02d}",
                stage="landing",
                sequence=place,
                start=start,
                due=due,
                baseline=due - dt.timedelta(days=(number + place) % 5),
                finished=finished,
            )
        )
    return nodes


def _ours(browser: Browser, home: Path) -> list[list[Value]]:
    with serving(home, "--no-sample") as site:
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{site.url}/account/login/")
        page.fill("input[name=username]", WHO)
        page.fill("input[name=password]", passwords(home)[WHO])
        page.click("main button[type=submit]")
        page.wait_for_load_state("networkidle")
        address = f"{site.url}/wall/?q={quote(NAME)}"
        for _ in range(WARM_UPS):
            _open(page, address)
        times = measured(page, lambda: _open(page, address), "[data-wall-canvas]")
        rows = [[*_row("guatu, rows in sight", times)]]
        rows[0][-1] = verdict(
            f"paint > {MOST_PAINT_MS} ms" * (times.painted > MOST_PAINT_MS),
            f"zoom > {MOST_ZOOM_MS} ms" * (times.zoomed > MOST_ZOOM_MS),
        )
        page.evaluate("document.querySelector('[data-wall-act=all]').click()")
        page.evaluate("document.querySelector('[data-wall-act=whole]').click()")
        whole = measured(page, None, "[data-wall-canvas]")
        rows.append(_row("guatu, all 10,000 bars at once (全貌)", whole))
        rows[1][-1] = verdict(f"zoom > {MOST_ZOOM_MS} ms" * (whole.zoomed > MOST_ZOOM_MS))
        page.close()
    return rows


def _open(page: Page, address: str) -> float:
    """Open the wall and tell when its bars were on the screen."""
    page.goto(address)
    page.wait_for_selector("body.has-wall-chart")
    page.wait_for_timeout(200)
    shown = page.evaluate("performance.getEntriesByName('wall-painted')[0].startTime")
    assert page.locator("[data-wall-names] > li").count() == PROJECTS
    return float(shown)


def _row(name: str, times: Times) -> list[Value]:
    painted = round(times.painted) if times.painted else None
    zoomed = round(times.zoomed) if times.zoomed else None
    return [name, painted, zoomed, times.elements, ""]


if __name__ == "__main__":
    sys.exit(main())
