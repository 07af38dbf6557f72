// Several households at once: tick them, choose the content once, one visit each.

import { uuid7 } from "../model/ids.js";
import { checkVisit, visitArgs } from "../model/visit.js";
import { t, tn } from "../model/i18n.js";
import { keepDraft } from "../ui/draft.js";
import { freshPlace, householdList, householdTick, prepare } from "../ui/household-list.js";
import { makeForm } from "../ui/form.js";
import { html, nothing } from "../ui/html.js";
import { villageChoice } from "../ui/village-choice.js";
import { visitFields } from "../ui/visit-fields.js";
import { askedOf, freshVisit } from "./visit-form.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../ui/visit-fields.js").VisitValues} VisitValues */
/** @typedef {VisitValues & {visits: Record<string, string>, scroll?: number}} SeveralValues household id to the id of its coming visit */

const KEY = "several";
const MOST = 50;
const place = freshPlace();

/** @param {App} app @returns {Promise<SeveralValues>} */
async function valuesOf(app) {
  const kept = await app.store.draft(KEY);
  return kept || { ...freshVisit(app, null), visits: {} };
}

/** @type {import("../ui/app.js").Open} */
export async function openHouseholds(app) {
  let prepared = prepare(await app.store.households(app.village));
  const values = await valuesOf(app);
  if (values.village_id !== app.village) Object.assign(values, { visits: {}, village_id: app.village });
  const draft = keepDraft(app, KEY, () => values);
  const count = () => Object.keys(values.visits).length;

  /** @param {string} id @param {boolean} on */
  function tick(id, on) {
    if (on) values.visits[id] = uuid7();
    else delete values.visits[id];
    void draft.touch();
    app.redraw();
  }

  async function next() {
    await draft.touch();
    app.go("/several/content");
  }

  return {
    title: t("Several households at once"),
    parent: "/",
    isDirty: draft.isDirty,
    close: draft.close,
    refresh: async () => { prepared = prepare(await app.store.households(app.village)); },
    view: () => html`<p class="soft">${t("For an evening with one topic and many households: tick the households, then choose the content once.")}</p>
      ${villageChoice(app)}
      ${householdList(prepared, place, app.redraw, (household) => householdTick(household, household.id in values.visits, (on) => tick(household.id, on)))}`,
    bar: () => html`<button type="button" class="button primary big wide" ?disabled=${count() === 0 || count() > MOST} @click=${next}>${count() ? tn("Next: {n} household", "Next: {n} households", count()) : t("Tick at least one household")}</button>
      <p class="soft" role="status">${count() > MOST ? t("At most {n} households at once.", { n: MOST }) : nothing}</p>`,
  };
}

/** @type {import("../ui/app.js").Open} */
export async function openContent(app) {
  const values = await valuesOf(app);
  const [asked, all] = await Promise.all([askedOf(app), app.store.households(values.village_id)]);
  const households = all.filter((household) => household.id in values.visits);
  if (!households.length) app.go("/several", true);
  const visits = () => households.map(({ id }) => visitArgs({ ...values, id: values.visits[id], household_id: id }));
  const form = makeForm(app, {
    key: KEY,
    values,
    isKept: true,
    check: checkVisit,
    write: () => app.store.recordVisits(visits(), KEY),
    leave: () => app.go(`/saved/${households.length}/several`, true),
    words: () => tn("Save {n} visit", "Save {n} visits", households.length),
  });
  return {
    title: tn("Content for {n} household", "Content for {n} households", households.length),
    parent: "/several",
    scroll: values.scroll,
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`<details><summary>${tn("{n} household", "{n} households", households.length)}</summary>
        <ul class="stack stack-s">${households.map((household) => html`<li>${household.head_name}</li>`)}</ul></details>
      ${visitFields(values, { ...asked, errors: form.errors(), change: form.change, isEach: true })}
      ${form.discard("/several")}`,
    bar: form.bar,
  };
}
