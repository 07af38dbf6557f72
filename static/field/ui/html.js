// What every template is made with: lit-html, and the icons that the shell carries.

import { html, nothing, render } from "/static/vendor/lit-html/lit-html.js";

export { html, nothing, render };

/**
 * An icon of the shell's sprite. It never stands without words, so readers skip it.
 * @param {string} name
 * @param {string} [extra] further classes
 */
export function icon(name, extra = "") {
  return html`<svg class="icon ${extra}" aria-hidden="true" focusable="false"><use href="#i-${name}"></use></svg>`;
}

/** @typedef {ReturnType<typeof html> | typeof nothing | string} Part */
