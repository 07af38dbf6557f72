// Several households at once: tick them, choose the content once, one visit each.

import { uuid7 } from "../model/ids.js";
import { checkVisit, visitArgs } from "../model/visit.js";
import { t, tn } from "../model/i18n.js";
import { keepDraft } from "../ui/draft.js";
import { elsewhere } from "../ui/elsewhere.js";
import { chosenOf, forAddress, forTask, helpedMark, linked, taskOf } from "../ui/for-task.js";
import { arriveAt, freshPlace, householdList, householdTick, prepare } from "../ui/household-list.js";
import { makeForm } from "../ui/form.js";
import { html, nothing } from "../ui/html.js";
import { staying } from "../ui/still-here.js";
import { villageChoice } from "../ui/village-choice.js";
import { visitFields } from "../ui/visit-fields.js";
import { askedOf, freshVisit, withCompanions } from "./visit-form.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../ui/visit-fields.js").VisitValues} VisitValues */
/** @typedef {import("../ui/for-task.js").Task} Task */
/** @typedef {VisitValues & {visits: Record<string, string>, scroll?: number}} SeveralValues household id to the id of its coming visit */

const MOST = 50;
const place = freshPlace();

/** Those for a task are a draft of their own. @param {string | undefined} task */
const keyOf = (task) => (task ? `several:${task}` : "several");

/** @param {App} app @param {string | undefined} id @returns {Promise<{values: SeveralValues, task: Task | null, village: string}>} */
async function begun(app, id) {
  const [kept, task] = await Promise.all([app.store.draft(keyOf(id)), taskOf(app, id)]);
  const village = task?.village_id || app.village;
  const values = linked(kept || await withCompanions(app, { ...freshVisit(app, null), village_id: village, visits: {} }), task);
  return { values, task, village };
}

/** @type {import("../ui/app.js").Open} */
export async function openHouseholds(app, { task: id }) {
  arriveAt(place);
  const { values, task } = await begun(app, id);
  const read = async () => prepare(chosenOf(await app.store.households(task?.village_id || app.village), task));
  let [prepared, mark] = await Promise.all([read(), helpedMark(app, task)]);
  const draft = keepDraft(app, keyOf(id), () => values);
  const others = id ? undefined : elsewhere(app);
  const count = () => Object.keys(values.visits).length;

  /** @param {string} household @param {boolean} on */
  function tick(household, on) {
    if (on) values.visits[household] = uuid7();
    else delete values.visits[household];
    void draft.touch();
    app.redraw();
  }

  async function next() {
    const isHere = staying();
    await draft.touch();
    if (isHere()) app.go(`/several/content${id ? `?task=${id}` : ""}`);
  }

  return {
    title: t("Several households at once"),
    parent: task ? `/task/${task.id}` : "/",
    isDirty: draft.isDirty,
    close: draft.close,
    refresh: async () => { [prepared, mark] = await Promise.all([read(), helpedMark(app, task)]); others?.forget(); },
    view: () => html`${id ? forTask(task) : html`<p class="soft">${t("For an evening with one topic and many households: tick the households, then choose the content once.")}</p>
      ${villageChoice(app)}`}
      ${householdList(prepared, place, app.redraw, (household) => householdTick(household, household.id in values.visits, (on) => tick(household.id, on), mark(household)), others)}`,
    bar: () => html`<button type="button" class="button primary big wide" ?disabled=${count() === 0 || count() > MOST} @click=${next}>${count() ? tn("Next: {n} household", "Next: {n} households", count()) : t("Tick at least one household")}</button>
      <p class="soft" role="status">${count() > MOST ? t("At most {n} households at once.", { n: MOST }) : nothing}</p>`,
  };
}

/** @type {import("../ui/app.js").Open} */
export async function openContent(app, { task: id }) {
  const isHere = staying();
  const { values, task, village } = await begun(app, id);
  const key = keyOf(id);
  const back = `/several${id ? `?task=${id}` : ""}`;
  const villages = [...new Set([village, app.village, ...app.villages.map(({ id: served }) => served)])];
  const [asked, ...all] = await Promise.all([askedOf(app, village), ...villages.map((one) => app.store.households(one))]);
  const households = all.flat().filter((household) => household.id in values.visits);
  if (!households.length && isHere()) app.go(back, true);
  const visits = () => households.map((household) => visitArgs({ ...values, id: values.visits[household.id], village_id: household.village_id, household_id: household.id }));
  const form = makeForm(app, {
    key,
    values,
    isKept: true,
    check: checkVisit,
    write: () => app.store.recordVisits(visits(), key),
    leave: () => app.go(`/saved/${households.length}/several${forAddress(task)}`, true),
    words: () => tn("Save {n} visit", "Save {n} visits", households.length),
  });
  return {
    title: tn("Content for {n} household", "Content for {n} households", households.length),
    parent: back,
    scroll: values.scroll,
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`${values.task_id ? forTask(task) : nothing}<details><summary>${tn("{n} household", "{n} households", households.length)}</summary>
        <ul class="stack stack-s">${households.map((household) => html`<li>${household.head_name}</li>`)}</ul></details>
      ${visitFields(values, { ...asked, errors: form.errors(), change: form.change, isEach: true })}
      ${form.discard(back)}`,
    bar: form.bar,
  };
}
