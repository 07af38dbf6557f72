// One visit: what was recorded, how far it came, and taking it back or correcting it.

import { clockTime, longDate, timeOfDay } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { deskWord } from "../ui/desk-word.js";
import { taskOf } from "../ui/for-task.js";
import { html, icon, nothing } from "../ui/html.js";
import { empty } from "../ui/parts.js";
import { reasonDialog } from "../ui/reason.js";
import { wordsOfService } from "../ui/services.js";
import { staying } from "../ui/still-here.js";
import { taskName } from "../ui/task-words.js";
import { villageName } from "../ui/village-choice.js";
import { correctedBadge, enteredBadge, statusBadge } from "../ui/visit-row.js";
import { kinds, notCountedWords, outcomes, refusalWords, wordFor } from "../ui/words.js";

const HOURS_72 = 72 * 3600 * 1000;

/** @typedef {import("../store/index.js").Visit} Visit @typedef {import("../model/status.js").Status} Status */

/** The author may correct for 72 hours after the server has it. @param {Visit} visit @param {string} me */
export const canCorrect = (visit, me) => visit.author_id === me && visit.status.step !== "attention" && (!visit.received_at || Date.now() - Date.parse(visit.received_at) < HOURS_72);

/** The way to the report, step by step. @param {Status} status @param {Visit} visit */
function steps(status, visit) {
  if (visit.gone) return html`<div class="stack stack-s"><p>${statusBadge(visit)}</p><p>${t("Taken back by the person who recorded it. It is in no report.")}</p></div>`;
  const order = ["saved", "sent", "counted"];
  const at = order.indexOf(status.step);
  if (at < 0) return html`<div class="stack stack-s">${statusBadge(visit)}${status.reason ? html`<p>${status.step === "attention" ? refusalWords(status.reason) : notCountedWords(status.reason)}</p>` : nothing}
    ${status.step === "attention" ? html`<a class="button" href="#/attention">${t("See what can be done")}</a>` : nothing}</div>`;
  const words = [t("Saved on this phone"), visit.received_at ? t("Sent at {time}", { time: timeOfDay(visit.received_at) }) : t("Sent"), t("Counted in the report")];
  const icons = ["phone-saved", "send", "counted"];
  return html`${visit.review ? nothing : correctedBadge(visit)}${enteredBadge(visit)}<ol class="steps">${order.map((_, i) => html`<li class=${i <= at ? "past" : "soft"}>${icon(i <= at ? "check" : icons[i])}<span>${words[i]}${i > at ? html`<span class="visually-hidden"> ${t("(not yet)")}</span>` : nothing}</span></li>`)}</ol>`;
}

/** What the author cannot change any more is asked of the commune, which finds the visit by it. @param {Visit} visit */
const askAbout = (visit) => (visit.gone === "withdrawn" ? nothing : html`<a class="button wide" href="#/request/new?visit=${visit.id}">${icon("send")}${t("Ask the commune about this visit")}</a>`);

/** @param {Visit} visit @param {{services: import("../store/index.js").Service[], members: import("../store/index.js").Member[], village: string, task: import("../store/index.js").Task | null}} known `village` where the team serves several */
function facts(visit, { services, members, village, task }) {
  const names = (visit.member_ids || []).map((id) => members.find((member) => member.id === id)?.name).filter(Boolean).join(", ");
  return html`<dl class="facts">
    <div><dt>${t("Day and time")}</dt><dd>${longDate(visit.occurred_at)}, ${clockTime(visit.occurred_at)}</dd></div>
    ${village ? html`<div><dt>${t("Village")}</dt><dd>${village}</dd></div>` : nothing}
    <div><dt>${t("How")}</dt><dd>${wordFor(kinds(), visit.kind)}</dd></div>
    ${visit.services.map(({ code, outcome }) => html`<div><dt>${wordsOfService(services, code)}</dt><dd>${wordFor(outcomes(), outcome)}</dd></div>`)}
    <div><dt>${t("People supported")}</dt><dd>${tn("{n} person", "{n} people", visit.participants)}</dd></div>
    ${task ? html`<div><dt>${t("Task")}</dt><dd>${taskName(task)}</dd></div>` : nothing}
    ${names ? html`<div><dt>${t("Who went")}</dt><dd>${names}</dd></div>` : nothing}
    ${visit.follow_up_on ? html`<div><dt>${t("Come back on")}</dt><dd>${longDate(visit.follow_up_on)}</dd></div>` : nothing}
    ${visit.note ? html`<div><dt>${t("Note")}</dt><dd>${visit.note}</dd></div>` : nothing}
  </dl>`;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, { id }) {
  const me = app.account?.member_id || "";
  const read = async () => {
    const visit = await app.store.visit(id);
    const [household, services, members, task] = await Promise.all([visit?.household_id ? app.store.household(visit.household_id) : null, app.store.services(), app.store.members(visit?.village_id || app.village), taskOf(app, visit?.task_id)]);
    return { visit, household, services, members, task };
  };
  let all = await read();

  async function withdraw() {
    const isHere = staying();
    const reason = await reasonDialog(t("Withdraw this visit?"), [t("Wrong household"), t("Recorded twice"), t("It did not take place")], t("Withdraw the visit"));
    if (!reason) return;
    await app.store.withdrawVisit(id, reason);
    app.tell(t("Withdrawn. It no longer counts."));
    if (isHere()) app.back("/visits");
  }

  return {
    title: all.household ? all.household.head_name : t("Household not named"),
    isNamed: true,
    place: "visits",
    parent: "/visits",
    refresh: async () => { all = await read(); },
    view: () => {
      const { visit, household, services, members, task } = all;
      if (!visit) return empty(t("This visit is not on this phone any more."));
      return html`
        ${visit.review || visit.gone === "not_counted" ? deskWord(visit) : nothing}
        ${visit.status && visit.gone !== "not_counted" ? html`<section class="card">${steps(visit.status, visit)}</section>` : nothing}
        <section class="card">${facts(visit, { services, members, task, village: villageName(app, visit.village_id) })}</section>
        ${household ? html`<a class="button wide" href="#/household/${household.id}">${icon("houses")}${t("See this household")}</a>` : nothing}
        ${visit.gone ? askAbout(visit) : canCorrect(visit, me)
          ? html`${visit.review?.act === "amended" ? html`<p class="soft">${t("What you correct now takes the place of what the commune corrected.")}</p>` : nothing}
            <a class="button wide" href="#/visit/${id}/edit">${icon("pencil")}${t("Correct")}</a>
            <button type="button" class="button danger wide" @click=${withdraw}>${icon("undo")}${t("Withdraw")}</button>`
          : visit.author_id === me && visit.received_at ? html`<p class="soft">${t("72 hours have passed. If something is wrong, please tell the commune's officer.")}</p>${askAbout(visit)}` : nothing}`;
    },
  };
}
