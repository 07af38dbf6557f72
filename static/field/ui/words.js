// The words for the codes of the protocol, as a village head would say them.

import { t } from "../model/i18n.js";

/** @returns {[string, string][]} */
export const kinds = () => [
  ["home", t("At home")],
  ["public_place", t("At a public place")],
  ["phone", t("By phone")],
  ["group", t("In a group")],
];

/** @returns {[string, string][]} */
export const outcomes = () => [
  ["done", t("Done")],
  ["in_progress", t("Still being done")],
  ["needs_follow_up", t("Will come back")],
  ["declined", t("No need yet")],
];

/** @returns {[string, string][]} */
export const activities = () => [
  ["visits", t("Going on visits")],
  ["meeting", t("Meeting")],
  ["training", t("Training")],
  ["campaign", t("Campaign")],
  ["other", t("Other work")],
];

/** A pillar of digital transformation, under which kinds of support stand. @param {string} pillar */
export function pillarWords(pillar) {
  switch (pillar) {
    case "government": return t("Digital government");
    case "economy": return t("Digital economy");
    case "society": return t("Digital society");
    default: return t("Other support");
  }
}

/** @param {[string, string][]} pairs @param {string} code */
export const wordFor = (pairs, code) => (pairs.find(([value]) => value === code) || ["", code])[1];

/** Why the server did not take an entry, and so what can be done. @param {string} code */
export function refusalWords(code) {
  switch (code) {
    case "id_reused": return t("Another entry already uses this number. Please record it again.");
    case "unknown_type": return t("This app is too old for this entry. Open the app again when there is a network, then send again.");
    case "invalid_field": return t("One detail is not valid. Correct it and it will be sent.");
    case "unknown_service": return t("This kind of support is no longer in the list. Please choose another.");
    case "implausible_time": return t("The date is not right. Please check the date.");
    case "wrong_author": return t("It was recorded under another member's name. That member needs to sign in and send it.");
    case "depends_on_refused": return t("The household of this entry has not been taken yet. Correct the household first.");
    case "unknown_household": return t("This household is no longer in the list. Please choose another household.");
    case "unknown_row": return t("What was to be corrected is no longer there.");
    case "out_of_scope": return t("At that time the team did not serve this village. Please check the date, or tell the commune's officer.");
    case "not_author": return t("Only the person who recorded it can correct it.");
    case "too_late": return t("72 hours have passed. Please ask the commune's officer to correct it.");
    case "withdrawn": return t("This has already been withdrawn.");
    case "too_large": return t("The entry is too long. Please shorten the note.");
    case "malformed": return t("The commune's system could not read this entry. Open the app again where there is a network, then send it again.");
    case "unreadable_seal": return t("The entry was damaged on its way. Please send it again.");
    case "server_fault": return t("The commune's system made a mistake with this entry. It is kept. Please send it again tomorrow, or tell the commune's officer.");
    default: return t("The commune's system has not taken it yet.");
  }
}

/** Why an answer to a task was not taken. @param {string} code */
function taskRefusal(code) {
  switch (code) {
    case "withdrawn": return t("This task has been taken back. The visits that were recorded still count.");
    case "unknown_row":
    case "out_of_scope": return t("This task is another team's now. The visits that were recorded still count.");
    default: return refusalWords(code);
  }
}

/** Why an entry was not taken; of attendance the people are what is most often wrong. @param {import("../store/index.js").Refused} entry */
export function whyRefused({ mutation, code, field }) {
  if (mutation.type === "task.progress") return taskRefusal(code);
  if (mutation.type === "request.raise" && code === "out_of_scope") return t("You did not serve this village any more when it was written. Correct it, and it is asked for the village that you serve now.");
  const isAboutPeople = mutation.type === "attendance.record" && code === "invalid_field" && field?.startsWith("member_ids");
  return isAboutPeople ? t("Somebody chosen was in no team of this village on that day. Please choose again, or check the date.") : refusalWords(code);
}

/** Why a visit that arrived is not in the report. @param {string} reason */
export const notCountedWords = (reason) => (reason === "withdrawn" ? t("This has already been withdrawn.") : t("The commune's officer can say why it is not counted."));

/** What a mutation was about, in words. @param {string} type */
export function mutationWords(type) {
  switch (type) {
    case "household.create": return t("New household");
    case "household.update": return t("Change of a household");
    case "household.withdraw": return t("Removal of a household");
    case "visit.record": return t("Support visit");
    case "visit.amend": return t("Correction of a visit");
    case "visit.withdraw": return t("Withdrawal of a visit");
    case "attendance.record": return t("Attendance");
    case "report.nothing": return t("Nothing to report");
    case "task.progress": return t("Answer to a task");
    case "request.raise": return t("Request for help");
    case "notification.read": return t("Notifications that were read");
    case "notification.prefer": return t("What the phone rings for");
    default: return t("Entry");
  }
}
