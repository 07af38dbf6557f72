// A task of the team: how far it came, what counts for it, when it is due. The server counts by the same rule
// (tests/vectors/task-progress.json).

import { addDays, dayOf } from "./time.js";

/** @typedef {"sent" | "seen" | "accepted" | "declined" | "blocked" | "done"} State */
/**
 * @typedef {object} Counting what a task's progress depends on
 * @property {string} id
 * @property {string} village_id
 * @property {string} team_id
 * @property {string | null} [service]
 * @property {"households" | "visits"} [unit]
 * @property {string[] | null} [household_ids] null is all households
 * @property {string} from_on
 * @property {string} due_on
 * @property {string | null} [ended_on] null while it runs
 */
/** @typedef {{village_id: string | null, team_id?: string | null, household_id?: string | null, kind: string, task_id?: string | null, services: {code: string}[], occurred_at: string, gone?: string}} Counted a visit */
/** @typedef {Record<string, string>} Into a merged household to the one that it became */
/** @typedef {{state: State, due_on: string, gone?: string}} Due */

const SOON_DAYS = 3;

/** Whether something is still to be done about it. @param {{state: State}} task */
export const isOpen = ({ state }) => state !== "done" && state !== "declined";

/** @param {Due} task @param {string} today */
export const isOverdue = (task, today) => isOpen(task) && task.due_on < today;

/** @param {Due} task @param {string} today */
export const isDueSoon = (task, today) => isOpen(task) && task.due_on >= today && task.due_on <= addDays(today, SOON_DAYS);

/** What home says of the tasks. @param {Due[]} tasks @param {string} today */
export function taskCounts(tasks, today) {
  const here = tasks.filter(({ gone }) => !gone);
  return {
    open: here.filter(isOpen).length,
    overdue: here.filter((task) => isOverdue(task, today)).length,
    soon: here.filter((task) => isDueSoon(task, today)).length,
    gone: tasks.length - here.length,
  };
}

/** Days and instants of one form are in order as text; the collator for people's words takes long to come. @param {string} a @param {string} b */
export const byDay = (a, b) => (a < b ? -1 : Number(a > b));

/** Those that are open first, the longest overdue at the head; then what is over, the latest first. @template {Due} T @param {T[]} tasks */
export const inOrderOfDue = (tasks) => [...tasks].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || byDay(a.due_on, b.due_on) * (isOpen(a) ? 1 : -1));

/** @param {Into} into @param {string} id */
function standing(into, id) {
  let now = id;
  while (into[now]) now = into[now];
  return now;
}

/**
 * Tells of a visit whether the task's team made it where, when and for what it is wanted. Most visits are older: their
 * day is compared as text, roughly, before it is asked for, which takes long for thousands.
 * @param {Counting} task @returns {(visit: Counted) => boolean}
 */
function fitting({ service, village_id, team_id, from_on, due_on, ended_on }) {
  if (!service) return () => false;
  const before = addDays(from_on, -1);
  const last = ended_on && (ended_on > due_on ? ended_on : due_on);
  return (visit) => {
    if (visit.occurred_at < before || visit.village_id !== village_id || visit.team_id !== team_id) return false;
    if (!visit.services.some(({ code }) => code === service)) return false;
    const on = dayOf(visit.occurred_at);
    return on >= from_on && (!last || on <= last);
  };
}

/**
 * The visits that count for a task: not withdrawn, and they fit it, or name it and are its village's or its team's; of a
 * chosen list only its households'.
 * @template {Counted} V @param {Counting} task @param {V[]} visits @param {Into} [into] @returns {V[]}
 */
function counting(task, visits, into = {}) {
  const fits = fitting(task);
  const chosen = task.household_ids && new Set(task.household_ids.map((id) => standing(into, id)));
  const isAsked = (/** @type {Counted} */ { household_id }) => !chosen || Boolean(household_id && chosen.has(standing(into, household_id)));
  return visits.filter((visit) => !visit.gone && ((visit.task_id === task.id && (visit.village_id === task.village_id || visit.team_id === task.team_id)) || fits(visit)) && isAsked(visit));
}

/** @param {Counted[]} visits @param {Into} [into] */
const householdsOf = (visits, into = {}) => new Set(visits.flatMap(({ household_id }) => (household_id ? [standing(into, household_id)] : [])));

/** The households that were helped with a task. @param {Counting} task @param {Counted[]} visits @returns {Set<string>} */
export const householdsHelped = (task, visits) => householdsOf(counting(task, visits));

/**
 * How much of a task is done, in its unit. Visits count, not words: nobody types this number.
 * @param {Counting} task @param {Counted[]} visits any, unsent ones included @param {Into} [into]
 */
export function progressOf(task, visits, into = {}) {
  const found = counting(task, visits, into);
  if (task.unit === "visits") return found.length;
  return householdsOf(found, into).size + found.filter(({ household_id, kind }) => !household_id && kind === "home").length;
}

/** Whether its kind of support leads the visit form on a day. @param {Due & {focus?: boolean, from_on: string}} task @param {string} on */
export const isFocusOn = (task, on) => Boolean(task.focus) && isOpen(task) && task.from_on <= on && on <= task.due_on;

/**
 * What a phone keeps of a task that is gone, so that its member understands what happened: of one that the desk took
 * back what it was called, of one that is another team's now not even that.
 * @param {Record<string, any>} task @param {string} gone
 */
export function remains({ id, village_id, team_id, state, service, from_on, due_on, title }, gone) {
  return { id, village_id, team_id, state, service, from_on, due_on, ...(gone === "withdrawn" ? { title } : {}) };
}
