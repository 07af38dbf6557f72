// What forms are answered with: choices, ticks, numbers. Each is a function from values to a template.

import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";
import { field } from "./parts.js";

/**
 * One choice among a few, as large buttons.
 * @param {string} name
 * @param {string} legend
 * @param {[string, string][]} options value and words
 * @param {string} chosen
 * @param {(value: string) => void} choose
 * @param {boolean} [quiet] the legend is for readers only
 */
export function segments(name, legend, options, chosen, choose, quiet = false) {
  return html`<fieldset class="stack stack-s">
    <legend class=${quiet ? "visually-hidden" : "label"}>${legend}</legend>
    <div class="segments">${options.map(([value, words]) => html`<label><input type="radio" name=${name} value=${value} .checked=${value === chosen} @change=${() => choose(value)}><span class="face">${words}</span></label>`)}</div>
  </fieldset>`;
}

/**
 * A large tick button.
 * @param {string} words
 * @param {boolean} checked
 * @param {(checked: boolean) => void} change
 * @param {string} [caption] a few small words under it
 */
export function pick(words, checked, change, caption = "") {
  return html`<label class="pick"><input type="checkbox" .checked=${checked} @change=${onTick(change)}><span class="face"><span>${words}${caption ? html` <small>${caption}</small>` : nothing}</span></span></label>`;
}

/**
 * A number with a button on either side; typing works as well.
 * @param {string} id
 * @param {string} label
 * @param {number} value
 * @param {{min: number, max: number, error?: string}} limits
 * @param {(value: number) => void} change
 */
export function stepper(id, label, value, { min, max, error }, change) {
  const step = (/** @type {number} */ by) => () => change(Math.min(max, Math.max(min, (value || 0) + by)));
  return field(id, label, html`<div class="stepper">
    <button type="button" class="button" aria-label=${t("One fewer")} ?disabled=${value <= min} @click=${step(-1)}>${icon("minus")}</button>
    <input class="input" id=${id} inputmode="numeric" autocomplete="off" .value=${Number.isFinite(value) ? String(value) : ""} aria-invalid=${error ? "true" : "false"} aria-describedby=${error ? `${id}-error` : nothing}
      @input=${onText((text) => change(parseInt(text, 10)))}>
    <button type="button" class="button" aria-label=${t("One more")} ?disabled=${value >= max} @click=${step(1)}>${icon("plus")}</button>
  </div>`, { error });
}

/** A handler that takes the text of the field, or the value chosen. @param {(text: string) => unknown} take */
export const onText = (take) => (/** @type {Event} */ event) => void take(/** @type {HTMLInputElement} */ (event.target).value);

/** A handler that takes whether the box is ticked. @param {(checked: boolean) => void} take */
export const onTick = (take) => (/** @type {Event} */ event) => take(/** @type {HTMLInputElement} */ (event.target).checked);

/** A handler that takes whether the details are unfolded. @param {(isOpen: boolean) => void} take */
export const onToggle = (take) => (/** @type {Event} */ event) => take(/** @type {HTMLDetailsElement} */ (event.target).open);
