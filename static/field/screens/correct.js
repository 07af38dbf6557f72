// Correcting an entry that the server did not take: the same form, filled in.

import { householdArgs, householdValues } from "../model/household.js";
import { checkVisit, visitArgs, visitValues } from "../model/visit.js";
import { t } from "../model/i18n.js";
import { makeForm } from "../ui/form.js";
import { html, nothing } from "../ui/html.js";
import { banner, empty, field, onText } from "../ui/parts.js";
import { visitFields } from "../ui/visit-fields.js";
import { refusalWords } from "../ui/words.js";
import { householdForm } from "./household-form.js";
import { askedOf } from "./visit-form.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../store/index.js").Refused} Refused */

/** @param {App} app @param {Refused} entry @returns {Promise<import("../ui/app.js").Screen>} */
async function correctVisit(app, { mutation, code }) {
  const key = `correct:${mutation.id}`;
  const args = /** @type {any} */ (mutation.args);
  const [asked, households, kept] = await Promise.all([askedOf(app), app.store.households(args.village_id), app.store.draft(key)]);
  const values = kept || visitValues({ ...args, occurred_at: args.occurred_at || mutation.at });
  const isStillKnown = (/** @type {string} */ service) => asked.services.some((known) => known.code === service);
  values.services = values.services.filter((/** @type {{code: string}} */ service) => isStillKnown(service.code));
  const form = makeForm(app, {
    key,
    values,
    isKept: Boolean(kept),
    check: checkVisit,
    write: () => app.store.correct(mutation.id, visitArgs(values), key),
    leave: () => { app.tell(t("Saved on this phone")); app.back("/attention"); },
    words: () => t("Save and send again"),
  });
  const household = () => field("household", t("Household"), html`<select class="input" id="household" @change=${onText((household_id) => form.change({ household_id: household_id || null }))}>
    <option value="" .selected=${!values.household_id}>${t("Household not named")}</option>
    ${households.map((one) => html`<option value=${one.id} .selected=${one.id === values.household_id}>${one.head_name}</option>`)}</select>`);

  return {
    title: t("Correct a visit"),
    parent: "/attention",
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`${banner("warn", "alert", refusalWords(code))}
      ${code === "unknown_household" || code === "withdrawn" ? household() : nothing}
      ${visitFields(values, { ...asked, errors: form.errors(), change: form.change })}`,
    bar: form.bar,
  };
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, { id }) {
  const entry = (await app.store.attention()).find(({ mutation }) => mutation.id === id);
  if (!entry) return { title: t("Correct"), parent: "/attention", view: () => empty(t("Nothing needs a look. Everything is in order.")) };
  if (entry.mutation.type === "visit.record") return correctVisit(app, entry);
  const args = /** @type {any} */ (entry.mutation.args);
  const known = (await app.store.household(args.id)) || {};
  const screen = await householdForm(app, {
    key: `correct:${id}`,
    title: t("Correct a household"),
    parent: "/attention",
    fresh: () => householdValues({ ...known, ...args }),
    write: async (values) => {
      const corrected = householdArgs(values);
      await app.store.correct(id, entry.mutation.type === "household.create" ? corrected : { ...args, ...corrected }, `correct:${id}`);
      return "/attention";
    },
  });
  return { ...screen, view: () => html`${banner("warn", "alert", refusalWords(entry.code))}${screen.view()}` };
}
