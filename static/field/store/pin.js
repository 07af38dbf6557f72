// The phone's lock: a PIN for one member on one device, ten tries, and what is given up when it is lost.

import { uuid7 } from "../model/ids.js";
import { makeKey } from "./cipher.js";
import { ALL, NotSaved, silently } from "./db.js";
import { authorOf } from "./entries.js";
import { clearNames, isKeyNeeded, loseReadable, signOutHere } from "./giveup.js";
import { MOST_TRIES, canHide } from "./keyring.js";
import { dropReplica, vaultsIn } from "./phone.js";
import { rehide } from "./rehide.js";
import { isStale, ofMember, whose } from "./session.js";
import { closed, lockKey, unlockKey } from "./vault.js";

/** @typedef {import("./db.js").Connection} Connection @typedef {import("./db.js").Tx} Tx @typedef {import("./session.js").Entry} Entry */

const IDLE_MS = 30 * 24 * 3600000;

/** @param {Tx} tx @param {string} name @returns {any} */
const storeIn = (tx, name) => tx.objectStore(name);

/** @param {Tx} tx @param {string} member_id @param {Partial<import("./keyring.js").Vault>} change */
async function changeVault(tx, member_id, change) {
  const vaults = await vaultsIn(tx);
  if (vaults[member_id]) silently(tx, "meta").put({ ...vaults, [member_id]: { ...vaults[member_id], ...change } }, "vaults");
}

/**
 * @param {Connection} db
 * @param {import("./entries.js").Sealer} sealer
 * @param {(what?: string) => void} changed
 */
