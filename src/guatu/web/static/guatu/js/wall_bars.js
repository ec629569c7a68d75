/* From rows of data to layers of the canvas: many bars are one path, so ten thousand are cheap. */

import { written } from "./wall_scale.js";

/* Places in a bar of the data; see web/wall/data.py. */
const [NAME, SHAPE, FLAGS, LANE, FIRST, LAST, DAY, DUE, FINISHED, BASELINE, FORECAST, LATEST] =
  Array.from({ length: 12 }, (_, place) => place);
const PLANNED = 1;
const CRITICAL = 2;
export const [DONE, CLAIMED, LATE, OPEN] = [0, 1, 2, 3];
export const BARS = 7;
export const TIES = 8;
const MARK = 6;
const LABEL_FROM = 7; /* pixels a day from which bars carry names */
const LABEL_LANE = 16; /* and how high their lane must be */

/** How one row is laid out: height of a lane, of a thick and a thin bar, size of the marks. */
function layout(row, height) {
  const lanes = row[BARS].reduce((most, bar) => Math.max(most, bar[LANE] + 1), 1);
  const lane = Math.min((height - 6) / lanes, 26);
  const small = height < 14;
  return {
    top: (height - lane * lanes) / 2,
    lane,
    thick: small ? height : Math.min(lane - 4, lanes > 1 ? 10 : 14),
    thin: small ? Math.max(height * 0.6, 0.6) : 4,
    mark: small ? 0 : Math.min(MARK, lane / 2),
  };
}

/** Where a bar lies: left, right, middle, the place of its mark. */
function placed(bar, at, top, laid) {
  const right = at.x(bar[LAST] + 1);
  return {
    left: bar[FIRST] == null ? right : at.x(bar[FIRST]),
    right,
    mark: at.x(bar[DAY] + 0.5),
    middle: top + laid.top + (bar[LANE] + 0.5) * laid.lane,
    height: bar[FLAGS] & PLANNED ? laid.thick : laid.thin,
  };
}

/** Layers of the rows in sight: flat lists of boxes (x, y, width, height) and of marks (x, y, size). */
export function layersOf(rows, at) {
  const boxes = [[], [], [], []];
  const marks = [[], [], [], []];
  const layers = { boxes, marks, ghosts: [], tails: [], overdue: [], critical: [], labels: [] };
  const first = Math.max(0, Math.floor((at.head - at.top) / at.row));
  const last = Math.min(rows.length, Math.ceil((at.bottom - at.top) / at.row));
  for (let index = first; index < last; index += 1) {
    rowLayers(rows[index], at.top + index * at.row, at, layers);
  }
  return { ...layers, first, last };
}

function rowLayers(row, top, at, layers) {
  const laid = layout(row, at.row);
  let missed = Infinity;
  for (const bar of row[BARS]) {
    const place = placed(bar, at, top, laid);
    const { left, right, middle, height } = place;
    if (bar[SHAPE] === LATE) missed = Math.min(missed, place.mark);
    if (right > at.left && left < at.right) {
      const [from, to] = [Math.max(left, at.left), Math.min(right, at.right)];
      if (to > from) layers.boxes[bar[SHAPE]].push(from, middle - height / 2, to - from, height);
      if (bar[FLAGS] & CRITICAL && laid.mark) layers.critical.push(from, middle + height / 2, to - from, 2);
      if (at.pixels >= LABEL_FROM && laid.lane >= LABEL_LANE && laid.mark) label(bar, place, at, layers);
    }
    if (laid.mark && place.mark > at.left - MARK && place.mark < at.right + MARK) {
      layers.marks[bar[SHAPE]].push(place.mark, middle, laid.mark);
    }
    if (laid.mark) shadows(bar, place, at, layers);
  }
  if (missed < at.today && laid.mark) {
    const from = Math.max(missed, at.left);
    const to = Math.min(at.today, at.right);
    if (to > from) layers.overdue.push(from, top + at.row / 2 - 3, to - from, 6);
  }
}

