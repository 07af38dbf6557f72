// What all forms do alike: keep a draft, check, save once, say when it did not work.

import { t } from "../model/i18n.js";
import { keepDraft } from "./draft.js";
import { html, icon, nothing } from "./html.js";
import { saveBar, showFirstError } from "./saving.js";

/** @typedef {import("./app.js").App} App @typedef {import("./html.js").Part} Part */

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

  async function save() {
    if (isSaving) return;
    errors = check(values);
    if (Object.keys(errors).length) { app.redraw(); showFirstError(); return; }
    isSaving = true;
    problem = "";
    draft.end();
    app.redraw();
    try {
      await write(values);
      leave();
    } catch {
      draft.reopen();
      isSaving = false;
      problem = t("Not saved: the phone has no room. Free some space, then tap Save again. What you entered stays here.");
      app.redraw();
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
    bar: () => saveBar({ words: words(), isSaving, problem, save, isDraft: draft.isDirty() }),
    /** The way to give the draft up, where there is one. @param {string} parent @returns {Part} */
    discard(parent) {
      if (!isKept && !draft.isDirty()) return nothing;
      const drop = async () => { await draft.drop(); app.back(parent); };
      return html`<button type="button" class="button plain" @click=${drop}>${icon("undo")}${t("Discard this draft")}</button>`;
    },
  };
}
