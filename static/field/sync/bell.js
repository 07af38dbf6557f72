// The bell of this phone: a subscription to Web Push for the member who wanted one, and its end. The worker renews what
// the browser exchanges by itself; what it could not, and a key that the server has changed, is made good here.

import { today } from "../model/time.js";
import { ask, Trouble } from "./exchange.js";

/** @typedef {import("../store/index.js").Store} Store */
/** @typedef {"absent" | "install" | "blocked" | "off" | "on"} BellState absent: this browser rings no bells; install: an iPhone rings for apps of its home screen alone; blocked: the person or the browser forbade it */
/** @typedef {"on" | "blocked" | "off" | "push_off" | "refused" | "failed"} Outcome off: the person put it off; push_off: the server rings no bells; refused: the browser made no subscription; failed: there was no network */
/** @typedef {{member_id: string, endpoint: string, kept_on: string}} Bell for whom this phone rings, and when that was last made sure of */

const PATH = "/api/v1/push";
const NOTE = "bell";
const ASKED = "bell_asked";
const LIMITS = { timeout: 20000 };
/** A browser without its push service asks for ever. */
const PATIENCE_MS = 20000;

/** @param {"POST" | "DELETE"} method @param {Record<string, any>} body */
const json = (method, body) => ({ method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

const canRing = () => Boolean(navigator.serviceWorker && window.PushManager && window.Notification);

/** Safari on an iPhone or iPad knows no push before the app stands on the home screen. */
export const isApple = () => /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

/** @param {Store} store @returns {Promise<Bell | undefined>} */
const bellOf = (store) => store.sync.note(NOTE);

/** The subscription that this browser has; a worker that is not there yet has none. */
async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) || null;
}

/** @param {Store} store @returns {Promise<BellState>} */
export async function bellState(store) {
  if (!canRing()) return isApple() ? "install" : "absent";
  if (Notification.permission === "denied") return "blocked";
  const [bell, account, held] = await Promise.all([bellOf(store), store.account(), subscription()]);
  return bell && bell.member_id === account?.member_id && held ? "on" : "off";
}

/** Whether the member may be asked for a bell: nothing forbids it, and they have not answered yet. @param {Store} store */
export async function isToBeAsked(store) {
  if (!canRing() || Notification.permission === "denied") return false;
  const [asked, account, state] = await Promise.all([store.sync.note(ASKED), store.account(), bellState(store)]);
  return state === "off" && Boolean(account) && asked !== account?.member_id;
}

/** The member has answered, and is not asked again. @param {Store} store */
export const noteAsked = async (store) => store.sync.keepNote(ASKED, (await store.account())?.member_id);

/** @param {string} text base64url @returns {Uint8Array<ArrayBuffer>} */
const octets = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

/** The server's key, base64url; null where it rings no bells. @returns {Promise<string | null>} */
export const pushKey = async () => (await ask(`${PATH}/key`, { method: "GET" }, LIMITS)).json.key;

/** @param {ArrayBuffer | null | undefined} used @param {Uint8Array} key */
const isMadeWith = (used, key) => Boolean(used) && new Uint8Array(/** @type {ArrayBuffer} */ (used)).join() === key.join();

/** @template T @param {Promise<T>} work of the browser @returns {Promise<T>} */
const inTime = (work) => Promise.race([work, new Promise((_, fail) => { setTimeout(fail, PATIENCE_MS, new Trouble("refused")); })]);

/** @param {PushManager} manager @param {Uint8Array<ArrayBuffer>} key @returns {Promise<PushSubscription>} */
async function subscribe(manager, key) {
  const held = await manager.getSubscription();
  if (held && isMadeWith(held.options?.applicationServerKey, key)) return held;
  if (held) await inTime(held.unsubscribe());
  return inTime(manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }).catch(() => { throw new Trouble("refused"); }));
}

/** Subscribes under the server's key, and tells the server. @param {Store} store @param {string | null} replaces an endpoint */
async function enrol(store, replaces) {
  const key = await pushKey();
  if (!key) throw new Trouble("push_off");
  const member_id = (await store.account())?.member_id;
  const { pushManager } = await navigator.serviceWorker.ready;
  const { endpoint, keys } = (await subscribe(pushManager, octets(key))).toJSON();
  const device_id = await store.deviceId();
  await ask(`${PATH}/subscriptions`, json("POST", { endpoint, keys, key, device_id, replaces: replaces === endpoint ? null : replaces }), LIMITS);
  await store.sync.keepNote(NOTE, { member_id, endpoint, kept_on: today() });
  // It was wanted by somebody who has left the phone by now.
  if ((await store.account())?.member_id !== member_id) await endBell(store);
}

/**
 * Lets this phone ring for whoever uses it. Called from a tap: the browser asks the person.
 * @param {Store} store
 * @returns {Promise<Outcome>}
 */
export async function ringHere(store) {
  const said = await Notification.requestPermission();
  try {
    if (said === "granted") await enrol(store, null);
  } catch (error) {
    const { code } = /** @type {Trouble} */ (error);
    return code === "push_off" || code === "refused" ? code : "failed";
  }
  await noteAsked(store);
  return said === "granted" ? "on" : said === "denied" ? "blocked" : "off";
}

/** Ends the bell of this phone, with a network or without: what is sent to it is not taken any more. @param {Store} store @param {{timeout: number, signal?: AbortSignal}} [limits] */
export async function endBell(store, /** @type {{timeout: number, signal?: AbortSignal}} */ limits = LIMITS) {
  const held = canRing() ? await subscription() : null;
  if (held) {
    await ask(`${PATH}/subscriptions`, json("DELETE", { endpoint: held.endpoint }), limits).catch(() => undefined);
    await inTime(held.unsubscribe()).catch(() => undefined);
  }
  // By now it may be somebody else's.
  if (limits.signal?.aborted) return;
  // Who wanted it is asked again when they come back; who put it off is not.
  if (await bellOf(store)) for (const note of [NOTE, ASKED]) await store.sync.keepNote(note, null);
}

/** Turns it off for good, until the member turns it on. @param {Store} store */
export async function silence(store) {
  await endBell(store);
  await noteAsked(store);
}

/**
 * Looks after the bell: ends it when the phone is another member's, and once a day makes sure that the server knows
 * this subscription, under its key of today.
 * @param {Store} store
 */
export async function keepBell(store) {
  const [bell, account] = await Promise.all([bellOf(store), store.account()]);
  if (!bell || !account || !canRing()) return;
  if (bell.member_id !== account.member_id) { await endBell(store); return; }
  if (Notification.permission !== "granted") return;
  if (bell.kept_on === today() && (await subscription())?.endpoint === bell.endpoint) return;
  await enrol(store, bell.endpoint);
}
