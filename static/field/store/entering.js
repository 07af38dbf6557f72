// What a person enters, sends again or gives up, as far as it concerns the outbox.

import { refusesName } from "../model/overlay.js";
import { NotSaved, silently } from "./db.js";
import { forgetHousehold } from "./forget.js";
import { enqueue, requeue } from "./outbox.js";

/** @typedef {import("./session.js").Work} Work @typedef {import("./outbox.js").RefusedEntry} RefusedEntry */

/** @param {import("./db.js").Tx} tx @returns {any} */
const refusals = (tx) => tx.objectStore("attention").index("id");

/** Whether an entry with this id was refused. @param {import("./db.js").Tx} tx @param {string} id */
export const wasRefused = async (tx, id) => (await refusals(tx).getKey(id)) !== undefined;

/** What was said of a household that does not want to be named goes at once. @param {Work} work @param {import("./entries.js").Ready} entry */
async function heed({ tx }, { member_id, mutation }) {
  if (refusesName(mutation)) await forgetHousehold(tx, member_id, mutation.args.id);
}

/** @param {Work} work @param {import("./entries.js").Ready} entry */
export async function enter(work, entry) {
  await heed(work, entry);
  await enqueue(work, entry);
}

/** @param {Work} work @param {RefusedEntry} entry */
export async function enterAgain(work, entry) {
  await heed(work, entry);
  await requeue(work, entry);
}

/** @param {Work} work @param {string} id @returns {Promise<RefusedEntry>} */
export async function refusedEntry({ tx, account }, id) {
  const entry = await refusals(tx).get(id);
  if (!entry || entry.member_id !== account?.member_id) throw new NotSaved("gone");
  return entry;
}

/** Takes a refused entry off the list. @param {Work} work @param {RefusedEntry} entry */
export function settleRefused({ tx }, entry) {
  silently(tx, "attention").delete(entry.seq);
}
