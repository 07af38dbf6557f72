// Signing in and out, and who the server thinks is signed in.

import { Trouble, ask } from "./exchange.js";

/** @typedef {import("../store/index.js").Store} Store @typedef {import("../store/index.js").Account} Account */

const PATH = "/api/v1/session";
const LIMITS = { timeout: 30000 };
const MUST_LEAVE = "must_sign_out";

/** @param {unknown} error @returns {Error & {code: string, retry_after?: number}} what a screen can say */
function plain(error) {
  const { code, retry_after } = /** @type {Trouble} */ (error);
  const isSilence = ["network", "timeout", "captive", "broken"].includes(code);
  return Object.assign(new Error(code), { code: isSilence ? "offline" : code || "unknown", retry_after });
}

/** Only members of a team have rows and entries on a phone. @param {Account} account */
const isMember = (account) => account.role === "volunteer" && Boolean(account.member_id);

/**
 * Signs in. A volunteer's account is kept on the phone; who is none is only told so by `role`.
 * @param {Store} store
 * @param {{sign_in: string, password: string}} who
 * @returns {Promise<Account>} throws an error with `code`: bad_credentials, slow_down (with `retry_after`), second_factor, offline
 */
export async function signIn(store, { sign_in, password }) {
  try {
    const body = JSON.stringify({ sign_in, password, device_id: store.device_id });
    const { json } = await ask(PATH, { method: "POST", body, headers: { "Content-Type": "application/json" } }, LIMITS);
    if (isMember(json)) await store.adopt(json);
    await store.sync.keepNote(MUST_LEAVE, false);
    return json;
  } catch (error) {
    throw plain(error);
  }
}

/** @param {Store} store ends the session at the server, now or at the next contact */
async function endSession(store) {
  await store.sync.keepNote(MUST_LEAVE, true);
  await ask(PATH, { method: "DELETE" }, LIMITS).then(() => store.sync.keepNote(MUST_LEAVE, false), (error) => {
    if (error.status === 401) return store.sync.keepNote(MUST_LEAVE, false);
  });
}

/**
 * Signs out here, with a network or without. Entries not sent stay on the phone, locked to their member.
 * @param {Store} store
 * @returns {Promise<number>} how many entries stay
 */
export async function signOut(store) {
  const unsent = await store.outboxSize();
  await store.leave();
  await endSession(store);
  return unsent;
}

/**
 * Who the server has signed in, kept on the phone when it is a volunteer.
 * @param {Store} store
 * @returns {Promise<Account | null>} null when nobody is; throws an error with `code` offline when there is no contact
 */
export async function whoami(store) {
  if (await store.sync.note(MUST_LEAVE)) {
    await endSession(store);
    return null;
  }
  try {
    const { json } = await ask(PATH, { method: "GET" }, LIMITS);
    if (!isMember(json)) return json;
    const known = await store.account();
    if (JSON.stringify(known) !== JSON.stringify(json)) await store.adopt(json);
    return json;
  } catch (error) {
    if (/** @type {Trouble} */ (error).status === 401) return null;
    throw plain(error);
  }
}
