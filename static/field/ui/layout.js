// The frame around a screen: heading, notes, content, places, and the one dialog.

import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";

/** @typedef {import("./app.js").App} App @typedef {import("./app.js").Screen} Screen @typedef {import("./html.js").Part} Part */

/** @param {number} n @param {string} words */
const count = (n, words) => (n ? html`<span class="count">${n}<span class="visually-hidden"> ${words}</span></span>` : nothing);

/** @param {string} place @param {string} href @param {string} iconName @param {string} words @param {string | undefined} lit @param {number} n */
const placeLink = (place, href, iconName, words, lit, n = 0) => html`<li><a href=${href} aria-current=${place === lit ? "page" : nothing}>${icon(iconName)}${words}${count(n, t("need attention"))}</a></li>`;

/** @param {App} app */
const isOpen = (app) => app.account && app.lock !== "locked";

/** @param {App} app @param {Screen} screen */
function places(app, screen) {
  if (!isOpen(app)) return nothing;
  return html`<nav class="places" aria-label=${t("Places")}><ul>
    ${placeLink("home", "#/", "home", t("Home"), screen.place)}
    ${placeLink("households", "#/households", "houses", t("Households"), screen.place)}
    ${placeLink("visits", "#/visits", "list", t("My visits"), screen.place, app.attention)}
    ${placeLink("more", "#/more", "more", t("More"), screen.place)}
  </ul></nav>`;
}

/** @param {App} app @param {Screen} screen */
function top(app, screen) {
  const start = screen.parent
    ? html`<button type="button" class="button icon-button" aria-label=${t("Back")} @click=${() => app.back(screen.parent)}>${icon("back")}</button>`
    : html`<svg class="mark" viewBox="0 0 36 36" aria-hidden="true"><use href="#i-mark"></use></svg>`;
  const bell = isOpen(app) && screen.place && !screen.parent
    ? html`<a class="button icon-button bell" href="#/inbox">${icon("bell")}<span class="visually-hidden">${t("Notifications")}</span>${count(app.unread, t("unread"))}</a>`
    : nothing;
  return html`<header class="top">${start}<h1 id="title" tabindex="-1">${screen.title}</h1>${bell}</header>`;
}

/**
 * The whole page.
 * @param {App} app
 * @param {Screen} screen
 * @param {Part} notes banners that belong to no screen
 */
export function layout(app, screen, notes) {
  return html`${top(app, screen)}
    ${app.account && app.account.synthetic ? html`<p class="demo" role="note">${t("Demonstration data")}</p>` : nothing}
    <main id="main" class="page" aria-labelledby="title">${notes}${screen.view()}</main>
    ${screen.bar ? html`<div class="save-bar" role="region" aria-label=${t("Save")}><div>${screen.bar()}</div></div>` : places(app, screen)}`;
}
