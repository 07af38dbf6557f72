// A visit that is made for a task: which one, what it asks for, and what the form says of it.

import { householdsHelped } from "../model/task.js";
import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";
import { badge } from "./parts.js";
import { goneWords, taskName } from "./task-words.js";

/** @typedef {import("../store/index.js").Task} Task @typedef {import("./app.js").App} App */

/** The task of an address or a draft, gone or not; null where nothing of it is left. @param {App} app @param {string | null | undefined} id @returns {Promise<Task | null>} */
export const taskOf = async (app, id) => (id ? (await app.store.tasks()).find((task) => task.id === id) || null : null);

/** What follows an address that is meant for a task. @param {Task | null} task */
export const forAddress = (task) => (task && !task.gone ? `?task=${task.id}` : "");

/**
 * Makes a visit one for a task, with what it asks for ticked where nothing is yet.
 * @template {import("./visit-fields.js").VisitValues} V @param {V} values @param {Task | null} task @returns {V}
 */
export function linked(values, task) {
  if (!task || task.gone) return values;
  const services = values.services.length || !task.service ? values.services : [{ code: task.service, outcome: "done" }];
  return { ...values, services, task_id: task.id };
}

/** Of a task for a list only its households. @template {{id: string}} H @param {H[]} households @param {Task | null} task */
export const chosenOf = (households, task) => (task?.household_ids ? households.filter(({ id }) => task.household_ids?.includes(id)) : households);

/**
 * The mark of whoever was helped with a task already, unsent visits included.
 * @param {App} app @param {Task | null} task @returns {Promise<(household: {id: string}) => import("./html.js").Part>}
 */
export async function helpedMark(app, task) {
  const helped = task && !task.gone ? householdsHelped(task, await app.store.visitsIn([task.village_id])) : null;
  return ({ id }) => (helped?.has(id) ? badge("good", "check", t("Helped")) : nothing);
}

/** For which task an entry is, or that it is gone and the entry counts all the same. @param {Task | null} task null: nothing of it is left */
export function forTask(task) {
  if (task && !task.gone) return html`<p class="banner info">${icon("list")}<span class="grow">${t("For the task: {title}", { title: taskName(task) })}</span></p>`;
  return html`<p class="banner warn">${icon("info")}<span class="grow">${goneWords(task?.gone)} ${t("What you record still counts.")}</span></p>`;
}
