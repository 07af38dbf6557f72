// What is given up when a member leaves the phone or their key is lost: names go, sealed entries stay.

import { uuid7 } from "../model/ids.js";
import { kindOf, privateFields } from "../model/private.js";
import { ALL, silently } from "./db.js";
import { dropReplica, showWaiting, vaultsIn } from "./phone.js";
import { FRESH, ofMember, whose } from "./session.js";

/** @typedef {import("./db.js").Tx} Tx */

/** What the catalogue and the team are called needs no hiding, and no form opens without them. */
const STAYING = ["service", "indicator", "team"];

/** @param {Tx} tx @param {string} name @returns {any} */
const storeIn = (tx, name) => tx.objectStore(name);

/** What a refused entry keeps when its texts cannot be read any more. @param {any} entry */
function withoutTexts(entry) {
  const { mutation } = entry;
  const names = new Set(privateFields(kindOf(mutation)));
  const args = Object.fromEntries(Object.entries(mutation.args).filter(([name]) => !names.has(name)));
  return { ...entry, mutation: { ...mutation, args }, is_lost: true };
}

/**
 * Gives up everything that only the member's key could read: what is sealed goes on, its readable copy does not.
 * @param {Tx} tx @param {string} member_id
 */
export async function loseReadable(tx, member_id) {
  const [outbox, attention, sent, drafts, vaults] = await Promise.all([
    ofMember(tx, "outbox", member_id), ofMember(tx, "attention", member_id), ofMember(tx, "sent", member_id),
    storeIn(tx, "drafts").getAllKeys(IDBKeyRange.bound([member_id], [member_id, []])), vaultsIn(tx),
  ]);
  // What went sealed already waits for a result that nobody here will read: it goes once more, which does no harm, and is done.
  for (const { mutation, relayed_at, ...rest } of outbox) if (rest.sealed) silently(tx, "outbox").put({ ...rest, is_lost: true });
  for (const entry of attention) silently(tx, "attention").put(withoutTexts(entry));
  for (const { mutation, ...rest } of sent) {
    if (rest.sealed) silently(tx, "sent").put({ ...rest, is_lost: true });
    else silently(tx, "sent").delete(rest.seq);
  }
  drafts.forEach((/** @type {IDBValidKey} */ key) => silently(tx, "drafts").delete(key));
  delete vaults[member_id];
  silently(tx, "meta").put(vaults, "vaults");
}

/** Whoever uses the phone next says who they are, and the server forgets the session at the next contact. @param {Tx} tx */
export function signOutHere(tx) {
  for (const key of ["account", "owner"]) silently(tx, "meta").delete(key);
  // An answer to what was asked before is overtaken; a phone of an older version had nothing noted by then.
  silently(tx, "meta").put(uuid7(), "entered");
  silently(tx, "meta").put(true, "must_sign_out");
}

/** Whether something was typed here that the server does not have yet, or may want again, and only this key can read. @param {Tx} tx @param {string} member_id */
export async function isKeyNeeded(tx, member_id) {
  const [outbox, attention, sent, drafts] = await Promise.all([
    ofMember(tx, "outbox", member_id), ofMember(tx, "attention", member_id), ofMember(tx, "sent", member_id),
    storeIn(tx, "drafts").count(IDBKeyRange.bound([member_id], [member_id, []])),
  ]);
  return drafts > 0 || attention.length > 0 || outbox.some(({ is_lost }) => !is_lost) || sent.some(({ sealed }) => !sealed);
}

/** Everybody's names go; the catalogue stays, and so does what the member has not sent. @param {Tx} tx @param {any} account */
export async function clearNames(tx, account) {
  const { side } = (await storeIn(tx, "meta").get("replica")) || FRESH;
  const staying = (await storeIn(tx, `rows_${side}`).getAll()).filter((/** @type {any} */ { kind }) => STAYING.includes(kind));
  dropReplica(tx);
  staying.forEach((/** @type {any} */ row) => silently(tx, `rows_${FRESH.side}`).put(row));
  await showWaiting(tx, account);
}

/** Signs out: forgets the member and the rows; what was not sent stays for when the same member comes back. @param {import("./db.js").Connection} db */
export async function leave(db) {
  await db.run(ALL, "readwrite", async (tx) => {
    const [account] = await whose(tx, db.keys);
    if (account && !(await isKeyNeeded(tx, account.member_id))) await loseReadable(tx, account.member_id);
    dropReplica(tx);
    signOutHere(tx);
    await whose(tx, db.keys);
  });
  db.keys.drop();
}
