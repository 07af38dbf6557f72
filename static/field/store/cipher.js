// Texts that a stranger who holds this phone must not read, under a key.

const { subtle } = crypto;
const AES = { name: "AES-GCM", length: 256 };

/** A new key for this phone's texts; one that is to be locked must be readable until then. @param {boolean} canBeLocked */
export const makeKey = (canBeLocked) => subtle.generateKey(AES, canBeLocked, ["encrypt", "decrypt"]);

/** @param {CryptoKey} key @param {any} value JSON @returns {Promise<Uint8Array>} iv ‖ ciphertext */
export async function hide(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const cipher = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(value))));
  const whole = new Uint8Array(iv.length + cipher.length);
  whole.set(iv);
  whole.set(cipher, iv.length);
  return whole;
}

/** @param {CryptoKey} key @param {Uint8Array} hidden @returns {Promise<any>} */
export async function show(key, hidden) {
  const plain = await subtle.decrypt({ name: "AES-GCM", iv: hidden.slice(0, 12) }, key, hidden.slice(12));
  return JSON.parse(new TextDecoder().decode(plain));
}
