// Alone in sending: a Web Lock with a heartbeat, so that a frozen tab does not hold up the others for good.

/** @typedef {import("../store/index.js").Store} Store */

const NAME = "cdtteam-sync";
const BEAT = "heartbeat";

/** @param {Store} store @param {() => number} now @param {number} every */
function startBeating(store, now, every) {
  const beat = () => void store.sync.keepNote(BEAT, now()).catch(() => undefined);
  beat();
  const timer = setInterval(beat, every);
  return () => clearInterval(timer);
}

/**
 * Runs `work` alone among the tabs; its signal ends when the lock was stolen from us.
 * @param {Store} store
 * @param {(signal: AbortSignal) => Promise<void>} work
 * @param {{beat: number, stale: number}} times in milliseconds
 * @returns {Promise<boolean>} false: another tab is at it
 */
export async function alone(store, work, { beat, stale }) {
  const controller = new AbortController();
  const run = async () => {
    const stopBeating = startBeating(store, Date.now, beat);
    try {
      await work(controller.signal);
    } finally {
      stopBeating();
    }
  };
  if (!navigator.locks) {
    await run();
    return true;
  }
  const request = async (/** @type {LockOptions} */ options) => {
    let isOurs = false;
    await navigator.locks.request(NAME, options, async (lock) => {
      isOurs = Boolean(lock);
      if (lock) await run();
    }).catch((error) => {
      controller.abort();
      if (error.name !== "AbortError") throw error;
    });
    return isOurs;
  };
  if (await request({ ifAvailable: true })) return true;
  const last = (await store.sync.note(BEAT)) || 0;
  const age = Date.now() - last;
  return age > stale || age < -stale ? request({ steal: true }) : false;
}
