// The phone's own data. Screens read and write here and nowhere else; nothing here waits for the network.

import { NotSaved, connect } from "./db.js";
import { Keyring } from "./keyring.js";
import { afterPaint, once } from "./later.js";
import { makeReads } from "./reads.js";

export { NotSaved };

/** @typedef {{member_id: string, role: string, village_ids: string[], locale: string, name: string, team_id: string | null, synthetic: boolean}} Account */
/** @typedef {{id: string, name: string, kind: string, commune_name: string, former?: string, moves?: import("../model/moves.js").Move[]}} Village */
/** @typedef {{id: string, name: string, position: "leader" | "deputy" | "member", team_id: string, ended_at?: string, came_from?: {team: string, on: string}}} Member `ended_at` where the end is known beforehand; `came_from` where a merger ended their team */
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
 * @property {import("../model/corrected.js").Corrected[]} [corrected] what the commune corrected lately, the latest last
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
 * @property {string | null} [task_id]
 * @property {string | null} [note]
 * @property {string} author_id
 * @property {string | null} [team_id]
 * @property {string} [received_at]
 * @property {true | string} [counted]
 * @property {string | null} [amended_at] when it was last corrected, on this phone too
 * @property {boolean} [entered_for] the commune entered it from paper
 * @property {import("../model/status.js").DeskWord} [review] what the commune did about it, and why
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
 * @property {{title: string} | null} [task] which it answers, as far as it is known
 * @property {Record<string, any> | null} visit what it was about, when that is a visit
 */
/** @typedef {{id: string, village_id: string, on: string, member_ids: string[], activity: string, note?: string | null, author_id: string, team_id: string | null, received_at?: string, entered_for?: boolean, pending: boolean}} AttendanceDay */
/** @typedef {{visits: number, people: number, households: number, households_unnamed: number, pending: number, services: Record<string, number>, reported_nothing: boolean, tasks: import("../model/task.js").Due[]}} Totals `services`: code to its visits */
/**
 * A task of the team; where it is gone, little is left of it.
 * @typedef {import("../model/task.js").Counting & import("../model/task.js").Due & {title: string, text: string, document?: string | null, member_id?: string | null, issuer?: string, closed?: boolean,
 *   target?: number | null, focus?: boolean, reason?: string | null, note?: string | null, pending: boolean}} Task
 */
/** @typedef {import("../model/request.js").Raised & import("../model/request.js").RequestValues & {author_id: string, team_id: string | null, answer?: string | null, answered_at?: string | null, answered_by?: "commune" | "province" | null, pending: boolean}} HelpRequest */
/** @typedef {import("../model/notice.js").Notice} Notice @typedef {{topics_off: string[], digest_hour: number}} Preference `topics_off`: they ring no bell */
/** @typedef {import("../model/task.js").Counted & {id: string, follow_up_on?: string | null, participants: number, member_ids?: string[]}} VisitCounted what of a visit is counted and no secret */
/** @typedef {import("./answer.js").Asked & {device_id: string, mutations: import("../model/overlay.js").Mutation[]}} Batch `mutations`: those of the entries, as they are sent */
/** @typedef {Awaited<ReturnType<typeof openStore>>} Store */

/** Tells this tab and the others that something changed, once the person has seen what they did. */
function makeNews() {
  /** @type {Set<(what: string) => void>} */
  const listeners = new Set();
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("cdtteam") : null;
  const tell = (/** @type {string} */ what) => listeners.forEach((listener) => listener(what));
  if (channel) channel.onmessage = ({ data }) => tell(data);
  return {
    changed(what = "rows") { afterPaint(() => { channel?.postMessage(what); tell(what); }); },
    /** `what` is rows, account when somebody signed in or out, vault when a PIN was set or opened, locked. @param {(what: string) => void} listener @returns {() => void} ends it */
    subscribe(listener) { listeners.add(listener); return () => { listeners.delete(listener); }; },
  };
}

/** @typedef {ReturnType<typeof import("./writing.js").makeWriting>} Writing */

/** @typedef {ReturnType<typeof import("./actions.js").makeActions>} Actions @typedef {ReturnType<typeof import("./lookups.js").makeLookups>} Lookups */
/** @typedef {ReturnType<typeof import("./pin.js").makePin>} Pin @typedef {ReturnType<typeof import("./carry.js").makeCarry>} Carry */

