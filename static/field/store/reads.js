// What the first screens and the sending read: the replica with the outbox on top, a few requests for each screen.

import { noFigures } from "../model/figures.js";
import { monthOf } from "../model/time.js";
import { reading } from "./db.js";
import { MOST_TRIES, canHide } from "./keyring.js";
import { isCarried, ofMember, whose } from "./session.js";

/** @typedef {import("./writer.js").Rec} Rec */
/** @typedef {{of: (name: string) => any, plain: (name: string) => any, account: any, tx: import("./db.js").Tx}} Read */

/**
 * @typedef {object} Frame
 * @property {import("./index.js").Account | null} account
 * @property {string} team its name
 * @property {import("./index.js").Village[]} villages
 * @property {number} waiting entries not sent yet, other than of what was read
 * @property {number} attention entries that need a look
 * @property {number | null} allSentAt milliseconds
 * @property {boolean} isLost the phone's data was cleared, and nobody has said yet that they know
 * @property {string} village the one last chosen
 * @property {import("./keyring.js").LockState} lock
 * @property {number} triesLeft with the PIN
 * @property {boolean} canLock a PIN can be set here, and would lose nothing
 * @property {number} relayed of those waiting, what the server already has sealed
 * @property {number} unread notifications
 * @property {boolean} isWarned an urgent one is among them
 */

/** @type {Frame} */
const NO_FRAME = { account: null, team: "", villages: [], waiting: 0, attention: 0, allSentAt: null, isLost: false, village: "", lock: "none", triesLeft: 0, canLock: false, relayed: 0, unread: 0, isWarned: false };

/** What was recorded is known, and not only that something was. @param {import("./session.js").Entry[]} entries */
const readable = (entries) => entries.filter(({ is_lost }) => !is_lost);

/** What the person would miss: that they read something is nothing that they recorded. @param {import("./session.js").Entry} entry */
const isMissed = ({ mutation }) => !mutation?.type.startsWith("notification.");

/** What is kept of a kind, what is gone included. @param {Read} read @param {string} kind @returns {Promise<Rec[]>} */
export const recordsOf = ({ of }, kind) => of("rows").getAll(IDBKeyRange.bound([kind], [kind, []]));

/** Of a notification. @param {Rec} record */
export const isUnread = ({ gone, data }) => !gone && !data.read_at;

/** @param {Read} read @param {string} kind @returns {Promise<any[]>} */
export async function rowsOf(read, kind) {
  const records = await recordsOf(read, kind);
  return records.filter(({ gone }) => !gone).map(({ id, village_id, data, pending }) => ({ village_id, ...data, id, pending: Boolean(pending) }));
}

/**
 * Reads in one transaction.
 * @template T
 * @param {import("./db.js").Connection} db
 * @param {string[]} replica stores of the replica
 * @param {string[]} others
 * @param {(read: Read) => Promise<T>} work
 */
export const readRaw = (db, replica, others, work) => db.run([...reading(...replica), ...others], "readonly", async (tx) => {
  const [account, { side }] = await whose(tx, db.keys);
  return work({ account, tx, of: (name) => tx.objectStore(`${name}_${side}`), plain: (name) => tx.objectStore(name) });
});

/**
 * Reads, and shows what is hidden once the transaction is over.
 * @param {import("./db.js").Connection} db
 */
export const makeReader = (db) => (
  /** @template T @param {string[]} replica @param {string[]} others @param {(read: Read) => Promise<T>} work */
  async (replica, others, work) => db.keys.shown(await readRaw(db, replica, others, work))
);