export function makePin(db, sealer, changed) {
  /** Seals what was entered before the server had said what to seal to. @param {string[]} names of stores @returns {Promise<boolean>} whether all is sealed now */
  async function sealRest(names) {
    const author = await authorOf(db, true);
    const lists = await db.run(names, "readonly", (tx) => Promise.all(names.map((name) => ofMember(tx, name, author.member_id))));
    const open = lists.flatMap((entries, at) => entries.filter(({ sealed, is_lost }) => !sealed && !is_lost).map((/** @type {Entry} */ entry) => ({ name: names[at], entry })));
    const ready = await Promise.all(open.map(async ({ name, entry }) => ({ name, seq: entry.seq, sealed: await sealer.seal(await db.keys.shown(structuredClone(entry.mutation))) })));
    if (ready.some(({ sealed }) => !sealed)) return false;
    if (ready.length) {
      await db.run(["meta", ...names], "readwrite", async (tx) => {
        await whose(tx, db.keys);
        if (isStale(db.keys, author)) throw new NotSaved("stale");
        for (const { name, seq, sealed } of ready) {
          const entry = await storeIn(tx, name).get(seq);
          if (entry) silently(tx, name).put({ ...entry, sealed });
        }
      });
    }
    return true;
  }

  /** Counts a try before it is judged: whoever ends the app in between has had it all the same. */
  const countTry = () => db.run(["meta"], "readwrite", async (tx) => {
    const [account] = await whose(tx, db.keys);
    const vault = account && (await vaultsIn(tx))[account.member_id];
    if (!vault?.lock) return null;
    const tries = (vault.tries || 0) + 1;
    await changeVault(tx, account.member_id, { tries });
    return { member_id: account.member_id, lock: vault.lock, id: vault.id, tries };
  });

  /** @param {string} member_id @param {Partial<import("./keyring.js").Vault>} [change] */
  const succeed = (member_id, change) => db.run(["meta"], "readwrite", async (tx) => {
    await changeVault(tx, member_id, { tries: 0, opened_at: Date.now(), ...change });
    await whose(tx, db.keys);
  });

  /** Gives up the key: names go, sealed entries stay and are sent, and the person signs in anew. */
  async function forget() {
    await db.run(ALL, "readwrite", async (tx) => {
      const [account] = await whose(tx, db.keys);
      if (!account) return;
      await loseReadable(tx, account.member_id);
      dropReplica(tx);
      signOutHere(tx);
      await whose(tx, db.keys);
    });
    db.keys.drop();
    changed("account");
  }

  /**
   * Judges a PIN.
   * @template T
   * @param {string} pin
   * @param {(tried: {member_id: string, id: string}, key: CryptoKey) => Promise<T>} then
   * @param {boolean} [canBeLocked]
   * @returns {Promise<{isRight: boolean, left: number}>} `left`: tries; 0 when that was the last
   */
  async function judge(pin, then, canBeLocked = false) {
    const tried = await countTry();
    if (!tried) return { isRight: true, left: MOST_TRIES };
    const key = tried.tries <= MOST_TRIES ? await unlockKey(tried.lock, pin, canBeLocked) : null;
    if (key) {
      await then(tried, key);
      return { isRight: true, left: MOST_TRIES };
    }
    const left = Math.max(0, MOST_TRIES - tried.tries);
    if (!left) await forget();
    return { isRight: false, left };
  }

  return {
    /** Locks this phone's texts with a PIN from now on; NotSaved `unsealed` while something could be lost by it. @param {string} pin */
    async setPin(pin) {
      const { member_id, vault_id } = await authorOf(db, true);
      if (!(await sealRest(["outbox", "attention", "sent"]))) throw new NotSaved("unsealed");
      const [key, id] = [await makeKey(true), uuid7()];
      const [lock, kept] = await Promise.all([lockKey(key, pin), closed(key)]);
      const from = db.keys.key();
      db.keys.hold(id, kept);
      await rehide(db, { member_id, was: vault_id || undefined, from, to: kept, vault: { id, lock, tries: 0, opened_at: Date.now() } });
      await authorOf(db, true);
      changed("vault");
    },
    /** @param {string} pin */
    async unlock(pin) {
      const verdict = await judge(pin, async ({ member_id, id }, key) => {
        db.keys.hold(id, key);
        await succeed(member_id);
      });
      if (verdict.isRight) changed("vault");
      return verdict;
    },
    /** Another PIN for the same key. @param {string} old @param {string} pin */
    changePin: (old, pin) => judge(old, async ({ member_id }, key) => succeed(member_id, { lock: await lockKey(key, pin) }), true),
    forgetPin: forget,
    /**
     * Drops all names from the phone: its session was ended, or it was not opened for long. What is not sent stays as it
     * is, for its member; where nothing needs the key, that goes as well, and whoever comes next signs in anew.
     * @param {string} [entered] who had come in when that session was found ended: another's names stay
     */
    async dropNames(entered) {
      const hasLeft = await db.run(ALL, "readwrite", async (tx) => {
        const [[account], now = ""] = await Promise.all([whose(tx, db.keys), storeIn(tx, "meta").get("entered")]);
        if (!account || (entered !== undefined && now !== entered)) return false;
        if (await isKeyNeeded(tx, account.member_id)) { await clearNames(tx, account); return false; }
        await loseReadable(tx, account.member_id);
        dropReplica(tx);
        signOutHere(tx);
        await whose(tx, db.keys);
        return true;
      });
      // Whoever stays although their session has ended would be asked for again at once, without end.
      changed(hasLeft || entered === undefined ? "account" : "rows");
    },
    /** Says that the app is in use. @returns {Promise<boolean>} whether it was not for so long that the names have to go */
    noteOpened: () => db.run(["meta"], "readwrite", async (tx) => {
      const [account] = await whose(tx, db.keys);
      const vault = account && (await vaultsIn(tx))[account.member_id];
      if (!vault) return false;
      const isIdle = Boolean(vault.opened_at) && Date.now() - vault.opened_at > IDLE_MS;
      // A clock that was set back does not make the phone look unused later.
      if (!isIdle && db.keys.state() !== "locked") await changeVault(tx, account.member_id, { opened_at: Math.max(Date.now(), vault.opened_at || 0) });
      return isIdle;
    }),
    /** Seals, and hides, what an older version of the app left open. */
    async settleOld() {
      if (!canHide || db.keys.state() === "locked") return;
      if (await db.run(["meta"], "readonly", (tx) => storeIn(tx, "meta").get("is_plain"))) await hideOld();
      await sealRest(["outbox"]);
    },
  };

  /** Hides the texts of a phone that was used before there was anything to hide them with. */
  async function hideOld() {
    const members = await db.run(ALL, "readonly", async (tx) => {
      const [account, owner] = await Promise.all([storeIn(tx, "meta").get("account"), storeIn(tx, "meta").get("owner")]);
      const lists = await Promise.all(["outbox", "attention", "sent", "drafts"].map((name) => storeIn(tx, name).getAll()));
      return [...new Set([account?.member_id, owner, ...lists.flat().map(({ member_id }) => member_id)].filter(Boolean))];
    });
    for (const member_id of members) {
      const known = (await db.run(["meta"], "readonly", vaultsIn))[member_id];
      if (known?.lock) continue;
      const vault = { id: uuid7(), key: await makeKey(false) };
      await rehide(db, { member_id, was: known?.id, from: known?.key, to: vault.key, vault });
    }
    await db.run(["meta"], "readwrite", async (tx) => { silently(tx, "meta").delete("is_plain"); });
    await authorOf(db, true).catch(() => undefined);
  }
}
