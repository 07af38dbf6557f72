// Sends what is sealed: of a locked phone, of who is not signed in, and out of a file that somebody brought.

import { Trouble, ask, packed } from "./exchange.js";

/** @typedef {import("../store/index.js").Store} Store @typedef {{timeout: number, signal?: AbortSignal}} Limits */

const AT_ONCE = 200;
const MOST_LETTERS = 900000;

/**
 * Hands sealed entries to the server, whoever made them.
 * @param {{device_id: string, entries: string[]}} parcel
 * @param {{timeout: number, signal?: AbortSignal}} limits
 */
async function relay({ device_id, entries }, limits) {
  const [body, headers] = await packed(JSON.stringify({ protocol: 1, device_id, entries }));
  const { json } = await ask("/api/v1/relay", { method: "POST", body, headers: { "Content-Type": "application/json", ...headers } }, limits);
  if (json?.received !== entries.length) throw new Trouble("broken");
}

/** Whether fewer entries may pass where these did not. @param {unknown} error */
const isTooMuch = (error) => error instanceof Trouble && (error.status === 413 || error.status === 400);

/** Everything on this phone that can only go sealed. @param {Store} store @param {Limits} limits */
export async function carry(store, limits) {
  let most = AT_ONCE;
  while (!limits.signal?.aborted) {
    const parcel = await store.nextParcel(most);
    if (!parcel) return;
    try {
      await relay(parcel, limits);
      await store.parcelTaken(parcel);
    } catch (error) {
      if (!isTooMuch(error)) throw error;
      if (parcel.entries.length > 1) most = Math.floor(parcel.entries.length / 2);
      else await store.parcelRefused(parcel.from[0]);
    }
  }
}

/** @param {string[]} entries @returns {string[][]} each as much as one request carries */
function portions(entries) {
  /** @type {string[][]} */
  const all = [];
  let letters = MOST_LETTERS;
  for (const entry of entries) {
    letters += entry.length + 3;
    if (letters >= MOST_LETTERS || all[all.length - 1].length >= AT_ONCE) { all.push([]); letters = entry.length; }
    all[all.length - 1].push(entry);
  }
  return all;
}

/** @typedef {{protocol: 1, device_id: string, entries: string[]}} SealedFile */

/** What somebody's phone wrote into a file; null when it is something else. @param {string} text @returns {SealedFile | null} */
export function readSealedFile(text) {
  try {
    const { protocol, device_id, entries } = JSON.parse(text);
    const isOurs = protocol === 1 && typeof device_id === "string" && Array.isArray(entries) && entries.length > 0 && entries.every((entry) => typeof entry === "string");
    return isOurs ? { protocol, device_id, entries } : null;
  } catch {
    return null;
  }
}

/**
 * Hands a file's entries to the server; again is no harm.
 * @param {SealedFile} file @param {(sent: number) => void} tell @param {Limits} limits
 */
export async function sendFile({ device_id, entries }, tell, limits) {
  let sent = 0;
  for (const portion of portions(entries)) {
    await relay({ device_id, entries: portion }, limits);
    tell(sent += portion.length);
  }
}
