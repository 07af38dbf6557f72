// "Record a visit": which household? One tap leads to the form.

import { t } from "../model/i18n.js";
import { freshPlace, householdLink, householdList, prepare } from "../ui/household-list.js";
import { html, icon } from "../ui/html.js";
import { villageChoice } from "../ui/village-choice.js";

const place = freshPlace();

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  let prepared = prepare(await app.store.households(app.village));
  return {
    title: t("Which household?"),
    parent: "/",
    refresh: async () => { prepared = prepare(await app.store.households(app.village)); },
    view: () => html`${villageChoice(app)}
      <div class="pair">
        <a class="button" href="#/household/new?then=visit">${icon("plus")}${t("New household")}</a>
        <a class="button" href="#/visit/new/unnamed">${icon("none")}${t("Household prefers not to be named")}</a>
      </div>
      ${householdList(prepared, place, app.redraw, (household) => householdLink(`#/visit/new/${household.id}`, household))}`,
  };
}
