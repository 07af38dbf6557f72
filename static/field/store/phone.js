// Whose phone it is: the account, the device's id, and what is dropped when somebody else signs in.

import { uuid7 } from "../model/ids.js";
import { makeKey } from "./cipher.js";
import { ALL, NotSaved, silently } from "./db.js";
import { canHide } from "./keyring.js";
import { FRESH, isMarked, mark, ofMember, whose } from "./session.js";
import { Writer } from "./writer.js";

/** @typedef {import("./db.js").Connection} Connection @typedef {import("./index.js").Account} Account */

/** The stores of the replica, both sides: the rows of one member's villages. */
const replicaStores = ALL.filter((name) => /_[ab]$/.test(name));

/** @param {import("./db.js").Tx} tx */
export function dropReplica(tx) {
  for (const name of replicaStores) silently(tx, name).clear();
  silently(tx, "meta").put(FRESH, "replica");
  for (const key of ["contact", "names"]) silently(tx, "meta").delete(key);
}

/** Shows what a member left in the outbox on the empty replica. @param {import("./db.js").Tx} tx @param {{member_id: string, team_id: string | null}} account */
export async function showWaiting(tx, account) {
  const entries = /** @type {import("./session.js").Entry[]} */ (await ofMember(tx, "outbox", account.member_id));
  const mutations = entries.filter(({ is_lost }) => !is_lost).map(({ mutation }) => mutation);
  const writer = new Writer(tx, FRESH.side, account, mutations);
  for (const mutation of mutations) await writer.show(mutation);
  await writer.finish();
}

/** @param {import("./db.js").Tx} tx @returns {Promise<Record<string, import("./keyring.js").Vault>>} */
export const vaultsIn = async (tx) => (await /** @type {any} */ (tx.objectStore("meta")).get("vaults")) || {};

/**
 * Gives a member a key without a PIN, unless they have one.
 * @param {Connection} db @param {string} member_id
 */
export async function makeVault(db, member_id) {
  const vault = { id: uuid7(), key: await makeKey(false) };
  await db.run(["meta"], "readwrite", async (tx) => {
    const vaults = await /** @type {any} */ (tx.objectStore("meta")).get("vaults");
    if (!vaults?.[member_id]) silently(tx, "meta").put({ ...vaults, [member_id]: vault }, "vaults");
  });
}

/** The key of a member on this phone, made where there is none; undefined while it is locked. @param {Connection} db @param {string} member_id */
async function keyFor(db, member_id) {
  if (!canHide) return undefined;
  const read = () => db.run(["meta"], "readonly", vaultsIn);
  if (!(await read())[member_id]) await makeVault(db, member_id);
  const { id, key } = (await read())[member_id];
  return key || db.keys.held.get(id);
}

/**
 * What is kept of an account: its name hidden, or not at all while the member's texts are locked.
 * @param {Connection} db @param {Account} account
 */
async function keptAccount(db, account) {
  const key = await keyFor(db, account.member_id);
  return key || !canHide ? db.keys.hidden("account", account, key) : { ...account, name: "" };
}

/**
 * What the server told besides who it is.
 * @typedef {object} Enrolment
 * @property {boolean} [isKnown] the server has met this member in this browser before
 * @property {Record<string, string> | null} [relay_key] to which entries are sealed
 * @property {boolean} [isEnrolled] it knows this device's key, so that it can tell who sealed an entry
 * @property {string} [asked] nobody signed in just now: the server was asked, and who had come in by then; NotSaved `stale` when somebody came or left since
 */

/**
 * Makes the phone this member's. Rows of another member go; entries of another member stay, and wait for them.
 * A database that nobody has used, in a browser that somebody has, was cleared meanwhile: that is noted.
 * @param {Connection} db
 * @param {Account} account
 * @param {Enrolment} enrolment
 */
export async function adopt(db, account, { isKnown = false, relay_key, isEnrolled, asked }) {
  const wasHere = isKnown || isMarked();
  const kept = await keptAccount(db, account);
  const [before] = await db.run(["meta"], "readonly", (tx) => whose(tx, db.keys));
  const recount = before && before.team_id !== account.team_id ? await import("./recount.js") : null;
  await db.run(ALL, "readwrite", async (tx) => {
    const meta = /** @type {any} */ (tx.objectStore("meta"));
    const [[known, { side }], owner, isUsed, entered = "", isLeaving] = await Promise.all([whose(tx, db.keys), ...["owner", "is_used", "entered", "must_sign_out"].map((key) => meta.get(key))]);
    if (asked !== undefined && (isLeaving || asked !== entered)) throw new NotSaved("stale");
    const notes = {
      account: kept, owner: account.member_id, is_used: true, must_sign_out: false,
      entered: (asked && entered) || uuid7(),
      ...(wasHere && !isUsed ? { is_lost: true } : {}),
      ...(relay_key ? { relay_key } : {}),
      ...(isEnrolled === undefined ? {} : { enrolled: isEnrolled ? account.member_id : "" }),
    };
    Object.entries(notes).forEach(([key, value]) => silently(tx, "meta").put(value, key));
    if (owner !== account.member_id) {
      dropReplica(tx);
      await showWaiting(tx, account);
    } else if (known && known.team_id !== account.team_id) await recount?.recountFigures(tx, side, account.team_id);
    await whose(tx, db.keys);
  });
  mark();
}
