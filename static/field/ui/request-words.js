// What there is to say of a request to the commune: what it is about, how far it is, how long it has waited.

import { daysWaited } from "../model/request.js";
import { t, tn } from "../model/i18n.js";
import { badge } from "./parts.js";

/** @returns {[string, string][]} */
export const topics = () => [
  ["connection", t("No signal, no network")],
  ["device", t("Phones and devices")],
  ["account", t("Signing in, accounts")],
  ["service", t("How to support residents")],
  ["training", t("Training for the team")],
  ["other", t("Something else")],
];

/** @param {{state: import("../model/request.js").RequestState, pending: boolean}} request */
export function requestBadge({ state, pending }) {
  if (pending) return badge("quiet", "phone-saved", t("Saved on this phone"));
  switch (state) {
    case "passed_on": return badge("info", "send", t("Passed on to the province"));
    case "answered": return badge("good", "check", t("Answered"));
    case "closed": return badge("quiet", "none", t("Request closed"));
    default: return badge("warn", "clock", t("Waiting for an answer"));
  }
}

/** Whose answer it is, and of which day. @param {"commune" | "province" | null | undefined} who @param {string} day */
export function answeredBy(who, day) {
  switch (who) {
    case "commune": return t("The commune's answer of {day}", { day });
    case "province": return t("The province's answer of {day}", { day });
    default: return t("The answer of {day}", { day });
  }
}

/** @param {string} raised_at */
export function ageWords(raised_at) {
  const days = daysWaited(raised_at);
  return days ? tn("for {n} day", "for {n} days", days) : t("today");
}
