// A team may serve several villages: which one is in hand. Nothing where there is only one.

import { t } from "../model/i18n.js";
import { html, nothing } from "./html.js";
import { onText } from "./parts.js";

/** @param {import("./app.js").App} app */
export function villageChoice(app) {
  if (app.villages.length < 2) return nothing;
  const choose = onText(async (village) => { app.village = village; await app.refresh(); });
  return html`<select class="input" aria-label=${t("Village")} @change=${choose}>
    ${app.villages.map((village) => html`<option value=${village.id} .selected=${village.id === app.village}>${village.name}</option>`)}</select>`;
}
