"""Gantt charts beside our wall: the same bars in pages of their own, and how both are measured."""

import json
import statistics
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

CHECKOUT = Path(__file__).resolve().parents[2]
SIZE = {"width": 1850, "height": 1000}
OPENINGS, STEPS = 5, 10
PATIENCE_MS = 300_000
PACKAGES = ("vis-timeline@8", "vis-data@8", "moment@2", "frappe-gantt@1")
PAINTED = """async () => {
  while (!window.PAINTED) await new Promise(r => setTimeout(r, 10));
  return window.PAINTED;
}"""
# Four zoom steps, fewer where they take minutes.
ZOOM = """async () => {
  const times = [];
  const began = performance.now();
  for (let n = 0; n < 4 && performance.now() - began < 30000; n += 1) {
    const from = performance.now();
    zoom(n);
    await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
    times.push(performance.now() - from);
  }
  return times;
}"""
# Wheel steps with Ctrl in both directions over an element; the times to a new frame each.
WHEEL = """async ([selector, steps]) => {
  const target = document.querySelector(selector);
  const inner = target.querySelector('canvas') ?? target;
  const box = target.getBoundingClientRect();
  const times = [];
  for (let step = 0; step < steps; step += 1) {
    const deltaY = step % 2 ? 240 : -240;
    const from = performance.now();
    inner.dispatchEvent(new WheelEvent('wheel', { deltaY, wheelDelta: -deltaY, ctrlKey: true,
      bubbles: true, cancelable: true, clientX: box.left + box.width / 2,
      clientY: box.top + 200, view: window }));
    await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
    times.push(performance.now() - from);
  }
  return times;
}"""


@dataclass(frozen=True)
class Times:
    """Medians in milliseconds, and elements of the page; 0 where it was not measured."""

    painted: float
    zoomed: float
    elements: int


def measured(page: Page, opening: Callable[[], float] | None, selector: str) -> Times:
    """Open a page several times, then zoom it; without an opening it is as it stands."""
    painted = statistics.median(opening() for _ in range(OPENINGS)) if opening else 0
    zoomed = statistics.median(page.evaluate(WHEEL, [selector, STEPS]))
    return Times(painted, zoomed, page.evaluate("document.querySelectorAll('*').length"))


def peers(browser: Browser, folder: str, projects: int, nodes: int) -> Iterator[tuple[str, Times]]:
    """Measure each peer once in a page of its own."""
    home = Path(folder, "peers")
    home.mkdir()
    npm = CHECKOUT / ".venv/bin/npm"
    told = [str(npm), "install", "--silent", "--no-fund", "--no-audit", *PACKAGES]
    subprocess.run([*told, "--prefix", str(home)], check=True, cwd=home)
    bars = [
        [
            project,
            place,
            30 * place - 30 * (project % 12) + project % 29,
            25 + (project + place) % 9,
        ]
        for project in range(projects)
        for place in range(nodes)
    ]
    for name, (libraries, body) in PAGES.items():
        file = home / f"{name.split()[0]}.html"
        tags = "".join(_tag(home, library) for library in libraries)
        data = f"<script>const BARS = {json.dumps(bars)}; {SHARED}</script>"
        style = "<style>html,body{margin:0}#chart{width:1850px;height:1000px}</style>"
        file.write_text(
            f"<!doctype html><meta charset=utf-8>{style}{tags}<div id=chart></div>{data}"
            f"<script>{body}</script>",
            encoding="utf-8",
        )
        yield name, _peer(browser, file.as_uri())


def _tag(home: Path, library: str) -> str:
    root = CHECKOUT / "node_modules" if library.startswith("echarts") else home / "node_modules"
    address = (root / library).as_uri()
    if library.endswith(".css"):
        return f'<link rel="stylesheet" href="{address}">'
    return f'<script src="{address}"></script>'


def _peer(browser: Browser, address: str) -> Times:
    page = browser.new_page(viewport=SIZE)
    page.set_default_timeout(PATIENCE_MS)
    try:
        page.goto(address, wait_until="commit", timeout=PATIENCE_MS)
        painted = page.evaluate(PAINTED)
        zoomed = page.evaluate(ZOOM)
        elements = page.evaluate("document.querySelectorAll('*').length")
        return Times(float(painted), statistics.median(zoomed), elements)
    except Error:
        return Times(0, 0, 0)
    finally:
        page.close()


SHARED = """
const DAY = 864e5, TODAY = Date.UTC(2025, 2, 18);
const COLOURS = ['#1f4e9e', '#c62828', '#8792a5'];
const shown = () => requestAnimationFrame(() => setTimeout(() => {
  window.PAINTED = performance.now(); }));
"""
PAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "echarts 6, a rectangle a bar": (
        ("echarts/dist/echarts.min.js",),
        """
        const chart = echarts.init(document.getElementById('chart'));
        chart.setOption({ animation: false, grid: { left: 80, right: 10, top: 30, bottom: 10 },
          xAxis: { type: 'time' }, yAxis: { type: 'value', min: 0, max: 500 },
          dataZoom: [{ type: 'inside', filterMode: 'none', throttle: 0 }],
          series: [{ type: 'custom', progressive: 0, encode: { x: [1, 2], y: 0 },
            data: BARS.map(([row, place, from, days]) =>
              [row, TODAY + from * DAY, TODAY + (from + days) * DAY, place % 3]),
            renderItem: (params, api) => {
              const [x, y] = api.coord([api.value(1), api.value(0)]);
              const width = api.coord([api.value(2), 0])[0] - x;
              return { type: 'rect', shape: { x, y, width, height: 1.5 },
                style: { fill: COLOURS[api.value(3)] } };
            } }] });
        shown();
        const zoom = (n) => chart.dispatchAction({ type: 'dataZoom', start: n * 5, end: 90 - n });
        """,
    ),
    "vis-timeline 8": (
        (
            "moment/min/moment.min.js",
            "vis-timeline/standalone/umd/vis-timeline-graph2d.min.js",
            "vis-timeline/styles/vis-timeline-graph2d.min.css",
        ),
        """
        const groups = [...new Set(BARS.map((bar) => bar[0]))].map((id) =>
          ({ id, content: '示例' + id }));
        const items = BARS.map(([group, place, from, days], id) => ({ id, group, content: '',
          start: TODAY + from * DAY, end: TODAY + (from + days) * DAY }));
        const line = new vis.Timeline(document.getElementById('chart'), items, groups,
          { stack: false, height: 1000, verticalScroll: true, zoomKey: 'ctrlKey' });
        line.on('changed', () => window.PAINTED || shown());
        const zoom = (n) => line.zoomIn(0.1, { animation: false });
        """,
    ),
    "frappe-gantt 1": (
        ("frappe-gantt/dist/frappe-gantt.umd.js", "frappe-gantt/dist/frappe-gantt.css"),
        """
        const iso = (day) => new Date(TODAY + day * DAY).toISOString().slice(0, 10);
        const tasks = BARS.map(([row, place, from, days], n) => ({ id: 'b' + n,
          name: '示例' + n, start: iso(from), end: iso(from + days), progress: 0 }));
        const gantt = new Gantt('#chart', tasks, { view_mode: 'Month' });
        shown();
        const zoom = (n) => gantt.change_view_mode(n % 2 ? 'Month' : 'Year');
        """,
    ),
}
