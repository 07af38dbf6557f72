// What home proposes, one thing at a time and once: a PIN, then, when a visit has arrived, the bell. Who puts one off is
// not asked again.

import { t } from "../model/i18n.js";
import { isToBeAsked, keepBell, noteAsked, pushKey, ringHere } from "../sync/bell.js";
import { bellWords } from "../ui/bell-words.js";
import { html } from "../ui/html.js";
import { banner } from "../ui/parts.js";
import { staying } from "../ui/still-here.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../ui/html.js").Part} Part */

const PIN_LATER = "pin_later";
/** How many visits are looked through for one that has arrived. */
const LOOKED_AT = 20;

/** @param {App} app @param {() => Promise<unknown>} look */
const pinCard = (app, look) => () => {
  const later = async () => { await app.store.sync.keepNote(PIN_LATER, app.account?.member_id); await look(); };
  return banner("info", "lock", html`<strong>${t("Protect the names on this phone")}</strong><br>${t("Six digits, asked for when the app is opened. Whoever finds the phone then reads nothing.")}`,
    html`<div class="cluster"><a class="button" href="#/pin">${t("Set a PIN")}</a><button type="button" class="button plain" @click=${later}>${t("Later")}</button></div>`);
};

/** @param {App} app @param {() => Promise<unknown>} look */
function bellCard(app, look) {
  let isBusy = false;
  const ring = async () => {
    const isHere = staying();
    isBusy = true;
    app.redraw();
    const outcome = await ringHere(app.store);
    isBusy = false;
    app.tell(bellWords(outcome));
    await look();
    app.redraw();
    if (outcome === "blocked" && isHere()) app.go("/bell");
  };
  const later = async () => { await noteAsked(app.store); await look(); };
  return () => banner("info", "bell", html`<strong>${t("Shall this phone ring when there is something for you?")}</strong><br>${t("When the commune gives a task, answers or warns, you hear it with the app closed. Without it everything stands under Notifications all the same.")}`,
    html`<div class="cluster"><button type="button" class="button" ?disabled=${isBusy} @click=${ring}>${isBusy ? t("Turning on…") : t("Turn the bell on")}</button><button type="button" class="button plain" @click=${later}>${t("Later")}</button></div>`);
}

/** @param {App} app */
const hasArrived = async (app) => (await app.store.myVisits({ limit: LOOKED_AT })).some(({ status }) => status.step !== "saved" && status.step !== "attention");

/** Keeps what home proposes up to date, and the bell in order. @param {App} app */
export function watchProposals(app) {
  /** @type {"" | "pin" | "bell"} */
  let shown = "";
  /** @type {boolean | null} */
  let canPush = null;

  /** @returns {Promise<"" | "pin" | "bell">} */
  async function due() {
    const member = app.account?.member_id;
    if (!member || app.lock === "locked") return "";
    if (app.canLock && (await app.store.sync.note(PIN_LATER)) !== member) return "pin";
    if (!(await isToBeAsked(app.store)) || !(await hasArrived(app))) return "";
    // Nobody is asked for what the server does not do.
    if (canPush === null && app.sync.state().phase === "idle") canPush = await pushKey().then(Boolean, () => null);
    return canPush ? "bell" : "";
  }

  async function look() {
    const next = await due();
    if (next === shown) return;
    shown = next;
    app.proposal = next && (next === "pin" ? pinCard : bellCard)(app, look) || null;
    app.redraw();
  }

  const lookAgain = (/** @type {string} */ what) => {
    if (what === "account") void keepBell(app.store).catch(() => undefined);
    void look().catch(() => undefined);
  };
  app.store.subscribe(lookAgain);
  app.sync.subscribe(() => lookAgain("sync"));
  lookAgain("account");
}
