// The village's households.

import { t } from "../model/i18n.js";
import { freshPlace, householdLink, householdList, prepare } from "../ui/household-list.js";
import { html, icon } from "../ui/html.js";
import { villageChoice } from "../ui/village-choice.js";

const place = freshPlace();

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  let prepared = prepare(await app.store.households(app.village));
  return {
    title: t("Households"),
    place: "households",
    refresh: async () => { prepared = prepare(await app.store.households(app.village)); },
    view: () => html`${villageChoice(app)}
      <a class="button wide" href="#/household/new">${icon("plus")}${t("New household")}</a>
      ${householdList(prepared, place, app.redraw, (household) => householdLink(`#/household/${household.id}`, household))}`,
  };
}
