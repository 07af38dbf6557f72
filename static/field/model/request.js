// A request to the commune: what is wrong with it, the args of the protocol, how long it has waited.

import { t } from "./i18n.js";
import { cleanText, lengthOf } from "./text.js";
import { dayOf, today } from "./time.js";

/** @typedef {{id: string, village_id: string, topic: string, text: string, visit_id?: string}} RequestValues `visit_id`: the visit that it is about */
/** @typedef {"open" | "passed_on" | "answered" | "closed"} RequestState */
/** @typedef {{state: RequestState, raised_at: string}} Raised */

const MOST = 1000;

/** What is wrong, by field. @param {RequestValues} values @returns {Record<string, string>} */
export function checkRequest({ topic, text }) {
  /** @type {Record<string, string>} */
  const errors = {};
  if (!topic) errors.topic = t("Please choose what it is about.");
  if (!cleanText(text)) errors.text = t("Please write what you need.");
  else if (lengthOf(cleanText(text)) > MOST) errors.text = t("At most 1,000 characters.");
  return errors;
}

/** @param {RequestValues} values */
export const requestArgs = ({ id, village_id, topic, text, visit_id }) => ({ id, village_id, topic, text: cleanText(text), ...(visit_id ? { visit_id } : {}) });

/** The form for one that was sent back. @param {Record<string, any>} args @returns {RequestValues} */
export const requestValues = ({ id, village_id, topic, text, visit_id }) => ({ id, village_id, topic: topic || "", text: text || "", ...(visit_id ? { visit_id } : {}) });

/** Whether an answer is still to come. @param {{state: RequestState}} request */
export const isWaiting = ({ state }) => state === "open" || state === "passed_on";

/** Those that wait first, then what was answered; of both the newest at the head. @template {Raised} R @param {R[]} requests */
export const inOrderOfNeed = (requests) => [...requests].sort((a, b) => Number(isWaiting(b)) - Number(isWaiting(a)) || Date.parse(b.raised_at) - Date.parse(a.raised_at));

/** How many days it has waited; none where it is newer than this phone's clock. @param {string} raised_at @param {number} [now] */
export const daysWaited = (raised_at, now = Date.now()) => Math.max(0, (Date.parse(today(now)) - Date.parse(dayOf(raised_at))) / 86400000);
