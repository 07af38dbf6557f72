// The village's households.

import { t } from "../model/i18n.js";
import { correctedMark, seenBy } from "../ui/corrected.js";
import { elsewhere } from "../ui/elsewhere.js";
import { arriveAt, freshPlace, householdLink, householdList, prepare } from "../ui/household-list.js";
import { html, icon } from "../ui/html.js";
import { villageChoice } from "../ui/village-choice.js";

const place = freshPlace();

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  arriveAt(place);
  const read = async () => {
    const [all, seen] = await Promise.all([app.store.households(app.village), seenBy(app)]);
    return { prepared: prepare(all), seen };
  };
  let { prepared, seen } = await read();
  const others = elsewhere(app);
  return {
    title: t("Households"),
    place: "households",
    refresh: async () => { ({ prepared, seen } = await read()); others.forget(); },
    view: () => html`${villageChoice(app)}
      <div class="pair"><a class="button" href="#/household/new">${icon("plus")}${t("New household")}</a>
        <a class="button" href="#/next">${t("Whom next?")}</a></div>
      ${householdList(prepared, place, app.redraw, (household) => householdLink(`#/household/${household.id}`, household, correctedMark(household, seen)), others)}`,
  };
}