/** Ghost of the first promise beneath the bar, float behind it. */
function shadows(bar, place, at, layers) {
  if (bar[BASELINE] != null && bar[BASELINE] !== bar[DAY]) {
    const right = at.x(bar[BASELINE] + 1);
    const left = right - Math.max(place.right - place.left, 6);
    if (right > at.left && left < at.right) {
      layers.ghosts.push(left, place.middle + Math.max(place.height / 2, 5) + 1, right - left, 3);
    }
  }
  if (bar[LATEST] != null && bar[LATEST] > bar[LAST]) {
    layers.tails.push(place.right, place.middle, at.x(bar[LATEST] + 1) - place.right, 0);
  }
}

function label(bar, place, at, layers) {
  const [from, to] = [Math.max(place.left, at.left), Math.min(place.right, at.right)];
  const inside = place.mark > from && place.mark < to + MARK;
  const rooms = inside ? [[from, place.mark - MARK], [place.mark + MARK, to]] : [[from, to]];
  const [left, right] = rooms.find(([start, end]) => end - start > 44) ?? [0, 0];
  const dark = Boolean(bar[FLAGS] & PLANNED) && (bar[SHAPE] === DONE || bar[SHAPE] === LATE);
  if (right > left) {
    layers.labels.push({ x: left + 4, y: place.middle, room: right - left - 8, name: bar[NAME], dark });
  }
}

/** The bar beneath a point of a row, or -1; marks win over bars. */
export function barAt(row, point, top, at) {
  const laid = layout(row, at.row);
  let found = -1;
  let nearest = 4;
  row[BARS].forEach((bar, index) => {
    const place = placed(bar, at, top, laid);
    if (Math.abs(point.y - place.middle) > Math.max(laid.lane / 2, 2)) return;
    const marked = Math.abs(point.x - place.mark) - laid.mark;
    const beside = Math.max(place.left - point.x, point.x - place.right) + laid.mark;
    const away = Math.min(marked, beside);
    if (away < nearest) [found, nearest] = [index, away];
  });
  return found;
}

/** Curves of a row's links: from the mark of one bar to the start of another. */
export function tiesOf(row, top, at) {
  const laid = layout(row, at.row);
  const places = row[BARS].map((bar) => placed(bar, at, top, laid));
  const ties = [];
  for (let index = 0; index < row[TIES].length; index += 2) {
    const [from, to] = [row[TIES][index], row[TIES][index + 1]];
    const [start, end] = [places[from], places[to]];
    const target = row[BARS][to][FLAGS] & PLANNED ? end.left : end.mark;
    ties.push({ from, to, x1: start.mark, y1: start.middle, x2: target, y2: end.middle });
  }
  return ties;
}

/** What is said of a bar: name, state, and each date that is known. */
export function wordsOf(bar, data) {
  const [key, state] = data.shapes[bar[SHAPE]];
  const lines = [];
  const say = (title, day, tail = "") => {
    if (day != null) lines.push([title, written(day) + tail]);
  };
  const planned = Boolean(bar[FLAGS] & PLANNED);
  if (planned) say(bar[FINISHED] == null ? "开始" : "开始于", bar[FIRST]);
  say("应于", bar[DUE], bar[FINISHED] == null ? `，${left(bar[DUE] - data.day)}` : "");
  say("完成于", bar[FINISHED]);
  if (bar[FINISHED] == null && bar[LAST] !== bar[DUE]) say("测算完成", bar[LAST]);
  say("预计", bar[FORECAST]);
  if (bar[BASELINE] !== bar[DUE]) say("基线", bar[BASELINE]);
  if (bar[LATEST] != null) say("最迟", bar[LATEST], `，时差 ${bar[LATEST] - bar[LAST]} 天`);
  return { name: data.names[bar[NAME]], key, state, lines, critical: Boolean(bar[FLAGS] & CRITICAL) };
}

function left(days) {
  if (days < 0) return `逾期 ${-days} 天`;
  return days === 0 ? "今天到期" : `还有 ${days} 天`;
}
