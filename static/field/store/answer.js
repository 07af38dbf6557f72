// An answer of the server, applied whole or not at all: results, one page of changes, and the cursor.

import { rowOf } from "../model/overlay.js";
import { NotSaved } from "./db.js";
import { keepSent, requeueWaiting, settle } from "./outbox.js";
import { sentBefore } from "./session.js";
import { Writer, placesOf, serverOf } from "./writer.js";

/** @typedef {import("./session.js").Work} Work @typedef {import("./session.js").Replica} Replica @typedef {import("./session.js").Entry} Entry */
/** @typedef {{kind: string, village_id: string | null, id: string, version: number, data?: Record<string, any>, gone?: string, into?: string}} Change */
/** @typedef {{server_time: string, epoch: string, results: import("./outbox.js").Result[], changes: Change[], cursor: string | null, more: boolean}} Answer */
/** @typedef {{member_id: string, epoch: string | null, cursor: string | null, entries: Entry[], isAgain: boolean}} Asked `isAgain`: these were acknowledged before */

const KEEP_SENT_MS = 35 * 24 * 3600000;

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
async function leaveVillage(writer, village_id, staying) {
  const [households, visits, rows] = await Promise.all([
    writer.store("households").index("list").getAll(village_id),
    writer.store("visits").index("village").getAll(village_id),
    writer.store("rows").getAll(),
  ]);
  for (const { id } of households) await writer.rewrite("household", id, null);
  for (const { id } of visits) await writer.rewrite("visit", id, null);
  for (const record of rows) if (isLeft(record, village_id, staying)) await writer.rewrite(record.kind, record.id, null);
}

/** Visits of a household that became another one, or none. @param {Writer} writer @param {string} id @param {string | null} into */
async function moveVisits(writer, id, into) {
  for (const visit of await writer.store("visits").index("place").getAll(placesOf(id))) {
    const server = serverOf(await writer.load("visit", visit.id));
    if (server?.data) await writer.rewrite("visit", visit.id, { ...server, data: { ...server.data, household_id: into } });
  }
}

/** @param {Writer} writer @param {Change} change */
async function applyGone(writer, { kind, id, village_id, version, gone, into }) {
  const old = await writer.load(kind, id);
  if (gone === "left_scope" && old && old.village_id !== village_id) return;
  if (kind === "household" && (gone === "merged" || gone === "erased")) await moveVisits(writer, id, (gone === "merged" && into) || null);
  const isOwn = kind === "visit" && gone === "withdrawn" && old?.mine;
  const data = serverOf(old)?.data || null;
  await writer.rewrite(kind, id, isOwn && data ? { version, data, gone, village_id } : null);
}

/**
 * @param {Writer} writer @param {Change[]} changes
 * @param {string[]} villages served until now, as far as the phone knows
 * @returns {Promise<string[]>} households that came
 */
async function applyChanges(writer, changes, villages) {
  const left = new Set(changes.filter(({ kind }) => kind === "village").map(({ id }) => id));
  const staying = villages.filter((id) => !left.has(id));
  await writer.prefetch(changes.filter(({ kind }) => kind !== "village").map(({ kind, id }) => [kind, id]));
  const arrived = [];
  for (const change of changes) {
    if (change.kind === "village" && change.gone) await leaveVillage(writer, change.id, staying);
    else if (change.gone) await applyGone(writer, change);
    else {
      await writer.rewrite(change.kind, change.id, { version: change.version, data: change.data || {}, village_id: change.village_id });
      if (change.kind === "household") arrived.push(change.id);
    }
  }
  return arrived;
}

/** @param {import("./db.js").Tx} tx @param {string} side */
function clearSide(tx, side) {
  for (const name of ["households", "visits", "rows", "figures"]) /** @type {any} */ (tx.objectStore(`${name}_${side}`)).clear().catch(() => undefined);
}

/** @param {Replica} replica @returns {"a" | "b"} */
const otherSide = ({ side }) => (side === "a" ? "b" : "a");

/** Shows everything that still waits on a side that was filled without it. @param {Writer} old @param {Writer} writer */
async function overlayAll(old, writer) {
  writer.onTop = old.onTop;
  for (const mutations of writer.onTop.values()) {
    const row = rowOf(mutations[0]);
    if (row) await writer.rewrite(...row);
  }
}

/** Fills the other side from the start. @param {Work} work @param {Answer} answer */
function startAnew({ tx, replica }, { server_time, epoch }) {
  clearSide(tx, otherSide(replica));
  return { replica: { ...replica, server_time, next: { epoch, cursor: null } }, arrived: [] };
}

/**
 * The page goes into the side in force, or into the one that is being filled; that one takes over when it is full.
 * @param {Work} work @param {Asked} asked @param {Answer} answer
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
    const arrived = await applyChanges(writer, answer.changes, account.village_ids);
    return { replica: { ...replica, server_time, epoch, cursor, isComplete: replica.isComplete || !more }, arrived };
  }
  const filling = new Writer(tx, otherSide(replica), writer.owner, []);
  const arrived = await applyChanges(filling, answer.changes, account.village_ids);
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

/** @param {import("./db.js").Tx} tx @param {string} member_id @param {number} now the server's */
async function noteContact(tx, member_id, now) {
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  const outbox = /** @type {any} */ (tx.objectStore("outbox"));
  const [before, waiting] = await Promise.all([meta.get("contact"), outbox.index("member").count(member_id)]);
  meta.put({ last_contact_at: now, all_sent_at: waiting ? before?.all_sent_at || null : now }, "contact").catch(() => undefined);
}

/**
 * Applies an answer in the transaction of `work`.
 * @param {Work} work
 * @param {Asked} asked what was sent
 * @param {Answer} answer
 */
export async function applyAnswer(work, asked, answer) {
  const { tx, account } = work;
  if (account?.member_id !== asked.member_id) throw new NotSaved("other_member");
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  const taken = await applyResults(work, asked, answer);
  const { replica, arrived } = await applyPage(work, asked, answer);
  await requeueWaiting(work, new Set([...taken, ...arrived]));
  meta.put(replica, "replica").catch(() => undefined);
  await noteContact(tx, asked.member_id, Date.parse(answer.server_time));
  await dropOldSent(tx, Date.parse(answer.server_time));
  return replica;
}
