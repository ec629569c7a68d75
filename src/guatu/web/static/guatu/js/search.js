/* The search bar: suggestions are chosen by ↑ ↓ Enter and closed by Esc; results are walked alike. */

const bar = document.getElementById("site-search");
const list = document.getElementById("suggestions");
let chosen = -1;

const options = () => [...(list?.querySelectorAll("a[role=option]") ?? [])];
const results = () => [...document.querySelectorAll("[data-found] li > a")];

/** Show the list or take it away; the bar says which. */
function open(shown) {
  if (!list) return;
  list.hidden = !shown;
  bar.setAttribute("aria-expanded", String(shown));
  if (!shown) choose(-1);
}

/** Mark one option; the focus stays in the bar. */
function choose(place) {
  const rows = options();
  chosen = rows.length ? Math.max(-1, Math.min(place, rows.length - 1)) : -1;
  rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) bar.removeAttribute("aria-activedescendant");
  else {
    bar.setAttribute("aria-activedescendant", rows[chosen].id);
    rows[chosen].scrollIntoView({ block: "nearest" });
  }
}

function onBarKey(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const shown = list && !list.hidden;
  if (step && shown) {
    event.preventDefault();
    choose(chosen + step);
  } else if (step === 1 && results().length) {
    event.preventDefault();
    results()[0].focus();
  } else if (event.key === "Enter" && shown && chosen >= 0) {
    event.preventDefault();
    options()[chosen].click();
  } else if (event.key === "Escape" && shown) {
    event.preventDefault();
    open(false);
  } else if (event.key === "Escape") {
    bar.blur();
  }
}

/** Walk from result to result; above the first stands the bar. */
function onResultKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = results();
  const place = rows.indexOf(document.activeElement);
  if (event.defaultPrevented || !step || place < 0) return;
  event.preventDefault();
  (rows[place + step] ?? (step < 0 ? bar : rows[place])).focus();
}

if (bar) {
  bar.addEventListener("keydown", onBarKey);
  document.addEventListener("keydown", onResultKey);
  list?.addEventListener("htmx:afterSwap", () => {
    choose(-1);
    open(list.childElementCount > 0 && document.activeElement === bar);
  });
  bar.addEventListener("focus", () => open((list?.childElementCount ?? 0) > 0));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-search]")) open(false);
  });
  bar.form.addEventListener("focusout", (event) => {
    if (!bar.form.contains(event.relatedTarget)) open(false);
  });
}
