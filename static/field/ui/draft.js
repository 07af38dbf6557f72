// Keeps what is being typed on the phone: one write at a time, the newest last.

/** @typedef {import("./app.js").App} App */

/**
 * @param {App} app
 * @param {string} key
 * @param {() => object} value what to keep; the place in the form is added
 */
export function keepDraft(app, key, value) {
  /** @type {Promise<void> | null} until the newest is kept */
  let writing = null;
  let isAgain = false;
  let isTouched = false;
  let isOver = false;

  async function writeNewest() {
    do {
      isAgain = false;
      // A draft that can't be kept must not stop the form; saving itself will say so.
      await app.store.saveDraft(key, { ...value(), scroll: Math.round(window.scrollY) }).catch(() => undefined);
    } while (isAgain && !isOver);
    writing = null;
  }

  /** @returns {Promise<void>} when what stands in the form now is kept */
  function write() {
    isAgain = true;
    writing ||= writeNewest();
    return writing;
  }

  return {
    /** Something was typed or chosen. */
    async touch() { isTouched = true; if (!isOver) await write(); },
    /** The screen is left or hidden: the place in the form is worth keeping. */
    close() { if (isTouched && !isOver) void write(); },
    isDirty: () => isTouched && !isOver,
    /** Saved: no later write may bring the draft back. */
    end() { isOver = true; },
    /** Saving failed after all: what was typed last may not be in the draft. */
    reopen() { isOver = false; void write(); },
    /** Given up by the person; where that fails, the draft goes on. */
    async drop() {
      isOver = true;
      await app.store.dropDraft(key).catch((error) => {
        isOver = false;
        throw error;
      });
    },
  };
}