/** @param {import("./db.js").Connection} db */
export function makeReads(db) {
  const read = makeReader(db);
  /** Whose phone it is can be said while it is locked, but not by name. @param {any} account */
  const asMayBeSaid = (account) => (account && db.keys.state() === "locked" ? { ...account, name: "" } : account);
  return {
    /** What stands on every screen. @returns {Promise<Frame>} */
    frame: () => read(["rows"], ["outbox", "attention"], async (at) => {
      const { account, of, plain, tx } = at;
      if (!account) return { ...NO_FRAME, waiting: (await plain("outbox").getAll()).filter(isMissed).length };
      const { member_id, team_id } = account;
      const note = (/** @type {string} */ key) => /** @type {any} */ (tx.objectStore("meta")).get(key);
      const lock = db.keys.state();
      const [team, all, attention, notices, contact, isLost, village, enrolled] = await Promise.all([
        team_id ? of("rows").get(["team", team_id]) : undefined, ofMember(tx, "outbox", member_id), plain("attention").index("member").count(member_id), recordsOf(at, "notification"),
        note("contact"), note("is_lost"), note("village"), note("enrolled"),
      ]);
      const { name = "", villages = [] } = team && !team.gone ? team.data : {};
      const entries = all.filter(isMissed);
      const unread = notices.filter(isUnread);
      return {
        account: asMayBeSaid(account), team: name, villages, attention, allSentAt: contact?.all_sent_at ?? null, isLost: Boolean(isLost), village: village || "", lock,
        waiting: entries.length, relayed: lock === "locked" ? entries.filter((/** @type {import("./session.js").Entry} */ { relayed_at }) => relayed_at).length : 0,
        triesLeft: MOST_TRIES - (db.keys.seen?.vault?.tries || 0), canLock: canHide && lock === "none" && enrolled === member_id, unread: unread.length, isWarned: unread.some(({ data }) => data.urgent),
      };
    }),
    /** @param {string} period a month, 2026-11 @returns {Promise<import("./index.js").Totals>} */
    totals: (period) => read(["figures", "rows"], ["outbox"], async (at) => {
      const [figures, entries, reports, tasks] = await Promise.all([at.of("figures").get(period), ofMember(at.tx, "outbox", at.account?.member_id), rowsOf(at, "report"), recordsOf(at, "task")]);
      const isOwn = (/** @type {any} */ { team_id }) => team_id === at.account?.team_id;
      const { visits, people, households, unnamed, services } = figures || noFigures(period);
      const pending = readable(entries).filter(({ mutation: { type, args, at: when } }) => type === "visit.record" && monthOf(args.occurred_at || when) === period).length;
      return { visits, people, services, households: Object.keys(households).length, households_unnamed: unnamed, pending, reported_nothing: reports.some((report) => report.period === period && isOwn(report)), tasks: tasks.filter(({ data }) => isOwn(data)).map(({ data: { state, due_on }, gone }) => ({ state, due_on, gone })) };
    }),
    /** @returns {Promise<import("./keyring.js").LockState>} */
    lockState: () => read([], [], async () => db.keys.state()),
    /** What waits: to be sent by the ordinary way, to go sealed, and to be sealed. */
    toSend: () => read([], ["outbox"], async (at) => {
      const [all, relay_key] = await Promise.all([at.plain("outbox").getAll(), at.plain("meta").get("relay_key")]);
      const own = db.keys.state() === "locked" ? [] : readable(all).filter(({ member_id }) => member_id === at.account?.member_id);
      const unsealed = relay_key ? own.filter(({ sealed }) => !sealed).length : 0;
      return { sendable: own.length, carried: all.filter((/** @type {import("./session.js").Entry} */ entry) => isCarried(entry, db.keys)).length, unsealed };
    }),
    outboxSize: () => read([], ["outbox"], async (at) => (at.account ? at.plain("outbox").index("member").count(at.account.member_id) : 0)),
    /** Whether the first pull came to its end. */
    isComplete: () => read([], [], async (at) => Boolean((await at.plain("meta").get("replica"))?.isComplete)),
    /** @returns {Promise<import("./index.js").Account | null>} */
    account: () => read([], [], async (at) => asMayBeSaid(at.account)),
    /** @returns {Promise<{key: string, value: any}[]>} */
    drafts: () => read([], ["drafts"], async (at) => {
      const member = at.account?.member_id || "";
      const found = await at.plain("drafts").getAll(IDBKeyRange.bound([member], [member, []]));
      return found.map((/** @type {any} */ { key, value }) => ({ key, value }));
    }),
  };
}
