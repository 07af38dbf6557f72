// Whom to visit next: who was promised a visit, whom a task wants, who was never visited, who waits longest.

import { byDay, householdsHelped, isOpen } from "./task.js";
import { addDays } from "./time.js";

/** @typedef {"follow_up" | "task" | "never" | "last" | "later"} Why `later`: a day to come back is agreed, and far away */
/** @typedef {{id: string, hamlet?: string | null, last_visit_at: string | null}} Household */
/** @typedef {import("./task.js").Counted & {follow_up_on?: string | null}} Visit */
/** @typedef {import("./task.js").Counting & {title: string, state: import("./task.js").State}} Task */
/** @template {Household} H @typedef {{household: H, why: Why, on: string, task?: Task}} Next `on`: the day promised, the day due, or the day of the last visit */
/** @template {Household} H @typedef {{hamlet: string, next: Next<H>[]}} Group */

/** A promise is due this many days ahead, so that a way into the hamlet can be planned. */
const AHEAD_DAYS = 7;

/** @type {Why[]} */
const URGENCY = ["follow_up", "task", "never", "last", "later"];

/**
 * The day to come back that each household's latest visit agreed: an earlier promise was kept, or another took its place.
 * @param {Household[]} households @param {Visit[]} visits @returns {Map<string, string>}
 */
function promisesOf(households, visits) {
  const latest = new Map(households.map(({ id, last_visit_at }) => [id, last_visit_at]));
  /** @type {Map<string, string>} */
  const promises = new Map();
  for (const { household_id, occurred_at, follow_up_on, gone } of visits) {
    if (!household_id || !follow_up_on || gone) continue;
    const last = latest.get(household_id);
    if (last && Date.parse(occurred_at) >= Date.parse(last)) promises.set(household_id, follow_up_on);
  }
  return promises;
}

/** The task that wants a household, and is due first. @param {Task[]} tasks @param {Visit[]} visits @param {string} today */
function wanted(tasks, visits, today) {
  const running = tasks.filter((task) => isOpen(task) && task.state !== "blocked" && task.from_on <= today && (task.household_ids || task.unit !== "visits"));
  const lists = running.sort((a, b) => byDay(a.due_on, b.due_on))
    .map((task) => ({ task, helped: householdsHelped(task, visits), chosen: task.household_ids && new Set(task.household_ids) }));
  return (/** @type {string} */ id) => lists.find(({ helped, chosen }) => !helped.has(id) && (!chosen || chosen.has(id)))?.task;
}

/** @template {Household} H @param {Next<H>} a @param {Next<H>} b */
const byUrgency = (a, b) => URGENCY.indexOf(a.why) - URGENCY.indexOf(b.why) || byDay(a.on, b.on)
  || byDay(a.household.last_visit_at || "", b.household.last_visit_at || "");

/**
 * A village's households by hamlet: in each the most urgent first, and first the hamlet where somebody waits most.
 * @template {Household} H
 * @param {H[]} households
 * @param {Visit[]} visits those of the village, in no order
 * @param {Task[]} tasks those of the village
 * @param {string} today
 * @returns {Group<H>[]}
 */
export function whomNext(households, visits, tasks, today) {
  const promises = promisesOf(households, visits);
  const wantedBy = wanted(tasks, visits, today);
  const soon = addDays(today, AHEAD_DAYS);
  /** @type {Map<string, Next<H>[]>} */
  const hamlets = new Map();
  const all = households.map((household) => reasonFor(household, promises.get(household.id) || "", soon, wantedBy)).sort(byUrgency);
  for (const next of all) {
    const hamlet = next.household.hamlet || "";
    const known = hamlets.get(hamlet);
    if (known) known.push(next);
    else hamlets.set(hamlet, [next]);
  }
  return [...hamlets].map(([hamlet, next]) => ({ hamlet, next }));
}

/**
 * @template {Household} H
 * @param {H} household @param {string} promised a day or "" @param {string} soon @param {(id: string) => Task | undefined} wantedBy
 * @returns {Next<H>}
 */
function reasonFor(household, promised, soon, wantedBy) {
  if (promised && promised <= soon) return { household, why: "follow_up", on: promised };
  const task = wantedBy(household.id);
  if (task) return { household, why: "task", on: task.due_on, task };
  if (promised) return { household, why: "later", on: promised };
  return household.last_visit_at ? { household, why: "last", on: household.last_visit_at } : { household, why: "never", on: "" };
}
