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
  const showOwn = () => {
    const isOwn = new FormData(form).get("reason") === "";
    own.hidden = !isOwn;
    own.required = isOwn;
    if (isOwn) own.focus();
  };
  render(html`<form method="dialog" class="stack">
    <h2 id="ask-title">${title}</h2>
    <fieldset class="stack stack-s" @change=${showOwn}><legend class="label">${t("Reason")}</legend>
      ${ready.map((reason) => html`<label class="row"><input type="radio" name="reason" value=${reason} required><span class="grow">${reason}</span></label>`)}
      <label class="row"><input type="radio" name="reason" value="" required><span class="grow">${t("Another reason")}</span></label>
      <input class="input" name="own" maxlength="200" aria-label=${t("Another reason")} autocomplete="off" hidden>
    </fieldset>
    <button class="button danger wide" value="yes">${yes}</button>
    <button class="button wide" value="no" formnovalidate>${t("Go back")}</button>
  </form>`, dialog);
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const own = /** @type {HTMLInputElement} */ (form.elements.namedItem("own"));
  form.reset();
  showOwn();
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => { dialog.addEventListener("close", resolve, { once: true }); });
  if (dialog.returnValue !== "yes") return "";
  const data = new FormData(form);
  return String(data.get("reason") || data.get("own") || "").trim() || t("Another reason");
}
