// An answer of the server, applied whole or not at all: results, one page of changes, and the cursor.

import { leastId } from "../model/ids.js";
import { kindOf } from "../model/private.js";
import { silently } from "./db.js";
import { keepSent, requeueWaiting, settle } from "./outbox.js";
import { sentBefore } from "./session.js";
import { Writer } from "./writer.js";

/** @typedef {import("./session.js").Work} Work @typedef {import("./session.js").Replica} Replica @typedef {import("./session.js").Entry} Entry */
/** @typedef {{kind: string, village_id: string | null, id: string, version: number, data?: Record<string, any>, gone?: string, into?: string}} Change */
/** @typedef {{server_time: string, epoch: string, results: import("./outbox.js").Result[], changes: Change[], cursor: string | null, more: boolean}} Answer */
/** @typedef {import("./session.js").By & {epoch: string | null, cursor: string | null, entries: Entry[], isAgain: boolean}} Asked `isAgain`: these were acknowledged before */

/** @typedef {typeof import("./leaving.js")} Leaving @typedef {Answer & {leaving: Leaving | null}} Hidden with private texts hidden, and what takes away where that is needed */

const DAY_MS = 24 * 3600000;
const KEEP_SENT_MS = 35 * DAY_MS;
/** The server sends no older ones. */
const KEEP_NOTICES_MS = 60 * DAY_MS;

/** What takes away is seldom needed, and cannot be waited for once the transaction runs. @param {Answer} answer @returns {Promise<Leaving | null>} */
const leavingFor = async ({ changes }) => (changes.some(({ gone }) => gone) ? import("./leaving.js") : null);

/**
 * @param {Writer} writer @param {Hidden} answer
 * @param {string[]} villages served until now, as far as the phone knows
 * @returns {Promise<string[]>} households that came
 */
async function applyChanges(writer, { changes, leaving }, villages) {
  const left = new Set(changes.filter(({ kind }) => kind === "village").map(({ id }) => id));
  const staying = villages.filter((id) => !left.has(id));
  await writer.prefetch(changes.filter(({ kind }) => kind !== "village").map(({ kind, id }) => [kind, id]));
  const arrived = [];
  for (const change of changes) {
    if (change.gone && change.kind === "village") await leaving?.leaveVillage(writer, change.id, staying);
    else if (change.gone) await leaving?.applyGone(writer, change);
    else {
      const { version, data = {}, village_id } = change;
      // A visit that the commune does not count stands with its reason, and is in no figure.
      await writer.rewrite(change.kind, change.id, { version, data, village_id, gone: data.counted && data.counted !== true ? "not_counted" : undefined });
      if (change.kind === "household") arrived.push(change.id);
    }
  }
  return arrived;
}

/** @param {import("./db.js").Tx} tx @param {string} side */
function clearSide(tx, side) {
  silently(tx, "meta").delete("names");
  for (const name of ["households", "visits", "rows", "figures"]) /** @type {any} */ (tx.objectStore(`${name}_${side}`)).clear().catch(() => undefined);
}

/** @param {Replica} replica @returns {"a" | "b"} */
const otherSide = ({ side }) => (side === "a" ? "b" : "a");

/** Shows everything that still waits on a side that was filled without it. @param {Writer} old @param {Writer} writer */
async function overlayAll(old, writer) {
  writer.onTop = old.onTop;
  for (const mutation of new Set([...writer.onTop.values()].flat())) await writer.show(mutation);
}

/** Fills the other side from the start. @param {Work} work @param {Answer} answer */
function startAnew({ tx, replica }, { server_time, epoch }) {
  clearSide(tx, otherSide(replica));
  return { replica: { ...replica, server_time, next: { epoch, cursor: null } }, arrived: [] };
}

/**
 * The page goes into the side in force, or into the one that is being filled; that one takes over when it is full.
 * @param {Work} work @param {Asked} asked @param {Hidden} answer
 * @returns {Promise<{replica: Replica, arrived: string[]}>}
 */
