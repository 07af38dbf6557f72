// A team may serve several villages: which one is in hand. Nothing where there is only one.

import { t } from "../model/i18n.js";
import { onText } from "./controls.js";
import { html, nothing } from "./html.js";
import { field } from "./parts.js";

/** @typedef {import("./app.js").App} App */

/** What a village is called; one that became a part of another also by its own name. @param {{name: string, former?: string}} village */
export const called = ({ name, former }) => (former ? t("{village} (formerly {former})", { village: name, former }) : name);

/** @param {App} app @param {string} chosen */
const options = (app, chosen) => app.villages.map((village) => html`<option value=${village.id} .selected=${village.id === chosen}>${called(village)}</option>`);

/** Above a list. @param {App} app */
export function villageChoice(app) {
  if (app.villages.length < 2) return nothing;
  return html`<select class="input" id="village" aria-label=${t("Village")} @change=${onText(app.chooseVillage)}>${options(app, app.village)}</select>`;
}

/** In a form. @param {App} app @param {string} chosen @param {(village: string) => unknown} choose */
export function villageField(app, chosen, choose) {
  if (app.villages.length < 2) return nothing;
  return field("village", t("Village"), html`<select class="input" id="village" @change=${onText(choose)}>${options(app, chosen)}</select>`);
}

/** Its name, where it has to be told from others. @param {App} app @param {string} village */
export function villageName(app, village) {
  const found = app.villages.length < 2 ? undefined : app.villages.find(({ id }) => id === village);
  return found ? called(found) : "";
}
