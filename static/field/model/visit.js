// A visit: from the form to the args of the protocol, with the protocol's limits.

import { t } from "./i18n.js";
import { cleanText, lengthOf } from "./text.js";
import { changedFields as fieldsThatDiffer } from "./changes.js";
import { addDays, dayOf, momentOn, today } from "./time.js";

/**
 * What a visit form holds.
 * @typedef {object} VisitValues
 * @property {string} id
 * @property {string} village_id
 * @property {string | null} household_id
 * @property {{code: string, outcome: string}[]} services
 * @property {string} on a civil day
 * @property {string} kind
 * @property {number} participants
 * @property {string[]} member_ids
 * @property {string | null} follow_up_on
 * @property {string} note
 * @property {string | null} [task_id] the task that it was made for
 * @property {string} [occurred_at] the moment that was recorded, when this is a correction
 */

const OLDEST_DAYS = 399;

/**
 * What is wrong, by field, in words; empty when all is well.
 * @param {VisitValues} values
 * @param {number} [now]
 * @returns {Record<string, string>}
 */
export function checkVisit(values, now = Date.now()) {
  /** @type {Record<string, string>} */
  const errors = {};
  const { services, participants, on, follow_up_on, note } = values;
  if (!services.length) errors.services = t("Please choose what was supported.");
  if (services.length > 12) errors.services = t("At most 12 kinds of support in one visit.");
  if (!Number.isInteger(participants) || participants < 1 || participants > 2000) errors.participants = t("Please enter a number from 1 to 2,000.");
  if (!on || on > today(now)) errors.on = t("The day cannot be in the future.");
  else if (on < addDays(today(now), -OLDEST_DAYS)) errors.on = t("That is more than a year ago. Please check the date.");
  if (follow_up_on && follow_up_on < on) errors.follow_up_on = t("The day to come back is before the visit.");
  if (lengthOf(note || "") > 1000) errors.note = t("At most 1,000 characters.");
  return errors;
}

/**
 * The args of `visit.record`. A moment that was recorded stays while its day does; otherwise today is now.
 * @param {VisitValues} values
 * @param {number} [now]
 */
export function visitArgs(values, now = Date.now()) {
  return {
    id: values.id,
    village_id: values.village_id,
    household_id: values.household_id,
    kind: values.kind,
    occurred_at: values.occurred_at && dayOf(values.occurred_at) === values.on ? values.occurred_at : momentOn(values.on, now),
    participants: values.participants,
    member_ids: values.member_ids,
    services: values.services.map(({ code, outcome }) => ({ code, people: values.participants, outcome })),
    follow_up_on: values.follow_up_on || null,
    note: cleanText(values.note || ""),
    ...(values.task_id ? { task_id: values.task_id } : {}),
  };
}

/**
 * The form for a visit that was recorded.
 * @param {Record<string, any>} visit
 * @returns {VisitValues}
 */
export function visitValues(visit) {
  return {
    id: visit.id,
    village_id: visit.village_id,
    household_id: visit.household_id || null,
    services: visit.services.map((/** @type {{code: string, outcome: string}} */ { code, outcome }) => ({ code, outcome: outcome || "done" })),
    on: dayOf(visit.occurred_at),
    occurred_at: visit.occurred_at,
    kind: visit.kind,
    participants: visit.participants,
    member_ids: [...(visit.member_ids || [])],
    follow_up_on: visit.follow_up_on || null,
    note: visit.note || "",
    ...(visit.task_id ? { task_id: visit.task_id } : {}),
  };
}

/** @param {unknown} a @param {unknown} b */
const isSameMoment = (a, b) => Date.parse(String(a)) === Date.parse(String(b));

/**
 * The fields of `visit.amend`: what differs from the visit as it was.
 * @param {Record<string, any>} before
 * @param {Record<string, any>} after
 */
export function changedFields(before, after) {
  const fields = fieldsThatDiffer({ ...before, services: visitArgs(visitValues(before)).services, note: before.note || "" }, after);
  if (isSameMoment(before.occurred_at, after.occurred_at)) delete fields.occurred_at;
  return fields;
}
