/* The editor of a plan: drags and keys become commands. The server keeps the log, computes, and
   answers with the part to show; nothing is decided here. Without this file the forms do the same. */

const DAY = 86_400_000;
const PAUSE = 450;
const SVG = "http://www.w3.org/2000/svg";

let drag = null;
let linkFrom = "";
let nudge = null;
let focusNext = "";
let kept = null;

const root = () => document.querySelector("[data-editor]");
const chart = () => root()?.querySelector("#plan-chart");
const bars = () => [...(chart()?.querySelectorAll(".chart-bar[data-start]") ?? [])];
const barOf = (target) => target.closest?.(".chart-bar");
const perDay = () => Number(chart().dataset.perDay);
const shifted = (iso, days) => new Date(Date.parse(iso) + days * DAY).toISOString().slice(0, 10);

/** Tell screen readers and eyes what the next key does. */
function say(words) {
  const line = root()?.querySelector("[data-editor-says]");
  if (line) line.textContent = words;
}

/** Send one command; the answer replaces the editor and keeps the place of the reader. */
function send(command, focus) {
  const here = root();
  if (!here || here.dataset.busy) return;
  here.dataset.busy = "1";
  focusNext = focus ?? command.key ?? "";
  const values = { revision: here.dataset.revision, command: JSON.stringify(command) };
  window.htmx.ajax("POST", here.dataset.editor, { target: "#editor", swap: "outerHTML", values });
}

function step(name) {
  const button = root()?.querySelector(`[data-log='${name}']`);
  if (button && !button.disabled) {
    focusNext = document.activeElement?.dataset?.key ?? "";
    button.click();
  }
}

/** Remember where the reader is before the editor is replaced: the bar, its height, the week. */
function keep() {
  const bar = document.getElementById(`bar-${focusNext}`) ?? chart();
  if (!bar) return;
  kept = { top: bar.getBoundingClientRect().top, left: root().querySelector(".plan-scroll").scrollLeft };
}

/** Put the reader back: what stands above may have grown, the bar stays where the hand is. */
function restore() {
  const here = root();
  if (!here || !kept) return;
  const pane = here.querySelector(".plan-scroll");
  if (pane) pane.scrollLeft = kept.left;
  const bar = document.getElementById(`bar-${focusNext}`);
  const mark = bar ?? chart();
  if (mark) scrollBy(0, mark.getBoundingClientRect().top - kept.top);
  bar?.focus({ preventScroll: true });
  kept = null;
  focusNext = "";
}

