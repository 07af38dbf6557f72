// Banners that belong to no screen: a new version, an in-app browser, a session that ended, storage that was cleared.

import { t } from "../model/i18n.js";
import { copyFrom } from "./clipboard.js";
import { html, nothing } from "./html.js";
import { banner } from "./parts.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
async function copyAddress(app) {
  const isCopied = await copyFrom(/** @type {HTMLInputElement} */ (document.getElementById("address")));
  app.tell(isCopied ? t("Address copied") : t("Hold the address with a finger to copy it."));
}

/** The way out of a browser inside another app: Chrome itself where that can be asked for, and the address to take along. @param {App} app */
function realBrowser(app) {
  return html`<div class="stack stack-s">
    ${/Android/.test(navigator.userAgent) ? html`<a class="button wide" href="intent://${location.host}/#Intent;scheme=${location.protocol.slice(0, -1)};package=com.android.chrome;end">${t("Open in Chrome")}</a>` : nothing}
    <input class="input" id="address" readonly aria-label=${t("Address of the app")} .value=${location.origin}>
    <button type="button" class="button wide" @click=${() => void copyAddress(app)}>${t("Copy the address")}</button></div>`;
}

/** @param {App} app */
function lostNote(app) {
  const understood = async () => { await app.store.sync.keepNote("is_lost", false); await app.refresh(); };
  return banner("warn", "alert", html`<strong>${t("The browser's storage on this phone was cleared.")}</strong><br>${t("Visits that had been sent are fetched again. Visits not sent yet are lost: if there were any, please record them again.")}`,
    html`<button type="button" class="button wide" @click=${understood}>${t("I understand")}</button>`);
}

/** @param {App} app @param {import("./app.js").Screen | null} screen @param {import("./notes.js").Trouble} trouble @param {boolean} isSignedOut */
export function banners(app, screen, { isBlocked, isUnavailable, isOnlineOnly, update }, isSignedOut) {
  const isForm = Boolean(screen && screen.bar);
  return html`
    ${isBlocked ? banner("warn", "alert", t("The app is open in another tab. Please close that tab; nothing is lost.")) : nothing}
    ${isUnavailable ? banner("warn", "alert", html`<strong>${t("This browser cannot keep entries on the phone.")}</strong><br>${t("Nothing can be recorded here. Open this address in Chrome, on an iPhone in Safari, and not in a private window.")}`, realBrowser(app)) : nothing}
    ${isOnlineOnly && !isForm && !isUnavailable ? banner("warn", "offline", t("In this browser the app opens only with a network. To use it without one, open the address in Chrome, on an iPhone in Safari."), realBrowser(app)) : nothing}
    ${app.isLost && !isForm ? lostNote(app) : nothing}
    ${app.account && app.lock !== "locked" && !isForm && isSignedOut && location.hash !== "#/sign-in" ? banner("warn", "person", t("Sign in again to send. What you recorded is safe on this phone."), html`<a class="button" href="#/sign-in">${t("Sign in")}</a>`) : nothing}
    ${update && !isForm ? banner("info", "info", t("A new version is ready."), html`<button type="button" class="button" @click=${update}>${t("Update")}</button>`) : nothing}`;
}
