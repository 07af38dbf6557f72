// Entries on their way: put into the outbox, acknowledged, refused, taken up again.

import { uuid7 } from "../model/ids.js";
import { applied, needs, rowOf } from "../model/overlay.js";
import { deviceTime } from "../model/time.js";
import { NotSaved } from "./db.js";
import { ofMember } from "./session.js";
import { serverOf } from "./writer.js";

/** @typedef {import("./session.js").Work} Work @typedef {import("./session.js").Entry} Entry */
/** @typedef {import("../model/overlay.js").Mutation} Mutation */
/** @typedef {Entry & {code: string, field: string | null, message: string | null}} RefusedEntry */
/** @typedef {{id: string, status: "applied" | "duplicate" | "conflict" | "refused", first?: any, current?: any, code?: string, field?: string, message?: string}} Result */
/** @typedef {{acked_at: number, epoch: string}} Acknowledgement when, and in which line of the server's history */

/** @param {import("./db.js").Tx} tx @param {string} name @returns {any} */
const storeIn = (tx, name) => tx.objectStore(name);

/**
 * A new mutation of who is signed in. What makes a row has the row's id, so that a second tap is the same entry.
 * @param {Work} work
 * @param {string} type
 * @param {Record<string, any>} args
 * @param {{id?: string, replaces?: string | null}} [more]
 * @returns {Mutation}
 */
export function mutationOf({ account, replica }, type, args, { id = uuid7(), replaces = null } = {}) {
  if (!account) throw new NotSaved("signed_out");
  return { id, member_id: account.member_id, type, at: deviceTime(), after: replica.server_time, replaces, args };
}

/** Whether an entry with this id is known already, sent or not. @param {Work} work @param {string} id */
export async function isKnown({ tx, entries }, id) {
  if (entries.some((entry) => entry.id === id)) return true;
  const found = await Promise.all(["sent", "attention"].map((name) => storeIn(tx, name).index("id").getKey(id)));
  return found.some((key) => key !== undefined);
}

/** Puts a mutation into the outbox and shows it on its row. @param {Work} work @param {Mutation} mutation */
export async function enqueue({ tx, writer }, mutation) {
  storeIn(tx, "outbox").add({ id: mutation.id, member_id: mutation.member_id, mutation }).catch(() => undefined);
  writer.lay(mutation);
  const row = rowOf(mutation);
  if (row) await writer.rewrite(...row);
}

/** @param {Work} work @param {string} id @returns {Promise<RefusedEntry>} */
export async function refusedEntry({ tx, account }, id) {
  const entry = await storeIn(tx, "attention").index("id").get(id);
  if (!entry || entry.member_id !== account?.member_id) throw new NotSaved("gone");
  return entry;
}

/** From "needs attention" back to the end of the outbox. @param {Work} work @param {RefusedEntry} entry */
export async function requeue(work, entry) {
  storeIn(work.tx, "attention").delete(entry.seq).catch(() => undefined);
  await enqueue(work, entry.mutation);
}

/** Takes a refused entry off the list. @param {Work} work @param {RefusedEntry} entry */
export const settleRefused = ({ tx }, entry) => storeIn(tx, "attention").delete(entry.seq);

/**
 * Moves an entry to "needs attention" and takes its effect off the row.
 * @param {Work} work @param {Entry} entry @param {{code?: string, field?: string | null, message?: string | null}} why
 */
export async function refuse({ tx, writer }, { seq, id, member_id, mutation }, { code = "refused", field = null, message = null }) {
  for (const name of ["outbox", "sent"]) storeIn(tx, name).delete(seq).catch(() => undefined);
  storeIn(tx, "attention").put({ seq, id, member_id, mutation, code, field, message }).catch(() => undefined);
  writer.lift(mutation);
  const row = rowOf(mutation);
  if (row) await writer.rewrite(...row);
}

/** What the server sent along with a conflict, as a row. @param {any} current @param {number} version */
const currentRow = (current, version) => (current.data ? current : { version: current.version ?? version, data: current });

/** Kept for a while: a restored server may have lost it. @param {import("./db.js").Tx} tx @param {Entry} entry @param {Acknowledgement} by */
export function keepSent(tx, { seq, id, member_id, mutation }, { acked_at, epoch }) {
  storeIn(tx, "sent").put({ seq, id, member_id, mutation, acked_at, epoch }).catch(() => undefined);
}

/**
 * An acknowledged entry becomes part of what the server has, until its row comes back by the pull.
 * @param {Work} work @param {Entry} entry @param {Result} result @param {Acknowledgement} by
 */
async function accept({ tx, writer, account }, entry, result, by) {
  const { seq, mutation } = entry;
  storeIn(tx, "outbox").delete(seq).catch(() => undefined);
  keepSent(tx, entry, by);
  const row = rowOf(mutation);
  if (!row) return;
  const server = serverOf(await writer.load(...row));
  const after = applied({ data: server?.data || null, gone: server?.gone }, mutation, account);
  writer.lift(mutation);
  if (result.current) await writer.rewrite(...row, currentRow(result.current, server?.version || 0));
  else await writer.rewrite(...row, after.data ? { version: server?.version || 0, ...after } : null);
}

/**
 * Applies one result to the entry that it is for.
 * @param {Work} work @param {Entry} entry @param {Result} result @param {Acknowledgement} by
 */
export async function settle(work, entry, result, by) {
  const outcome = result.status === "duplicate" && result.first ? { ...result.first, current: undefined } : result;
  if (outcome.status === "refused") return refuse(work, entry, outcome);
  return accept(work, entry, outcome, by);
}

const WAITING_CODES = ["depends_on_refused", "unknown_household"];

/**
 * Takes up again what was refused only because its household was not there.
 * @param {Work} work
 * @param {Set<string>} arrived ids of households that the server has taken or sent just now
 */
export async function requeueWaiting(work, arrived) {
  if (!arrived.size) return;
  const refused = /** @type {RefusedEntry[]} */ (await ofMember(work.tx, "attention", work.account?.member_id));
  for (const entry of refused) {
    if (WAITING_CODES.includes(entry.code) && needs(entry.mutation).some((id) => arrived.has(id))) await requeue(work, entry);
  }
}
