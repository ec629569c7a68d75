/* Choosing rows of a list: the box in the head chooses the page, the one in the bar all that the
   filter keeps; the bar shows how many. */

function refresh() {
  const bar = document.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const boxes = [...document.querySelectorAll("[data-choose]")];
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr").classList.toggle("is-chosen", box.checked);
  const kept = bar.querySelector("[data-choose-kept]");
  bar.hidden = chosen.length === 0 && !kept?.checked;
  bar.closest(".list-part").classList.toggle("has-chosen", !bar.hidden);
  bar.querySelector("[data-chosen-count]").textContent = kept?.checked
    ? `已选筛选出的全部 ${kept.dataset.chooseKept} 项`
    : `已选 ${chosen.length} 项`;
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
  if (event.target.matches("[data-choose], [data-choose-all], [data-choose-kept]")) refresh();
});
document.addEventListener("htmx:afterSettle", refresh);
refresh();
