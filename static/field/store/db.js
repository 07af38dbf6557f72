// The phone's database: its stores, and transactions that survive a lost connection.

import { openDB, unwrap } from "../../vendor/idb/index.js";

export const NAME = "cdtteam";
export const VERSION = 2;
const BLOCKED_MS = 2500;

/** @typedef {"a" | "b"} Side the replica has two sides: one is read, the other is filled after an epoch change */
/** @typedef {import("../../vendor/idb/index.js").IDBPDatabase<any>} Database */
/** @typedef {import("../../vendor/idb/index.js").IDBPTransaction<any, string[], any>} Tx */

/** What could not be written, so that nobody says "saved". `code`: quota, outdated, lost, unavailable, locked, stale. */
export class NotSaved extends Error {
  /** @param {string} code @param {unknown} [cause] */
  constructor(code, cause) {
    super(code);
    this.name = "NotSaved";
    this.code = code;
    this.cause = cause;
  }
}

/** The visits of a household in the index of places. @param {string} id */
export const placesOf = (id) => IDBKeyRange.bound([id], [id, []]);

/**
 * A store for writes that nobody waits for: a request that fails aborts the transaction, and that is where it is heard of.
 * @param {Tx} tx @param {string} name @returns {IDBObjectStore}
 */
export const silently = (tx, name) => /** @type {any} */ (unwrap(/** @type {any} */ (tx.objectStore(name))));

/** @type {Side[]} */
const SIDES = ["a", "b"];
const REPLICA = ["households", "visits", "rows", "figures"];

/** Every store that holds entries or rows. */
export const ALL = ["meta", "outbox", "attention", "sent", "drafts", ...SIDES.flatMap((side) => REPLICA.map((name) => `${name}_${side}`))];

/** Both sides of some of the replica's stores, with `meta`, which tells the side in force. @param {string[]} names */
export const reading = (...names) => ["meta", ...SIDES.flatMap((side) => names.map((name) => `${name}_${side}`))];

/**
 * `list` and `place` are kept off rows that are gone, so an index holds just what is shown: households by village,
 * visits by [household, time], a member's own visits newest first (by the negative of their time).
 * @param {Database} db @param {Side} side
 */
function makeSide(db, side) {
  db.createObjectStore(`households_${side}`, { keyPath: "id" }).createIndex("list", "list");
  const visits = db.createObjectStore(`visits_${side}`, { keyPath: "id" });
  visits.createIndex("place", "place");
  visits.createIndex("mine", "mine");
  visits.createIndex("village", "village_id");
  db.createObjectStore(`rows_${side}`, { keyPath: ["kind", "id"] });
  db.createObjectStore(`figures_${side}`, { keyPath: "month" });
}

/**
 * One step for each version that phones may still have. From 2 on names are hidden; what was there is hidden once the
 * app runs, as nothing can be encrypted in here.
 * @param {Database} db @param {number} from @param {number | null} _to @param {Tx} tx
 */
function upgrade(db, from, _to, tx) {
  if (from === 1) void /** @type {any} */ (tx.objectStore("meta")).put(true, "is_plain");
  if (from >= 1) return;
  db.createObjectStore("meta");
  db.createObjectStore("drafts", { keyPath: ["member_id", "key"] });
  for (const name of ["outbox", "attention", "sent"]) {
    const store = db.createObjectStore(name, { keyPath: "seq", autoIncrement: name === "outbox" });
    store.createIndex("member", "member_id");
    store.createIndex("id", "id", { unique: true });
    if (name === "sent") store.createIndex("acked_at", "acked_at");
  }
  SIDES.forEach((side) => makeSide(db, side));
}

/** @param {any} error */
const isLost = (error) => error && ["InvalidStateError", "AbortError", "UnknownError", "TransactionInactiveError"].includes(error.name);

/** Ends a transaction without waiting for word of its last writes. @param {Tx} tx */
function commit(tx) {
  try {
    unwrap(tx).commit();
  } catch {
    // It ends by itself.
  }
}

/** @param {any} error @returns {Error} */
function named(error) {
  if (error && error.name === "QuotaExceededError") return new NotSaved("quota", error);
  if (error && error.name === "VersionError") return new NotSaved("outdated", error);
  return isLost(error) ? new NotSaved("lost", error) : error;
}

/**
 * Opens lazily and again whenever the connection was lost.
 * @param {{onBlocked: () => void, onUnblocked?: () => void, onClosed?: () => void}} on
 */
export function connect({ onBlocked, onUnblocked = () => undefined, onClosed = () => undefined }) {
  /** @type {Promise<Database> | null} */
  let opening = null;

  function forget() {
    opening = null;
    onClosed();
  }

  /** @returns {Promise<Database>} */
  async function openOnce() {
    let isBlocked = false;
    const block = () => { isBlocked = true; onBlocked(); };
    const slow = setTimeout(block, BLOCKED_MS);
    try {
      return await openDB(NAME, VERSION, {
        upgrade,
        blocked: block,
        blocking: (_now, _wanted, event) => { /** @type {IDBDatabase} */ (event.target).close(); forget(); },
        terminated: forget,
      });
    } finally {
      clearTimeout(slow);
      if (isBlocked) onUnblocked();
    }
  }

  /** @returns {Promise<Database>} */
  function database() {
    const mine = opening || openOnce();
    opening = mine;
    mine.catch(() => { if (opening === mine) opening = null; });
    return mine;
  }

  /**
   * @template T
   * @param {string[]} stores
   * @param {IDBTransactionMode} mode
   * @param {(tx: Tx) => Promise<T>} work
   * @param {IDBTransactionDurability} durability
   * @returns {Promise<T>}
   */
  async function once(stores, mode, work, durability) {
    const tx = (await database()).transaction(stores, mode, { durability });
    const done = tx.done;
    done.catch(() => undefined);
    try {
      const result = await work(tx);
      if (mode === "readwrite") commit(tx);
      await done;
      return result;
    } catch (error) {
      try { tx.abort(); } catch { /* it is over already */ }
      throw tx.error || error;
    }
  }

  return {
    /** Opens now; throws when this browser has no database. */
    open: database,
    /**
     * Runs `work` in one transaction, which is committed and durable when this returns. A lost connection is
     * opened again and the whole tried once more: an aborted transaction has left nothing behind.
     * @template T
     * @param {string[]} stores
     * @param {IDBTransactionMode} mode
     * @param {(tx: Tx) => Promise<T>} work
     * @param {IDBTransactionDurability} [durability]
     * @returns {Promise<T>}
     */
    async run(stores, mode, work, durability = mode === "readwrite" ? "strict" : "default") {
      try {
        return await once(stores, mode, work, durability);
      } catch (error) {
        if (!isLost(error)) throw named(error);
        opening?.then((db) => db.close(), () => undefined);
        opening = null;
      }
      try {
        return await once(stores, mode, work, durability);
      } catch (error) {
        throw named(error);
      }
    },
  };
}

/** @typedef {ReturnType<typeof connect> & {keys: import("./keyring.js").Keyring}} Connection */
