// What the commune did about a visit, and why: in the name of the office, in calm words, without a network too.

import { shortDate } from "../model/time.js";
import { t } from "../model/i18n.js";
import { html, nothing } from "./html.js";
import { banner } from "./parts.js";

/** @typedef {import("../model/status.js").DeskWord} DeskWord */

/** @param {string} field */
function fieldWords(field) {
  switch (field) {
    case "occurred_at": return t("Day");
    case "household_id": return t("Household");
    case "kind": return t("How");
    case "participants": return t("People supported");
    case "services": return t("Kinds of support");
    case "note": return t("Note");
    default: return "";
  }
}

/** @param {DeskWord} word */
function lead({ act, by, at }) {
  const said = { office: by || t("The commune"), day: shortDate(at) };
  if (act === "withdrawn") return t("{office} does not count this visit ({day}).", said);
  return act === "restored" ? t("Counted again. {office}, {day}.", said) : t("{office} put this right on {day}.", said);
}

/** @param {{review?: DeskWord, gone?: string, participants?: number}} visit */
export function deskWord({ review, gone, participants }) {
  if (!review) return gone ? banner("warn", "none", t("Not counted")) : nothing;
  const was = review.was?.participants;
  const fields = (review.fields || [])
    .map((field) => (field === "participants" && was ? t("People supported: {was} → {now}", { was, now: participants ?? "–" }) : fieldWords(field)))
    .filter(Boolean).join(", ");
  return banner(gone ? "warn" : "info", gone ? "none" : "info", html`<strong>${lead(review)}</strong>
    ${fields ? html`<br>${t("Changed: {fields}", { fields })}` : nothing}
    ${review.reason ? html`<br>${t("Because: {reason}", { reason: review.reason })}` : nothing}`);
}
