// Home: the two things one comes for, what is not sent yet, and this month's own figures.

import { groupNumber, monthOf, monthWords, today } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { html, icon, nothing } from "../ui/html.js";
import { banner } from "../ui/parts.js";
import { detail, fetching, lead } from "../ui/sync-words.js";
import { attentionWords } from "../ui/words.js";
import { draftRows } from "../ui/draft-rows.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../store/index.js").Totals} Totals */

/** @param {App} app */
function syncCard(app) {
  const isSending = app.sync.state().phase === "sending";
  return html`<section class="card sync ${app.waiting ? "waiting" : ""}" aria-label=${t("Sending")}>
    <p class="lead">${icon(app.waiting ? "phone-saved" : "check")}<span id="waiting">${lead(app)}</span></p>
    <p class="soft small" role="status">${detail(app)}</p>
    <button type="button" class="button wide" ?disabled=${isSending} @click=${() => void app.sync.sendNow()}>${icon("send")}${isSending ? t("Sending…") : t("Send now")}</button>
  </section>`;
}

/** @param {Totals} totals @param {string} period */
function figures(totals, period) {
  const tile = (/** @type {number} */ figure, /** @type {string} */ name) => html`<div class="tile"><span class="figure">${groupNumber(figure)}</span><span class="name">${name}</span></div>`;
  return html`<section class="stack stack-s" aria-labelledby="month">
    <h2 id="month">${t("The team in {month}", { month: monthWords(period) })}</h2>
    <div class="tiles">
      ${tile(totals.visits, t("support visits"))}
      ${tile(totals.households, t("households"))}
      ${tile(totals.people, t("people supported"))}
      ${totals.households_unnamed ? tile(totals.households_unnamed, t("households not named")) : nothing}
    </div>
    ${totals.pending ? html`<p class="soft small">${tn("Of these, {n} visit is not sent yet.", "Of these, {n} visits are not sent yet.", totals.pending)}</p>` : nothing}
  </section>`;
}

/** @param {App} app @param {Totals} totals @param {string} period */
function nothingToReport(app, totals, period) {
  if (totals.visits) return nothing;
  const month = monthWords(period);
  if (totals.reported_nothing) return banner("quiet", "none", t("Nothing to report for {month}: recorded.", { month }));
  const report = async () => {
    const sure = await app.ask({ title: t("Nothing to report for {month}?", { month }), text: t("If there is a visit later, just record it: the visit counts."), yes: t("Report: nothing") });
    if (!sure) return;
    await app.store.reportNothing(app.village, period);
    app.tell(t("Saved on this phone"));
  };
  return html`<button type="button" class="button wide" @click=${report}>${icon("none")}${t("Nothing to report this month")}</button>`;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  const period = monthOf(today());
  const read = () => Promise.all([app.store.totals(period), app.store.drafts(), app.store.isComplete()]);
  let [totals, drafts, isComplete] = await read();
  return {
    get title() { return app.team || t("Community digital team"); },
    place: "home",
    refresh: async () => { [totals, drafts, isComplete] = await read(); },
    view: () => html`
      ${app.attention ? banner("warn", "alert", attentionWords(app.attention), html`<a class="button" href="#/attention">${t("See them")}</a>`) : nothing}
      ${isComplete ? nothing : html`<div role="status">${banner("info", "clock", fetching(app))}</div>`}
      ${draftRows(drafts)}
      <a class="button primary big wide" href="#/visit/new">${icon("plus")}${t("Record a visit")}</a>
      <a class="button big wide" href="#/several">${icon("houses")}${t("Several households at once")}</a>
      ${isComplete || app.waiting ? syncCard(app) : nothing}
      ${isComplete ? html`${figures(totals, period)}${nothingToReport(app, totals, period)}` : nothing}`,
  };
}
