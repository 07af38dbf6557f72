// What notifications are about, in words and icons.

import { t } from "../model/i18n.js";
import { addDays, shortDate, today } from "../model/time.js";

/** @typedef {import("../model/notice.js").Topic} Topic */

/** Those that members of a team are told of; `report` is for officers. @returns {[Topic, string, string][]} topic, name, icon */
export const topics = () => [
  ["task", t("Tasks given to the team"), "list"],
  ["request", t("Answers to requests for help"), "send"],
  ["review", t("Entries that the commune looked at"), "pencil"],
  ["reminder", t("The day's reminder"), "clock"],
  ["thanks", t("Thanks"), "check"],
  ["warning", t("Warnings that are not urgent"), "alert"],
];

/** @param {string} topic */
export const topicIcon = (topic) => topics().find(([code]) => code === topic)?.[2] || "info";

/** Today, yesterday, or the date. @param {string} day */
export function dayWords(day) {
  if (day === today()) return t("Today");
  return day === addDays(today(), -1) ? t("Yesterday") : shortDate(day);
}
