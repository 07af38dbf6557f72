// "What I have done": a member's own part, from this phone alone. Nobody is compared with anybody.

import { daysOf, shareOf } from "../model/mine.js";
import { today } from "../model/time.js";
import { groupNumber, t, tn } from "../model/i18n.js";
import { segments } from "../ui/controls.js";
import { html, nothing } from "../ui/html.js";
import { empty } from "../ui/parts.js";
import { wordsOfService } from "../ui/services.js";

/** @typedef {import("../model/mine.js").Share} Share @typedef {import("../model/mine.js").Span} Span */

const SERVICES_SHOWN = 5;

/** @param {Share} share @param {import("../store/index.js").Service[]} known */
function done({ visits, households, people, unnamed, services }, known) {
  const tile = (/** @type {number} */ figure, /** @type {string} */ name) => html`<div class="tile"><span class="figure">${groupNumber(figure)}</span><span class="name">${name}</span></div>`;
  return html`<div class="tiles">${tile(visits, t("support visits"))}${tile(households, t("households"))}${tile(people, t("people supported"))}${unnamed ? tile(unnamed, t("households not named")) : nothing}</div>
    <section class="card stack stack-s" aria-labelledby="what"><h2 id="what">${t("What I helped with most")}</h2>
      <dl class="facts">${services.slice(0, SERVICES_SHOWN).map(([code, n]) => html`<div><dt>${wordsOfService(known, code)}</dt><dd>${tn("{n} visit", "{n} visits", n)}</dd></div>`)}</dl></section>
    <p class="soft small">${t("Visits on which you went along count as well, and those not sent yet. Thank you for every household.")}</p>`;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  const mine = (/** @type {import("../store/index.js").VisitCounted} */ { gone, member_ids }) => !gone && member_ids?.includes(app.account?.member_id || "");
  const read = async () => {
    const [all, known] = await Promise.all([app.store.visitsIn(app.villages.map(({ id }) => id)), app.store.services()]);
    return /** @type {const} */ ([all.filter(mine), known]);
  };
  let [visits, services] = await read();
  /** @type {Span} */
  let span = "month";
  const choose = (/** @type {string} */ value) => { span = /** @type {Span} */ (value); app.redraw(); };
  return {
    title: t("What I have done"),
    place: "visits",
    parent: "/visits",
    refresh: async () => { [visits, services] = await read(); },
    view: () => {
      const share = shareOf(visits, daysOf(span, today()));
      return html`${segments("span", t("Which time?"), [["month", t("This month")], ["before", t("Last month")], ["year", t("This year")]], span, choose, true)}
        ${share.visits ? done(share, services) : empty(t("Nothing is recorded for this time yet."))}`;
    },
  };
}
