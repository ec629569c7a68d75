/* Keyboard, menus, dialogs and error focus of the frame. Everything works without it. */

const TYPING = "input, textarea, select, [contenteditable]";
const ROWS = ".list-part .table tbody tr:not(.group-row), .desk-rows > li";
const OPENS = ".cell-name a, .desk-open, .desk-title a";
const EDITS = 'a[href*="/edit/"]';

let leaving = false;

/** Carry the past day into an address reached by keyboard. */
function goTo(path) {
  const day = new URLSearchParams(location.search).get("as_of");
  const sign = path.includes("?") ? "&" : "?";
  location.assign(day ? `${path}${sign}as_of=${encodeURIComponent(day)}` : path);
}

/** The row that has the focus, if any. */
function presentRow() {
  return document.activeElement?.closest(ROWS) ?? null;
}

/** Move the focus to the next row's link (1) or the one before (-1); rows without one are passed. */
function moveRow(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.querySelector(OPENS));
  if (!rows.length) return;
  const place = rows.indexOf(presentRow());
  const next = place < 0 ? (step > 0 ? 0 : rows.length - 1) : place + step;
  const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
  row.querySelector(OPENS).focus();
  row.scrollIntoView({ block: "nearest" });
}

/** Letters that act on the present row or on the page. */
const LETTERS = {
  j: () => moveRow(1),
  k: () => moveRow(-1),
  o: () => presentRow()?.querySelector(OPENS)?.click(),
  x: () => presentRow()?.querySelector("input[type=checkbox]")?.click(),
  e: () => {
    const link = (presentRow() ?? document.querySelector(".detail-tools"))?.querySelector(EDITS);
    if (link) location.assign(link.href);
  },
};

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function onKey(event) {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    closeMenus(null);
    if (open) open.querySelector("summary").focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  if (leaving) {
    leaving = false;
    const room = [...document.querySelectorAll("[data-room]")].find((one) => one.dataset.roomKey === event.key);
    if (room) goTo(room.dataset.room);
    return;
  }
  if (event.key === "/") {
    const search = document.querySelector("[data-search-focus]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === "?") {
    openDialog("help-dialog");
  } else if (event.key === "g") {
    leaving = true;
    setTimeout(() => { leaving = false; }, 1000);
  } else if (!document.querySelector("dialog[open]")) {
    LETTERS[event.key]?.();
  }
}

function focusErrors(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    closeMenus(null);
    openDialog(opener.dataset.opens);
  }
});
/* The name of a chosen file stands beside the button that chose it. */
document.addEventListener("change", (event) => {
  const name = event.target.closest(".file-choice")?.querySelector("[data-file-name]");
  if (name) name.textContent = [...event.target.files].map((file) => file.name).join("、") || "未选择文件";
});
/* A refused form comes back with status 422 and is shown like any other answer. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
  if (event.detail.shouldSwap && showWhole(event.detail)) event.detail.shouldSwap = false;
});

/** An answer without the part the form asked for is another page: show that page, not nothing. */
function showWhole({ requestConfig, serverResponse }) {
  const select = requestConfig.elt.closest("[hx-select]")?.getAttribute("hx-select");
  if (!select) return false;
  const answer = new DOMParser().parseFromString(serverResponse, "text/html");
  if (answer.querySelector(select)) return false;
  const main = answer.getElementById("main");
  if (!main) return false;
  document.getElementById("main").replaceWith(main);
  document.title = answer.title;
  window.htmx.process(main);
  focusErrors(main);
  return true;
}

document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
document.addEventListener("htmx:responseError", () => say("没有办成，请稍后重试。数据没有改动。"));
document.addEventListener("htmx:sendError", () => say("网络不通，刚才的操作没有送达。"));

/** Show a sentence where the messages stand; screen readers are told. */
function say(sentence) {
  const line = document.createElement("p");
  line.className = "message message-error";
  line.textContent = sentence;
  document.getElementById("messages")?.replaceChildren(line);
}

focusErrors(document);

/** A strip of rooms wider than the screen shows the room one is in. */
function showRoom() {
  const room = document.querySelector(".rooms [aria-current]");
  const strip = room?.closest("ul");
  if (!strip || strip.scrollWidth <= strip.clientWidth) return;
  const [one, whole] = [room.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += one.left + one.width / 2 - (whole.left + whole.width / 2);
}

showRoom();
