// "Record a visit": which household? One tap leads to the form.

import { t } from "../model/i18n.js";
import { elsewhere } from "../ui/elsewhere.js";
import { chosenOf, forAddress, forTask, helpedMark, taskOf } from "../ui/for-task.js";
import { arriveAt, freshPlace, householdLink, householdList, prepare } from "../ui/household-list.js";
import { html, icon, nothing } from "../ui/html.js";
import { villageChoice } from "../ui/village-choice.js";

const place = freshPlace();

/** @type {import("../ui/app.js").Open} */
export async function open(app, { task: id }) {
  arriveAt(place);
  const task = await taskOf(app, id);
  const link = forAddress(task);
  const read = async () => prepare(chosenOf(await app.store.households(task?.village_id || app.village), task));
  let [prepared, mark] = await Promise.all([read(), helpedMark(app, task)]);
  const others = id ? undefined : elsewhere(app);
  return {
    title: t("Which household?"),
    parent: task ? `/task/${task.id}` : "/",
    refresh: async () => { [prepared, mark] = await Promise.all([read(), helpedMark(app, task)]); others?.forget(); },
    view: () => html`${id ? forTask(task) : villageChoice(app)}
      ${task?.household_ids ? nothing : html`<div class="pair">
        <a class="button" href="#/household/new?then=visit${link.replace("?", "&")}">${icon("plus")}${t("New household")}</a>
        <a class="button" href="#/visit/new/unnamed${link}">${icon("none")}${t("Household prefers not to be named")}</a>
      </div>`}
      ${householdList(prepared, place, app.redraw, (household) => householdLink(`#/visit/new/${household.id}${link}`, household, mark(household)), others)}`,
  };
}
