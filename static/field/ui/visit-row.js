// A visit in a list, and how far it came, in words and an icon.

import { shortDate } from "../model/time.js";
import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";
import { badge } from "./parts.js";
import { wordsOfService } from "./services.js";
import { kinds, wordFor } from "./words.js";

/** @typedef {import("../store/index.js").Visit} Visit @typedef {import("../model/status.js").Status} Status */

/** @typedef {{status: Status, gone?: string, pending?: boolean, received_at?: string}} Standing what of a visit tells how far it came */

/** A correction that the server has not seen yet. @param {Standing} visit */
export const isCorrected = ({ status, gone, pending, received_at }) => Boolean(status.step === "saved" && pending && received_at && !gone);

/** What its author took back is no fault, and needs nobody's attention. @param {Standing} visit */
export function statusBadge(visit) {
  const { step, reason } = visit.status;
  if (step !== "attention" && (visit.gone === "withdrawn" || reason === "withdrawn")) return badge("quiet", "undo", t("Withdrawn"));
  if (isCorrected(visit)) return badge("quiet", "pencil", t("Corrected"));
  switch (step) {
    case "saved": return badge("quiet", "phone-saved", t("Saved on this phone"));
    case "sent": return badge("info", "send", t("Sent"));
    case "counted": return badge("good", "counted", t("Counted in the report"));
    case "not_counted": return badge("warn", "clock", t("Not in the report"));
    default: return badge("bad", "alert", t("Needs a look"));
  }
}

/** @param {{services: {code: string}[]}} visit @param {import("../store/index.js").Service[]} services */
export const servicesWords = (visit, services) => visit.services.map(({ code }) => wordsOfService(services, code)).join(" · ");

/**
 * @param {Visit & {status?: Status, household_name?: string}} visit
 * @param {import("../store/index.js").Service[]} services
 * @param {boolean} [isOfHousehold] the household is known from around it
 */
export function visitRow(visit, services, isOfHousehold = false) {
  const day = shortDate(visit.occurred_at);
  const kind = visit.kind === "home" ? "" : ` · ${wordFor(kinds(), visit.kind)}`;
  const what = servicesWords(visit, services);
  const who = visit.household_id ? visit.household_name || t("Household") : t("Household not named");
  return html`<li><a class="row" href="#/visit/${visit.id}"><span class="grow">
    <span class="title">${isOfHousehold ? what : who}</span>
    <span class="detail">${isOfHousehold ? `${day}${kind}` : `${day}${kind} · ${what}`}</span>
    ${visit.status ? statusBadge(visit) : nothing}</span>${icon("next")}</a></li>`;
}
