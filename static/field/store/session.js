// One writing transaction with all that it needs at hand: whose phone, which side, which entries wait.

import { ALL, NotSaved } from "./db.js";
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
/**
 * @typedef {object} Entry a mutation as it is kept: its private texts are hidden, and `sealed` is what the relay takes
 * @property {number} seq
 * @property {string} id
 * @property {string} member_id
 * @property {import("../model/overlay.js").Mutation} mutation absent where `is_lost`: with the PIN its readable copy was given up
 * @property {string} [sealed]
 * @property {boolean} [is_lost]
 * @property {number} [relayed_at]
 * @property {string} [epoch] in which it was acknowledged
 */
/** @typedef {import("./db.js").Tx} Tx @typedef {import("./db.js").Connection} Connection */
/** @typedef {{tx: Tx, account: any, replica: Replica, entries: Entry[], writer: Writer}} Work */
/** @typedef {{member_id: string, vault_id: string}} By for whom something was made ready to be written, and under which key */

/** @type {Replica} */
export const FRESH = { side: "a", epoch: null, cursor: null, isComplete: false, server_time: null, next: null };

const MARK = "cdt_phone=1";

/** Whether somebody has signed in in this browser; the mark outlives the database when that is cleared alone. */
export const isMarked = () => document.cookie.split("; ").includes(MARK);

export function mark() {
  if (!isMarked()) document.cookie = `${MARK}; path=/; max-age=34560000; SameSite=Strict`;
}

/** The moves of villages of which home has told, as `kept`: where one is undone, that is told as well. */
export const MOVES_TOLD = "moves-told";

/** A small thing that this browser keeps beside the database, "" where there is none. @param {string} key */
export function kept(key) {
  try {
    return localStorage.getItem(key) || "";
  } catch {
    return "";
  }
}

/** @param {string} key @param {string} value */
export function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The app goes on without it: what was read is said once more.
  }
}

/** @param {Tx} tx @param {string} name @param {string | undefined} member_id @returns {Promise<any[]>} */
export const ofMember = (tx, name, member_id) => (member_id ? /** @type {any} */ (tx.objectStore(name)).index("member").getAll(member_id) : Promise.resolve([]));

/**
 * What was acknowledged before the server's line of history began anew, and may be missing from it. The epoch stands
 * with each entry, so it outlives the replica: signing out or lending the phone forgets nothing.
 * @param {Tx} tx @param {string | undefined} member_id @param {string} epoch @returns {Promise<Entry[]>}
 */
export const sentBefore = async (tx, member_id, epoch) => (await ofMember(tx, "sent", member_id)).filter((/** @type {Entry} */ entry) => entry.epoch !== epoch && !entry.is_lost);

/** Whose phone it is, told to its keyring as well. @param {Tx} tx @param {import("./keyring.js").Keyring} keys @returns {Promise<[any, Replica]>} */
export async function whose(tx, keys) {
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  const [account = null, replica = FRESH, vaults] = await Promise.all([meta.get("account"), meta.get("replica"), meta.get("vaults")]);
  keys.see(account, replica.server_time, vaults);
  return [account, replica];
}

/** Whether what was made ready is still meant for whoever's phone this is, under the key in force. @param {import("./keyring.js").Keyring} keys @param {By} by */
export const isStale = ({ seen }, { member_id, vault_id }) => seen?.account?.member_id !== member_id || (seen?.vault?.id || "") !== vault_id;

/** Whether it can only go sealed: the phone is locked, or it is another's, or nobody here can read it. @param {Entry} entry @param {import("./keyring.js").Keyring} keys */
export const isCarried = ({ sealed, relayed_at, is_lost, member_id }, keys) => Boolean(sealed && !relayed_at
  && (is_lost || keys.state() === "locked" || member_id !== keys.seen?.account?.member_id));

const NOBODY = { member_id: "", team_id: null };

/** @type {import("./db.js").Side} as it was the last time; it changes about once a year */
let lastSide = FRESH.side;

/**
 * Runs `work` in a strict transaction over everything; nothing of it stays when it throws. What `look` reads is asked
 * for at once with whose phone it is: each wait for the database is long on a cheap phone.
 * @template T
 * @template [L=void]
 * @param {Connection} db
 * @param {By} by NotSaved `stale` when it is somebody else's phone by now, or another key is in force
 * @param {(work: Work, seen: L) => Promise<T>} work
 * @param {(tx: Tx, writer: Writer) => Promise<L>} [look]
 * @returns {Promise<T>}
 */
export const write = (db, by, work, look = async () => /** @type {L} */ (undefined)) => db.run(ALL, "readwrite", async (tx) => {
  let writer = new Writer(tx, lastSide, NOBODY, []);
  let [[account, replica], waiting, seen] = await Promise.all([whose(tx, db.keys), /** @type {any} */ (tx.objectStore("outbox")).getAll(), look(tx, writer)]);
  if (isStale(db.keys, by)) throw new NotSaved("stale");
  if (replica.side !== lastSide) {
    lastSide = replica.side;
    writer = new Writer(tx, lastSide, NOBODY, []);
    seen = await look(tx, writer);
  }
  const entries = waiting.filter((/** @type {Entry} */ { member_id, is_lost }) => member_id === account?.member_id && !is_lost);
  writer.serve({ member_id: account?.member_id || "", team_id: account?.team_id || null }, entries.map((/** @type {Entry} */ { mutation }) => mutation));
  /** @type {Work} */
  const at = { tx, account, replica, entries, writer };
  const result = await work(at, seen);
  await at.writer.finish();
  return result;
});
