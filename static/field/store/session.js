// One writing transaction with all that it needs at hand: whose phone, which side, which entries wait.

import { ALL } from "./db.js";
import { Writer } from "./writer.js";

/**
 * @typedef {object} Replica where the pulling stands; `next` while a second side is being filled
 * @property {import("./db.js").Side} side
 * @property {string | null} epoch
 * @property {string | null} cursor
 * @property {boolean} isComplete the last page has come at least once
 * @property {string | null} server_time of the last answer
 * @property {{epoch: string, cursor: string | null} | null} next
 */
/** @typedef {{seq: number, id: string, member_id: string, mutation: import("../model/overlay.js").Mutation, epoch?: string}} Entry `epoch`: in which it was acknowledged */
/** @typedef {import("./db.js").Tx} Tx @typedef {import("./db.js").Connection} Connection */
/** @typedef {{tx: Tx, account: any, replica: Replica, entries: Entry[], writer: Writer}} Work */

/** @type {Replica} */
export const FRESH = { side: "a", epoch: null, cursor: null, isComplete: false, server_time: null, next: null };

/** @param {Tx} tx @param {string} name @param {string | undefined} member_id @returns {Promise<any[]>} */
export const ofMember = (tx, name, member_id) => (member_id ? /** @type {any} */ (tx.objectStore(name)).index("member").getAll(member_id) : Promise.resolve([]));

/**
 * What was acknowledged before the server's line of history began anew, and may be missing from it. The epoch stands
 * with each entry, so it outlives the replica: signing out or lending the phone forgets nothing.
 * @param {Tx} tx @param {string | undefined} member_id @param {string} epoch @returns {Promise<Entry[]>}
 */
export const sentBefore = async (tx, member_id, epoch) => (await ofMember(tx, "sent", member_id)).filter((/** @type {Entry} */ entry) => entry.epoch !== epoch);

/** @param {Tx} tx @returns {Promise<[any, Replica]>} */
export async function whose(tx) {
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  const [account, replica] = await Promise.all([meta.get("account"), meta.get("replica")]);
  return [account || null, replica || FRESH];
}

/**
 * Runs `work` in a strict transaction over everything; nothing of it stays when it throws.
 * @template T
 * @param {Connection} db
 * @param {(work: Work) => Promise<T>} work
 * @returns {Promise<T>}
 */
export const write = (db, work) => db.run(ALL, "readwrite", async (tx) => {
  const [[account, replica], waiting] = await Promise.all([whose(tx), /** @type {any} */ (tx.objectStore("outbox")).getAll()]);
  const entries = waiting.filter((/** @type {Entry} */ { member_id }) => member_id === account?.member_id);
  const owner = { member_id: account?.member_id || "", team_id: account?.team_id || null };
  const writer = new Writer(tx, replica.side, owner, entries.map((/** @type {Entry} */ { mutation }) => mutation));
  /** @type {Work} */
  const at = { tx, account, replica, entries, writer };
  const result = await work(at);
  await at.writer.finish();
  return result;
});
