// Asks for a reason before something is taken back: a few ready ones, or one's own words.

import { t } from "../model/i18n.js";
import { dialogBox } from "./dialog.js";
import { html, nothing, render } from "./html.js";
import { field } from "./parts.js";

/** @param {string} value @param {string} words */
const choice = (value, words) => html`<li><label class="row"><input type="radio" name="reason" value=${value}><span class="grow">${words}</span></label></li>`;

/** What is wrong with the answer, in words; "" when nothing is. @param {FormData} answer */
function wrongWith(answer) {
  const reason = answer.get("reason");
  if (reason === null) return t("Please choose a reason.");
  return reason || String(answer.get("own")).trim() ? "" : t("Please write the reason in a few words.");
}

/**
 * The reason, or "" when the person went back.
 * @param {string} title
 * @param {string[]} ready
 * @param {string} yes
 * @param {string} [warning] what is to be known before
 * @returns {Promise<string>}
 */
export async function reasonDialog(title, ready, yes, warning = "") {
  const dialog = dialogBox();
  let error = "";
  let isOwn = false;
  const form = () => /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const answer = () => new FormData(form());
  const own = () => /** @type {HTMLInputElement} */ (form().elements.namedItem("own"));

  function choose() {
    error = "";
    isOwn = answer().get("reason") === "";
    draw();
    if (isOwn) own().focus();
  }

  /** @param {SubmitEvent} event */
  function check(event) {
    const { value } = /** @type {HTMLButtonElement} */ (event.submitter);
    error = value === "yes" ? wrongWith(answer()) : "";
    if (!error) return;
    event.preventDefault();
    draw();
    if (isOwn) own().focus();
  }

  const draw = () => render(html`<form method="dialog" class="stack" novalidate @submit=${check}>
    <h2 id="ask-title">${title}</h2>
    ${warning ? html`<p>${warning}</p>` : nothing}
    <fieldset class="stack stack-s"><legend class="label">${t("Reason")}</legend>
      <ul class="rows" @change=${choose}>${ready.map((reason) => choice(reason, reason))}${choice("", t("Another reason"))}</ul>
      <div ?hidden=${!isOwn}>${field("own", t("The reason in a few words"), html`<input class="input" id="own" name="own" maxlength="200" autocomplete="off">`)}</div>
      <p class="error" role="alert">${error}</p>
    </fieldset>
    <button class="button danger wide" value="yes">${yes}</button>
    <button class="button wide" value="no">${t("Go back")}</button>
  </form>`, dialog);

  draw();
  form().reset();
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => { dialog.addEventListener("close", resolve, { once: true }); });
  if (dialog.returnValue !== "yes") return "";
  return String(answer().get("reason") || answer().get("own")).trim();
}
