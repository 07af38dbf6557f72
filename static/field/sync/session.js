// Signing in and out, and who the server thinks is signed in.

import { Trouble, ask } from "./exchange.js";

/** @typedef {import("../store/index.js").Store} Store @typedef {import("../store/index.js").Account} Account */

export const PATH = "/api/v1/session";
export const JSON_TYPE = { "Content-Type": "application/json" };
export const LIMITS = { timeout: 30000 };
/** Noted while a session has to be ended at the server. */
export const MUST_LEAVE = "must_sign_out";

/** @param {unknown} error @returns {Error & {code: string, retry_after?: number}} what a screen can say */
export function plain(error) {
  const { code, retry_after } = /** @type {Trouble} */ (error);
  const isSilence = ["network", "timeout", "captive", "broken"].includes(code);
  return Object.assign(new Error(code), { code: isSilence ? "offline" : code || "unknown", retry_after });
}

const ending = () => import("./ending.js");

/** Only members of a team have rows and entries on a phone. @param {Account} account */
const isMember = (account) => account.role === "volunteer" && Boolean(account.member_id);

/** @typedef {import("../store/device.js").PublicJwk} PublicJwk */
/** @typedef {Account & {device_known?: boolean, relay_key?: PublicJwk | null, device_key?: PublicJwk | null}} Session `device_known`: this browser has sent before, as this member; `device_key`: by which the server knows the device */

/** The account alone. @param {Session} session @returns {Account} */
const accountOf = ({ device_known, relay_key, device_key, ...account }) => account;

/** Noted with each signing in: by it one tells whether somebody came or left since. */
export const ENTERED = "entered";
/** How many sign-ins are under way: what they bring must not be taken for the session that has to be ended. */
let entering = 0;

/**
 * Makes the phone theirs.
 * @param {Store} store @param {Session} session
 * @param {string} [asked] who had come in when the server was asked who is signed in; NotSaved `stale` when somebody left or came since
 */
async function take(store, session, asked) {
  const { device_key } = await store.device();
  const isEnrolled = Boolean(device_key) && session.device_key?.x === device_key?.x && session.device_key?.y === device_key?.y;
  await store.adopt(accountOf(session), { isKnown: session.device_known, relay_key: session.relay_key, isEnrolled, asked });
}

/**
 * Whether the phone does not know this yet. While it is locked it cannot say the name.
 * @param {Account | null} known @param {Session} session
 */
const isNews = (known, session) => JSON.stringify(known) !== JSON.stringify({ ...accountOf(session), ...(known && !known.name ? { name: "" } : {}) });

/**
 * Comes in by a door of the server. A volunteer's account is kept on the phone; who is none is only told so by `role`.
 * @param {Store} store
 * @param {string} path
 * @param {Record<string, string>} proof
 * @returns {Promise<Account>} throws an error with `code`, and `retry_after` where one has to wait
 */
export async function enter(store, path, proof) {
  entering += 1;
  try {
    if (await store.sync.note(MUST_LEAVE)) await (await ending()).stopEnding();
    const { json } = await ask(path, { method: "POST", body: JSON.stringify({ ...proof, ...(await store.device()) }), headers: JSON_TYPE }, LIMITS);
    if (isMember(json)) await take(store, json);
    await store.sync.keepNote(MUST_LEAVE, false);
    return json;
  } catch (error) {
    throw plain(error);
  } finally {
    entering -= 1;
    if (await store.sync.note(MUST_LEAVE)) void ending().then(({ endSession }) => endSession(store));
  }
}

/**
 * Signs in.
 * @param {Store} store
 * @param {{sign_in: string, password: string}} who
 * @returns {Promise<Account>} throws an error with `code`: bad_credentials, slow_down (with `retry_after`), second_factor, offline
 */
export const signIn = (store, { sign_in, password }) => enter(store, PATH, { sign_in, password });

/**
 * Who the server has signed in, kept on the phone when it is a volunteer.
 * @param {Store} store
 * @returns {Promise<Account | null>} null when nobody is; throws an error with `code` offline when there is no contact
 */
export async function whoami(store) {
  if (await store.sync.note(MUST_LEAVE)) {
    if (!entering) await (await ending()).endSession(store);
    return null;
  }
  const asked = (await store.sync.note(ENTERED)) || "";
  try {
    const { json } = await ask(PATH, { method: "GET" }, LIMITS);
    if (!isMember(json)) return json;
    if (isNews(await store.account(), json)) await take(store, json, asked);
    return json;
  } catch (error) {
    if (/** @type {Trouble} */ (error).status === 401) return null;
    throw plain(error);
  }
}
