// One household: what is known, what was done, and the next visit.

import { phoneWords } from "../model/household.js";
import { t } from "../model/i18n.js";
import { consentAsk } from "../ui/consent.js";
import { correctedNotice, seenBy } from "../ui/corrected.js";
import { indicatorName } from "../ui/household-fields.js";
import { html, icon, nothing } from "../ui/html.js";
import { banner, empty } from "../ui/parts.js";
import { reasonDialog } from "../ui/reason.js";
import { staying } from "../ui/still-here.js";
import { villageName } from "../ui/village-choice.js";
import { visitRow } from "../ui/visit-row.js";

/** @typedef {import("../store/index.js").Household} Household @typedef {import("../store/index.js").Indicator} Indicator */

/** @param {Indicator} indicator @param {Household} household */
function indicatorFact(indicator, household) {
  const value = (household.indicators || {})[indicator.code];
  if (value === undefined || value === null) return nothing;
  const words = value === true ? t("Yes") : value === false ? t("No") : String(value);
  return html`<div><dt>${indicatorName(indicator)}</dt><dd>${words}</dd></div>`;
}

/** @param {Household} household @param {Indicator[]} indicators @param {string} village its name where the team serves several */
function facts(household, indicators, village) {
  const fact = (/** @type {string} */ name, /** @type {unknown} */ value) => (value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing);
  return html`<dl class="facts">
    ${fact(t("Village"), village)}
    ${fact(t("Hamlet"), household.hamlet)}
    ${household.phone ? html`<div><dt>${t("Phone")}</dt><dd><a href="tel:${household.phone}">${phoneWords(household.phone)}</a></dd></div>` : nothing}
    ${fact(t("People in the household"), household.people)}
    ${fact(t("Adults"), household.adults)}
    ${indicators.map((indicator) => indicatorFact(indicator, household))}
    ${fact(t("Note"), household.note)}
  </dl>`;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, { id }) {
  const read = () => Promise.all([app.store.household(id), app.store.visitsOf(id), app.store.services(), app.store.indicators(), seenBy(app)]);
  let [household, visits, services, indicators, seen] = await read();

  async function remove() {
    const isHere = staying();
    const reason = await reasonDialog(t("Take this household off the list?"), [t("Moved away"), t("Entered twice"), t("Entered by mistake")], t("Take it off"));
    if (!reason) return;
    await app.store.withdrawHousehold(id, reason);
    app.tell(t("Saved on this phone"));
    if (isHere()) app.go("/households", true);
  }

  return {
    get title() { return household ? household.head_name : t("Household"); },
    isNamed: true,
    place: "households",
    parent: "/households",
    refresh: async () => { [household, visits, services, indicators, seen] = await read(); },
    view: () => (household ? html`
      ${household.pending ? banner("quiet", "phone-saved", t("Saved on this phone; it will be sent when there is a network.")) : nothing}
      ${correctedNotice(household, seen, app)}
      <a class="button primary big wide" href="#/visit/new/${id}">${icon("plus")}${t("Record a visit")}</a>
      ${consentAsk(household, app, "/visit/new/unnamed")}
      <section class="card stack stack-s">${facts(household, indicators, villageName(app, household.village_id))}
        <div class="cluster"><a class="button" href="#/household/${id}/edit">${icon("pencil")}${t("Edit details")}</a></div></section>
      <h2>${t("Visits")}</h2>
      ${visits.length ? html`<ul class="rows">${visits.map((visit) => visitRow(visit, services, { isOfHousehold: true }))}</ul>` : empty(t("Not visited yet"))}
      <button type="button" class="button plain" @click=${remove}>${t("Take this household off the list")}</button>`
      : empty(t("This household is no longer in the list."))),
  };
}
