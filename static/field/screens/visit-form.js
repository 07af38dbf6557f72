// The visit form. The commonest visit takes one tick and "Save"; all else has a sensible default.

import { companionsOf } from "../model/attendance.js";
import { uuid7 } from "../model/ids.js";
import { isFocusOn } from "../model/task.js";
import { today } from "../model/time.js";
import { checkVisit, visitArgs } from "../model/visit.js";
import { t } from "../model/i18n.js";
import { forAddress, forTask, linked, taskOf } from "../ui/for-task.js";
import { makeForm } from "../ui/form.js";
import { html, nothing } from "../ui/html.js";
import { inOrderOfUse } from "../ui/services.js";
import { villageField } from "../ui/village-choice.js";
import { visitFields } from "../ui/visit-fields.js";
import { remember } from "./saved.js";

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

/** Proposes for a fresh visit those who came along today. @template {VisitValues} V @param {App} app @param {V} values @returns {Promise<V>} */
export async function withCompanions(app, values) {
  const me = app.account?.member_id || "";
  const [visits, days, members] = await Promise.all([app.store.myVisits({ limit: 5 }), app.store.attendance(), app.store.members(values.village_id)]);
  const companions = companionsOf(visits, days, members.map(({ id }) => id), me);
  return companions.length ? { ...values, member_ids: [me, ...companions], isCrew: true } : values;
}

/** What the questions need besides the answers. @param {App} app @param {string} village */
export async function askedOf(app, village) {
  const [services, usage, members, tasks] = await Promise.all([app.store.services(), app.store.usage(), app.store.members(village), app.store.tasks(), app.store.ready()]);
  const leading = new Set(tasks.flatMap((task) => (task.service && !task.gone && task.village_id === village && isFocusOn(task, today()) ? [task.service] : [])));
  return { services: inOrderOfUse(services, usage, leading), leading, members, me: app.account?.member_id || "" };
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, { household: param, task: taskId }) {
  const householdId = param === "unnamed" ? null : param;
  const key = `visit:${param}`;
  const household = householdId ? await app.store.household(householdId) : null;
  const kept = await app.store.draft(key);
  const task = await taskOf(app, taskId || kept?.task_id);
  const village = household?.village_id || task?.village_id;
  const values = linked(kept || await withCompanions(app, { ...freshVisit(app, householdId), name: household?.head_name || "", ...(village ? { village_id: village } : {}) }), task);
  let asked = await askedOf(app, values.village_id);
  const form = makeForm(app, {
    key,
    values,
    isKept: Boolean(kept),
    check: checkVisit,
    write: () => app.store.recordVisits([visitArgs(values)], key),
    leave: () => { remember(household); app.go(`/saved/1/${param}${forAddress(task)}`, true); },
    words: () => t("Save"),
  });

  /** Other people may serve the other village. @param {string} village_id */
  async function move(village_id) {
    form.change({ village_id });
    const found = await askedOf(app, village_id);
    if (values.village_id !== village_id) return;
    asked = found;
    const served = asked.members.map((/** @type {{id: string}} */ member) => member.id);
    form.change({ member_ids: values.member_ids.filter((/** @type {string} */ id) => id === asked.me || served.includes(id)) });
  }

  return {
    title: household ? household.head_name : t("Household not named"),
    isNamed: true,
    parent: "/visit/new",
    scroll: kept ? kept.scroll : 0,
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`${values.task_id ? forTask(task) : nothing}${householdId ? nothing : html`<p class="soft">${t("No name is written down. The visit still counts.")}</p>${villageField(app, values.village_id, (id) => form.settle(move(id)))}`}
      ${visitFields(values, { ...asked, errors: form.errors(), change: form.change })}
      ${form.discard("/")}`,
    bar: form.bar,
  };
}
