// Forms that were left in the middle, and the way back into each.

import { t } from "../model/i18n.js";
import { html, nothing } from "./html.js";
import { linkRow } from "./parts.js";

/** @typedef {{key: string, value: Record<string, any>}} Draft */

/** Where a draft's form is, and what to call it. @param {Draft} draft @returns {[string, string] | null} */
function wayBack({ key, value }) {
  const at = key.indexOf(":");
  const kind = at < 0 ? key : key.slice(0, at);
  const id = key.slice(at + 1);
  switch (kind) {
    case "visit": return [`#/visit/new/${id}`, value.name ? t("Visit to {name}", { name: value.name }) : t("Visit: household not named")];
    case "several": return [`#/several${at < 0 ? "" : `?task=${id}`}`, t("Several households at once")];
    case "household": return id === "new" ? ["#/household/new", value.head_name ? t("New household: {name}", { name: value.head_name }) : t("New household")] : [`#/household/${id}/edit`, t("Details of {name}", { name: value.head_name })];
    case "attendance": return ["#/attendance", t("Attendance")];
    case "request": return [`#/request/new${at < 0 ? "" : `?visit=${id}`}`, t("Ask for help")];
    case "amend": return [`#/visit/${id}/edit`, t("Correct a visit")];
    case "correct": return [`#/attention/${id}`, t("Correct an entry")];
    default: return null;
  }
}

/** @param {Draft[]} drafts */
export function draftRows(drafts) {
  const ways = drafts.map(wayBack).filter((way) => way !== null);
  if (!ways.length) return nothing;
  return html`<section class="stack stack-s" aria-labelledby="drafts"><h2 id="drafts">${t("Not finished yet")}</h2>
    <ul class="rows">${ways.map((way) => linkRow(/** @type {[string, string]} */ (way)[0], /** @type {[string, string]} */ (way)[1], t("Draft kept on this phone. Tap to go on.")))}</ul></section>`;
}
