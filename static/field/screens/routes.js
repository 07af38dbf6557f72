// Every address of the app.

import { open as attention } from "./attention.js";
import { open as correct } from "./correct.js";
import { open as home } from "./home.js";
import { open as household } from "./household.js";
import { openEdit, openNew } from "./household-form.js";
import { open as households } from "./households.js";
import { openAccount, openHelp, openMore } from "./more.js";
import { open as pickHousehold } from "./pick-household.js";
import { open as saved } from "./saved.js";
import { openContent, openHouseholds } from "./several.js";
import { open as signIn } from "./sign-in.js";
import { open as visit } from "./visit.js";
import { open as visitEdit } from "./visit-edit.js";
import { open as visitForm } from "./visit-form.js";
import { open as visits } from "./visits.js";

/** @type {[string, import("../ui/app.js").Open][]} */
export const routes = [
  ["/", home],
  ["/sign-in", signIn],
  ["/households", households],
  ["/household/new", openNew],
  ["/household/:id", household],
  ["/household/:id/edit", openEdit],
  ["/visit/new", pickHousehold],
  ["/visit/new/:household", visitForm],
  ["/visit/:id", visit],
  ["/visit/:id/edit", visitEdit],
  ["/several", openHouseholds],
  ["/several/content", openContent],
  ["/saved/:count/:household", saved],
  ["/visits", visits],
  ["/attention", attention],
  ["/attention/:id", correct],
  ["/more", openMore],
  ["/account", openAccount],
  ["/help", openHelp],
];

/** What one sees without an account. */
export const isOpenToAll = (/** @type {string} */ hash) => ["#/sign-in", "#/help"].includes(hash.split("?")[0]);
