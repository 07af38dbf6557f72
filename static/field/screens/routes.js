// Every address of the app. The screen of the address comes first; the others follow as soon as it stands.

import { once } from "../store/later.js";
import { withWords } from "../ui/language.js";

/** @typedef {import("../ui/app.js").Open} Open */
/** @typedef {() => Promise<Record<string, any>>} Bring brings a screen's module */

const carry = withWords(() => import("./carry.js"));
const attendance = withWords(() => import("./attendance.js"));
const attention = withWords(() => import("./attention.js"));
const bell = withWords(() => import("./bell.js"));
const correct = withWords(() => import("./correct.js"));
const home = once(() => import("./home.js"));
const household = withWords(() => import("./household.js"));
const householdForm = withWords(() => import("./household-form.js"));
const households = withWords(() => import("./households.js"));
const inbox = withWords(() => import("./inbox.js"));
const join = withWords(() => import("./join.js"));
const lock = withWords(() => import("./lock.js"));
const more = withWords(() => import("./more.js"));
const next = withWords(() => import("./next.js"));
const pickHousehold = withWords(() => import("./pick-household.js"));
const pin = withWords(() => import("./pin.js"));
const requests = withWords(() => import("./requests.js"));
const saved = withWords(() => import("./saved.js"));
const several = withWords(() => import("./several.js"));
const share = withWords(() => import("./share.js"));
const signIn = once(() => import("./sign-in.js"));
const task = withWords(() => import("./task.js"));
const tasks = withWords(() => import("./tasks.js"));
const visit = withWords(() => import("./visit.js"));
const visitEdit = withWords(() => import("./visit-edit.js"));
const visitForm = withWords(() => import("./visit-form.js"));
const visits = withWords(() => import("./visits.js"));

/** Said when something is amiss, and then there may be no network. */
const banners = withWords(() => import("../ui/banners.js"));
const troubleWords = withWords(() => import("../ui/trouble-words.js"));

/** What a locked phone shows in the place of its screens. @type {[string, Bring, string]} */
export const lockRoute = ["", lock, "open"];

/** Address, its module, and which of the module's functions opens it; in the order of need. @type {[string, Bring, string][]} */
export const routes = [
  ["/", home, "open"],
  ["/visit/new", pickHousehold, "open"],
  ["/visit/new/:household", visitForm, "open"],
  ["/saved/:count/:household", saved, "open"],
  ["/households", households, "open"],
  ["/household/new", householdForm, "openNew"],
  ["/household/:id", household, "open"],
  ["/household/:id/edit", householdForm, "openEdit"],
  ["/several", several, "openHouseholds"],
  ["/several/content", several, "openContent"],
  ["/visits", visits, "open"],
  ["/visit/:id", visit, "open"],
  ["/visit/:id/edit", visitEdit, "open"],
  ["/more", more, "openMore"],
  ["/account", more, "openAccount"],
  ["/help", more, "openHelp"],
  ["/attendance", attendance, "open"],
  ["/attendance/days", attendance, "openDays"],
  ["/share", share, "open"],
  ["/tasks", tasks, "open"],
  ["/task/:id", task, "open"],
  ["/next", next, "open"],
  ["/inbox", inbox, "open"],
  ["/inbox/:id", inbox, "openOne"],
  ["/bell", bell, "open"],
  ["/requests", requests, "open"],
  ["/request/new", requests, "openNew"],
  ["/attention", attention, "open"],
  ["/attention/:id", correct, "open"],
  ["/sign-in", signIn, "open"],
  ["/join", join, "open"],
  ["/join/:secret", join, "open"],
  ["/pin", pin, "open"],
  ["/carry", carry, "open"],
];

/** Brings the other screens onto the phone, so that none waits for the network later. @param {() => Promise<unknown>} first what comes before them */
export async function fetchAll(first) {
  for (const bring of [first, ...new Set(routes.map((route) => route[1])), lock, banners, troubleWords]) await bring().catch(() => undefined);
}

/** What one sees without an account, or while the phone is locked. */
export const isOpenToAll = (/** @type {string} */ hash) => ["#/sign-in", "#/help", "#/join", "#/carry"].includes(hash.split("?")[0]) || hash.startsWith("#/join/");
