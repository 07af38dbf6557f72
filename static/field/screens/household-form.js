// A new household, or the details of a known one.

import { changedHousehold, checkHousehold, householdArgs, householdValues } from "../model/household.js";
import { uuid7 } from "../model/ids.js";
import { t } from "../model/i18n.js";
import { makeForm } from "../ui/form.js";
import { householdFields } from "../ui/household-fields.js";
import { html } from "../ui/html.js";
import { prepare } from "../ui/household-list.js";
import { empty } from "../ui/parts.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../ui/household-fields.js").HouseholdValues} HouseholdValues */

/** @param {string} village_id @returns {HouseholdValues} */
const freshHousehold = (village_id) => ({ id: uuid7(), village_id, head_name: "", hamlet: "", phone: "", mayCall: false, people: null, adults: null, note: "", indicators: {} });

/**
 * The form; `write` saves and answers where to go next.
 * @param {App} app
 * @param {{key: string, title: string, parent: string, said?: string, fresh: () => HouseholdValues, write: (values: HouseholdValues) => Promise<string>}} about
 * @returns {Promise<import("../ui/app.js").Screen>}
 */
export async function householdForm(app, { key, title, parent, said = t("Saved on this phone"), fresh, write }) {
  const [kept, indicators, neighbours] = await Promise.all([app.store.draft(key), app.store.indicators(), app.store.households(app.village)]);
  const values = /** @type {HouseholdValues & {scroll?: number}} */ (kept || fresh());
  const asked = { indicators, hamlets: prepare(neighbours).hamlets };
  let to = parent;
  const form = makeForm(app, {
    key,
    values,
    isKept: Boolean(kept),
    check: checkHousehold,
    write: async () => { to = await write(values); },
    leave: () => { app.tell(said); app.go(to, true); },
    words: () => t("Save"),
  });
  return {
    title,
    parent,
    scroll: kept ? values.scroll : 0,
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`${householdFields(values, { ...asked, errors: form.errors(), change: form.change })}
      ${form.discard(parent)}`,
    bar: form.bar,
  };
}

/** @type {import("../ui/app.js").Open} */
export const openNew = (app, { then }) => householdForm(app, {
  key: "household:new",
  title: t("New household"),
  parent: then ? "/visit/new" : "/households",
  said: then ? t("Household saved. Choose what was supported.") : t("Household saved."),
  fresh: () => freshHousehold(app.village),
  write: async (values) => {
    await app.store.createHousehold(householdArgs(values), "household:new");
    return then ? `/visit/new/${values.id}` : `/household/${values.id}`;
  },
});

/** @type {import("../ui/app.js").Open} */
export async function openEdit(app, { id }) {
  const household = await app.store.household(id);
  const parent = `/household/${id}`;
  if (!household) return { title: t("Edit details"), parent: "/households", view: () => empty(t("This household is no longer in the list.")) };
  return householdForm(app, {
    key: `household:${id}`,
    title: t("Edit details"),
    parent,
    fresh: () => householdValues(household),
    write: async (values) => {
      const fields = changedHousehold(household, values);
      if (Object.keys(fields).length) await app.store.updateHousehold(id, fields, `household:${id}`);
      else await app.store.dropDraft(`household:${id}`);
      return parent;
    },
  });
}
