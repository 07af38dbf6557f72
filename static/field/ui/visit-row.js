// A visit in a list, and how far it came, in words and an icon.

import { shortDate } from "../model/time.js";
import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";
import { badge } from "./parts.js";
import { wordsOfService } from "./services.js";
import { kinds, wordFor } from "./words.js";

/** @typedef {import("../store/index.js").Visit} Visit @typedef {import("../model/status.js").Status} Status */

/** @typedef {{status: Status, gone?: string, amended_at?: string | null, entered_for?: boolean, review?: import("../model/status.js").DeskWord}} Standing what of a visit tells how far it came */

/** What its author took back is no fault, and needs nobody's attention. @param {Standing} visit */
function howFar(visit) {
  const { step, reason } = visit.status;
  if (step === "not_counted" && visit.gone === "not_counted") return badge("warn", "none", t("Not counted"));
  if (step !== "attention" && (visit.gone === "withdrawn" || reason === "withdrawn")) return badge("quiet", "undo", t("Withdrawn"));
  switch (step) {
    case "saved": return badge("quiet", "phone-saved", t("Saved on this phone"));
    case "sent": return badge("info", "send", t("Sent"));
    case "counted": return badge("good", "counted", t("Counted in the report"));
    case "not_counted": return badge("warn", "clock", t("Not in the report"));
    default: return badge("bad", "alert", t("Needs a look"));
  }
}

/** Whoever reads it should know that it once said something else. @param {Standing} visit */
export const correctedBadge = (visit) => (visit.amended_at && !visit.gone ? badge("quiet", "pencil", visit.review?.act === "amended" ? t("Corrected by the commune") : t("Corrected")) : nothing);

/** What the commune entered from paper says so. @param {Standing} visit */
export const enteredBadge = (visit) => (visit.entered_for ? badge("quiet", "pencil", t("Entered by the commune")) : nothing);

/** @param {Standing} visit */
export const statusBadge = (visit) => html`<span class="cluster">${howFar(visit)}${correctedBadge(visit)}${enteredBadge(visit)}</span>`;

/** @param {{services: {code: string}[]}} visit @param {import("../store/index.js").Service[]} services */
export const servicesWords = (visit, services) => visit.services.map(({ code }) => wordsOfService(services, code)).join(" · ");

/**
 * @param {Visit & {status?: Status, household_name?: string}} visit
 * @param {import("../store/index.js").Service[]} services
 * @param {{isOfHousehold?: boolean, village?: string}} [around] the household is known from around it; the village's name where a team serves several
 */
export function visitRow(visit, services, { isOfHousehold = false, village = "" } = {}) {
  const day = `${shortDate(visit.occurred_at)}${village ? ` · ${village}` : ""}`;
  const kind = visit.kind === "home" ? "" : ` · ${wordFor(kinds(), visit.kind)}`;
  const what = servicesWords(visit, services);
  const who = visit.household_id ? visit.household_name || t("Household") : t("Household not named");
  return html`<li><a class="row" href="#/visit/${visit.id}"><span class="grow">
    <span class="title">${isOfHousehold ? what : who}</span>
    <span class="detail">${isOfHousehold ? `${day}${kind}` : `${day}${kind} · ${what}`}</span>
    ${visit.status ? statusBadge(visit) : nothing}</span>${icon("next")}</a></li>`;
}
