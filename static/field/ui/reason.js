// Asks for a reason before something is taken back: a few ready ones, or one's own words.

import { t } from "../model/i18n.js";
import { dialogBox } from "./dialog.js";
import { html, render } from "./html.js";

/**
 * The reason, or "" when the person went back.
 * @param {string} title
 * @param {string[]} ready
 * @param {string} yes
 * @returns {Promise<string>}
 */
export async function reasonDialog(title, ready, yes) {
  const dialog = dialogBox();
  render(html`<form method="dialog" class="stack">
    <h2 id="ask-title">${title}</h2>
    <fieldset class="stack stack-s"><legend class="label">${t("Reason")}</legend>
      ${ready.map((reason, at) => html`<label class="row"><input type="radio" name="reason" value=${reason} ?checked=${at === 0}><span class="grow">${reason}</span></label>`)}
      <label class="row"><input type="radio" name="reason" value=""><span class="grow">${t("Another reason")}</span></label>
      <input class="input" name="own" maxlength="200" aria-label=${t("Another reason")} autocomplete="off"
        @input=${(/** @type {Event} */ event) => { const radios = dialog.querySelectorAll("input[type=radio]"); /** @type {HTMLInputElement} */ (radios[radios.length - 1]).checked = /** @type {HTMLInputElement} */ (event.target).value !== ""; }}>
    </fieldset>
    <button class="button danger wide" value="yes">${yes}</button>
    <button class="button wide" value="no">${t("Go back")}</button>
  </form>`, dialog);
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  form.reset();
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => { dialog.addEventListener("close", resolve, { once: true }); });
  if (dialog.returnValue !== "yes") return "";
  const data = new FormData(form);
  return String(data.get("reason") || data.get("own") || "").trim() || t("Another reason");
}
