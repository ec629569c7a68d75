/* The matrix of units and months: arrows and Enter move between cells, sums follow the typing.
   Everything is computed again by the server; without scripts the page works the same. */

const table = document.querySelector("[data-matrix]");
const rows = table ? [...table.tBodies[0].rows] : [];
const boxes = rows.map((row) => [...row.querySelectorAll(".matrix-box")]);
const BLANK = new Set(["", "未报", "—", "-"]);

function figure(box) {
  const text = box.value.replace(/[\s,，]/g, "");
  return BLANK.has(text) ? null : Number(text);
}

function written(value) {
  return Number.isFinite(value) ? value.toLocaleString("zh-CN", { maximumFractionDigits: 2 }) : "";
}

function signed(value) {
  const exact = Math.round(value * 1e6) / 1e6;
  if (exact === 0) return "0";
  return `${exact > 0 ? "+" : "−"}${written(Math.abs(exact))}`;
}

function summed(values) {
  const known = values.filter((value) => value !== null);
  const missing = values.length - known.length;
  const sum = known.reduce((one, other) => one + other, 0);
  return { sum: known.length ? sum : null, missing };
}

function show(cell, text, off = false) {
  cell.textContent = text;
  cell.classList.toggle("is-off", off);
}

function told({ sum, missing }) {
  if (sum === null) return "未报";
  return missing ? `${written(sum)} 含 ${missing} 项未报` : written(sum);
}

function refreshRow(place) {
  const values = boxes[place].map(figure);
  const months = summed(values.slice(2));
  const given = values.some((value) => value !== null);
  const left = months.missing && values[0] !== null && Math.abs((months.sum ?? 0) - values[0]) < 1e-6;
  const summedUp = left ? `${written(values[0])}，其余按 0` : told(months);
  show(rows[place].querySelector("[data-row-sum]"), given ? summedUp : "");
  const known = given && values[0] !== null && months.sum !== null && !months.missing;
  const gap = known ? months.sum - values[0] : 0;
  show(rows[place].querySelector("[data-row-gap]"), left ? "0" : known ? signed(gap) : "", Math.abs(gap) > 1e-6);
}

function refreshColumn(column) {
  const given = boxes.filter((row) => row.some((box) => figure(box) !== null));
  const sum = summed(given.map((row) => figure(row[column])));
  const [sums, wholes, gaps] = [...table.tFoot.rows].map((row) => row.cells[column + 1]);
  show(sums, told(sum));
  const whole = wholes.dataset.whole;
  const known = whole && sum.sum !== null && !sum.missing;
  const gap = known ? sum.sum - Number(whole) : 0;
  show(gaps, known ? signed(gap) : "", Math.abs(gap) > 1e-6);
}

function placeOf(box) {
  const row = boxes.findIndex((line) => line.includes(box));
  return row < 0 ? null : [row, boxes[row].indexOf(box)];
}

function moved(event, [row, column]) {
  const { key, target } = event;
  const whole = target.selectionStart === 0 && target.selectionEnd === target.value.length;
  if (key === "ArrowUp") return [row - 1, column];
  if (key === "ArrowDown" || key === "Enter") return [row + 1, column];
  if (key === "ArrowLeft" && (whole || target.selectionEnd === 0)) return [row, column - 1];
  if (key === "ArrowRight" && (whole || target.selectionStart === target.value.length)) return [row, column + 1];
  return null;
}

table?.addEventListener("keydown", (event) => {
  const place = event.target.matches(".matrix-box") ? placeOf(event.target) : null;
  const next = place && moved(event, place);
  if (!next) return;
  event.preventDefault();
  const box = boxes[next[0]]?.[next[1]];
  box?.focus();
  box?.select();
});

table?.addEventListener("input", (event) => {
  const place = placeOf(event.target);
  if (!place) return;
  refreshRow(place[0]);
  for (let column = 0; column < boxes[0].length; column += 1) refreshColumn(column);
});

table?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text");
  const place = event.target.matches(".matrix-box") ? placeOf(event.target) : null;
  if (!place || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  text.trimEnd().split(/\r?\n/).forEach((line, down) => {
    line.split("\t").forEach((value, right) => {
      const box = boxes[place[0] + down]?.[place[1] + right];
      if (box) box.value = value.trim();
    });
  });
  boxes.forEach((_, row) => refreshRow(row));
  for (let column = 0; column < boxes[0].length; column += 1) refreshColumn(column);
});
