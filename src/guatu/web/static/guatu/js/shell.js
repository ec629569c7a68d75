/* Keyboard, menus, dialogs and error focus of the frame. Everything works without it. */

const TYPING = "input, textarea, select, [contenteditable]";
const PLACES = { d: "/desk/", c: "/cockpit/", p: "/projects/" };

let leaving = false;

/** Carry the past day into an address reached by keyboard. */
function goTo(path) {
  const day = new URLSearchParams(location.search).get("as_of");
  location.assign(day ? `${path}?as_of=${encodeURIComponent(day)}` : path);
}

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
    if (PLACES[event.key]) goTo(PLACES[event.key]);
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
