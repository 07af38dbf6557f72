// Buttons that copy a link or a message, or print the page; without JavaScript they are not there.

/** Marks what will be copied, so that it can be copied by hand as well. @param {HTMLElement} source @returns {string} */
function mark(source) {
  if (source instanceof HTMLInputElement) {
    source.select();
    return source.value;
  }
  getSelection()?.selectAllChildren(source);
  return source.textContent ?? "";
}

document.addEventListener("click", async ({ target }) => {
  const button = /** @type {HTMLElement | null} */ (target instanceof Element && target.closest("[data-copy]"));
  const source = document.getElementById(button?.dataset.copy ?? "");
  if (!button || !source) return;
  const text = mark(source);
  const done = await Promise.resolve(navigator.clipboard?.writeText(text)).then(() => Boolean(navigator.clipboard), () => false) || document.execCommand("copy");
  if (done) /** @type {HTMLElement} */ (document.getElementById(button.dataset.saidIn ?? "copied")).textContent = button.dataset.done ?? "";
});

/** Shows the buttons that are on the page by now. */
function show() {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) button.hidden = false;
}

show();
document.addEventListener("htmx:after:swap", show);

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-print]"))) {
  button.addEventListener("click", () => print());
  button.hidden = false;
}
