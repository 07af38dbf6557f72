// The bar with "Save", what it says, and where the eye goes when something is missing.

import { t } from "../model/i18n.js";
import { html, nothing } from "./html.js";

/**
 * @param {{words: string, isSaving: boolean, problem: string, save: () => void, isDraft?: boolean}} state
 */
export function saveBar({ words, isSaving, problem, save, isDraft = false }) {
  return html`${problem ? html`<p class="error" role="alert">${problem}</p>` : nothing}
    <button type="button" class="button primary big wide" ?disabled=${isSaving} @click=${save}>${isSaving ? t("Saving…") : words}</button>
    <p class="soft" role="status">${isDraft && !problem ? t("Draft kept on this phone") : nothing}</p>`;
}

/** Brings the first field that is wrong into view, with the focus in it where that is possible. */
export function showFirstError() {
  const error = document.querySelector("#main .error");
  if (!error) return;
  const around = error.closest(".field, fieldset");
  const control = around && around.querySelector("input, select, textarea");
  (around || error).scrollIntoView({ block: "center" });
  if (control instanceof HTMLElement) control.focus({ preventScroll: true });
}
