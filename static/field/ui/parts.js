// The small parts that screens share. Each is a function from values to a template.

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

/** @param {string} words */
export function empty(words) {
  return html`<p class="empty">${words}</p>`;
}
