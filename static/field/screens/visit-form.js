// The visit form. The commonest visit takes one tick and "Save"; all else has a sensible default.

import { uuid7 } from "../model/ids.js";
import { today } from "../model/time.js";
import { checkVisit, visitArgs } from "../model/visit.js";
import { t } from "../model/i18n.js";
import { makeForm } from "../ui/form.js";
import { html, nothing } from "../ui/html.js";
import { inOrderOfUse } from "../ui/services.js";
import { visitFields } from "../ui/visit-fields.js";

/** @typedef {import("../ui/visit-fields.js").VisitValues} VisitValues @typedef {import("../ui/app.js").App} App */

/** @param {App} app @param {string | null} householdId @returns {VisitValues} */
export const freshVisit = (app, householdId) => ({
  id: uuid7(),
  village_id: app.village,
  household_id: householdId,
  services: [],
  on: today(),
  kind: "home",
  participants: 1,
  member_ids: [/** @type {string} */ (app.account?.member_id)],
  follow_up_on: null,
  note: "",
});

/** What the questions need besides the answers. @param {App} app */
export async function askedOf(app) {
  const [services, usage, members] = await Promise.all([app.store.services(), app.store.usage(), app.store.members(app.village)]);
  return { services: inOrderOfUse(services, usage), members, me: app.account?.member_id || "" };
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, { household: param }) {
  const householdId = param === "unnamed" ? null : param;
  const key = `visit:${param}`;
  const household = householdId ? await app.store.household(householdId) : null;
  const [asked, kept] = await Promise.all([askedOf(app), app.store.draft(key)]);
  const values = kept || { ...freshVisit(app, householdId), name: household?.head_name || "", ...(household ? { village_id: household.village_id } : {}) };
  const form = makeForm(app, {
    key,
    values,
    isKept: Boolean(kept),
    check: checkVisit,
    write: () => app.store.recordVisits([visitArgs(values)], key),
    leave: () => app.go(`/saved/1/${param}`, true),
    words: () => t("Save"),
  });
  return {
    title: household ? household.head_name : t("Household not named"),
    parent: "/visit/new",
    scroll: kept ? kept.scroll : 0,
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`${householdId ? nothing : html`<p class="soft">${t("No name is written down. The visit still counts.")}</p>`}
      ${visitFields(values, { ...asked, errors: form.errors(), change: form.change })}
      ${form.discard("/")}`,
    bar: form.bar,
  };
}
