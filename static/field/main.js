// Starts the app: opens the store, reads the words, draws the screen of the address; the rest comes after that.

import { locale, t } from "./model/i18n.js";
import { fetchAll, isOpenToAll, lockRoute, routes } from "./screens/routes.js";
import { isMarked } from "./store/session.js";
import { openStore } from "./store/index.js";
import { afterPaint, once } from "./store/later.js";
import { render } from "./ui/html.js";
import { chosenLanguage, keepLanguage, speak, withWords } from "./ui/language.js";
import { layout } from "./ui/layout.js";
import { notes } from "./ui/notes.js";
import { arrive, back, go, match, onMove } from "./ui/router.js";

/** @typedef {import("./ui/app.js").App} App @typedef {import("./ui/app.js").Screen} Screen */

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
/** @type {import("./ui/notes.js").Trouble} */
const trouble = { isBlocked: false, isUnavailable: false, isOnlineOnly: false, update: null };
/** @type {Screen | null} */
let screen = null;
let isDrawn = false;
let opening = 0;
/** How often the data has changed. */
let news = 0;
const REFRESH_MS = 120;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let refreshing;

const dialog = withWords(() => import("./ui/dialog.js"));
const proposals = withWords(() => import("./screens/proposals.js"));
/** The sending: its first look waits for the first screen. */
const sending = once(async () => {
  app.sync = (await import("./sync/index.js")).startSync(app.store);
  app.sync.subscribe(redraw);
  return app.sync;
});

/** @type {App} */
const app = {
  store: /** @type {App["store"]} */ (/** @type {unknown} */ (null)),
  sync: { sendNow: async () => (await sending()).sendNow(), state: () => ({ phase: "idle" }), subscribe: () => () => undefined },
  account: null,
  villages: [],
  village: "",
  team: "",
  waiting: 0,
  attention: 0,
  allSentAt: null,
  isLost: false,
  lock: "none",
  triesLeft: 0,
  canLock: false,
  relayed: 0,
  unread: 0,
  isWarned: false,
  proposal: null,
  go,
  back,
  ask: async (question) => (await dialog()).ask(question),
  redraw,
  refresh,
  tell,
  signedIn,
  lockPhone,
  chooseVillage,
  speak: changeLanguage,
};

/** Before there is a store there is no screen: only what stands in the way. */
function redraw() {
  if (!screen && !trouble.isBlocked && !trouble.isUnavailable) return;
  if (!isDrawn) root.replaceChildren();
  isDrawn = true;
  render(layout(app, screen || { title: t("Community digital team"), view: () => "" }, notes(app, screen, trouble)), root);
}

/** @param {string} words */
function tell(words) {
  const place = /** @type {HTMLElement} */ (document.getElementById("say"));
  place.textContent = words;
  setTimeout(() => { if (place.textContent === words) place.textContent = ""; }, 5000);
}

/** Reads what stands on every screen. */
async function readFrame() {
  const { village: chosen, ...frame } = await app.store.frame();
  Object.assign(app, frame);
  void navigator.setAppBadge?.(app.unread).catch(() => undefined);
  const served = app.villages.map(({ id }) => id);
  app.village = [app.village, chosen].find((id) => served.includes(id)) || served[0] || app.account?.village_ids[0] || "";
}

/** Whose phone it is, and whether it may show anything. */
const standing = () => `${app.account?.member_id || ""} ${app.lock === "locked"}`;

async function refresh() {
  news += 1;
  const before = standing();
  await readFrame();
  if (screen && standing() !== before) { await turn(); return; }
  if (screen && screen.refresh) await screen.refresh();
  redraw();
}

/** The phone was locked or opened, or its member signed in or out. */
async function turn() {
  lookForSession();
  await show();
}

/** A burst of changes is read once, and after what the person waits for has been drawn. */
function refreshSoon() {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => void refresh().catch(whenLocked), REFRESH_MS);
}

/** What was being read when the phone was locked is not shown any more. @param {any} error */
function whenLocked(error) {
  if (error?.code !== "locked") throw error;
}

function lockPhone() {
  if (app.lock !== "open") return;
  app.store.lock();
  void refresh().catch(whenLocked);
}

/** @param {string} village */
async function chooseVillage(village) {
  app.village = village;
  void app.store.sync.keepNote("village", village).catch(() => undefined);
  await refresh();
}

/** A screen that has not come onto the phone yet: only in the first moments, without a network. @param {unknown} error */
function missing(error) {
  tell(t("This page is not on the phone yet. Please try again when there is a network."));
  if (!screen) go("/", true);
  console.warn(error);
  return null;
}

