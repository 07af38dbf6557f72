// Hides everything of a member anew, under another key: in one transaction, so that it is done or it is not.

import { kindOf } from "../model/private.js";
import { hide, show } from "./cipher.js";
import { ALL, NotSaved, silently } from "./db.js";
import { nameOf, openFields } from "./keyring.js";

/** @typedef {import("./keyring.js").Vault} Vault @typedef {Record<string, any>} Fields */
/** @typedef {{box?: Uint8Array, fields?: Fields}} Lacking what is hidden under the old key, or not at all */
/** @typedef {{made: Map<string, Uint8Array>, lacking: Map<string, Lacking>}} Boxes by the old box, or by what is hidden */

/** Where texts stand in a record of a store: the kind that says which, and what holds them. @param {string} name @param {any} record @returns {[string, Fields][]} */
function partsOf(name, record) {
  if (name === "drafts") return [["draft", record]];
  if (record.mutation) return [[kindOf(record.mutation), record.mutation.args]];
  const kind = { households: "household", visits: "visit", rows: record.kind }[name.slice(0, -2)];
  if (!kind) return [];
  return [record.data, record.server?.data].filter(Boolean).map((data) => [kind, data]);
}

/** @param {Fields} data @param {[string, Fields][]} fields @param {Uint8Array | undefined} box */
function fill(data, fields, box) {
  if (box) for (const [name] of fields) data[name] = box;
}

/** Puts new boxes in the place of old ones and of what lies open, and notes what there is none for yet. @param {string} kind @param {Fields} data @param {Boxes} boxes @returns {boolean} whether there was anything */
function turn(kind, data, { made, lacking }) {
  const hidden = Object.entries(data).filter(([, value]) => value instanceof Uint8Array);
  for (const [name, box] of hidden) {
    const key = nameOf(box);
    if (made.has(key)) data[name] = made.get(key);
    else lacking.set(key, { box });
  }
  const fields = openFields(kind, data);
  const open = Object.entries(fields);
  if (!open.length) return hidden.length > 0;
  const key = JSON.stringify(fields);
  if (!made.has(key)) lacking.set(key, { fields });
  fill(data, open, made.get(key));
  return true;
}

/** @param {import("./db.js").Tx} tx @param {string} member_id @param {Boxes} boxes @returns {Promise<[string, any][]>} the records with texts, turned */
async function turnAll(tx, member_id, boxes) {
  const meta = /** @type {any} */ (tx.objectStore("meta"));
  const names = ALL.filter((name) => name !== "meta");
  const [account, owner, ...stores] = await Promise.all([meta.get("account"), meta.get("owner"), ...names.map((name) => /** @type {any} */ (tx.objectStore(name)).getAll())]);
  /** @type {[string, any][]} */
  const turned = [];
  for (const [at, records] of stores.entries()) {
    const isMine = (/** @type {any} */ record) => (/_[ab]$/.test(names[at]) ? owner : record.member_id) === member_id;
    for (const record of records.filter(isMine)) {
      const areHeld = partsOf(names[at], record).map(([kind, data]) => turn(kind, data, boxes));
      if (areHeld.some(Boolean)) turned.push([names[at], record]);
    }
  }
  if (account?.member_id === member_id && turn("account", account, boxes)) turned.push(["account", account]);
  return turned;
}

/** @param {import("./db.js").Tx} tx @param {[string, any][]} turned */
function putAll(tx, turned) {
  for (const [name, record] of turned) {
    if (name === "account") silently(tx, "meta").put(record, "account");
    else silently(tx, name).put(record);
  }
}

/**
 * Hides all texts of a member under `to`, and puts `vault` in force in the same transaction.
 * @param {import("./db.js").Connection} db
 * @param {{member_id: string, was: string | undefined, from: CryptoKey | undefined, to: CryptoKey, vault: Vault}} change `was`: the vault until now; NotSaved `stale` when it is another by then
 */
export async function rehide(db, { member_id, was, from, to, vault }) {
  /** @type {Map<string, Uint8Array>} */
  const made = new Map();
  for (;;) {
    const boxes = { made, lacking: /** @type {Map<string, Lacking>} */ (new Map()) };
    await db.run(ALL, "readwrite", async (tx) => {
      const vaults = await /** @type {any} */ (tx.objectStore("meta")).get("vaults");
      if (vaults?.[member_id]?.id !== was) throw new NotSaved("stale");
      const turned = await turnAll(tx, member_id, boxes);
      if (boxes.lacking.size) return;
      putAll(tx, turned);
      silently(tx, "meta").delete("names");
      silently(tx, "meta").put({ ...vaults, [member_id]: vault }, "vaults");
    });
    if (!boxes.lacking.size) return;
    await Promise.all([...boxes.lacking].map(async ([key, { box, fields }]) => {
      const content = fields || await show(/** @type {CryptoKey} */ (from), /** @type {Uint8Array} */ (box)).catch(() => ({}));
      made.set(key, await hide(to, content));
    }));
  }
}
