// Banners that belong to no screen: a new version, an in-app browser, a session that ended.

import { t } from "../model/i18n.js";
import { html, nothing } from "./html.js";
import { banner } from "./parts.js";

/**
 * @typedef {object} Trouble
 * @property {boolean} isBlocked another tab holds an older database open
 * @property {boolean} isUnavailable this browser keeps nothing
 * @property {(() => void) | null} update takes the new version over
 * @property {boolean} isLost the phone's data was cleared since the last time
 */

/** Chrome itself, from inside another app's browser; elsewhere the address is for copying. */
function realBrowser() {
  if (/Android/.test(navigator.userAgent)) {
    return html`<a class="button" href="intent://${location.host}/#Intent;scheme=${location.protocol.slice(0, -1)};package=com.android.chrome;end">${t("Open in Chrome")}</a>`;
  }
  return html`<strong>${location.host}</strong>`;
}

/** @param {import("./app.js").App} app @param {import("./app.js").Screen | null} screen @param {Trouble} trouble */
export function notes(app, screen, { isBlocked, isUnavailable, update, isLost }) {
  const isForm = Boolean(screen && screen.bar);
  return html`
    ${isBlocked ? banner("warn", "alert", t("The app is open in another tab. Please close that tab; nothing is lost.")) : nothing}
    ${isUnavailable ? banner("warn", "alert", t("This browser cannot keep entries without a network. Please open the address in Chrome or Safari."), realBrowser()) : nothing}
    ${isLost && !isForm ? banner("warn", "alert", t("This phone's data was cleared. Everything that had been sent is coming back.")) : nothing}
    ${app.account && !isForm && app.sync.state().phase === "signed_out" && location.hash !== "#/sign-in" ? banner("warn", "person", t("Sign in again to send. What you recorded is safe on this phone."), html`<a class="button" href="#/sign-in">${t("Sign in")}</a>`) : nothing}
    ${update && !isForm ? banner("info", "info", t("A new version is ready."), html`<button type="button" class="button" @click=${update}>${t("Update")}</button>`) : nothing}`;
}
