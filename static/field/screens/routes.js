// Every address of the app. Home comes with the app; the other screens follow as soon as it stands.

import { open as home } from "./home.js";
import { open as signIn } from "./sign-in.js";

/** @typedef {import("../ui/app.js").Open} Open */

const attention = () => import("./attention.js");
const correct = () => import("./correct.js");
const household = () => import("./household.js");
const householdForm = () => import("./household-form.js");
const households = () => import("./households.js");
const more = () => import("./more.js");
const pickHousehold = () => import("./pick-household.js");
const saved = () => import("./saved.js");
const several = () => import("./several.js");
const visit = () => import("./visit.js");
const visitEdit = () => import("./visit-edit.js");
const visitForm = () => import("./visit-form.js");
const visits = () => import("./visits.js");

/** Brings the other screens onto the phone, so that none waits for the network later. */
export async function fetchAll() {
  for (const bring of [pickHousehold, visitForm, saved, households, household, householdForm, several, visits, visit, visitEdit, more, attention, correct]) {
    await bring().catch(() => undefined);
  }
}

/** @param {() => Promise<{open: Open}>} bring @returns {Open} */
const later = (bring) => async (app, params) => (await bring()).open(app, params);

/** @type {[string, Open][]} */
export const routes = [
  ["/", home],
  ["/sign-in", signIn],
  ["/households", later(households)],
  ["/household/new", async (app, params) => (await householdForm()).openNew(app, params)],
  ["/household/:id", later(household)],
  ["/household/:id/edit", async (app, params) => (await householdForm()).openEdit(app, params)],
  ["/visit/new", later(pickHousehold)],
  ["/visit/new/:household", later(visitForm)],
  ["/visit/:id", later(visit)],
  ["/visit/:id/edit", later(visitEdit)],
  ["/several", async (app, params) => (await several()).openHouseholds(app, params)],
  ["/several/content", async (app, params) => (await several()).openContent(app, params)],
  ["/saved/:count/:household", later(saved)],
  ["/visits", later(visits)],
  ["/attention", later(attention)],
  ["/attention/:id", later(correct)],
  ["/more", async (app, params) => (await more()).openMore(app, params)],
  ["/account", async (app, params) => (await more()).openAccount(app, params)],
  ["/help", async (app, params) => (await more()).openHelp(app, params)],
];

/** What one sees without an account. */
export const isOpenToAll = (/** @type {string} */ hash) => ["#/sign-in", "#/help"].includes(hash.split("?")[0]);
