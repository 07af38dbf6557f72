// Keeps what is being typed on the phone: one write at a time, the newest last.

/** @typedef {import("./app.js").App} App */

/**
 * @param {App} app
 * @param {string} key
 * @param {() => object} value what to keep; the place in the form is added
 */
export function keepDraft(app, key, value) {
  let busy = false;
  let again = false;
  let isTouched = false;
  let isOver = false;

  async function write() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      await app.store.saveDraft(key, { ...value(), scroll: Math.round(window.scrollY) });
    } catch {
      // A draft that can't be kept must not stop the form; saving itself will say so.
    } finally {
      busy = false;
    }
    if (again && !isOver) { again = false; await write(); }
  }

  return {
    /** Something was typed or chosen. */
    async touch() { isTouched = true; if (!isOver) await write(); },
    /** The screen is left or hidden: the place in the form is worth keeping. */
    close() { if (isTouched && !isOver) void write(); },
    isDirty: () => isTouched && !isOver,
    /** Saved: no later write may bring the draft back. */
    end() { isOver = true; },
    /** Saving failed after all. */
    reopen() { isOver = false; },
    /** Given up by the person. */
    async drop() { isOver = true; await app.store.dropDraft(key); },
  };
}
