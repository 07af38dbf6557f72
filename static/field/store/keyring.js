// The key to this phone's hidden texts as long as it is open, and whose phone it is as the database last said.

import { privateFields } from "../model/private.js";
import { hide, show } from "./cipher.js";
import { NotSaved } from "./db.js";

/** @typedef {import("./vault.js").Lock} Lock */
/** @typedef {{id: string, key?: CryptoKey, lock?: Lock, tries?: number, opened_at?: number}} Vault how one member's texts are hidden: `key` lies open beside them, `lock` is opened by a PIN; `tries` failed in a row */
/** @typedef {"none" | "locked" | "open"} LockState none: no PIN was set */
/** @typedef {{account: any, after: string | null, vault: Vault | null}} Seen */
/** @typedef {Record<string, any>} Fields */
/** @typedef {{vault_id: string, box: Uint8Array, first: string, count: number}} Kept the texts of a list in one box, by the names of their own; `first` is one of them */

/** Without a secure origin there is no cryptography: nothing is hidden then, and no PIN is offered. */
export const canHide = Boolean(globalThis.crypto?.subtle);

/** Wrong PINs in a row after which the key is given up. */
export const MOST_TRIES = 10;
const REMEMBERED = 20000;

/** @param {unknown} value */
const isBox = (value) => value instanceof Uint8Array;

/** Every text of one row is in one box, which stands in the place of each. @param {Uint8Array} box */
export const nameOf = (box) => String.fromCharCode(box[0], box[1], box[2], box[3], box[4], box[5], box[6], box[7], box[8], box[9], box[10], box[11]);

/** What of these fields is to be hidden: not what is empty or a plain yes, and not what is hidden already. @param {string} kind @param {Fields} data */
export function openFields(kind, data) {
  const found = privateFields(kind).filter((name) => data[name] && data[name] !== true && !isBox(data[name]));
  return Object.fromEntries(found.map((name) => [name, data[name]]));
}

/**
 * Everything hidden below a value: who holds it, under which name, and the box.
 * @param {any} value @param {[Fields, string, Uint8Array][]} [found]
 */
export function boxesIn(value, found = []) {
  for (const [name, inner] of Object.entries(value || {})) {
    if (isBox(inner)) found.push([value, name, inner]);
    else if (inner && typeof inner === "object") boxesIn(inner, found);
  }
  return found;
}

/** A household's name also stands under another name beside its visits. @param {Fields} content @param {string} name */
const takenFrom = (content, name) => content[name === "household_name" ? "head_name" : name] ?? "";

export class Keyring {
  constructor() {
    /** @type {Map<string, CryptoKey>} */
    this.held = new Map();
    /** @type {Seen | null} */
    this.seen = null;
    /** @type {Map<string, Fields>} what was opened before, so that a list that is read again costs nothing */
    this.opened = new Map();
  }

  /** What a transaction found. @param {any} account @param {string | null} after @param {Record<string, Vault> | undefined} vaults */
  see(account, after, vaults) {
    const vault = (account && vaults?.[account.member_id]) || null;
    this.seen = { account, after, vault };
    if (vault?.key) this.held.set(vault.id, vault.key);
  }

  /** @returns {LockState} */
  state() {
    const vault = this.seen?.vault;
    if (!vault?.lock) return "none";
    return this.held.has(vault.id) ? "open" : "locked";
  }

  key() {
    return this.held.get(this.seen?.vault?.id || "");
  }

  /** @param {string} id @param {CryptoKey} key */
  hold(id, key) {
    this.held.set(id, key);
  }

  /** Forgets what was opened: the phone is locked. */
  drop() {
    this.held.clear();
    this.opened.clear();
  }

  /**
   * The same fields with their private texts hidden.
   * @template {Fields} T
   * @param {string} kind @param {T} data @param {CryptoKey} [key] another than the member's in force
   * @returns {Promise<T>}
   */
  async hidden(kind, data, key = this.key()) {
    const fields = canHide ? openFields(kind, data) : {};
    const names = Object.keys(fields);
    if (!names.length) return data;
    if (!key) throw new NotSaved("locked");
    const box = await hide(key, fields);
    this.remember(nameOf(box), fields);
    return { ...data, ...Object.fromEntries(names.map((name) => [name, box])) };
  }

  /** Shows, in place, everything hidden below a value that was read. @template T @param {T} value @returns {Promise<T>} */
  async shown(value) {
    await this.show(value);
    return value;
  }

  /** @param {any} value @returns {Promise<number>} how many texts had to be decrypted for it */
  async show(value) {
    const found = boxesIn(value);
    if (!found.length) return 0;
    if (!this.key()) throw new NotSaved("locked");
    const closed = found.filter((one) => !this.fill(...one));
    const boxes = new Map(closed.map(([, , box]) => [nameOf(box), box]));
    await Promise.all([...boxes].map(([name, box]) => this.decrypt(name, box)));
    closed.forEach((one) => this.fill(...one));
    return boxes.size;
  }

  /** @param {Fields} holder @param {string} name @param {Uint8Array} box @returns {boolean} whether it is known what is in it */
  fill(holder, name, box) {
    const content = this.opened.get(nameOf(box));
    if (content) holder[name] = takenFrom(content, name);
    return content !== undefined;
  }

  /** @param {string} name @param {Uint8Array} box */
  async decrypt(name, box) {
    const key = this.key();
    if (!key) throw new NotSaved("locked");
    // One text that cannot be read must not take the screen down with it.
    this.remember(name, await show(key, box).catch(() => ({})));
  }

  /** @param {string} name @param {Fields} content */
  remember(name, content) {
    if (this.opened.size > REMEMBERED) this.opened.clear();
    this.opened.set(name, content);
  }
}
