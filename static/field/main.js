// Starts the app: opens the store, reads the words, draws the screen of the address.

import { setCatalogue, t } from "./model/i18n.js";
import { fetchAll, isOpenToAll, routes } from "./screens/routes.js";
import { openStore } from "./store/index.js";
import { startSync } from "./sync/index.js";
import { whoami } from "./sync/session.js";
import { startWorker } from "./sync/worker.js";
import { ask } from "./ui/dialog.js";
import { render } from "./ui/html.js";
import { layout } from "./ui/layout.js";
import { notes } from "./ui/notes.js";
import { arrive, back, go, match } from "./ui/router.js";

/** @typedef {import("./ui/app.js").App} App @typedef {import("./ui/app.js").Screen} Screen */

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
/** @type {import("./ui/notes.js").Trouble} */
const trouble = { isBlocked: false, isUnavailable: false, update: null, isLost: false };
/** @type {Screen | null} */
let screen = null;
let opening = 0;
const REFRESH_MS = 120;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let refreshing;

/** @type {App} */
const app = {
  store: /** @type {App["store"]} */ (/** @type {unknown} */ (null)),
  sync: /** @type {App["sync"]} */ (/** @type {unknown} */ (null)),
  account: null,
  villages: [],
  village: "",
  team: "",
  waiting: 0,
  attention: 0,
  allSentAt: null,
  go,
  back,
  ask,
  redraw,
  refresh,
  tell,
  signedIn,
  signedOut,
};

function redraw() {
  if (screen) render(layout(app, screen, notes(app, screen, trouble)), root);
}

/** @param {string} words */
function tell(words) {
  const place = /** @type {HTMLElement} */ (document.getElementById("say"));
  place.textContent = words;
  setTimeout(() => { if (place.textContent === words) place.textContent = ""; }, 5000);
}

/** Reads what stands on every screen. */
async function readFrame() {
  app.account = await app.store.account();
  if (!app.account) return;
  const [villages, team, waiting, attention, sent] = await Promise.all([app.store.villages(), app.store.team(), app.store.outboxSize(), app.store.attention(), app.store.lastSent()]);
  Object.assign(app, { villages, waiting, attention: attention.length, team: team ? team.name : "", allSentAt: sent.all_sent_at });
  if (!villages.some((village) => village.id === app.village)) app.village = villages.length ? villages[0].id : app.account.village_ids[0] || "";
}

async function refresh() {
  await readFrame();
  if (screen && screen.refresh) await screen.refresh();
  redraw();
}

/** A burst of changes is read once, and after what the person waits for has been drawn. */
function refreshSoon() {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => void refresh(), REFRESH_MS);
}

/** Draws the screen of the address; a slower one that was left meanwhile never comes up. */
async function show() {
  const mine = ++opening;
  if (screen && screen.close) screen.close();
  const scroll = arrive();
  if (!app.account && !isOpenToAll(location.hash)) { go("/sign-in", true); return; }
  const found = match(routes, location.hash || "#/");
  if (!found) { go("/", true); return; }
  const next = await found.open(app, found.params).catch((error) => {
    // A screen that has not come onto the phone yet: only in the first moments, without a network.
    tell(t("This page is not on the phone yet. Please try again when there is a network."));
    if (!screen) go("/", true);
    console.warn(error);
    return null;
  });
  if (!next || mine !== opening) return;
  const isFirst = !screen;
  if (isFirst) root.replaceChildren();
  screen = next;
  document.title = `${screen.title} – ${t("Community digital team")}`;
  redraw();
  window.scrollTo(0, scroll || next.scroll || 0);
  if (!isFirst) document.getElementById("title")?.focus({ preventScroll: true });
}

/** @param {import("./store/index.js").Account} account */
async function signedIn(account) {
  if (account.role !== "volunteer") { location.assign("/desk/"); return; }
  await readFrame();
  await readCatalogue(account.locale);
  void app.sync.sendNow();
  go("/", true);
}

async function signedOut() {
  await readFrame();
  go("/sign-in", true);
}

/** @param {string} locale */
async function readCatalogue(locale) {
  const answer = await fetch(`/field/catalogue-${locale === "en" ? "en" : "vi"}.json`).catch(() => null);
  if (!answer || !answer.ok) return;
  setCatalogue(await answer.json());
  document.documentElement.lang = locale;
}

/** Before there is a store there is no screen: only what stands in the way. */
function standIn() {
  if (screen) return;
  root.replaceChildren();
  render(layout(app, { title: t("Community digital team"), view: () => "" }, notes(app, null, trouble)), root);
}

/** The browser may hold a session that the phone knows nothing of: signed in at the desk's form. */
async function findSession() {
  const account = await whoami(app.store).catch(() => null);
  if (account) await signedIn(account);
}

async function boot() {
  const words = readCatalogue(document.documentElement.lang);
  const set = (/** @type {Partial<import("./ui/notes.js").Trouble>} */ what) => { Object.assign(trouble, what); redraw(); };
  app.store = await openStore({
    onBlocked: () => { void words.then(() => { set({ isBlocked: true }); standIn(); }); },
    onUnblocked: () => set({ isBlocked: false }),
    onUnavailable: () => { void words.then(() => { set({ isUnavailable: true }); standIn(); }); },
  });
  trouble.isLost = app.store.isLost;
  await Promise.all([readFrame(), words]);
  if (app.account && app.account.locale !== document.documentElement.lang) await readCatalogue(app.account.locale);
  app.sync = startSync(app.store);
  app.sync.subscribe(redraw);
  app.store.subscribe(refreshSoon);
  addEventListener("hashchange", () => void show());
  addEventListener("pagehide", () => screen?.close?.());
  document.addEventListener("visibilitychange", () => { if (document.hidden) screen?.close?.(); });
  history.scrollRestoration = "manual";
  await show();
  if (!app.account) void findSession();
  setTimeout(fetchAll, 300);
  startWorker({ onUpdate: (apply) => { trouble.update = apply; redraw(); }, isDirty: () => Boolean(screen?.isDirty?.()) });
}

void boot();