/** @type {Exclude<keyof Writing, "sync">[]} */
const WRITING = ["deviceId", "device", "adopt", "leave"];
/** @type {(keyof Actions)[]} */
const ACTIONS = [
  "recordVisits", "recordAttendance", "createHousehold", "updateHousehold", "withdrawHousehold", "amendVisit",
  "withdrawVisit", "reportNothing", "markRead", "markSeen", "prefer", "sayTask", "raiseRequest", "dropTask", "discard", "resend", "correct", "saveDraft", "dropDraft",
];
/** @type {(keyof Lookups)[]} */
const LOOKUPS = [
  "team", "villages", "services", "households", "members", "indicators", "usage", "household", "visitsOf", "visit", "myVisits",
  "attendance", "tasks", "requests", "notices", "preference", "visitsIn", "attention", "lastSent", "draft",
];
/** @type {(keyof Pin)[]} */
const PIN = ["setPin", "unlock", "changePin", "forgetPin", "dropNames", "noteOpened", "settleOld"];
/** @type {(keyof Carry)[]} */
const CARRY = ["nextParcel", "parcelTaken", "parcelRefused", "sealedFile"];

/**
 * Functions of another module, each of which brings it first.
 * @template {Record<string, any>} T
 * @template {keyof T & string} N
 * @param {() => Promise<T>} bring @param {N[]} names
 */
const brought = (bring, names) => /** @type {Pick<T, N>} */ (Object.fromEntries(names.map((name) => [name, async (/** @type {any[]} */ ...args) => (await bring())[name](...args)])));

/** What the sync engine asks of the store. @param {import("./db.js").Connection} db @param {() => Promise<Writing>} bring */
const makeSyncSide = (db, bring) => ({
  /** @param {number} count */
  nextBatch: async (count) => (await bring()).sync.nextBatch(count),
  /** @param {Batch} batch @param {import("./answer.js").Answer} answer */
  applyAnswer: async (batch, answer) => (await bring()).sync.applyAnswer(batch, answer),
  /** @param {Batch} batch @param {import("./session.js").Entry} entry @param {{code: string, message?: string}} why */
  setAside: async (batch, entry, why) => (await bring()).sync.setAside(batch, entry, why),
  ...makeNotes(db),
});

/** Small things that the app keeps for itself. @param {import("./db.js").Connection} db */
const makeNotes = (db) => ({
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
  const db = Object.assign(connect({ onBlocked, onUnblocked }), { keys: new Keyring() });
  const { changed, subscribe } = makeNews();
  /** @type {import("./entries.js").Sealer | null} */
  let sealer = null;
  const writing = once(async () => (await import("./writing.js")).makeWriting(db, changed, () => sealer?.forget()));
  const sealing = once(async () => (sealer = (await import("./entries.js")).makeSealer(db)));
  const actions = once(async () => (await import("./actions.js")).makeActions(db, await sealing(), changed));
  const lookups = once(async () => (await import("./lookups.js")).makeLookups(db));
  const pin = once(async () => (await import("./pin.js")).makePin(db, await sealing(), changed));
  const carry = once(async () => (await import("./carry.js")).makeCarry(db, (await writing()).deviceId, changed));
  const drop = () => { if (db.keys.state() === "open") db.keys.drop(); };
  subscribe((what) => { if (what === "locked") drop(); });
  await db.open().catch((error) => {
    onUnavailable("indexeddb");
    throw error;
  });
  return {
    ...makeReads(db),
    ...brought(lookups, LOOKUPS),
    ...brought(writing, WRITING),
    ...brought(actions, ACTIONS),
    ...brought(pin, PIN),
    ...brought(carry, CARRY),
    sync: makeSyncSide(db, writing),
    subscribe,
    /** Locks the phone in all its tabs. */
    lock() {
      drop();
      changed("locked");
    },
    /** Brings what saving needs, so that no form opens without it. @returns {Promise<unknown>} */
    ready: async () => Promise.all([actions(), lookups(), sealing().then((made) => made.ready())]),
  };
}