async function applyPage(work, asked, answer) {
  const { account, replica, tx, writer } = work;
  const { server_time, epoch, cursor, more } = answer;
  const line = replica.next || replica;
  if (line.epoch && line.epoch !== epoch) return startAnew(work, answer);
  const isOwing = (replica.next || !line.epoch) && (await sentBefore(tx, asked.member_id, epoch)).length > 0;
  if (!line.epoch && isOwing) return startAnew(work, answer);
  if (line.cursor !== asked.cursor) return { replica: { ...replica, server_time }, arrived: [] };
  if (!replica.next) {
    const arrived = await applyChanges(writer, answer, account.village_ids);
    return { replica: { ...replica, server_time, epoch, cursor, isComplete: replica.isComplete || !more }, arrived };
  }
  const filling = new Writer(tx, otherSide(replica), writer.owner, []);
  const arrived = await applyChanges(filling, answer, account.village_ids);
  if (more || isOwing) {
    await filling.finish();
    return { replica: { ...replica, server_time, next: { epoch, cursor } }, arrived };
  }
  await overlayAll(writer, filling);
  await writer.finish();
  clearSide(tx, replica.side);
  work.writer = filling;
  return { replica: { side: otherSide(replica), epoch, cursor, isComplete: true, server_time, next: null }, arrived };
}

/**
 * Results by id: an entry that another tab settled meanwhile is left alone.
 * @param {Work} work @param {Asked} asked @param {Answer} answer @returns {Promise<string[]>} households that were taken
 */
async function applyResults(work, asked, answer) {
  const waiting = new Set(work.entries.map(({ seq }) => seq));
  const by = { acked_at: Date.parse(answer.server_time), epoch: answer.epoch };
  const taken = [];
  for (const [at, entry] of asked.entries.entries()) {
    const result = answer.results[at];
    if (asked.isAgain && result.status !== "refused") keepSent(work.tx, entry, by);
    else if (asked.isAgain || waiting.has(entry.seq)) await settle(work, entry, result, by);
    if (result.status !== "refused" && entry.mutation.type === "household.create") taken.push(entry.mutation.args.id);
  }
  return taken;
}

/** @param {import("./db.js").Tx} tx @param {number} now the server's */
async function dropOldSent(tx, now) {
  const sent = /** @type {any} */ (tx.objectStore("sent"));
  const old = await sent.index("acked_at").getAllKeys(IDBKeyRange.upperBound(now - KEEP_SENT_MS), 500);
  old.forEach((/** @type {number} */ seq) => sent.delete(seq).catch(() => undefined));
}

/** Notifications by the time in their ids. @param {Work} work @param {number} now the server's */
function dropOldNotices({ tx, writer }, now) {
  silently(tx, `rows_${writer.side}`).delete(IDBKeyRange.bound(["notification"], ["notification", leastId(now - KEEP_NOTICES_MS)]));
}

/** @param {import("./db.js").Tx} tx @param {string} member_id @param {number} now the server's */
async function noteContact(tx, member_id, now) {
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  const outbox = /** @type {any} */ (tx.objectStore("outbox"));
  const [before, waiting] = await Promise.all([meta.get("contact"), outbox.index("member").count(member_id)]);
  meta.put({ last_contact_at: now, all_sent_at: waiting ? before?.all_sent_at || null : now }, "contact").catch(() => undefined);
}

/** What the server sent along with a conflict, hidden. @param {import("./keyring.js").Keyring} keys @param {Entry} entry @param {any} current */
async function hiddenCurrent(keys, { mutation }, current) {
  const kind = kindOf(mutation);
  return current.data ? { ...current, data: await keys.hidden(kind, current.data) } : keys.hidden(kind, current);
}

/**
 * The answer with the private texts of its rows hidden, as it may be kept.
 * @param {import("./keyring.js").Keyring} keys @param {Asked} asked @param {Answer} answer
 * @returns {Promise<Hidden>}
 */
export async function hiddenAnswer(keys, { entries }, answer) {
  const [leaving, changes, results] = await Promise.all([
    leavingFor(answer),
    Promise.all(answer.changes.map(async (change) => (change.data ? { ...change, data: await keys.hidden(change.kind, change.data) } : change))),
    Promise.all(answer.results.map(async (result, at) => (result.current ? { ...result, current: await hiddenCurrent(keys, entries[at], result.current) } : result))),
  ]);
  return { ...answer, changes, results, leaving };
}

/**
 * Applies an answer, hidden, in the transaction of `work`.
 * @param {Work} work
 * @param {Asked} asked what was sent
 * @param {Hidden} answer
 */
export async function applyAnswer(work, asked, answer) {
  const { tx } = work;
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  const taken = await applyResults(work, asked, answer);
  const { replica, arrived } = await applyPage(work, asked, answer);
  await requeueWaiting(work, new Set([...taken, ...arrived]));
  meta.put(replica, "replica").catch(() => undefined);
  const now = Date.parse(answer.server_time);
  await noteContact(tx, asked.member_id, now);
  await dropOldSent(tx, now);
  dropOldNotices(work, now);
  return replica;
}
