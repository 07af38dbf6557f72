// Who is not found in the village in hand may stand in another that the team serves: named once, under its village.

import { t } from "../model/i18n.js";
import { matching, prepare } from "./household-list.js";
import { html, nothing } from "./html.js";
import { called } from "./village-choice.js";

/** @typedef {import("./app.js").App} App @typedef {import("./household-list.js").Place} Place @typedef {import("./household-list.js").Row} Row */

/** The most that is shown of each village: whoever has typed more has fewer. */
const SHOWN = 8;

/**
 * The team's other villages, read when a search first finds nothing, and again after the data changed.
 * @param {App} app
 */
export function elsewhere(app) {
  /** @type {{name: string, prepared: import("./household-list.js").Prepared}[] | null} */
  let others = null;
  let reading = 0;

  async function read() {
    const mine = ++reading;
    const served = app.villages.filter(({ id }) => id !== app.village);
    const found = await Promise.all(served.map(async (village) => ({ name: called(village), prepared: prepare(await app.store.households(village.id)) })));
    if (mine !== reading) return;
    others = found;
    app.redraw();
  }

  return {
    forget() { others = null; reading += 1; },
    /** @param {Place} place @param {Row} row */
    view({ words, order }, row) {
      if (!words.trim() || app.villages.length < 2) return nothing;
      if (!others) { void read().catch(() => undefined); return nothing; }
      const found = others.map(({ name, prepared }) => ({ name, list: matching(prepared, { words, order, hamlet: "" }) })).filter(({ list }) => list.length);
      if (!found.length) return nothing;
      return html`<p role="status">${t("Not in this village, but in another that your team serves:")}</p>
        ${found.map(({ name, list }) => html`<h2>${name}</h2><ul class="rows">${list.slice(0, SHOWN).map(row)}</ul>`)}`;
    },
  };
}
