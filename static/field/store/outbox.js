// Entries on their way: put into the outbox, acknowledged, refused, taken up again.

import { applied, needs, rowsOf } from "../model/overlay.js";
import { silently } from "./db.js";
import { ofMember } from "./session.js";
import { serverOf } from "./writer.js";

/** @typedef {import("./session.js").Work} Work @typedef {import("./session.js").Entry} Entry */
/** @typedef {import("../model/overlay.js").Mutation} Mutation */
/** @typedef {Entry & {code: string, field: string | null, message: string | null}} RefusedEntry */
/** @typedef {{id: string, status: "applied" | "duplicate" | "conflict" | "refused", first?: any, current?: any, code?: string, field?: string, message?: string}} Result */
/** @typedef {{acked_at: number, epoch: string}} Acknowledgement when, and in which line of the server's history */

/** Puts an entry into the outbox and shows it on its row. @param {Work} work @param {import("./entries.js").Ready} entry */
export async function enqueue({ tx, writer }, entry) {
  silently(tx, "outbox").add(entry);
  writer.lay(entry.mutation);
  await writer.show(entry.mutation);
}

/** From "needs attention" back to the end of the outbox; what only the server can read goes sealed. @param {Work} work @param {RefusedEntry} entry */
export async function requeue(work, entry) {
  const { seq, id, member_id, mutation, sealed, is_lost } = entry;
  silently(work.tx, "attention").delete(seq);
  if (is_lost && sealed) silently(work.tx, "outbox").add({ id, member_id, sealed, is_lost });
  else await enqueue(work, { id, member_id, mutation, ...(sealed ? { sealed } : {}) });
}

/**
 * Moves an entry to "needs attention" and takes its effect off the row.
 * @param {Work} work @param {Entry} entry @param {{code?: string, field?: string | null, message?: string | null}} why
 */
export async function refuse({ tx, writer }, { seq, id, member_id, mutation, sealed }, { code = "refused", field = null, message = null }) {
  for (const name of ["outbox", "sent"]) silently(tx, name).delete(seq);
  silently(tx, "attention").put({ seq, id, member_id, mutation, sealed, code, field, message });
  writer.lift(mutation);
  await writer.show(mutation);
}

/** What the server sent along with a conflict, as a row. @param {any} current @param {number} version */
const currentRow = (current, version) => (current.data ? current : { version: current.version ?? version, data: current });

/** Kept for a while: a restored server may have lost it. @param {import("./db.js").Tx} tx @param {Entry} entry @param {Acknowledgement} by */
export function keepSent(tx, { seq, id, member_id, mutation, sealed }, { acked_at, epoch }) {
  silently(tx, "sent").put({ seq, id, member_id, mutation, sealed, acked_at, epoch });
}

/**
 * An acknowledged entry becomes part of what the server has, until its row comes back by the pull.
 * @param {Work} work @param {Entry} entry @param {Result} result @param {Acknowledgement} by
 */
async function accept({ tx, writer, account }, entry, result, by) {
  const { seq, mutation } = entry;
  silently(tx, "outbox").delete(seq);
  keepSent(tx, entry, by);
  writer.lift(mutation);
  for (const row of rowsOf(mutation)) {
    const server = serverOf(await writer.load(...row));
    const after = applied({ data: server?.data || null, gone: server?.gone }, mutation, account);
    if (result.current) await writer.rewrite(...row, currentRow(result.current, server?.version || 0));
    else await writer.rewrite(...row, after.data ? { version: server?.version || 0, ...after } : null);
  }
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
    if (!entry.is_lost && WAITING_CODES.includes(entry.code) && needs(entry.mutation).some((id) => arrived.has(id))) await requeue(work, entry);
  }
}
