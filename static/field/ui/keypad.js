// A keypad with large keys and own dots: no keyboard covers the screen, and nothing keeps what was typed.

import { PIN_LENGTH } from "../model/pin.js";
import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** @type {((key: string) => void) | null} the pad on the screen */
let onKey = null;

addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
  if (!onKey || ctrlKey || metaKey || altKey || !document.querySelector(".keypad")) return;
  if (/^\d$/.test(key) || key === "Backspace") onKey(key);
});

/**
 * Collects six digits.
 * @param {() => void} redraw
 * @param {(pin: string) => Promise<void>} take called with the whole PIN; what was typed is gone then
 */
export function makeKeypad(redraw, take) {
  let typed = "";
  let isBusy = false;

  /** @param {string} key */
  async function press(key) {
    if (isBusy) return;
    typed = key === "Backspace" ? typed.slice(0, -1) : typed + key;
    redraw();
    if (typed.length < PIN_LENGTH) return;
    isBusy = true;
    redraw();
    await take(typed).finally(() => { typed = ""; isBusy = false; });
    redraw();
  }

  const key = (/** @type {string} */ digit) => html`<button type="button" class="key" ?disabled=${isBusy} @click=${() => void press(digit)}>${digit}</button>`;
  const dots = () => Array.from({ length: PIN_LENGTH }, (_, at) => html`<span class=${at < typed.length ? "dot full" : "dot"}></span>`);

  return {
    /** @param {string} about what the digits are for, for readers */
    view(about) {
      onKey = (pressed) => void press(pressed);
      return html`<div class="keypad" role="group" aria-label=${about}>
        <p class="dots" role="status"><span class="visually-hidden">${t("{n} of {all} digits", { n: typed.length, all: PIN_LENGTH })}</span><span aria-hidden="true">${dots()}</span></p>
        <div class="keys">${KEYS.map(key)}<span></span>${key("0")}<button type="button" class="key" aria-label=${t("Delete one digit")} ?disabled=${isBusy || !typed} @click=${() => void press("Backspace")}>${icon("erase")}</button></div>
        ${isBusy ? html`<p class="soft center">${t("One moment…")}</p>` : nothing}
      </div>`;
    },
  };
}
