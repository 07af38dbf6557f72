// Whose phone it is: the account, the device's id, and what is dropped when somebody else signs in.

import { uuid7 } from "../model/ids.js";
import { addVisit, monthOfVisit, noFigures } from "../model/figures.js";
import { rowOf } from "../model/overlay.js";
import { ALL } from "./db.js";
import { FRESH, ofMember, whose } from "./session.js";
import { Writer } from "./writer.js";

/** @typedef {import("./db.js").Connection} Connection @typedef {import("./index.js").Account} Account */

const MARK = "cdt_phone=1";

/** The stores of the replica, both sides: the rows of one member's villages. */
const replicaStores = ALL.filter((name) => /_[ab]$/.test(name));

/** @param {import("./db.js").Tx} tx */
function dropReplica(tx) {
  for (const name of replicaStores) /** @type {any} */ (tx.objectStore(name)).clear().catch(() => undefined);
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  meta.put(FRESH, "replica").catch(() => undefined);
  meta.delete("contact").catch(() => undefined);
}

/** Figures are of one team: another team, another count. @param {import("./db.js").Tx} tx @param {string} side @param {string | null} team_id */
async function recountFigures(tx, side, team_id) {
  const store = /** @type {any} */ (tx.objectStore(`figures_${side}`));
  store.clear().catch(() => undefined);
  /** @type {Map<string, import("../model/figures.js").Figures>} */
  const months = new Map();
  for (const { data, gone } of await /** @type {any} */ (tx.objectStore(`visits_${side}`)).getAll()) {
    if (gone || data.team_id !== team_id) continue;
    const month = monthOfVisit(data);
    const figures = months.get(month) || noFigures(month);
    addVisit(figures, data, 1);
    months.set(month, figures);
  }
  months.forEach((figures) => store.put(figures).catch(() => undefined));
}

/** Shows what a member left in the outbox on the empty replica. @param {import("./db.js").Tx} tx @param {Account} account */
async function showWaiting(tx, account) {
  const mutations = (await ofMember(tx, "outbox", account.member_id)).map(({ mutation }) => mutation);
  const writer = new Writer(tx, FRESH.side, account, mutations);
  for (const mutation of mutations) {
    const row = rowOf(mutation);
    if (row) await writer.rewrite(...row);
  }
  await writer.finish();
}

/**
 * Makes the phone this member's. Rows of another member go; entries of another member stay, and wait for them.
 * @param {Connection} db
 * @param {Account} account
 */
export const adopt = (db, account) => db.run(ALL, "readwrite", async (tx) => {
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  const [[known, { side }], owner] = await Promise.all([whose(tx), meta.get("owner")]);
  meta.put(account, "account").catch(() => undefined);
  meta.put(account.member_id, "owner").catch(() => undefined);
  if (owner !== account.member_id) {
    dropReplica(tx);
    await showWaiting(tx, account);
  } else if (known && known.team_id !== account.team_id) await recountFigures(tx, side, account.team_id);
});

/** Forgets the member and the rows; what was not sent stays for when the same member comes back. @param {Connection} db */
export const leave = (db) => db.run(ALL, "readwrite", async (tx) => {
  dropReplica(tx);
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  meta.delete("account").catch(() => undefined);
  meta.delete("owner").catch(() => undefined);
});

/**
 * The id of this device, made at its first use. A mark in a cookie outlives the database: mark without id means
 * that the browser or a person cleared the phone's data.
 * @param {Connection} db
 * @returns {Promise<{id: string, isLost: boolean}>}
 */
export async function device(db) {
  const isMarked = document.cookie.split("; ").includes(MARK);
  const found = await db.run(["meta"], "readonly", async (tx) => /** @type {any} */ (tx.objectStore("meta")).get("device_id"));
  if (found) return { id: found, isLost: false };
  const id = await db.run(["meta"], "readwrite", async (tx) => {
    const meta = /** @type {any} */ (tx.objectStore("meta"));
    const made = (await meta.get("device_id")) || uuid7();
    await meta.put(made, "device_id");
    return made;
  });
  document.cookie = `${MARK}; path=/; max-age=34560000; SameSite=Strict`;
  return { id, isLost: isMarked };
}

/** Asks the browser to keep the data; it may say no. */
export const keepForGood = async () => Boolean(await navigator.storage?.persist?.().catch(() => false));