function place(event) {
  const box = chart().getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function onDown(event) {
  const bar = barOf(event.target);
  if (!bar || event.button !== 0 || !bar.dataset.start) return;
  if (bar.classList.contains("is-done") && !event.target.matches(".bar-port")) return;
  const kind = event.target.matches(".bar-port") ? "link" : event.target.matches(".bar-grip") ? "stretch" : "move";
  drag = { bar, kind, from: place(event), moved: false };
  bar.focus({ preventScroll: true });
  chart().setPointerCapture(event.pointerId);
}

function onMove(event) {
  if (!drag) return;
  const at = place(event);
  const dx = at.x - drag.from.x;
  if (!drag.moved && Math.hypot(dx, at.y - drag.from.y) < 4) return;
  drag.moved = true;
  if (drag.kind === "link") return drawLine(at);
  drag.days = Math.round(dx / perDay());
  show(drag.bar, drag.kind, drag.days);
}

/** Show where a bar would lie; the server decides where it will. */
function show(bar, kind, days) {
  const by = days * perDay();
  if (kind === "move") {
    bar.setAttribute("transform", `translate(${by} 0)`);
    say(`${bar.dataset.name}：不早于 ${shifted(bar.dataset.start, days)} 开始`);
    return;
  }
  let ghost = bar.querySelector(".bar-reach");
  if (!ghost) {
    ghost = document.createElementNS(SVG, "rect");
    ghost.setAttribute("class", "bar-reach");
    bar.append(ghost);
  }
  const bodies = bar.querySelectorAll("rect.bar-body");
  const first = Number(bodies[0].getAttribute("x"));
  const last = bodies[bodies.length - 1];
  const end = Number(last.getAttribute("x")) + Number(last.getAttribute("width"));
  ghost.setAttribute("x", String(first));
  ghost.setAttribute("y", last.getAttribute("y"));
  ghost.setAttribute("height", "12");
  ghost.setAttribute("width", String(Math.max(end + by - first, perDay())));
  say(`${bar.dataset.name}：做到 ${shifted(bar.dataset.finish, days)}`);
}

function drawLine(at) {
  let line = chart().querySelector(".link-draft");
  if (!line) {
    line = document.createElementNS(SVG, "path");
    line.setAttribute("class", "link-draft");
    chart().append(line);
  }
  line.setAttribute("d", `M${drag.from.x} ${drag.from.y}L${at.x} ${at.y}`);
}

function onUp(event) {
  if (!drag) return;
  const { bar, kind, moved, days } = drag;
  drag = null;
  chart().querySelector(".link-draft")?.remove();
  if (!moved) return;
  if (kind === "link") {
    const onto = barOf(document.elementFromPoint(event.clientX, event.clientY) ?? chart());
    if (onto && onto !== bar) link(bar.dataset.key, onto.dataset.key);
    return;
  }
  if (days) commit(bar, kind, days);
  else clear(bar);
}

function clear(bar) {
  bar.removeAttribute("transform");
  bar.querySelector(".bar-reach")?.remove();
}

function commit(bar, kind, days) {
  const { key, start, finish } = bar.dataset;
  if (kind === "move") send({ op: "start", key, no_earlier: shifted(start, days) });
  else if (kind === "stretch") send({ op: "stretch", key, finish: shifted(finish, days) });
  else send({ op: "duration", key, duration: Math.max(Number(bar.dataset.duration) + days, 0) });
}

function link(before, after) {
  linkFrom = "";
  send({ op: "link", before, after }, before);
}

/** Arrow keys add up for a moment, so that ten presses are one command. */
function push(bar, kind, by) {
  if (bar.classList.contains("is-done")) return;
  if (!nudge || nudge.bar !== bar || nudge.kind !== kind) flush();
  nudge = nudge ?? { bar, kind, days: 0 };
  nudge.days += by;
  clearTimeout(nudge.timer);
  if (kind === "move") show(bar, kind, nudge.days);
  else say(`${bar.dataset.name}：工期 ${Math.max(Number(bar.dataset.duration) + nudge.days, 0)} 天`);
  nudge.timer = setTimeout(flush, PAUSE);
}

function flush() {
  if (!nudge) return;
  const { bar, kind, days, timer } = nudge;
  clearTimeout(timer);
  nudge = null;
  if (days && bar.isConnected) commit(bar, kind, days);
}

function walk(bar, by) {
  const all = bars();
  const next = all[Math.min(Math.max(all.indexOf(bar) + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function linksOf(key) {
  return [...chart().querySelectorAll(`.chart-link[data-before='${CSS.escape(key)}']`)];
}

function onLinkKey(event, tie) {
  const { before, after, type } = tie.dataset;
  const siblings = linksOf(before);
  if (event.key === "Delete" || event.key === "Backspace") send({ op: "unlink", before, after, type }, before);
  else if (event.key === "]") siblings[(siblings.indexOf(tie) + 1) % siblings.length].focus();
  else if (event.key === "Escape") document.getElementById(`bar-${before}`)?.focus();
  else return;
  event.preventDefault();
}

function onBarKey(event, bar) {
  const { key, duration, name } = bar.dataset;
  const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (arrow) push(bar, event.shiftKey ? "days" : "move", arrow);
  else if (event.key === "ArrowUp") walk(bar, -1);
  else if (event.key === "ArrowDown") walk(bar, 1);
  else if (event.key === "Enter" && linkFrom && linkFrom !== key) link(linkFrom, key);
  else if (event.key === "Enter") open(key);
  else if (event.key === "Delete") send({ op: "remove", key }, "");
  else if (event.key === "s" && Number(duration) > 1) send({ op: "split", key, first: Math.floor(Number(duration) / 2) });
  else if (event.key === "]") linksOf(key)[0]?.focus();
  else if (event.key === "l") {
    linkFrom = key;
    say(`从「${name}」连到哪一项？用 ↑ ↓ 选择，回车确定，Esc 取消`);
  } else return;
  event.preventDefault();
}

function open(key) {
  root().querySelector(`[data-open='${CSS.escape(key)}']`)?.click();
}

/** Put the form of a step away and go back to its bar. */
function close() {
  const drawer = document.getElementById("step");
  const key = drawer?.querySelector("[name='key']")?.value;
  drawer?.replaceChildren();
  if (key) document.getElementById(`bar-${key}`)?.focus({ preventScroll: true });
}

document.addEventListener("pointerdown", (event) => { if (event.target.closest?.(".is-editable")) onDown(event); });
document.addEventListener("pointermove", onMove);
document.addEventListener("pointerup", onUp);
document.addEventListener("pointercancel", () => { if (drag) clear(drag.bar); drag = null; });
document.addEventListener("dblclick", (event) => {
  const bar = barOf(event.target);
  if (bar && root()) open(bar.dataset.key);
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-close]")) {
    event.preventDefault();
    close();
  }
  const tie = event.target.closest?.(".is-editable .chart-link");
  if (tie) tie.focus();
});
document.addEventListener("keydown", (event) => {
  if (!root() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.closest("#step")) {
    close();
    return;
  }
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "u" || event.key === "r") {
    flush();
    step(event.key === "u" ? "undo" : "redo");
    return;
  }
  if (event.key === "Escape" && linkFrom) {
    linkFrom = "";
    say("");
    return;
  }
  const tie = event.target.closest(".chart-link");
  const bar = barOf(event.target);
  if (tie) onLinkKey(event, tie);
  else if (bar) onBarKey(event, bar);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "editor") keep();
});
document.addEventListener("htmx:responseError", () => { const here = root(); if (here) delete here.dataset.busy; });
document.addEventListener("htmx:sendError", () => { const here = root(); if (here) delete here.dataset.busy; });
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "step") event.target.querySelector("input:not([type='hidden'])")?.focus({ preventScroll: true });
  else restore();
});
