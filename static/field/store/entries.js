// Entries made ready to be kept: the database waits for nothing else, so whatever is encrypted is encrypted before.

import { uuid7 } from "../model/ids.js";
import { kindOf } from "../model/private.js";
import { deviceTime } from "../model/time.js";
import { NotSaved } from "./db.js";
import { deviceId, deviceKey, note } from "./device.js";
import { canHide } from "./keyring.js";
import { once } from "./later.js";
import { makeVault } from "./phone.js";
import { whose, write } from "./session.js";

/** @typedef {import("./db.js").Connection} Connection @typedef {import("./session.js").Work} Work */
/** @typedef {import("./session.js").By & {after: string | null}} Author `after`: the time of the server's last answer */
/** @typedef {{id: string, member_id: string, mutation: import("../model/overlay.js").Mutation, sealed?: string}} Ready */

/** Until what the next entry needs is made: this one is being written, and seen as saved, before. */
const NEXT_MS = 400;

/** Who writes now: as it was last seen, which the writing transaction looks after. @param {Connection} db @param {boolean} isAsked asks the database @returns {Promise<Author>} */
export async function authorOf(db, isAsked) {
  if (isAsked || !db.keys.seen) await db.run(["meta"], "readonly", (tx) => whose(tx, db.keys));
  const { account, after, vault } = /** @type {import("./keyring.js").Seen} */ (db.keys.seen);
  if (!account) throw new NotSaved("signed_out");
  if (vault || !canHide) return { member_id: account.member_id, vault_id: vault?.id || "", after };
  await makeVault(db, account.member_id);
  return authorOf(db, true);
}

/**
 * Makes sealed entries of mutations; it knows the keys after the first one.
 * @param {Connection} db
 */
export function makeSealer(db) {
  const module = once(() => import("./seal.js"));
  /** @type {Promise<import("./seal.js").Sealer | null> | null} */
  let coming = null;

  async function bring() {
    const [{ relayKeyOf }, relay, device_id, pair] = await Promise.all([module(), note(db, "relay_key"), deviceId(db), deviceKey(db)]);
    return relay && pair ? { device_id, deviceKey: pair.privateKey, relayKey: await relayKeyOf(relay) } : null;
  }

  /** @type {Promise<import("./seal.js").Envelope> | null} made ahead: with a name in hand it takes longest on a cheap phone */
  let envelope = null;

  /** The keys, as soon as they are known. */
  async function known() {
    coming ||= bring();
    const by = await coming.catch(() => null);
    if (!by) coming = null;
    return by;
  }

  async function makeAhead() {
    const by = await known();
    if (by) envelope ||= (await module()).prepare(by);
  }

  /** For one entry alone: a second one in it would show both. */
  function taken() {
    const mine = envelope;
    envelope = null;
    return mine || undefined;
  }

  return {
    /** Brings what sealing needs, so that no saving waits for it. */
    ready: makeAhead,
    /** The keys may be others by now. */
    forget() { coming = null; envelope = null; },
    /** Undefined before the server has said what to seal to. @param {Record<string, any>} mutation with its texts shown @returns {Promise<string | undefined>} */
    async seal(mutation) {
      const by = await known();
      if (!by) return undefined;
      const { asText, seal } = await module();
      const sealed = asText(await seal(by, mutation, taken()));
      setTimeout(() => void makeAhead().catch(() => undefined), NEXT_MS);
      return sealed;
    },
  };
}

/** @typedef {ReturnType<typeof makeSealer>} Sealer */

/**
 * A new entry of `author`. What makes a row has the row's id, so that a second tap is the same entry.
 * @param {Connection} db @param {Sealer} sealer @param {Author} author
 * @param {string} type @param {Record<string, any>} args
 * @param {{id?: string, replaces?: string | null}} [more]
 * @returns {Promise<Ready>}
 */
export async function entryOf(db, sealer, { member_id, after }, type, args, { id = uuid7(), replaces = null } = {}) {
  const mutation = { id, member_id, type, at: deviceTime(), after, replaces, args };
  const [hidden, sealed] = await Promise.all([db.keys.hidden(kindOf(mutation), args), sealer.seal(mutation)]);
  return { id, member_id, mutation: { ...mutation, args: hidden }, ...(sealed ? { sealed } : {}) };
}

/**
 * Makes something ready and writes it; once more when it was somebody else's phone by then, or another key's.
 * @template T
 * @template [L=void]
 * @param {Connection} db
 * @param {(author: Author) => Promise<(work: Work, seen: L) => Promise<T>>} prepare
 * @param {(tx: import("./db.js").Tx, writer: import("./writer.js").Writer) => Promise<L>} [look]
 * @returns {Promise<T>}
 */
export async function perform(db, prepare, look) {
  const once = async (/** @type {boolean} */ isAsked) => {
    const author = await authorOf(db, isAsked);
    return write(db, author, await prepare(author), look);
  };
  return once(false).catch((error) => {
    if (error?.code !== "stale") throw error;
    return once(true);
  });
}
