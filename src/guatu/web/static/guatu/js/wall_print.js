/* The print button of the sheets; without scripts the browser's own menu prints them. */

const button = document.querySelector("[data-print]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
