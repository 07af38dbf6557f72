// The phone's own data. Screens read and write here and nowhere else; nothing here waits for the network.

import { makeActions } from "./actions.js";
import { applyAnswer } from "./answer.js";
import { NotSaved, connect } from "./db.js";
import { refuse } from "./outbox.js";
import { adopt, device, keepForGood, leave } from "./phone.js";
import { makeReads } from "./reads.js";
import { ofMember, sentBefore, whose, write } from "./session.js";

export { NotSaved };

/** @typedef {{member_id: string, role: string, village_ids: string[], locale: string, name: string, team_id: string | null, synthetic: boolean}} Account */
/** @typedef {{id: string, name: string, kind: string, commune_name: string}} Village */
/** @typedef {{id: string, name: string, position: "leader" | "deputy" | "member", team_id: string}} Member */
/** @typedef {{id: string, code: string, pillar: string, national_item: string, short_vi: string, name_vi: string, name_en: string, focus: boolean, position: number, active: boolean}} Service */
/** @typedef {{id: string, code: string, type: string, base: string, name_vi: string, name_en: string, position: number, active: boolean}} Indicator */
/**
 * @typedef {object} Household
 * @property {string} id
 * @property {string} village_id
 * @property {string} head_name
 * @property {string | null} [code]
 * @property {string | null} [hamlet]
 * @property {string | null} [phone]
 * @property {number | null} [people]
 * @property {number | null} [adults]
 * @property {string | null} [note]
 * @property {Record<string, boolean | number | null>} [indicators]
 * @property {Record<string, {given: boolean, notice?: string, at?: string}>} [consents]
 * @property {number} version 0 until the server has it
 * @property {number} visits
 * @property {string | null} last_visit_at
 * @property {boolean} pending something about it is not sent yet
 * @property {boolean} [isRefused] it stands under "needs attention" and nowhere else
 */
/**
 * @typedef {object} Visit
 * @property {string} id
 * @property {string} village_id
 * @property {string | null} household_id
 * @property {string} [household_name]
 * @property {string} kind
 * @property {string} occurred_at
 * @property {number} participants
 * @property {string[]} member_ids
 * @property {{code: string, people: number, outcome: string}[]} services
 * @property {string | null} [follow_up_on]
 * @property {string | null} [note]
 * @property {string} author_id
 * @property {string | null} [team_id]
 * @property {string} [received_at]
 * @property {true | string} [counted]
 * @property {string} [gone]
 * @property {boolean} pending
 * @property {import("../model/status.js").Status} status
 */
/**
 * @typedef {object} Refused
 * @property {import("../model/overlay.js").Mutation} mutation
 * @property {string} code
 * @property {string | null} field
 * @property {string | null} message
 * @property {string} [household_name]
 * @property {Record<string, any> | null} visit what it was about, when that is a visit
 */
/** @typedef {{visits: number, people: number, households: number, households_unnamed: number, pending: number, reported_nothing: boolean}} Totals */
/** @typedef {import("./answer.js").Asked & {device_id: string}} Batch */
/** @typedef {Awaited<ReturnType<typeof openStore>>} Store */

const MOST_BYTES = 900000;

/** @param {import("./session.js").Entry[]} entries @param {number} count */
function upTo(entries, count) {
  let bytes = 0;
  return entries.slice(0, count).filter(({ mutation }, at) => {
    bytes += JSON.stringify(mutation).length * 3;
    return at === 0 || bytes < MOST_BYTES;
  });
}

/** Tells this tab and the others that something changed. */
function makeNews() {
  /** @type {Set<(what: string) => void>} */
  const listeners = new Set();
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("cdtteam") : null;
  const tell = (/** @type {string} */ what) => listeners.forEach((listener) => listener(what));
  if (channel) channel.onmessage = ({ data }) => tell(data);
  return {
    changed(what = "rows") { channel?.postMessage(what); tell(what); },
    /** `what` is rows, or account when somebody signed in or out. @param {(what: string) => void} listener @returns {() => void} ends it */
    subscribe(listener) { listeners.add(listener); return () => { listeners.delete(listener); }; },
  };
}

/** What the sync engine asks of the store. @param {import("./db.js").Connection} db @param {() => void} changed @param {string} device_id */
const makeSyncSide = (db, changed, device_id) => ({
  /**
   * The next entries to send, with where the pull stands: after an epoch change first what was acknowledged.
   * @param {number} count
   * @returns {Promise<Batch | null>} null when nobody is signed in
   */
  nextBatch: (count) => db.run(["meta", "outbox", "sent"], "readonly", async (tx) => {
    const [account, replica] = await whose(tx);
    if (!account) return null;
    const { member_id } = account;
    const line = replica.next || replica;
    const common = { device_id, member_id, epoch: line.epoch, cursor: line.cursor };
    const again = replica.next ? await sentBefore(tx, member_id, replica.next.epoch) : [];
    const isAgain = again.length > 0;
    return { ...common, isAgain, entries: upTo(isAgain ? again : await ofMember(tx, "outbox", member_id), count) };
  }),
  /** @param {Batch} batch @param {import("./answer.js").Answer} answer */
  async applyAnswer(batch, answer) {
    const replica = await write(db, (work) => applyAnswer(work, batch, answer));
    changed();
    return replica;
  },
  /** What no batch can carry. @param {import("./session.js").Entry} entry @param {{code: string, message?: string}} why */
  async setAside(entry, why) {
    await write(db, (work) => refuse(work, entry, why));
    changed();
  },
  /** @param {string} key @returns {Promise<any>} */
  note: (key) => db.run(["meta"], "readonly", async (tx) => /** @type {any} */ (tx.objectStore("meta")).get(key)),
  /** @param {string} key @param {any} value */
  keepNote: (key, value) => db.run(["meta"], "readwrite", async (tx) => { await /** @type {any} */ (tx.objectStore("meta")).put(value, key); }, "relaxed"),
});

/**
 * Opens the phone's database. `onBlocked`: an old tab holds it (`onUnblocked` when that is over); `onUnavailable`:
 * this browser keeps nothing, and opening fails.
 * @param {{onBlocked?: () => void, onUnblocked?: () => void, onUnavailable?: (what: string) => void}} [on]
 */
export async function openStore({ onBlocked = () => undefined, onUnblocked, onUnavailable = () => undefined } = {}) {
  const db = connect({ onBlocked, onUnblocked });
  const { changed, subscribe } = makeNews();
  const { id: device_id, isLost } = await device(db).catch((error) => {
    onUnavailable("indexeddb");
    throw error;
  });
  return {
    ...makeReads(db),
    ...makeActions(db, changed),
    subscribe,
    device_id,
    /** The browser or a person cleared what this phone had. */
    isLost,
    sync: makeSyncSide(db, changed, device_id),
    /** @param {Account} account */
    async adopt(account) {
      await adopt(db, account);
      void keepForGood();
      changed("account");
    },
    async leave() {
      await leave(db);
      changed("account");
    },
  };
}
