/* The canvas wall: every project in one page, real links at the left, bars at the right.

   The server's drawing stays for paper, for phones and where scripts do not run. */

import { barAt, BARS, TIES } from "./wall_bars.js";
import { HEAD, Scene } from "./wall_scene.js";
import { held, nameOf, stretch, written, zoomed } from "./wall_scale.js";

const ROW = 40;
const SPARE_DAYS = 400;
const LEAST = 260; /* height that what is said of a bar fits in, however few the rows */
const [NAME, UNIT, TONE, LAMP, WORST, KEY, MARKS] = [0, 1, 2, 3, 4, 5, 6];
const chart = document.querySelector("[data-wall-chart]");

if (chart && matchMedia("(min-width: 641px)").matches) hang();
else document.body.classList.remove("wall-awaits");

async function hang() {
  try {
    const [echarts, answer] = await Promise.all([import(chart.dataset.engine), fetch(chart.dataset.source)]);
    if (!answer.ok) return;
    const data = await answer.json();
    if (data.rows.length) new Wall(echarts, data);
  } catch (failure) {
    /* the server's drawing comes back; the reason is for who looks into it */
    console.error("wall", failure);
  } finally {
    document.body.classList.remove("wall-awaits");
  }
}

/** Element with text and attributes, for rows whose words come from data. */
function element(tag, className, text, href) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  if (href) made.href = href;
  return made;
}

class Wall {
  constructor(echarts, data) {
    this.data = data;
    this.limits = [
      Math.min(data.extent[0], data.window[0]) - SPARE_DAYS,
      Math.max(data.extent[1], data.window[1]) + SPARE_DAYS,
    ];
    this.canvas = chart.querySelector("[data-wall-canvas]");
    this.all = false;
    this.fill(chart.querySelector("[data-wall-names]"));
    chart.hidden = false;
    document.body.classList.add("has-wall-chart");
    this.fit();
    this.scene = new Scene(echarts, this.canvas, data, this.limits, () => this.place());
    this.listen();
    this.named();
    requestAnimationFrame(() => setTimeout(() => performance.mark("wall-painted")));
  }

  /** Names with their lamps, as links. */
  fill(list) {
    const lines = this.data.rows.map((row, index) => {
      const line = element("li");
      line.dataset.index = index;
      const lamp = element("a", `lamp lamp-${row[TONE]}`, row[LAMP], this.address(1, row));
      const link = element("a", "wall-name", row[NAME], this.address(0, row));
      link.title = row[NAME];
      if (row[MARKS] & 2) link.prepend(element("span", "star", "★"));
      const first = element("span", "wall-line");
      first.append(link);
      if (row[MARKS] & 1) first.append(element("span", "sample-mark", "示例"));
      line.append(lamp, first, element("span", "wall-unit", `${row[UNIT]} · ${row[WORST]}`));
      return line;
    });
    list.replaceChildren(...lines);
    this.lines = lines;
  }

  /** Where a bar leads: to the plan where there is one, else to the project's nodes. */
  opened(row) {
    return row[MARKS] & 4 ? this.address(2, row) : `${this.address(0, row)}#nodes`;
  }

  /** Address of a row's project (0), lamp (1) or plan (2). */
  address(which, row) {
    return this.data.addresses[which].replace("KEY", row[KEY]);
  }

  /** The canvas is as high as the window, or as the rows where they are few: never too low for what a bar says. */
  fit() {
    const bar = parseFloat(getComputedStyle(chart).getPropertyValue("--topbar"));
    const room = innerHeight - (Number.isNaN(bar) ? 0 : bar);
    const rows = Math.max(HEAD + this.data.rows.length * ROW, LEAST);
    this.canvas.style.height = `${this.all ? room - 24 : Math.min(room, rows)}px`;
  }

  place() {
    if (this.all) {
      const row = Math.min((this.canvas.clientHeight - HEAD) / this.data.rows.length, ROW);
      return { top: HEAD, row };
    }
    const scrolled = this.canvas.getBoundingClientRect().top - chart.getBoundingClientRect().top;
    return { top: HEAD - Math.round(scrolled), row: ROW };
  }

  show(view) {
    this.scene.show(view && held(view, this.limits));
    this.named();
  }

