/* The time axis of the canvas wall. Days are numbers from 1970-01-01; a view is [from, to). */

const DAY_MS = 864e5;
const LEAST_DAYS = 7;
/* From how many pixels a day on which ticks are drawn, finest first. */
const LEVELS = [
  [20, days, months],
  [4.2, weeks, months],
  [0.9, months, years],
  [0.5, quarters, years],
  [0, years, () => []],
];

export const dateOf = (day) => new Date(day * DAY_MS);
export const dayOf = (year, month, date = 1) => Date.UTC(year, month, date) / DAY_MS;

/** Write a day as the pages do: 2025-03-18. */
export const written = (day) => dateOf(day).toISOString().slice(0, 10);

function* stepping(first, next, to, label) {
  for (let day = first; day < to; day = next(day)) yield [day, next(day), label(dateOf(day))];
}

function days([from, to]) {
  return [...stepping(Math.floor(from), (day) => day + 1, to, (date) => String(date.getUTCDate()))];
}

function weeks([from, to]) {
  const first = Math.floor(from) - ((dateOf(Math.floor(from)).getUTCDay() + 6) % 7);
  const label = (date) => `${date.getUTCMonth() + 1}.${date.getUTCDate()}`;
  return [...stepping(first, (day) => day + 7, to, label)];
}

function byMonths([from, to], step, label) {
  const date = dateOf(Math.floor(from));
  const month = Math.floor(date.getUTCMonth() / step) * step;
  const next = (day) => dayOf(dateOf(day).getUTCFullYear(), dateOf(day).getUTCMonth() + step);
  return [...stepping(dayOf(date.getUTCFullYear(), month), next, to, label)];
}

function months(view) {
  const wide = view[1] - view[0] < 300;
  return byMonths(view, 1, (date) => {
    const month = `${date.getUTCMonth() + 1}月`;
    return wide ? `${date.getUTCFullYear()}年${month}` : month;
  });
}

function quarters(view) {
  return byMonths(view, 3, (date) => `${date.getUTCMonth() / 3 + 1}季度`);
}

function years(view) {
  return byMonths(view, 12, (date) => `${date.getUTCFullYear()}年`);
}

/** Ticks of a view: fine and coarse ones, each [first day, day after, label]. */
export function ticksOf(view, width) {
  const pixels = width / (view[1] - view[0]);
  const [, fine, coarse] = LEVELS.find(([least]) => pixels >= least);
  return { fine: fine(view), coarse: coarse(view) };
}

/** Keep a view within limits, neither narrower than a week nor wider than they are. */
export function held([from, to], [least, most]) {
  const span = Math.min(Math.max(to - from, LEAST_DAYS), most - least);
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - span / 2, least), most - span);
  return [start, start + span];
}

/** Zoom about a day: below 1 shows less time. */
export function zoomed([from, to], factor, about = (from + to) / 2) {
  return [about - (about - from) * factor, about + (to - about) * factor];
}

/** The year, quarter or month that holds a day. */
export function stretch(zoom, day) {
  const date = dateOf(Math.floor(day));
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const count = { year: 12, quarter: 3, month: 1 }[zoom];
  const first = Math.floor(month / count) * count;
  return [dayOf(year, first), dayOf(year, first + count)];
}

/** Name a view by its first and last day. */
export function nameOf([from, to]) {
  const [first, last] = [dateOf(Math.round(from)), dateOf(Math.round(to) - 1)];
  const month = (date) => `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月`;
  const day = (date) => `${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
  if (to - from < 100) return `${first.getUTCFullYear()}年${day(first)}—${day(last)}`;
  return month(first) === month(last) ? month(first) : `${month(first)}—${month(last)}`;
}
