// The sync engine: sends the outbox in order and pulls what changed, whenever there is a chance to.

import { exchange, Trouble } from "./exchange.js";
import { alone } from "./lock.js";
import { whoami } from "./session.js";
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

/** Whether an entry is at fault, not the request that carries it. @param {Trouble} trouble @param {Batch} batch */
function isEntrysFault({ status, field }, { entries }) {
  const named = /^mutations\[(\d+)\]\.id$/.exec(field);
  return status === 413 || (status === 400 && named !== null && Number(named[1]) < entries.length);
}

/** The browser wakes the page, or its worker, when a network is back. It may have no such thing. */
async function askForWaking() {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  await /** @type {any} */ (registration)?.sync?.register("outbox").catch(() => undefined);
}

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

  /** What no smaller request can carry is set aside; the queue goes on. @param {Batch} batch @param {Trouble} trouble */
  async function shrink(batch, trouble) {
    const { entries } = batch;
    if (entries.length > 1) sizes.halve(entries.length);
    else if (entries.length === 1) await store.sync.setAside(entries[0], { code: trouble.status === 413 ? "too_large" : trouble.code });
    else throw trouble;
  }

  /** @param {AbortSignal} signal @returns {Promise<boolean>} whether there is more to do */
  async function step(signal) {
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
      return answer.more || Boolean(replica.next) || (await store.outboxSize()) > 0;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (error.code === "timeout") sizes.late(batch.entries.length);
      if (error.status === 503) sizes.refused(batch.entries.length);
      if (!isEntrysFault(error, batch)) throw error;
      await shrink(batch, error);
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
    let isMore = true;
    while (isMore && !signal.aborted && !isStopped) {
      isMore = await step(signal);
      await check();
    }
  }

  /** @param {any} error */
  async function stumble(error) {
    const trouble = error instanceof Trouble ? error : new Trouble("storage");
    if (trouble.status === 401 || trouble.code === "not_a_member") {
      isChecked = false;
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
    void askForWaking();
  }

  async function once() {
    try {
      if (!(await store.account())) { become({ phase: "idle" }); return; }
      const isOurs = await alone(store, drain, times);
      if (isOurs) {
        become({ phase: "idle" });
        later(times.idle * (0.8 + 0.4 * random()));
      } else {
        become((await store.outboxSize()) ? { phase: "sending" } : { phase: "idle" });
        later(times.follow * (0.8 + 0.4 * random()));
      }
    } catch (error) {
      await stumble(error);
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
    const isWanted = isAgain || (state.phase === "idle" && (await store.outboxSize().catch(() => 0)) > 0);
    isAgain = false;
    if (isWanted && !running) void run();
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
    if (what === "account" || (await store.outboxSize())) void wake();
  }

  const onVisible = () => { if (document.visibilityState === "visible") void wake(); };
  const onOnline = () => { failures = 0; void wake(); };
  const onMessage = (/** @type {MessageEvent} */ { data }) => { if (data?.type === "sync") void wake(); };
  const stopListening = store.subscribe((what) => void onChange(what));
  addEventListener("online", onOnline);
  document.addEventListener("visibilitychange", onVisible);
  navigator.serviceWorker?.addEventListener("message", onMessage);
  void run();

  return {
    /** Tries now. @returns {Promise<void>} when the round is over */
    sendNow: wake,
    /** @returns {SyncState} */
    state: () => state,
    /** @param {(state: SyncState) => void} listener @returns {() => void} ends it */
    subscribe(listener) { listeners.add(listener); return () => { listeners.delete(listener); }; },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      stopListening();
      removeEventListener("online", onOnline);
      document.removeEventListener("visibilitychange", onVisible);
      navigator.serviceWorker?.removeEventListener("message", onMessage);
    },
  };
}
