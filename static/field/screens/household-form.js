// A new household, or the details of a known one.

import { changedHousehold, checkHousehold, householdArgs, householdValues } from "../model/household.js";
import { uuid7 } from "../model/ids.js";
import { t } from "../model/i18n.js";
import { forAddress, taskOf } from "../ui/for-task.js";
import { makeForm } from "../ui/form.js";
import { householdFields } from "../ui/household-fields.js";
import { html, nothing } from "../ui/html.js";
import { prepare } from "../ui/household-list.js";
import { likelyOnes } from "../ui/likely.js";
import { empty } from "../ui/parts.js";
import { villageField } from "../ui/village-choice.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../ui/household-fields.js").HouseholdValues} HouseholdValues */

/** @param {string} village_id @returns {HouseholdValues} */
const freshHousehold = (village_id) => ({ id: uuid7(), village_id, head_name: "", hamlet: "", phone: "", mayCall: false, named: "", people: null, adults: null, note: "", indicators: {} });

/**
 * The form; `write` saves and answers where to go next, `known` where a household leads that a new one may be.
 * @param {App} app
 * @param {{key: string, title: string, parent: string, said?: string, known?: (id: string) => string, fresh: () => HouseholdValues, write: (values: HouseholdValues) => Promise<string>}} about
 * @returns {Promise<import("../ui/app.js").Screen>}
 */
export async function householdForm(app, { key, title, parent, said = t("Saved on this phone"), known, fresh, write }) {
  const [kept, indicators] = await Promise.all([app.store.draft(key), app.store.indicators(), app.store.ready()]);
  const values = /** @type {HouseholdValues & {scroll?: number}} */ (kept || fresh());
  const hamletsOf = async (/** @type {string} */ village) => prepare(await app.store.households(village)).hamlets;
  const asked = { indicators, hamlets: await hamletsOf(values.village_id) };
  let to = parent;
  const form = makeForm(app, {
    key,
    values,
    isKept: Boolean(kept),
    check: checkHousehold,
    write: async () => { to = await write(values); },
    leave: () => { app.tell(values.named === "no" ? t("The name is not kept.") : said); app.go(to, true); },
    words: () => t("Save"),
  });
  const likely = known && likelyOnes(app, known);
  const move = async (/** @type {string} */ village_id) => {
    form.change({ village_id });
    const hamlets = await hamletsOf(village_id);
    if (values.village_id !== village_id) return;
    asked.hamlets = hamlets;
    app.redraw();
  };
  return {
    title,
    parent,
    scroll: kept ? values.scroll : 0,
    isDirty: form.isDirty,
    close: form.close,
    refresh: async () => likely?.forget(),
    view: () => html`${known ? villageField(app, values.village_id, move) : nothing}${householdFields(values, { ...asked, errors: form.errors(), change: form.change, likely: likely?.hints(values, form.change) })}
      ${form.discard(parent)}`,
    bar: form.bar,
  };
}

/** @type {import("../ui/app.js").Open} */
export async function openNew(app, { then, task: id }) {
  const task = await taskOf(app, id);
  const link = forAddress(task);
  const known = (/** @type {string} */ id) => (then ? `/visit/new/${id}${link}` : `/household/${id}`);
  return householdForm(app, {
    key: "household:new",
    title: t("New household"),
    parent: then ? `/visit/new${link}` : "/households",
    known,
    said: then ? t("Household saved. Choose what was supported.") : t("Household saved."),
    fresh: () => freshHousehold(task?.village_id || app.village),
    write: async (values) => {
      if (values.named === "no") {
        await app.store.dropDraft("household:new");
        return `/visit/new/unnamed${link}`;
      }
      await app.store.createHousehold(householdArgs(values), "household:new");
      return known(values.id);
    },
  });
}

/** @type {import("../ui/app.js").Open} */
export async function openEdit(app, { id }) {
  const household = await app.store.household(id);
  const parent = `/household/${id}`;
  if (!household) return { title: t("Edit details"), parent: "/households", view: () => empty(t("This household is no longer in the list.")) };
  return householdForm(app, {
    key: `household:${id}`,
    title: t("Edit details"),
    parent,
    fresh: () => ({ ...householdValues(household), was: household }),
    write: async (values) => {
      // What came from the server meanwhile is nothing that the person has seen, or changed.
      const { was = household } = values;
      const fields = changedHousehold(was, values);
      if (Object.keys(fields).length) await app.store.updateHousehold(id, fields, `household:${id}`, was.version);
      else await app.store.dropDraft(`household:${id}`);
      return values.named === "no" ? "/households" : parent;
    },
  });
}
