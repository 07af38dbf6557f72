// The texts of a village's households once more, in one box: a cheap phone opens one box faster than four hundred.

import { hide, show } from "./cipher.js";
import { silently } from "./db.js";
import { boxesIn, nameOf } from "./keyring.js";
import { whose } from "./session.js";

/** @typedef {import("./keyring.js").Kept} Kept */

/** Under `meta`; dropped in the transaction that changes any of the texts, so that it never knows a name longer than the rows do. */
const NAMES = "names";
/** Fewer are opened one by one. */
const WORTH_IT = 40;

/** @param {import("./db.js").Connection} db @param {import("./db.js").Tx} tx @param {string} village_id @returns {Promise<Map<string, Uint8Array>>} its households' texts */
async function boxesOf(db, tx, village_id) {
  const [, { side }] = await whose(tx, db.keys);
  const rows = await /** @type {any} */ (tx.objectStore(`households_${side}`)).index("list").getAll(village_id);
  return new Map(boxesIn(rows.map((/** @type {any} */ { data }) => data)).map(([, , box]) => [nameOf(box), box]));
}

/** A changed text drops what was kept, so that number and beginning tell enough. @param {Kept | undefined} kept @param {string} vault_id @param {Map<string, Uint8Array>} boxes */
const isSame = (kept, vault_id, boxes) => kept?.vault_id === vault_id && kept.count === boxes.size && boxes.has(kept.first);

/**
 * Keeps the texts of a village's households together, for the next opening of the app.
 * @param {import("./db.js").Connection} db @param {string} village_id
 */
export async function keepNames(db, village_id) {
  const stores = ["meta", "households_a", "households_b"];
  const [boxes, known] = await db.run(stores, "readonly", (tx) => Promise.all([boxesOf(db, tx, village_id), /** @type {any} */ (tx.objectStore("meta")).get(NAMES)]));
  const [key, vault_id, first] = [db.keys.key(), db.keys.seen?.vault?.id, boxes.keys().next().value];
  if (!key || !vault_id || !first || boxes.size < WORTH_IT || isSame(known?.[village_id], vault_id, boxes)) return;
  await Promise.all([...boxes].map(([name, box]) => (db.keys.opened.has(name) ? undefined : db.keys.decrypt(name, box))));
  const contents = Object.fromEntries([...boxes.keys()].map((name) => [name, db.keys.opened.get(name)]));
  const kept = { vault_id, first, count: boxes.size, box: await hide(key, contents) };
  await db.run(stores, "readwrite", async (tx) => {
    const now = await boxesOf(db, tx, village_id);
    // A text that changed meanwhile is not brought back by this.
    if (db.keys.seen?.vault?.id !== vault_id || now.size !== boxes.size || [...now.keys()].some((name) => !boxes.has(name))) return;
    const known = await /** @type {any} */ (tx.objectStore("meta")).get(NAMES);
    silently(tx, "meta").put({ ...known, [village_id]: kept }, NAMES);
  }, "relaxed");
}

/** What a list was found to hold, so that it opens with one turn of the key instead of hundreds. @param {import("./keyring.js").Keyring} keys @param {Kept | undefined} kept */
export async function recall(keys, kept) {
  const key = keys.key();
  if (!key || !kept || kept.vault_id !== keys.seen?.vault?.id || keys.opened.has(kept.first)) return;
  const contents = await show(key, kept.box).catch(() => ({}));
  for (const [name, fields] of Object.entries(contents)) keys.remember(name, fields);
}
