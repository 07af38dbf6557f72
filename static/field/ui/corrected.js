// That the commune corrected a household, until the member has seen it: whoever knew it by another name should find it again.

import { unseenOf, withSeen } from "../model/corrected.js";
import { shortDate } from "../model/time.js";
import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";
import { badge, banner } from "./parts.js";

/** @typedef {import("./app.js").App} App @typedef {import("../store/index.js").Household} Household */
/** @typedef {import("../model/corrected.js").Corrected} Corrected @typedef {import("../model/corrected.js").Seen} Seen */

const NOTE = "corrected_seen";

/** What this member has seen. @param {App} app @returns {Promise<Seen | null>} */
export async function seenBy(app) {
  const seen = /** @type {Seen | null | undefined} */ (await app.store.sync.note(NOTE));
  return seen && seen.member_id === app.account?.member_id ? seen : null;
}

/** @param {string} field */
function fieldWords(field) {
  switch (field) {
    case "head_name": return t("Head of household's full name");
    case "code": return t("Household number");
    case "hamlet": return t("Hamlet or group");
    case "phone": return t("Phone");
    case "people": return t("People in the household");
    case "adults": return t("Adults");
    case "note": return t("Note");
    case "consents.contact": return t("Whether it may be called");
    default: return "";
  }
}

/** @param {Corrected} corrected */
function said({ by, at, fields, was }) {
  const words = fields.map(fieldWords).filter(Boolean).join(", ");
  return html`<p><strong>${t("{office} corrected this household on {day}.", { office: by || t("The commune"), day: shortDate(at) })}</strong>
    ${was.head_name ? html`<br>${t("It was called: {name}", { name: was.head_name })}` : nothing}
    ${words ? html`<br>${t("Changed: {fields}", { fields: words })}` : nothing}</p>`;
}

/** On the household's page. @param {Household} household @param {Seen | null} seen @param {App} app */
export function correctedNotice(household, seen, app) {
  const unseen = unseenOf(household, seen);
  if (!unseen.length) return nothing;
  const understood = async () => {
    await app.store.sync.keepNote(NOTE, withSeen(seen, app.account?.member_id || "", household, Date.now()));
    await app.refresh();
  };
  return banner("info", "pencil", html`<div class="stack stack-s">${unseen.map(said)}</div>`,
    html`<button type="button" class="button wide" @click=${understood}>${icon("check")}${t("I understand")}</button>`);
}

/** In the list. @param {Household} household @param {Seen | null} seen */
export const correctedMark = (household, seen) => (unseenOf(household, seen).length ? badge("info", "pencil", t("Corrected by the commune")) : nothing);