  named() {
    const [from, to] = this.scene.view;
    for (const place of document.querySelectorAll("[data-wall-span-name]")) place.textContent = nameOf([from, to]);
    chart.dataset.from = written(Math.round(from));
    chart.dataset.to = written(Math.round(to) - 1);
  }

  /** Row and bar beneath a point of the canvas; -1 where there is none. */
  beneath(point) {
    const { at } = this.scene;
    if (point.y < HEAD) return [-1, -1];
    const index = Math.floor((point.y - at.top) / at.row);
    const row = this.data.rows[index];
    return row ? [index, barAt(row, point, at.top + index * at.row, at)] : [-1, -1];
  }

  listen() {
    const pen = this.scene.chart.getZr();
    pen.on("mousemove", ({ offsetX: x, offsetY: y }) => this.hover({ x, y }));
    pen.on("globalout", () => this.point(-1));
    pen.on("click", ({ offsetX: x, offsetY: y }) => {
      const [index, bar] = this.beneath({ x, y });
      if (bar >= 0) location.assign(this.opened(this.data.rows[index]));
    });
    this.scene.chart.on("datazoom", () => this.named());
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["mouseover", "focusin"]) chart.addEventListener(name, (event) => this.onName(event));
    document.querySelector("[data-wall-tools]")?.addEventListener("click", (event) => this.tool(event));
    let waiting = false;
    const later = (work) => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; work(); });
    };
    addEventListener("scroll", () => later(() => this.scene.show()), { passive: true });
    new ResizeObserver(() => { this.fit(); this.scene.chart.resize(); this.scene.show(); }).observe(chart);
  }

  hover(point) {
    const [index, bar] = this.beneath(point);
    this.canvas.classList.toggle("is-open", bar >= 0);
    this.point(index, bar, point);
  }

  point(index, bar = -1, place = null) {
    this.hot?.classList.remove("is-hot");
    this.hot = this.lines[index];
    this.hot?.classList.add("is-hot");
    this.scene.point(index, bar, place);
  }

  onName(event) {
    const line = event.target.closest("li[data-index]");
    if (!line) return;
    const index = Number(line.dataset.index);
    this.point(index);
    if (event.type === "focusin") this.say(this.data.rows[index]);
  }

  /** Tell who cannot see the picture what is shown of the row in focus. */
  say(row) {
    const states = this.data.shapes.map(([, words], shape) =>
      [words, row[BARS].filter((bar) => bar[1] === shape).length]);
    const counted = states.filter(([, number]) => number).map(([words, number]) => `${words} ${number}`);
    chart.querySelector("[data-wall-said]").textContent =
      `${row[NAME]}：${row[WORST]}。节点：${counted.join("，")}；前后衔接 ${row[TIES].length / 2} 处。`;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { "+": "in", "=": "in", "-": "out", ArrowLeft: "back", ArrowRight: "on", Home: "today" }[event.key];
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  tool(event) {
    const control = event.target.closest("[data-wall-act]");
    if (!control) return;
    event.preventDefault();
    this.act(control.dataset.wallAct);
  }

  act(name) {
    const view = this.scene.view;
    const [from, to] = view;
    const span = to - from;
    const middle = (from + to) / 2;
    const inside = this.data.day > from && this.data.day < to;
    const views = {
      in: () => zoomed(view, 0.7),
      out: () => zoomed(view, 1 / 0.7),
      back: () => [from - span / 4, to - span / 4],
      on: () => [from + span / 4, to + span / 4],
      today: () => [this.data.day - span / 2, this.data.day + span / 2],
      whole: () => this.data.extent,
      year: () => stretch("year", inside ? this.data.day : middle),
      quarter: () => stretch("quarter", inside ? this.data.day : middle),
      month: () => stretch("month", inside ? this.data.day : middle),
    };
    if (name === "all") {
      this.overview();
      return;
    }
    this.show(views[name]());
    for (const link of document.querySelectorAll(".wall-zoom > a:not([aria-label])")) {
      const chosen = link.dataset.wallAct === name;
      link.classList.toggle("button-main", chosen);
      if (chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** All rows at once, without their names, or back. */
  overview() {
    this.all = !this.all;
    chart.classList.toggle("is-all", this.all);
    document.querySelector("[data-wall-act=all]").setAttribute("aria-pressed", String(this.all));
    this.fit();
    this.scene.chart.resize();
    this.scene.show();
  }
}
