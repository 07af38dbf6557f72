// What this device is known by: its id, and a key pair that signs what it seals.

import { uuid7 } from "../model/ids.js";
import { silently } from "./db.js";
import { canHide } from "./keyring.js";

/** @typedef {import("./db.js").Connection} Connection @typedef {{privateKey: CryptoKey, publicKey: CryptoKey}} Pair */
/** @typedef {{kty: string, crv: string, x: string, y: string}} PublicJwk */

export const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** This device's key pair, which signs and cannot be read out of the browser. @returns {Promise<CryptoKeyPair>} */
export const makeDeviceKey = () => /** @type {Promise<CryptoKeyPair>} */ (crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]));

/** @param {CryptoKey} key @returns {Promise<PublicJwk>} */
export async function publicJwk(key) {
  const { kty, crv, x, y } = /** @type {PublicJwk} */ (await crypto.subtle.exportKey("jwk", key));
  return { kty, crv, x, y };
}

/** @param {Connection} db @param {string} key @returns {Promise<any>} */
export const note = (db, key) => db.run(["meta"], "readonly", (tx) => /** @type {any} */ (tx.objectStore("meta")).get(key));

/** What is found in `meta`, or made and put there: of two who make it at once, one stays. @template T @param {Connection} db @param {string} key @param {() => Promise<T>} make @returns {Promise<T>} */
export async function found(db, key, make) {
  const known = await note(db, key);
  if (known) return known;
  const made = await make();
  return db.run(["meta"], "readwrite", async (tx) => {
    const other = await /** @type {any} */ (tx.objectStore("meta")).get(key);
    if (!other) silently(tx, "meta").put(made, key);
    return other || made;
  });
}

/** The id of this device, made at its first use. @param {Connection} db @returns {Promise<string>} */
export const deviceId = (db) => found(db, "device_id", async () => uuid7());

/** This device's key pair; null where there is no cryptography. @param {Connection} db @returns {Promise<Pair | null>} */
export const deviceKey = async (db) => (canHide ? found(db, "device_key", makeDeviceKey) : null);
