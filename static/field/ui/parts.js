// The small parts that screens share. Each is a function from values to a template.

import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";

/** @typedef {import("./html.js").Part} Part */

/**
 * A sentence with an icon and, where something can be done, the button for it.
 * @param {"info"|"good"|"warn"|"bad"|"quiet"} tone
 * @param {string} iconName
 * @param {Part} text
 * @param {Part} [action]
 */
export function banner(tone, iconName, text, action = nothing) {
  return html`<div class="banner ${tone}">${icon(iconName)}<div class="grow">${text}</div>${action}</div>`;
}

/** @param {"good"|"info"|"warn"|"bad"|"quiet"} tone @param {string} iconName @param {string} words */
export function badge(tone, iconName, words) {
  return html`<span class="badge ${tone}">${icon(iconName)}${words}</span>`;
}

/**
 * A row of a list that leads somewhere.
 * @param {string} href
 * @param {string} title
 * @param {Part} detail
 * @param {Part} [aside]
 */
export function linkRow(href, title, detail, aside = nothing) {
  return html`<li><a class="row" href=${href}><span class="grow"><span class="title">${title}</span>${detail === nothing ? nothing : html`<span class="detail">${detail}</span>`}</span>${aside}${icon("next")}</a></li>`;
}

/**
 * A labelled field; `control` carries the same id. An error is read out with the field.
 * @param {string} id
 * @param {string} label
 * @param {Part} control
 * @param {{help?: Part, error?: string}} [more]
 */
export function field(id, label, control, { help = nothing, error } = {}) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${help === nothing ? nothing : html`<p class="help" id="${id}-help">${help}</p>`}
    ${control}
    ${error ? html`<p class="error" id="${id}-error">${error}</p>` : nothing}
  </div>`;
}

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

/** @param {string} words */
export function empty(words) {
  return html`<p class="empty">${words}</p>`;
}

/** A handler that takes the text of the field, or the value chosen. @param {(text: string) => unknown} take */
export const onText = (take) => (/** @type {Event} */ event) => void take(/** @type {HTMLInputElement} */ (event.target).value);

/** A handler that takes whether the box is ticked. @param {(checked: boolean) => void} take */
export const onTick = (take) => (/** @type {Event} */ event) => take(/** @type {HTMLInputElement} */ (event.target).checked);

/** A handler that takes whether the details are unfolded. @param {(isOpen: boolean) => void} take */
export const onToggle = (take) => (/** @type {Event} */ event) => take(/** @type {HTMLDetailsElement} */ (event.target).open);
