// A field above a long list that leaves the rows in which the typed words stand; without marks, as people type.

import { fold } from "../field/model/fold.js";

for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-sieve]"))) {
  const list = document.getElementById(box.dataset.sieve ?? "");
  const field = box.querySelector("input");
  if (!list || !field || list.children.length < 8) continue;
  const rows = [...list.children].map((row) => ({ row: /** @type {HTMLElement} */ (row), text: fold(row.textContent ?? "") }));
  field.addEventListener("input", () => {
    const words = fold(field.value).split(" ");
    for (const { row, text } of rows) row.hidden = !words.every((word) => text.includes(word));
  });
  box.hidden = false;
}