/** Draws the screen of the address and marks the page with it; a slower one that was left meanwhile never comes up. */
async function show() {
  const mine = ++opening;
  const known = news;
  const { hash } = location;
  if (screen && screen.close) screen.close();
  document.querySelector("dialog")?.close();
  const { from, to } = arrive();
  if (!app.account && !isOpenToAll(hash)) { go("/sign-in", true); return; }
  const isLocked = Boolean(app.account) && app.lock === "locked" && !isOpenToAll(hash);
  const found = isLocked ? { route: lockRoute, params: {} } : match(routes, hash || "#/");
  if (!found) { go("/", true); return; }
  const [, bring, name] = found.route;
  const next = /** @type {Screen | null} */ (await bring().then((screens) => mine === opening && screens[name](app, found.params)).catch(missing));
  if (!next || mine !== opening) return;
  const isFirst = !screen;
  screen = next;
  // The browser keeps titles in its history, where no person's name belongs.
  document.title = screen.isNamed ? t("Community digital team") : `${screen.title} – ${t("Community digital team")}`;
  redraw();
  // What changed while it was being read was told to the screen before it.
  if (known !== news) refreshSoon();
  const scroll = to || next.scroll || 0;
  if (scroll !== from) window.scrollTo(0, scroll);
  afterPaint(() => {
    if (!isFirst) document.getElementById("title")?.focus({ preventScroll: true });
    root.dataset.at = hash;
  });
}

/** @param {import("./store/index.js").Account} account @param {string} [to] */
async function signedIn(account, to = "/") {
  if (account.role !== "volunteer") { location.assign("/desk/"); return; }
  await readFrame();
  await speak(language());
  void app.sync.sendNow();
  go(to, true);
}

/** The language of this phone: chosen on it, else the account's. */
const language = () => chosenLanguage() || app.account?.locale || document.documentElement.lang;

/** @param {string} wanted */
async function changeLanguage(wanted) {
  keepLanguage(wanted);
  await speak(wanted);
  await show();
}

/** The browser may hold a session that the phone knows nothing of: signed in at the desk's form. Who comes by an invitation says who they are, whoever used the browser before. */
async function findSession() {
  const { whoami } = await import("./sync/session.js");
  const account = await whoami(app.store);
  if (account && !location.hash.startsWith("#/join")) await signedIn(account);
}

/** A session that is to be ended takes along what waits. */
function lookForSession() {
  if (!app.account && !location.hash.startsWith("#/join")) void findSession().catch(() => undefined);
}

/** Brings what saving needs, and watches over the lock; names that were not looked at for long go, and what an older version left open is hidden. */
async function tidy() {
  void watchVersions().catch(() => undefined);
  void import("./ui/absence.js").then(({ watchAbsence }) => watchAbsence(lockPhone)).catch(() => undefined);
  void proposals().then(({ watchProposals }) => watchProposals(app)).catch(() => undefined);
  await app.store.ready();
  if (await app.store.noteOpened()) await app.store.dropNames();
  await app.store.settleOld();
}

/** Everything that the first screen did not need. */
function settle() {
  if (app.account) void sending().catch(() => undefined);
  lookForSession();
  addEventListener("online", lookForSession);
  setTimeout(fetchAll, 300, tidy);
}

/** The app on the phone, and a newer one of it. */
async function watchVersions() {
  const { startWorker } = await import("./sync/worker.js");
  await startWorker({
    onUpdate: (apply) => { trouble.update = apply; redraw(); },
    onUnavailable: () => { trouble.isOnlineOnly = true; redraw(); },
    isDirty: () => Boolean(screen?.isDirty?.()),
  });
}

async function boot() {
  const words = speak(chosenLanguage() || document.documentElement.lang);
  const first = match(routes, isMarked() || isOpenToAll(location.hash) ? location.hash || "#/" : "#/sign-in");
  void first?.route[1]().catch(() => undefined);
  const set = (/** @type {Partial<import("./ui/notes.js").Trouble>} */ what) => { Object.assign(trouble, what); void words.then(redraw); };
  app.store = await openStore({
    onBlocked: () => set({ isBlocked: true }),
    onUnblocked: () => set({ isBlocked: false }),
    onUnavailable: () => set({ isUnavailable: true }),
  });
  await Promise.all([readFrame(), words]);
  if (language() !== locale()) await speak(language());
  app.store.subscribe(refreshSoon);
  onMove(() => void show());
  addEventListener("pagehide", () => screen?.close?.());
  document.addEventListener("visibilitychange", () => { if (document.hidden) screen?.close?.(); });
  history.scrollRestoration = "manual";
  await show();
  afterPaint(settle);
}

boot().catch((error) => { if (!trouble.isUnavailable) throw error; });
