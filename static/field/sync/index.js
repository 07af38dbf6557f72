// The sync engine: sends the outbox in order and pulls what changed, whenever there is a chance to.

import { exchange, Trouble } from "./exchange.js";
import { alone } from "./lock.js";
import { ENTERED, whoami } from "./session.js";
import { makeSizes } from "./sizes.js";

/** @typedef {import("../store/index.js").Store} Store @typedef {import("../store/index.js").Batch} Batch */
/**
 * @typedef {object} SyncState
 * @property {"idle" | "sending" | "waiting" | "offline" | "signed_out"} phase
 * @property {number} [retry_at] milliseconds; when it tries again by itself
 * @property {string} [problem] network, timeout, captive, broken, server, outdated, not_a_member, storage …
 */
/** @typedef {ReturnType<typeof startSync>} Sync */

/** Milliseconds and counts; tests shorten them. */
export const DEFAULTS = { timeout: 60000, backoff: 2000, most: 600000, idle: 900000, follow: 15000, beat: 5000, stale: 75000, batch: 20, page: 2000 };

/**
 * Whether the answer tells that the member may serve another team or other villages now.
 * @param {import("../store/answer.js").Answer} answer @param {Batch} batch
 */
const changesScope = ({ changes }, { member_id }) => changes.some(({ kind, id }) => kind === "village" || kind === "team" || (kind === "member" && id === member_id));

/** @param {any} error */
const isOvertaken = (error) => error?.code === "stale" || error?.code === "locked";

/**
 * Starts sending by itself: at once, after each save, when the network or the person comes back, and now and then.
 * @param {Store} store
 * @param {Partial<typeof DEFAULTS> & {random?: () => number}} [options]
 */
