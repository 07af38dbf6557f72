// What there is to say of a task: how far it is, when it is due, how much is done, what became of it.

import { isDueSoon, isOpen, isOverdue } from "../model/task.js";
import { shortDate } from "../model/time.js";
import { groupNumber, t, tn } from "../model/i18n.js";
import { html, nothing } from "./html.js";
import { badge } from "./parts.js";

/** @typedef {import("../store/index.js").Task} Task */

/** @type {Record<string, ["good" | "info" | "warn" | "quiet", string]>} tone and icon */
const LOOKS = {
  sent: ["info", "info"],
  seen: ["quiet", "info"],
  accepted: ["info", "check"],
  blocked: ["warn", "alert"],
  declined: ["quiet", "none"],
  done: ["good", "counted"],
};

/** How far it is, as the team says it. @param {string} state */
export function stateWords(state) {
  switch (state) {
    case "sent": return t("New");
    case "seen": return t("Seen");
    case "accepted": return t("Accepted");
    case "blocked": return t("Stuck");
    case "declined": return t("Not accepted");
    default: return t("Finished");
  }
}

/** @param {Task} task */
const stateBadge = ({ state, closed }) => (closed ? badge("quiet", "info", t("The campaign has ended")) : badge(...(LOOKS[state] || LOOKS.done), stateWords(state)));

/** @param {Task} task @param {string} today */
export function taskBadges(task, today) {
  const due = isOverdue(task, today) ? badge("bad", "clock", t("Overdue")) : isDueSoon(task, today) ? badge("warn", "clock", t("Due soon")) : nothing;
  return html`<span class="cluster">${due}${stateBadge(task)}${task.pending ? badge("quiet", "phone-saved", t("Not sent yet")) : nothing}</span>`;
}

/** How many there are to be: asked for, or those of the list; null where nobody said. @param {Task} task */
export const targetOf = ({ target, unit, household_ids }) => target || (unit === "visits" ? null : household_ids?.length) || null;

/** "34 trên 120 hộ". @param {Task} task @param {number} done */
export function progressWords(task, done) {
  const target = targetOf(task);
  if (task.unit === "visits") return target ? t("{done} of {target} visits", { done: groupNumber(done), target: groupNumber(target) }) : tn("{n} visit so far", "{n} visits so far", done);
  return target ? t("{done} of {target} households", { done: groupNumber(done), target: groupNumber(target) }) : tn("{n} household so far", "{n} households so far", done);
}

/** @param {Task} task */
export const dueWords = (task) => (isOpen(task) ? t("Due {date}", { date: shortDate(task.due_on) }) : t("Was due {date}", { date: shortDate(task.due_on) }));

/** What happened to a task that is gone from this phone, and what becomes of the work. @param {string | undefined} gone */
export function goneWords(gone) {
  if (gone === "withdrawn") return t("This task has been taken back.");
  return gone ? t("This task has been given to another team.") : t("This task is no longer on this phone.");
}

/** What is left to call a task by. @param {Task} task */
export const taskName = (task) => task.title || t("Task due {date}", { date: shortDate(task.due_on) });

/** A line as long as what is done. @param {number} done @param {number | null} target */
export function progressBar(done, target) {
  if (!target) return nothing;
  const share = Math.min(100, Math.round((done / target) * 100));
  return html`<svg class="progress" width="100%" height="12" aria-hidden="true"><rect class="bar-rest" width="100%" height="12" rx="6"></rect><rect class="bar" width="${share}%" height="12" rx="6"></rect></svg>`;
}
