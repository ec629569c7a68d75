/* Filters of a list: a menu keeps within the window and stays open, and the focus in it, while its
   choices change the rows; a phone's strip of them stays where it was swept to. */

let opened = [];
let focused = "";
let swept = 0;

const strip = (part) => part.querySelector(".list-line .chips");

document.addEventListener("htmx:beforeSwap", ({ target }) => {
  swept = strip(target)?.scrollLeft ?? 0;
  opened = [...target.querySelectorAll(".filter-menu[open]")].map((menu) => menu.id);
  focused = target.contains(document.activeElement) ? document.activeElement.id : "";
});

document.addEventListener("htmx:afterSwap", () => {
  const line = strip(document);
  if (line && swept) line.scrollLeft = swept;
  for (const id of opened) {
    const menu = document.getElementById(id);
    if (menu) menu.open = true;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  [opened, focused, swept] = [[], "", 0];
});

document.addEventListener("toggle", ({ target }) => {
  const panel = target.open && target.matches(".filter-menu") && target.querySelector(".filter-panel");
  if (!panel) return;
  panel.classList.remove("is-end");
  const edge = document.documentElement.clientWidth;
  panel.classList.toggle("is-end", panel.getBoundingClientRect().right > edge);
}, true);
