// Asking a household whether it may be named: what is read out, and its answer.

import { consent, namedWord } from "../model/consent.js";
import { t } from "../model/i18n.js";
import { html, nothing } from "./html.js";
import { staying } from "./still-here.js";

/** @typedef {import("./app.js").App} App */

/** Households that have answered, or for which the asking was put off, until the app is opened again. @type {Set<string>} */
const putOff = new Set();

/** What the volunteer reads out; a new wording is a new version of the notice. */
export const spokenConsent = () => html`<blockquote class="spoken"><p class="small soft">${t("Read out:")}</p>
  <p>${t("The team would like to write down the name of the head of the household and what it was shown, to report to the commune and to come back and help. If you do not agree the team still helps, and only counts the visit. You may change your mind at any time.")}</p></blockquote>`;

/**
 * "Not asked yet – ask now", for a household that came with a list or was entered before there was the question.
 * @param {{id: string, consents?: import("../model/consent.js").Consents}} household @param {App} app
 * @param {string} to where to go when they refuse
 */
export function consentAsk({ id, consents }, app, to) {
  if (namedWord(consents) || putOff.has(id)) return nothing;
  const say = (/** @type {boolean} */ given) => async () => {
    const isHere = staying();
    await app.store.updateHousehold(id, { consents: { named: consent(given) } });
    app.tell(given ? t("Saved on this phone") : t("The name is not kept."));
    putOff.add(id);
    if (given) app.redraw();
    else if (isHere()) app.go(to, true);
  };
  const later = () => { putOff.add(id); app.redraw(); };
  return html`<details class="card"><summary>${t("Not asked yet about the name – ask now")}</summary>
    <div class="stack stack-s">${spokenConsent()}
      <div class="cluster"><button type="button" class="button" @click=${say(true)}>${t("They agree")}</button>
        <button type="button" class="button" @click=${say(false)}>${t("They do not agree")}</button>
        <button type="button" class="button plain" @click=${later}>${t("Later")}</button></div></div></details>`;
}
