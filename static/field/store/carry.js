// What travels sealed: of a phone that is locked, of a member who is not signed in, of a PIN that was forgotten.

import { ALL, silently } from "./db.js";
import { isCarried, whose } from "./session.js";

/** @typedef {import("./session.js").Entry} Entry @typedef {import("./db.js").Tx} Tx */
/** @typedef {{device_id: string, entries: string[], from: Entry[]}} Parcel */

const MOST = 200;
const MOST_LETTERS = 900000;

/** @param {Tx} tx @param {string} name @returns {any} */
const storeIn = (tx, name) => tx.objectStore(name);

/** As many as one request carries. @param {Entry[]} entries @param {number} most */
function fitting(entries, most) {
  let letters = 0;
  return entries.slice(0, most).filter(({ sealed = "" }, at) => {
    letters += sealed.length + 3;
    return at === 0 || letters < MOST_LETTERS;
  });
}

/** What nobody can send by the ordinary way now. @param {Tx} tx @param {import("./keyring.js").Keyring} keys @returns {Promise<Entry[]>} */
async function carried(tx, keys) {
  const [, outbox] = await Promise.all([whose(tx, keys), storeIn(tx, "outbox").getAll()]);
  return outbox.filter((/** @type {Entry} */ entry) => isCarried(entry, keys));
}

/** @param {Tx} tx @param {Entry} entry @param {string | null} epoch */
async function markTaken(tx, { seq, id }, epoch) {
  const waiting = await storeIn(tx, "outbox").get(seq);
  if (waiting?.id !== id) return;
  if (!waiting.is_lost) { silently(tx, "outbox").put({ ...waiting, relayed_at: Date.now() }); return; }
  silently(tx, "outbox").delete(seq);
  silently(tx, "sent").put({ ...waiting, acked_at: Date.now(), epoch });
}

/**
 * What only the server can read and has acknowledged waits again: restored from a backup, it may have lost it.
 * @param {import("./db.js").Connection} db @param {string} epoch
 */
export const recall = (db, epoch) => db.run(["outbox", "sent"], "readwrite", async (tx) => {
  const sent = /** @type {Entry[]} */ (await storeIn(tx, "sent").getAll());
  for (const { seq, id, member_id, sealed, is_lost, epoch: known } of sent) {
    if (!is_lost || known === epoch) continue;
    silently(tx, "sent").delete(seq);
    silently(tx, "outbox").put({ seq, id, member_id, sealed, is_lost });
  }
});

/**
 * @param {import("./db.js").Connection} db
 * @param {() => Promise<string>} deviceId
 * @param {() => void} changed
 */
export function makeCarry(db, deviceId, changed) {
  return {
    /** Sealed entries for the relay, null when there are none. @param {number} [most] @returns {Promise<Parcel | null>} */
    async nextParcel(most = MOST) {
      const from = fitting(await db.run(["meta", "outbox"], "readonly", (tx) => carried(tx, db.keys)), most);
      return from.length ? { device_id: await deviceId(), entries: from.map(({ sealed }) => sealed || ""), from } : null;
    },
    /** The server has these: readable ones wait for their result, the others count as sent. @param {Parcel} parcel */
    async parcelTaken({ from }) {
      await db.run(ALL, "readwrite", async (tx) => {
        const [, replica] = await whose(tx, db.keys);
        for (const entry of from) await markTaken(tx, entry, (replica.next || replica).epoch);
      });
      changed();
    },
    /** No request can carry this one: it waits for its member. @param {Entry} entry */
    parcelRefused: ({ seq, id }) => db.run(["outbox"], "readwrite", async (tx) => {
      const waiting = await storeIn(tx, "outbox").get(seq);
      if (waiting?.id === id) silently(tx, "outbox").put({ ...waiting, relayed_at: Date.now() });
    }),
    /** Everything on this phone that the server has not acknowledged, whoever made it, as a file holds it. */
    async sealedFile() {
      const entries = /** @type {Entry[]} */ (await db.run(["outbox"], "readonly", (tx) => storeIn(tx, "outbox").getAll()));
      return { protocol: 1, device_id: await deviceId(), entries: entries.flatMap(({ sealed }) => sealed || []) };
    },
  };
}
