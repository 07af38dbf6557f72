// Ends a session at the server, now or when there is a network: whoever signed out, or lost the PIN, is gone from the
// phone already. Only a session can hand over what is sealed, so it is not ended before the server has had that.

import { ask } from "./exchange.js";
import { LIMITS, MUST_LEAVE, PATH } from "./session.js";

/** @typedef {import("../store/index.js").Store} Store */
/**
 * @typedef {object} Ending the ending of a session that is under way
 * @property {AbortController} controller
 * @property {boolean} isWantedAgain somebody asked, and no try has begun since: a network may have come by now
 * @property {Promise<void>} over
 */
/** @type {Ending | null} */
let ending = null;
let failures = 0;
/** The next try, should nothing come before. @type {{store: Store, timer: ReturnType<typeof setTimeout>} | null} */
let next = null;
const RETRY = { first: 5000, most: 600000 };

/**
 * Ends the session at the server; what is sealed goes with it. Whoever asks has a reason to hope: what failed before
 * makes nobody wait longer.
 * @param {Store} store
 * @returns {Promise<void>} when it was tried; it is tried again by itself until it is done
 */
export function endSession(store) {
  failures = 0;
  return end(store);
}

/**
 * Signs out here, with a network or without. Entries not sent stay on the phone, locked to their member.
 * @param {Store} store
 * @returns {Promise<number>} how many entries stay
 */
export async function signOut(store) {
  const unsent = await store.outboxSize();
  await store.leave();
  await endSession(store).catch(() => undefined);
  return unsent;
}

/** Who takes the phone out again waits for no timer. */
document.addEventListener("visibilitychange", () => { if (next && document.visibilityState === "visible") void endSession(next.store); });

function waitNoMore() {
  clearTimeout(next?.timer);
  next = null;
}

/** @param {Store} store @returns {Promise<void>} */
function end(store) {
  waitNoMore();
  if (ending) {
    ending.isWantedAgain = true;
    return ending.over;
  }
  const mine = { controller: new AbortController(), isWantedAgain: true, over: Promise.resolve() };
  ending = mine;
  mine.over = tryEnding(store, mine).finally(() => { if (ending === mine) ending = null; });
  return mine.over;
}

/** @param {Store} store @param {Ending} mine */
async function tryEnding(store, mine) {
  const { signal } = mine.controller;
  const stopped = new Promise((stop) => { signal.addEventListener("abort", stop); });
  const isOpen = async () => Boolean(await store.sync.note(MUST_LEAVE)) && !signal.aborted;
  let isLeft = true;
  while (isLeft && mine.isWantedAgain) {
    mine.isWantedAgain = false;
    await Promise.race([stopped, endNow(store, signal, isOpen).catch(() => undefined)]);
    isLeft = await isOpen();
  }
  // Nothing is waited for from here on: whoever asks now begins a try of their own.
  ending = null;
  failures = isLeft ? failures + 1 : 0;
  if (failures) next = { store, timer: setTimeout(() => void end(store), Math.min(RETRY.most, RETRY.first * 2 ** (failures - 1))) };
}

/** Whoever signs in waits for no old session, and theirs must not be the one that is ended. */
export async function stopEnding() {
  waitNoMore();
  ending?.controller.abort();
  await ending?.over.catch(() => undefined);
}

/** Whether the server has answered, and would answer the same again. @param {any} error */
const isFinal = ({ status }) => status >= 400 && status < 500 && status !== 429;

/** @param {Store} store @param {AbortSignal} signal @param {() => Promise<boolean>} isOpen */
async function endNow(store, signal, isOpen) {
  // Another tab may have ended it, and somebody else may be here by now.
  if (!(await isOpen())) return;
  const limits = { ...LIMITS, signal };
  const { carry } = await import("./carry.js");
  const isCarried = await carry(store, limits).then(() => true, isFinal);
  await import("./bell.js").then(({ endBell }) => endBell(store, limits)).catch(() => undefined);
  if (!isCarried || !(await isOpen())) return;
  await ask(PATH, { method: "DELETE" }, limits).catch((error) => { if (error.status !== 401) throw error; });
  await store.sync.keepNote(MUST_LEAVE, false);
}
