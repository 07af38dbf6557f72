// What leaves the phone with an answer: a village that is served no more, rows that were withdrawn, merged or erased.

import { remains } from "../model/task.js";
import { placesOf } from "./db.js";
import { forgetHousehold } from "./forget.js";
import { serverOf } from "./writer.js";

/** @typedef {import("./writer.js").Writer} Writer @typedef {import("./answer.js").Change} Change */

/**
 * Whether a row is of no village that stays: of a team all villages that it serves are asked.
 * @param {import("./writer.js").Rec} record @param {string} left @param {string[]} staying
 */
function isLeft({ kind, village_id, data }, left, staying) {
  if (kind !== "team" || !data.villages) return village_id === left;
  const served = data.villages.map((/** @type {{id: string}} */ { id }) => id);
  return served.includes(left) && !served.some((/** @type {string} */ id) => staying.includes(id));
}

/** @param {Writer} writer @param {string} village_id @param {string[]} staying */
export async function leaveVillage(writer, village_id, staying) {
  const [households, visits, rows] = await Promise.all([
    writer.store("households").index("list").getAll(village_id),
    writer.store("visits").index("village").getAll(village_id),
    writer.store("rows").getAll(),
  ]);
  for (const { id } of households) await writer.rewrite("household", id, null);
  for (const { id } of visits) await writer.rewrite("visit", id, null);
  for (const record of rows) if (isLeft(record, village_id, staying)) await writer.rewrite(record.kind, record.id, null);
}

/** What a member was told and chose: another one is signed in here, or this one serves nowhere any more. @param {Writer} writer */
async function leaveInbox(writer) {
  for (const { kind, id } of await writer.store("rows").getAll()) {
    if (kind === "notification" || kind === "preference") await writer.rewrite(kind, id, null);
  }
}

/** Visits of a household that became another one, or none. @param {Writer} writer @param {string} id @param {string | null} into */
async function moveVisits(writer, id, into) {
  for (const visit of await writer.store("visits").index("place").getAll(placesOf(id))) {
    const server = serverOf(await writer.load("visit", visit.id));
    if (server?.data) await writer.rewrite("visit", visit.id, { ...server, data: { ...server.data, household_id: into } });
  }
}

/** Tasks for a list of which a household became another one. @param {Writer} writer @param {string} id @param {string} into */
async function moveInTasks(writer, id, into) {
  for (const task of await writer.store("rows").getAll(IDBKeyRange.bound(["task"], ["task", []]))) {
    const server = serverOf(await writer.load("task", task.id));
    const chosen = /** @type {string[]} */ (server?.data?.household_ids || []);
    if (!server?.data || !chosen.includes(id)) continue;
    const household_ids = [...new Set(chosen.map((one) => (one === id ? into : one)))];
    await writer.rewrite("task", task.id, { ...server, data: { ...server.data, household_ids } });
  }
}

/** What stays of a row that is gone, for the person to understand it by; null: nothing. @param {Change} change @param {import("./writer.js").Rec | undefined} old @param {Record<string, any>} data */
function remainsOf({ kind, gone }, old, data) {
  if (kind === "task") return remains(data, gone || "");
  // Who has read a warning has to see that it does not hold any more; told so again, its words are to go.
  if (kind === "notification") return data.topic === "warning" && old?.data.read_at && !old.gone ? { ...data, read_at: old.data.read_at } : null;
  return kind === "visit" && gone === "withdrawn" && old?.mine ? data : null;
}

/** @param {Writer} writer @param {Change} change */
export async function applyGone(writer, change) {
  const { kind, id, village_id, version, gone, into } = change;
  if (kind === "inbox") return leaveInbox(writer);
  const old = await writer.load(kind, id);
  if (gone === "left_scope" && old && old.village_id !== village_id) return;
  if (kind === "household" && (gone === "merged" || gone === "erased")) await moveVisits(writer, id, (gone === "merged" && into) || null);
  if (kind === "household" && gone === "merged" && into) await moveInTasks(writer, id, into);
  if (kind === "household" && gone === "erased") await forgetHousehold(writer.tx, writer.owner.member_id, id);
  const known = serverOf(old)?.data;
  const data = known ? remainsOf(change, old, known) : null;
  await writer.rewrite(kind, id, data ? { version, data, gone, village_id } : null);
}
