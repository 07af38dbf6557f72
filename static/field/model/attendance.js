// A day's attendance: who is proposed, what is wrong, the args of the protocol.

import { t } from "./i18n.js";
import { cleanText, lengthOf } from "./text.js";
import { addDays, dayOf, today } from "./time.js";

/** @typedef {{id: string, village_id: string, on: string, isOtherDay?: boolean, member_ids: string[], activity: string, note: string}} AttendanceValues */
/** @typedef {{on: string, member_ids: string[], activity?: string, author_id?: string, received_at?: string}} Day */

const OLDEST_DAYS = 399;

/** What is wrong, by field. @param {AttendanceValues} values @param {number} [now] @returns {Record<string, string>} */
export function checkAttendance({ on, member_ids, note }, now = Date.now()) {
  /** @type {Record<string, string>} */
  const errors = {};
  if (!member_ids.length) errors.members = t("Please choose who worked on this day.");
  if (!on || on > today(now)) errors.on = t("The day cannot be in the future.");
  else if (on < addDays(today(now), -OLDEST_DAYS)) errors.on = t("That is more than a year ago. Please check the date.");
  if (lengthOf(note || "") > 1000) errors.note = t("At most 1,000 characters.");
  return errors;
}

/** @param {AttendanceValues} values */
export const attendanceArgs = ({ id, village_id, on, member_ids, activity, note }) => ({ id, village_id, on, member_ids, activity, note: cleanText(note || "") || null });

/** The form for a day that was sent back: everybody in it, also who has left the team since. @param {Record<string, any>} args @returns {AttendanceValues} */
export const attendanceValues = ({ id, village_id, on, member_ids, activity, note }) => ({ id, village_id, on, member_ids, activity, note: note || "" });

/** Newest first; of one day, what came last. @param {Day[]} days */
export const newestFirst = (days) => [...days].sort((a, b) => (a.on === b.on ? (b.received_at || "~").localeCompare(a.received_at || "~") : b.on.localeCompare(a.on)));

/** Those who worked last, of those who serve here; the person alone where nothing is known. @param {Day[]} days @param {string[]} served @param {string} me */
export function crewProposed(days, served, me) {
  const last = newestFirst(days)[0]?.member_ids.filter((id) => served.includes(id)) || [];
  return last.length ? last : [me];
}

/**
 * Who went along today: with the person's latest visit of the day, or by a day's attendance that names the person.
 * @param {{occurred_at: string, author_id: string, member_ids: string[], gone?: string}[]} visits the person's own, newest first
 * @param {Day[]} days @param {string[]} served @param {string} me @param {string} [on]
 */
export function companionsOf(visits, days, served, me, on = today()) {
  const visit = visits.find(({ occurred_at, gone }) => !gone && dayOf(occurred_at) === on);
  const found = visit ? visit.member_ids : days.filter((day) => day.on === on && day.member_ids.includes(me)).flatMap(({ member_ids }) => member_ids);
  return [...new Set(found)].filter((id) => id !== me && served.includes(id));
}
