// Correcting an entry that the server did not take: the same form, filled in.

import { attendanceArgs, attendanceValues } from "../model/attendance.js";
import { householdArgs, householdValues } from "../model/household.js";
import { requestArgs, requestValues } from "../model/request.js";
import { checkVisit, visitArgs, visitValues } from "../model/visit.js";
import { t } from "../model/i18n.js";
import { onText } from "../ui/controls.js";
import { makeForm } from "../ui/form.js";
import { html, nothing } from "../ui/html.js";
import { banner, empty, field } from "../ui/parts.js";
import { visitFields } from "../ui/visit-fields.js";
import { whyRefused } from "../ui/words.js";
import { attendanceForm } from "./attendance.js";
import { householdForm } from "./household-form.js";
import { requestForm } from "./requests.js";
import { askedOf } from "./visit-form.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../store/index.js").Refused} Refused */

/** @param {Refused} entry */
const why = (entry) => banner("warn", "alert", whyRefused(entry));

/** @param {App} app @param {Refused} entry @returns {Promise<import("../ui/app.js").Screen>} */
async function correctVisit(app, entry) {
  const { mutation, code } = entry;
  const key = `correct:${mutation.id}`;
  const args = /** @type {any} */ (mutation.args);
  const [asked, households, kept] = await Promise.all([askedOf(app, args.village_id), app.store.households(args.village_id), app.store.draft(key)]);
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
    view: () => html`${why(entry)}
      ${code === "unknown_household" || code === "withdrawn" ? household() : nothing}
      ${visitFields(values, { ...asked, errors: form.errors(), change: form.change })}`,
    bar: form.bar,
  };
}

/** @param {App} app @param {Refused} entry @returns {Promise<import("../ui/app.js").Screen>} */
async function correctAttendance(app, entry) {
  const { id, args } = entry.mutation;
  const key = `correct:${id}`;
  const screen = await attendanceForm(app, {
    key,
    title: t("Correct attendance"),
    parent: "/attention",
    village: args.village_id,
    fresh: () => attendanceValues(args),
    write: (values) => app.store.correct(id, attendanceArgs(values), key),
    leave: () => { app.tell(t("Saved on this phone")); app.back("/attention"); },
    words: () => t("Save and send again"),
  });
  return { ...screen, place: "visits", view: () => html`${why(entry)}${screen.view()}` };
}

/** @param {App} app @param {Refused} entry @returns {Promise<import("../ui/app.js").Screen>} */
async function correctRequest(app, entry) {
  const { id, args } = entry.mutation;
  const key = `correct:${id}`;
  const isServed = app.villages.some((village) => village.id === args.village_id);
  const screen = await requestForm(app, {
    key,
    title: t("Correct a request"),
    parent: "/attention",
    fresh: () => ({ ...requestValues(args), ...(isServed ? {} : { village_id: app.village }) }),
    write: (values) => app.store.correct(id, requestArgs(values), key),
    leave: () => { app.tell(t("Saved on this phone")); app.back("/attention"); },
    words: t("Save and send again"),
  });
  return { ...screen, place: "visits", view: () => html`${why(entry)}${screen.view()}` };
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, { id }) {
  const entry = (await app.store.attention()).find(({ mutation }) => mutation.id === id);
  // It was taken up again by itself, or given up: what was begun here leads nowhere any more.
  if (!entry) await app.store.dropDraft(`correct:${id}`);
  if (!entry) return { title: t("Correct"), parent: "/attention", view: () => empty(t("Nothing needs a look. Everything is in order.")) };
  if (entry.mutation.type === "visit.record") return correctVisit(app, entry);
  if (entry.mutation.type === "attendance.record") return correctAttendance(app, entry);
  if (entry.mutation.type === "request.raise") return correctRequest(app, entry);
  const args = /** @type {any} */ (entry.mutation.args);
  const known = (await app.store.household(args.id)) || {};
  const screen = await householdForm(app, {
    key: `correct:${id}`,
    title: t("Correct a household"),
    parent: "/attention",
    fresh: () => householdValues({ ...known, ...args }),
    write: async (values) => {
      const corrected = householdArgs(values);
      const { head_name, ...refusal } = corrected;
      const update = values.named === "no" ? { ...refusal, base_version: args.base_version ?? null } : { ...args, ...corrected };
      await app.store.correct(id, entry.mutation.type === "household.create" ? corrected : update, `correct:${id}`);
      return "/attention";
    },
  });
  return { ...screen, view: () => html`${why(entry)}${screen.view()}` };
}
