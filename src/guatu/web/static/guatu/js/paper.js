/* A paper beside its drafts: click to locate on the other side, j k a e x, and links to a quote. */

const LIST = "[data-drafts-list]";
const TYPING = "input, textarea, select, [contenteditable]";

function cards() {
  return [...document.querySelectorAll(`${LIST} > [data-draft]`)];
}

function passagesOf(key) {
  return [...document.querySelectorAll(`[data-drafts~="${CSS.escape(key)}"]`)];
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

/** Choose a draft: mark it and its passage, bring both into view without moving the page. */
function choose(key, from) {
  for (const old of document.querySelectorAll(".is-chosen")) old.classList.remove("is-chosen");
  const card = document.getElementById(`draft-${key}`);
  const passages = passagesOf(key);
  for (const one of [card, ...passages]) one?.classList.add("is-chosen");
  if (from !== "text") passages[0]?.scrollIntoView({ block: "center", behavior: calm() });
  if (from !== "card") card?.scrollIntoView({ block: "center", behavior: calm() });
  if (card && !card.contains(document.activeElement)) card.focus({ preventScroll: true });
}

function chosenCard() {
  return document.querySelector(`${LIST} > .is-chosen`);
}

function step(by) {
  const all = cards();
  const at = all.indexOf(chosenCard());
  const next = at < 0 ? all[0] : all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next) choose(next.dataset.draft, "key");
}

const ACTS = { a: "accept", e: "edit", x: "reject" };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    chosenCard()?.querySelector("[data-act='cancel']")?.click();
    return;
  }
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (ACTS[event.key]) chosenCard()?.querySelector(`[data-act='${ACTS[event.key]}']`)?.click();
  else return;
  event.preventDefault();
}

/** An innermost passage names its drafts shortest first; one not shown by the filter is skipped. */
function onTextClick(event) {
  const passage = event.target.closest("[data-drafts]");
  if (!passage || !document.querySelector(LIST)) return;
  const key = passage.dataset.drafts.trim().split(/\s+/).find((one) => document.getElementById(`draft-${one}`));
  if (key) choose(key, "text");
}

/** `#q12-34` (or `#q12`, its first passage) marks the passages of that quote; a quote on another page of the paper is fetched. */
function showQuote() {
  const paper = document.querySelector("[data-paper]");
  const asked = /^#q(\d+)(?:-(\d+))?$/.exec(location.hash);
  if (!paper || !asked) return;
  const start = Number(asked[1]);
  const end = asked[2] === undefined ? start + 1 : Number(asked[2]);
  for (const old of paper.querySelectorAll(".hl-quoted")) old.classList.remove("hl-quoted");
  const inside = [...paper.querySelectorAll("[data-at]")].filter((one) => {
    const at = Number(one.dataset.at);
    return at >= start && at < end;
  });
  const whole = inside.length > 0 && Number(inside[0].dataset.at) === start;
  const address = new URL(location.href);
  if (!whole && address.searchParams.get("q") !== `${start}-${end}`) {
    address.searchParams.set("q", `${start}-${end}`);
    location.replace(address);
    return;
  }
  for (const one of inside) one.classList.add("hl-quoted");
  inside[0]?.scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  onTextClick(event);
  const card = event.target.closest(`${LIST} > [data-draft]`);
  if (card && !event.target.closest("button, a, " + TYPING)) choose(card.dataset.draft, "card");
});
document.addEventListener("input", (event) => {
  if (event.target.getAttribute("list") !== "known-subjects") return;
  const address = `/intake/subjects/?other_subject=${encodeURIComponent(event.target.value)}`;
  const list = document.getElementById("known-subjects");
  fetch(address, { headers: { Accept: "text/html" } })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((options) => { list.innerHTML = options; });
});
/* A card that was decided stays chosen, so that the next key works on. */
document.addEventListener("htmx:afterSettle", (event) => {
  const card = event.target.closest?.("[data-draft]");
  if (!card) return;
  const fresh = document.getElementById(card.id) ?? card;
  fresh.classList.add("is-chosen");
  const first = fresh.querySelector("[data-error-summary], textarea, input:not([type='hidden'])");
  (first ?? fresh).focus({ preventScroll: true });
});
addEventListener("hashchange", showQuote);
showQuote();
