// The key to this phone's texts, and the PIN that unlocks it.

/** @typedef {{salt: Uint8Array, rounds: number, iv: Uint8Array, wrapped: ArrayBuffer}} Lock how the PIN opens the key */

const { subtle } = crypto;
// OWASP's figure for PBKDF2 with SHA-256. Six digits are few whatever it is: docs/security.md says what that means.
const ROUNDS = 600000;
const AES = { name: "AES-GCM", length: 256 };

/** @param {number} length */
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** @param {string} pin @param {Uint8Array} salt @param {number} rounds */
async function keyOfPin(pin, salt, rounds) {
  const material = await subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: /** @type {BufferSource} */ (salt), iterations: rounds };
  return subtle.deriveKey(how, material, AES, false, ["wrapKey", "unwrapKey"]);
}

/** The same key, which cannot be read out any more. @param {CryptoKey} key */
export const closed = async (key) => subtle.importKey("raw", await subtle.exportKey("raw", key), AES, false, ["encrypt", "decrypt"]);

/** @param {CryptoKey} key @param {string} pin @returns {Promise<Lock>} */
export async function lockKey(key, pin) {
  const [salt, iv] = [random(16), random(12)];
  return { salt, rounds: ROUNDS, iv, wrapped: await subtle.wrapKey("raw", key, await keyOfPin(pin, salt, ROUNDS), { name: "AES-GCM", iv }) };
}

/**
 * The key; null when the PIN is wrong.
 * @param {Lock} lock @param {string} pin
 * @param {boolean} [canBeLocked] it can be read out, which is needed for locking it with another PIN alone
 * @returns {Promise<CryptoKey | null>}
 */
export async function unlockKey({ salt, rounds, iv, wrapped }, pin, canBeLocked = false) {
  const opener = await keyOfPin(pin, salt, rounds);
  return subtle.unwrapKey("raw", wrapped, opener, { name: "AES-GCM", iv: /** @type {BufferSource} */ (iv) }, AES, canBeLocked, ["encrypt", "decrypt"]).catch(() => null);
}
