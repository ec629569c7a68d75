/* The wall: chips apply at once; on the big screen pages turn every so many seconds and can be stopped. */

const wall = document.querySelector("[data-wall]");
const form = document.querySelector("[data-wall-form]");
form?.addEventListener("change", (event) => {
  if (event.target.matches(".chip-box")) form.requestSubmit();
});

const stop = wall?.querySelector("[data-wall-stop]");
let timer = 0;

function parts(root) {
  return {
    rows: root.querySelector("#wall-part"),
    place: root.querySelector("[data-wall-place]"),
    sum: root.querySelector(".wall-sum"),
  };
}

/** Fetch the next page and put it in place; a failed fetch keeps what is shown and tries again. */
async function turn() {
  try {
    const answer = await fetch(wall.dataset.next, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-wall]");
    if (!next) return;
    const [here, there] = [parts(document), parts(next)];
    for (const name of Object.keys(here)) here[name]?.replaceWith(document.adoptNode(there[name]));
    wall.dataset.next = next.dataset.next;
    wall.dataset.page = next.dataset.page;
  } catch {
    /* the network is away: the same page stays until it is back */
  }
}

function run(running) {
  clearInterval(timer);
  if (running) timer = setInterval(turn, Number(wall.dataset.seconds) * 1000);
  stop.setAttribute("aria-pressed", String(!running));
  stop.textContent = running ? "停止翻页" : "继续翻页";
}

if (stop) {
  const stopped = () => stop.getAttribute("aria-pressed") === "true";
  stop.addEventListener("click", () => run(stopped()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn();
    if (event.key === " " && event.target === document.body) {
      event.preventDefault();
      run(stopped());
    }
  });
  run(!matchMedia("(prefers-reduced-motion: reduce)").matches);
}
