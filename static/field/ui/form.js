// What all forms do alike: keep a draft, check, save once, say when it did not work.

import { t } from "../model/i18n.js";
import { keepDraft } from "./draft.js";
import { html, icon, nothing } from "./html.js";
import { saveBar, showFirstError } from "./saving.js";
import { staying } from "./still-here.js";

/** @typedef {import("./app.js").App} App @typedef {import("./html.js").Part} Part */

/** Longer than this, and the button says "Saving…": drawing it takes time from the saving itself. */
const SLOW_MS = 250;

/**
 * The values are kept under `key` whenever `change` is called, until `write` is through.
 * @template {object} V
 * @param {App} app
 * @param {object} about
 * @param {string} about.key
 * @param {V} about.values changed in place
 * @param {boolean} about.isKept they come from an earlier draft
 * @param {(values: V) => Record<string, string>} about.check field name to what is wrong
 * @param {(values: V) => Promise<void>} about.write saves and ends the draft in one; throws when it is not saved
 * @param {() => void} about.leave where to go then
 * @param {() => string} about.words of the button
 */
export function makeForm(app, { key, values, isKept, check, write, leave, words }) {
  const draft = keepDraft(app, key, () => values);
  /** @type {Record<string, string>} */
  let errors = {};
  let problem = "";
  let isSaving = false;
  /** @type {Promise<unknown>} */
  let settling = Promise.resolve();

  async function save() {
    if (isSaving) return;
    isSaving = true;
    const isHere = staying();
    const slow = setTimeout(app.redraw, SLOW_MS);
    try {
      await settling;
      errors = check(values);
      problem = "";
      if (Object.keys(errors).length) { isSaving = false; app.redraw(); showFirstError(); return; }
      draft.end();
      await write(values);
      if (isHere()) leave();
      else app.tell(t("Saved on this phone"));
    } catch (error) {
      draft.reopen();
      isSaving = false;
      problem = /** @type {{code?: string}} */ (error).code === "gone" ? t("This entry has been sent after all: there is nothing to correct any more. You find it under My visits.") : t("Not saved: the phone has no room. Free some space, then tap Save again. What you entered stays here.");
      app.redraw();
    } finally {
      clearTimeout(slow);
    }
  }

  return {
    errors: () => errors,
    isDirty: draft.isDirty,
    close: draft.close,
    flush: draft.touch,
    /** @param {Partial<V>} fields */
    change(fields) {
      Object.assign(values, fields);
      if (Object.keys(errors).length) errors = check(values);
      void draft.touch();
      app.redraw();
    },
    /** Something that was chosen changes other answers too: saving waits for it. @param {Promise<unknown>} work */
    settle(work) { settling = work.catch(() => undefined); },
    bar: () => saveBar({ words: words(), isSaving, problem, save, isDraft: draft.isDirty() }),
    /** The way to give the draft up, where there is one. @param {string} parent @returns {Part} */
    discard(parent) {
      if (!isKept && !draft.isDirty()) return nothing;
      const drop = async () => {
        if (isSaving) return;
        isSaving = true;
        const isHere = staying();
        await draft.drop().then(() => { if (isHere()) app.back(parent); }, () => { isSaving = false; });
      };
      return html`<button type="button" class="button plain" @click=${drop}>${icon("undo")}${t("Discard this draft")}</button>`;
    },
  };
}