export function startSync(store, { random = Math.random, ...options } = {}) {
  const times = { ...DEFAULTS, ...options };
  const sizes = makeSizes({ batch: times.batch, page: times.page });
  /** @type {SyncState} */
  let state = { phase: "idle" };
  /** @type {Set<(state: SyncState) => void>} */
  const listeners = new Set();
  let failures = 0;
  let notBefore = 0;
  let isChecked = false;
  let isStopped = false;
  let isAgain = false;
  /** @type {Promise<void> | null} */
  let running = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {SyncState} next */
  function become(next) {
    state = next;
    listeners.forEach((listener) => listener(state));
  }

  /** @param {number} delay */
  function later(delay) {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void run(), delay);
  }

  /** Whether there is something to send in a way that is open now. */
  async function isWaiting() {
    const { sendable, carried } = await store.toSend();
    return sendable + carried > 0;
  }

  /** @param {AbortSignal} signal */
  async function sendSealed(signal) {
    const { unsealed, carried } = await store.toSend();
    if (unsealed) await store.settleOld();
    if (carried) await (await import("./carry.js")).carry(store, { timeout: times.timeout, signal });
  }

  /** @param {AbortSignal} signal @returns {Promise<boolean>} whether there is more to do */
  async function step(signal) {
    if ((await store.lockState()) === "locked") return false;
    const batch = await store.sync.nextBatch(sizes.size.batch);
    if (!batch) return false;
    try {
      const answer = await exchange(batch, sizes.size.page, { timeout: times.timeout, signal });
      const replica = await store.sync.applyAnswer(batch, answer);
      failures = 0;
      sizes.grow();
      if (changesScope(answer, batch)) isChecked = false;
      const isStuck = !batch.entries.length && answer.more && answer.cursor === batch.cursor && answer.epoch === batch.epoch;
      if (isStuck) throw new Trouble("broken");
      return answer.more || Boolean(replica.next) || (await store.toSend()).sendable > 0;
    } catch (error) {
      // The phone was locked, or changed hands, meanwhile: what was sent is acknowledged the next time.
      if (isOvertaken(error)) return true;
      if (!(error instanceof Trouble)) throw error;
      if (error.code === "timeout") sizes.late(batch.entries.length);
      if (error.status === 503) sizes.refused(batch.entries.length);
      if (error.status !== 400 && error.status !== 413) throw error;
      await (await import("./fault.js")).shrink(store, sizes, batch, error);
      return true;
    }
  }

  /** Asks who is signed in and where they serve, at the start and whenever that may have changed. */
  async function check() {
    if (isChecked) return;
    const account = await whoami(store).catch(({ code }) => { throw new Trouble(code === "offline" ? "network" : code); });
    if (!account) throw new Trouble("signed_out", { status: 401 });
    isChecked = true;
  }

  /** @param {AbortSignal} signal */
  async function drain(signal) {
    become({ phase: "sending" });
    await check();
    await sendSealed(signal);
    let isMore = true;
    while (isMore && !signal.aborted && !isStopped) {
      isMore = await step(signal);
      await check();
    }
  }

  /** @param {any} error @param {string | undefined} entered who had come in as the round began */
  async function stumble(error, entered) {
    if (isOvertaken(error)) { become({ phase: "idle" }); later(times.follow); return; }
    const trouble = error instanceof Trouble ? error : new Trouble("storage");
    if (trouble.status === 401 || trouble.code === "not_a_member") {
      isChecked = false;
      if (trouble.code === "signed_out") await store.dropNames(entered || "").catch(() => undefined);
      become({ phase: "signed_out", problem: trouble.code });
      return;
    }
    failures += 1;
    const longest = Math.min(times.most, times.backoff * 2 ** (failures - 1));
    const delay = Math.max(trouble.retry_after * 1000, longest * random(), times.backoff / 10);
    if (trouble.retry_after) notBefore = Date.now() + trouble.retry_after * 1000;
    const isOffline = trouble.code === "network" && navigator.onLine === false;
    become({ phase: isOffline ? "offline" : "waiting", retry_at: Date.now() + delay, problem: trouble.code === "unsupported_protocol" ? "outdated" : trouble.code });
    later(delay);
    if (navigator.onLine === false) void import("./waking.js").then(({ askForWaking }) => askForWaking()).catch(() => undefined);
  }

  async function once() {
    /** @type {string | undefined} */
    let entered;
    try {
      entered = await store.sync.note(ENTERED);
      if (!(await store.account())) { become({ phase: "idle" }); return; }
      const isOurs = await alone(store, drain, times);
      if (isOurs) {
        become({ phase: "idle" });
        later(times.idle * (0.8 + 0.4 * random()));
      } else {
        become((await isWaiting()) ? { phase: "sending" } : { phase: "idle" });
        later(times.follow * (0.8 + 0.4 * random()));
      }
    } catch (error) {
      await stumble(error, entered);
    }
  }

  /** @returns {Promise<void>} when this round is over */
  function run() {
    if (isStopped) return Promise.resolve();
    if (running) return running;
    clearTimeout(timer);
    running = once().finally(() => {
      running = null;
      void goOn();
    });
    return running;
  }

  /** What came in while the last look at the outbox was over, or who signed in meanwhile. */
  async function goOn() {
    const isWanted = isAgain || (state.phase === "idle" && await isWaiting().catch(() => false));
    isAgain = false;
    if (isWanted && !running) void wake();
  }

  /** Now, unless the server asked for patience. @returns {Promise<void>} */
  function wake() {
    const wait = notBefore - Date.now();
    if (wait <= 0) return run();
    later(wait);
    return Promise.resolve();
  }

  /** @param {string} what */
  async function onChange(what) {
    if (what === "account") { isChecked = false; notBefore = 0; failures = 0; }
    const isCalm = state.phase === "idle" || what === "account";
    if (running || !isCalm || isStopped) { if (what === "account") isAgain = true; return; }
    if (what === "account" || what === "vault" || (await isWaiting())) void wake();
  }

  /** What failed before says little now: should it fail once more, nobody waits long. @returns {Promise<void>} */
  function hope() {
    failures = 0;
    return wake();
  }

  const onVisible = () => { if (!document.hidden) void hope(); };
  const onMessage = (/** @type {MessageEvent} */ { data }) => { if (data?.type === "sync") { isAgain = Boolean(running); void wake(); } };
  const stopListening = store.subscribe((what) => void onChange(what));
  addEventListener("online", hope);
  document.addEventListener("visibilitychange", onVisible);
  navigator.serviceWorker?.addEventListener("message", onMessage);
  void run();

  return {
    /** Tries now. @returns {Promise<void>} when the round is over */
    sendNow: hope,
    /** @returns {SyncState} */
    state: () => state,
    /** @param {(state: SyncState) => void} listener @returns {() => void} ends it */
    subscribe(listener) { listeners.add(listener); return () => { listeners.delete(listener); }; },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      stopListening();
      removeEventListener("online", hope);
      document.removeEventListener("visibilitychange", onVisible);
      navigator.serviceWorker?.removeEventListener("message", onMessage);
    },
  };
}
