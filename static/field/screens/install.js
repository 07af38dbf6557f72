// How the app comes onto the phone's own screen: the browser asks where it can, a sentence tells where it cannot.

import { t } from "../model/i18n.js";
import { isApple } from "../sync/bell.js";
import { html, icon, nothing } from "../ui/html.js";

/** @typedef {Event & {prompt: () => Promise<unknown>, userChoice: Promise<{outcome: "accepted" | "dismissed"}>}} Offer */

/** What the browser offers, once; it does so when the page has been used for a while, and this module is there by then. @type {Offer | null} */
let offer = null;
let isDone = false;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = /** @type {Offer} */ (event);
});
addEventListener("appinstalled", () => { isDone = true; });

const isInstalled = () => isDone || matchMedia("(display-mode: standalone)").matches || /** @type {{standalone?: boolean}} */ (navigator).standalone === true;

const byHand = () => (isApple()
  ? t("Open this page in Safari, tap the Share button and choose Add to Home Screen.")
  : t("Open this page in Chrome, tap the three dots at the top right and choose Add to Home screen."));

/** @param {import("../ui/app.js").App} app */
async function install(app) {
  const held = offer;
  offer = null;
  await held?.prompt();
  isDone = (await held?.userChoice)?.outcome === "accepted";
  app.redraw();
}

/** A card, until the app stands on the phone's screen. @param {import("../ui/app.js").App} app */
export const installCard = (app) => (isInstalled() ? nothing : html`<section class="card stack stack-s" aria-labelledby="install"><h2 id="install">${t("The app on the phone's screen")}</h2>
  <p>${t("Then one tap on its sign opens it, without a network too.")} ${offer ? nothing : byHand()}</p>
  ${offer ? html`<button type="button" class="button wide" @click=${() => install(app)}>${icon("plus")}${t("Put it on the screen")}</button>` : nothing}</section>`);
