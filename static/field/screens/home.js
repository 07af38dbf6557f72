// Home: the two things one comes for, what is not sent yet, and this month's own figures.

import { monthOf, monthWords, today } from "../model/time.js";
import { groupNumber, t, tn } from "../model/i18n.js";
import { MOVES_TOLD, kept } from "../store/session.js";
import { seldom, withWords } from "../ui/language.js";
import { html, icon, nothing } from "../ui/html.js";
import { banner } from "../ui/parts.js";
import { attentionWords, detail, fetching, lead } from "../ui/sync-words.js";

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
    ${totals.visits ? html`<a class="button big wide" href="#/share">${icon("share")}${t("Share")}</a>` : nothing}
  </section>`;
}

const draftRows = withWords(() => import("../ui/draft-rows.js"));

/** Most often nothing is left in the middle; where the rows cannot be had, home opens without them. @param {import("../ui/draft-rows.js").Draft[]} drafts */
const rowsOf = async (drafts) => (drafts.length ? await draftRows().then((found) => found.draftRows(drafts), () => nothing) : nothing);

const warned = withWords(() => import("../ui/warnings.js"));

/** Seldom is there an urgent warning to confirm. @param {App} app */
const warningsOf = async (app) => (app.isWarned ? await warned().then((found) => found.warnings(app), () => nothing) : nothing);

const notice = seldom(() => import("../ui/moves.js"));

/** Seldom does a village come to another commune, or not after all, and nothing waits for the words of it. @param {App} app */
const moved = (app) => (app.villages.some(({ moves }) => moves) || kept(MOVES_TOLD) ? notice(app)?.moveNotice(app) ?? nothing : nothing);

const tasks = seldom(() => import("../ui/task-line.js"));

const report = seldom(() => import("../ui/nothing.js"));

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  const read = (period = monthOf(today())) => Promise.all([app.store.totals(period), app.store.drafts().then(rowsOf), app.store.isComplete(), warningsOf(app), period]);
  let [totals, drafts, isComplete, warnings, period] = await read();
  return {
    get title() { return app.team || t("Community digital team"); },
    place: "home",
    refresh: async () => { [totals, drafts, isComplete, warnings, period] = await read(); },
    view: () => {
      const news = moved(app);
      // A question of the app comes last, where it moves nothing that waits, and not while something else is to be answered.
      const isFree = isComplete && !app.isWarned && !app.attention && news === nothing && drafts === nothing;
      return html`
      ${warnings}
      ${app.attention ? banner("warn", "alert", attentionWords(app.attention), html`<a class="button" href="#/attention">${t("See them")}</a>`) : nothing}
      ${isComplete ? nothing : html`<div role="status">${banner("info", "clock", fetching(app))}</div>`}
      ${news}
      ${drafts}
      <a class="button primary big wide" href="#/visit/new">${icon("plus")}${t("Record a visit")}</a>
      <a class="button big wide" href="#/several">${icon("houses")}${t("Several households at once")}</a>
      <div class="pair"><a class="button" href="#/attendance">${t("Attendance")}</a>
        <a class="button" href="#/next">${t("Whom next?")}</a></div>
      ${totals.tasks.length ? tasks(app)?.taskLine(totals.tasks) ?? nothing : nothing}
      ${isComplete || app.waiting ? syncCard(app) : nothing}
      ${isComplete ? html`${figures(totals, period)}${totals.visits ? nothing : report(app)?.nothingToReport(app, totals, period) ?? nothing}` : nothing}
      ${isFree ? app.proposal?.() ?? nothing : nothing}`;
    },
  };
}
