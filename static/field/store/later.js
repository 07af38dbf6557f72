// What can wait until the person has seen the answer to what they did.

const HIDDEN_MS = 200;

/**
 * Runs `work` once, after the next paint; soon all the same when the page is not being painted.
 * @param {() => void} work
 */
export function afterPaint(work) {
  let isOver = false;
  const once = () => {
    if (isOver) return;
    isOver = true;
    work();
  };
  if (!document.hidden) requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, HIDDEN_MS);
}

/**
 * Brings a module once; a try that failed is made again.
 * @template T
 * @param {() => Promise<T>} bring
 * @returns {() => Promise<T>}
 */
export function once(bring) {
  /** @type {Promise<T> | null} */
  let coming = null;
  return () => {
    coming ||= bring().catch((error) => {
      coming = null;
      throw error;
    });
    return coming;
  };
}
