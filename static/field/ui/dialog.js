// The one question box. A native dialog keeps the focus inside and closes on Escape.

import { t } from "../model/i18n.js";
import { html, render } from "./html.js";

/** @type {HTMLDialogElement | null} */
let box = null;

/** The dialog of the page, made when first needed. */
export function dialogBox() {
  if (!box) {
    box = document.createElement("dialog");
    box.setAttribute("aria-labelledby", "ask-title");
    document.body.append(box);
  }
  return box;
}

/** Asks, and answers true only when the button that does it was pressed. @param {import("./app.js").Question} question @returns {Promise<boolean>} */
export function ask({ title, text, yes, danger = false }) {
  const dialog = dialogBox();
  render(html`<form method="dialog" class="stack">
    <h2 id="ask-title">${title}</h2>
    <p>${text}</p>
    <button class="button wide ${danger ? "danger" : "primary"}" value="yes">${yes}</button>
    <button class="button wide" value="no" ?autofocus=${danger}>${t("Go back")}</button>
  </form>`, dialog);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
