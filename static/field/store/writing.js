// Whose phone it is, and what the sync engine writes. Brought once the first screen stands, or when it is first needed.

import { applyAnswer, hiddenAnswer } from "./answer.js";
import { deviceId, deviceKey, publicJwk } from "./device.js";
import { refuse } from "./outbox.js";
import { adopt } from "./phone.js";
import { ofMember, sentBefore, whose, write } from "./session.js";

/** @typedef {import("./index.js").Account} Account @typedef {import("./index.js").Batch} Batch */

const MOST_BYTES = 900000;
/** What only the next opening gains from stays out of the way of this one. */
const NOT_NOW_MS = 1500;

/** What fits into one request. @param {Batch} batch @returns {Batch} */
function cut(batch) {
  let bytes = 0;
  const fits = batch.mutations.findIndex((mutation, at) => {
    bytes += JSON.stringify(mutation).length * 3;
    return at > 0 && bytes >= MOST_BYTES;
  });
  return fits < 0 ? batch : { ...batch, entries: batch.entries.slice(0, fits), mutations: batch.mutations.slice(0, fits) };
}

/**
 * The next entries to send, with where the pull stands: after an epoch change first what was acknowledged.
 * @param {import("./db.js").Tx} tx @param {import("./keyring.js").Keyring} keys @param {number} count @param {string} device_id
 * @returns {Promise<Omit<Batch, "mutations"> | null>} null when nobody is signed in
 */
async function readBatch(tx, keys, count, device_id) {
  const [account, replica] = await whose(tx, keys);
  if (!account) return null;
  const { member_id } = account;
  const line = replica.next || replica;
  const common = { device_id, member_id, vault_id: keys.seen?.vault?.id || "", epoch: line.epoch, cursor: line.cursor };
  const again = replica.next ? await sentBefore(tx, member_id, replica.next.epoch) : [];
  const isAgain = again.length > 0;
  const waiting = isAgain ? again : (await ofMember(tx, "outbox", member_id)).filter(({ is_lost }) => !is_lost);
  return { ...common, isAgain, entries: waiting.slice(0, count) };
}

/**
 * @param {import("./db.js").Connection} db
 * @param {(what?: string) => void} changed
 * @param {() => void} adopted somebody signed in: what sealing knows may be out of date
 */
export function makeWriting(db, changed, adopted) {
  /** The last page is here: the next opening of the app finds the names of its lists together. @param {import("./answer.js").Answer} answer */
  async function keepAllNames({ changes }) {
    const account = db.keys.seen?.account;
    if (!account || (isKept && !changes.some(({ kind }) => kind === "household" || kind === "village"))) return;
    isKept = true;
    const { keepNames } = await import("./names.js");
    for (const village of account.village_ids) await keepNames(db, village).catch(() => undefined);
  }
  /** In this opening of the app. */
  let isKept = false;

  return {
    /** The id of this device, made at its first use. */
    deviceId: () => deviceId(db),
    /** What this device is known by, and its public key where there is cryptography. */
    async device() {
      const [device_id, pair] = await Promise.all([deviceId(db), deviceKey(db)]);
      return { device_id, ...(pair ? { device_key: await publicJwk(pair.publicKey) } : {}) };
    },
    /** @param {Account} account @param {import("./phone.js").Enrolment} [enrolment] */
    async adopt(account, enrolment = {}) {
      await adopt(db, account, enrolment);
      adopted();
      changed("account");
    },
    async leave() {
      await (await import("./giveup.js")).leave(db);
      changed("account");
    },
    sync: {
      /** @param {number} count @returns {Promise<Batch | null>} */
      async nextBatch(count) {
        const device_id = await deviceId(db);
        const batch = await db.run(["meta", "outbox", "sent"], "readonly", (tx) => readBatch(tx, db.keys, count, device_id));
        return batch && cut({ ...batch, mutations: await db.keys.shown(structuredClone(batch.entries.map(({ mutation }) => mutation))) });
      },
      /** @param {Batch} batch @param {import("./answer.js").Answer} answer */
      async applyAnswer(batch, answer) {
        const hidden = await hiddenAnswer(db.keys, batch, answer);
        const replica = await write(db, batch, (work) => applyAnswer(work, batch, hidden));
        if (replica.next) await (await import("./carry.js")).recall(db, replica.next.epoch);
        changed();
        if (!answer.more && replica.isComplete) setTimeout(() => void keepAllNames(answer).catch(() => undefined), NOT_NOW_MS);
        return replica;
      },
      /** What no batch can carry. @param {Batch} batch @param {import("./session.js").Entry} entry @param {{code: string, message?: string}} why */
      async setAside(batch, entry, why) {
        await write(db, batch, (work) => refuse(work, entry, why));
        changed();
      },
    },
  };
}
