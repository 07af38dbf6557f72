// Sealed entries (docs/sealed-entries.md): a mutation signed by this device and encrypted to the server's relay key.

import { ECDSA } from "./device.js";

/** @typedef {{device_id: string, deviceKey: CryptoKey, relayKey: CryptoKey}} Sealer */
/** @typedef {import("./device.js").PublicJwk} PublicJwk */

const { subtle } = crypto;
const ECDH = { name: "ECDH", namedCurve: "P-256" };
const HMAC = { name: "HMAC", hash: "SHA-256" };
const NONE = new Uint8Array(0);

/** @param {string} text */
const utf8 = (text) => new TextEncoder().encode(text);
const LABEL = utf8("cdtteam sealed entry 1");
// The suites of RFC 9180, 4.1 and 5.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
const KEM = new Uint8Array([...utf8("KEM"), 0, 0x10]);
const HPKE = new Uint8Array([...utf8("HPKE"), 0, 0x10, 0, 1, 0, 1]);

/** @param {...Uint8Array} parts */
function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

/** @param {Uint8Array} key @param {Uint8Array} data @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function hmac(key, data) {
  // An empty key is a block of zeros to HMAC, and WebCrypto takes none that is empty.
  const imported = await subtle.importKey("raw", /** @type {BufferSource} */ (key.length ? key : new Uint8Array(32)), HMAC, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, /** @type {BufferSource} */ (data)));
}

/** RFC 9180, 4. @param {Uint8Array} suite @param {Uint8Array} salt @param {string} label @param {Uint8Array} material */
const labeledExtract = (suite, salt, label, material) => hmac(salt, joined(utf8("HPKE-v1"), suite, utf8(label), material));

/** RFC 9180, 4, up to 32 octets. @param {Uint8Array} suite @param {Uint8Array} key @param {string} label @param {Uint8Array} info @param {number} length */
async function labeledExpand(suite, key, label, info, length) {
  const block = await hmac(key, joined(new Uint8Array([length >> 8, length & 255]), utf8("HPKE-v1"), suite, utf8(label), info, new Uint8Array([1])));
  return block.slice(0, length);
}

/** Encap of RFC 9180, 4.1. @param {CryptoKey} recipient @param {Uint8Array} recipientPoint @param {CryptoKeyPair} ephemeral */
async function encapsulate(recipient, recipientPoint, ephemeral) {
  const enc = new Uint8Array(await subtle.exportKey("raw", ephemeral.publicKey));
  const shared = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: recipient }, ephemeral.privateKey, 256));
  const secret = await labeledExtract(KEM, NONE, "eae_prk", shared);
  return { enc, secret: await labeledExpand(KEM, secret, "shared_secret", joined(enc, recipientPoint), 32) };
}

/** The key schedule of RFC 9180, 5.1, in base mode. @param {Uint8Array} shared @param {Uint8Array} info */
async function schedule(shared, info) {
  const hashes = [labeledExtract(HPKE, NONE, "psk_id_hash", NONE), labeledExtract(HPKE, NONE, "info_hash", info)];
  const context = joined(new Uint8Array([0]), ...await Promise.all(hashes));
  const secret = await labeledExtract(HPKE, shared, "secret", NONE);
  const [key, nonce] = await Promise.all([labeledExpand(HPKE, secret, "key", context, 16), labeledExpand(HPKE, secret, "base_nonce", context, 12)]);
  return { key: await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]), nonce };
}

/** @typedef {{enc: Uint8Array, key: CryptoKey, nonce: BufferSource}} Envelope what does not depend on the message; for one message alone */

/**
 * @param {CryptoKey} recipient @param {Uint8Array} info
 * @param {CryptoKeyPair} [ephemeral] given by the published vectors alone
 * @returns {Promise<Envelope>}
 */
async function envelopeTo(recipient, info, ephemeral) {
  const [point, pair] = await Promise.all([subtle.exportKey("raw", recipient), ephemeral || subtle.generateKey(ECDH, false, ["deriveBits"])]);
  const { enc, secret } = await encapsulate(recipient, new Uint8Array(point), /** @type {CryptoKeyPair} */ (pair));
  return { enc, ...await schedule(secret, info) };
}

/** @param {Envelope} envelope @param {Uint8Array} plain @param {Uint8Array} [aad] @returns {Promise<Uint8Array>} enc ‖ ciphertext */
async function close({ enc, key, nonce }, plain, aad = NONE) {
  const cipher = await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: /** @type {BufferSource} */ (aad) }, key, /** @type {BufferSource} */ (plain));
  return joined(enc, new Uint8Array(cipher));
}

/**
 * One message to `recipient` by HPKE in base mode: enc ‖ ciphertext.
 * @param {CryptoKey} recipient @param {Uint8Array} info @param {Uint8Array} plain @param {Uint8Array} [aad]
 * @param {CryptoKeyPair} [ephemeral] given by the published vectors alone
 */
export const encryptTo = async (recipient, info, plain, aad, ephemeral) => close(await envelopeTo(recipient, info, ephemeral), plain, aad);

/** Most of the work of sealing, done before there is something to seal. @param {Sealer} by */
export const prepare = ({ relayKey }) => envelopeTo(relayKey, LABEL);

/** @param {PublicJwk} jwk as signing in answers it */
export const relayKeyOf = (jwk) => subtle.importKey("jwk", jwk, ECDH, true, []);

/** @param {string} id */
const octetsOf = (id) => new Uint8Array((id.replaceAll("-", "").match(/../g) || []).map((pair) => parseInt(pair, 16)));

/**
 * A mutation as it travels when nobody on the way may read it.
 * @param {Sealer} by @param {Record<string, any>} mutation
 * @param {Promise<Envelope>} [envelope] one that nothing else was put into
 * @returns {Promise<Uint8Array>}
 */
export async function seal(by, mutation, envelope = prepare(by)) {
  const content = utf8(JSON.stringify(mutation));
  const [signature, fresh] = await Promise.all([subtle.sign(ECDSA, by.deviceKey, joined(LABEL, octetsOf(by.device_id), content)), envelope]);
  return close(fresh, joined(new Uint8Array(signature), content));
}

/** As the relay takes it: base64url. @param {Uint8Array} octets */
export const asText = (octets) => btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
