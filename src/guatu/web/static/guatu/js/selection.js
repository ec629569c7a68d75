/* Choosing rows of a list: the box in the head chooses the page, the bar shows how many. */

function refresh() {
  const bar = document.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const boxes = [...document.querySelectorAll("[data-choose]")];
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr").classList.toggle("is-chosen", box.checked);
  bar.hidden = chosen.length === 0;
  bar.closest(".list-part").classList.toggle("has-chosen", !bar.hidden);
  bar.querySelector("[data-chosen-count]").textContent = `已选 ${chosen.length} 项`;
  const all = document.querySelector("[data-choose-all]");
  if (all) {
    all.checked = boxes.length > 0 && chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) {
    for (const box of document.querySelectorAll("[data-choose]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-choose], [data-choose-all]")) refresh();
});
document.addEventListener("htmx:afterSettle", refresh);
refresh();
