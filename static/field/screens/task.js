// One task: what is asked and why, whom it is for, how much is done, and what the team says of it.

import { householdsHelped, isOpen, progressOf } from "../model/task.js";
import { shortDate, today } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { afterPaint } from "../store/later.js";
import { draftRows } from "../ui/draft-rows.js";
import { chosenOf } from "../ui/for-task.js";
import { householdLink } from "../ui/household-list.js";
import { html, icon, nothing } from "../ui/html.js";
import { banner, empty } from "../ui/parts.js";
import { reasonDialog } from "../ui/reason.js";
import { wordsOfService } from "../ui/services.js";
import { goneWords, progressBar, progressWords, targetOf, taskBadges } from "../ui/task-words.js";
import { villageName } from "../ui/village-choice.js";
import { whyRefused } from "../ui/words.js";
import { goneNotice } from "./tasks.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../store/index.js").Task} Task @typedef {import("../store/index.js").Household} Household */
/** @typedef {Awaited<ReturnType<typeof read>>} Known */

/** @param {App} app @param {string} id */
async function read(app, id) {
  const [tasks, drafts, attention, services] = await Promise.all([app.store.tasks(), app.store.drafts(), app.store.attention(), app.store.services()]);
  const task = tasks.find((one) => one.id === id) || null;
  const around = task && !task.gone
    ? await Promise.all([app.store.visitsIn([task.village_id]), app.store.households(task.village_id), app.store.members(task.village_id)])
    : /** @type {[import("../store/index.js").VisitCounted[], Household[], import("../store/index.js").Member[]]} */ ([[], [], []]);
  const [visits, households, members] = around;
  const refused = attention.filter(({ mutation }) => mutation.type === "task.progress" && mutation.args.id === id);
  return { task, visits, households, members, services, refused, drafts: drafts.filter(({ value }) => value.task_id === id) };
}

/** @param {App} app @param {Task} task @param {Known} known */
function facts(app, task, { members, services }) {
  const fact = (/** @type {string} */ name, /** @type {string | null | undefined} */ value) => (value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing);
  const member = task.member_id === app.account?.member_id ? t("You") : members.find(({ id }) => id === task.member_id)?.name;
  const chosen = task.household_ids;
  return html`<dl class="facts">
    ${fact(t("Asked by"), task.issuer)}
    ${fact(t("Begins on"), task.from_on > today() ? shortDate(task.from_on) : null)}
    ${fact(t("Due"), shortDate(task.due_on))}
    ${fact(t("For whom"), chosen ? tn("{n} chosen household", "{n} chosen households", chosen.length) : t("The whole village"))}
    ${fact(t("Village"), villageName(app, task.village_id))}
    ${fact(t("Kind of support"), task.service && wordsOfService(services, task.service))}
    ${fact(t("Meant for"), member)}
    ${fact(t("Document"), task.document)}
  </dl>`;
}

/** Why it stands still, or what the desk says as it asks again. @param {Task} task */
function reasonOf({ state, reason, note, closed, ended_on }) {
  if (closed) return banner("quiet", "info", html`<strong>${ended_on ? t("The campaign ended on {date}", { date: shortDate(ended_on) }) : t("The campaign has ended")}</strong><br>${note ? html`${t("The commune says: {words}", { words: note })}<br>` : nothing}${t("The visits that were recorded still count.")}`);
  const words = reason || note;
  if (words && (state === "sent" || state === "seen")) return banner("info", "info", t("The commune says: {words}", { words }));
  if (state === "blocked") return banner("warn", "alert", html`${t("The team said: {words}", { words: words || "" })}<br><span class="small">${t("The commune sees this and will answer.")}</span>`);
  return state === "declined" ? banner("quiet", "none", words ? t("The team said: {words}", { words }) : t("Not accepted")) : nothing;
}

/** @param {Task} task @param {Known} known */
function progress(task, { visits }) {
  const done = progressOf(task, visits);
  return html`<section class="card stack stack-s" aria-labelledby="progress"><h2 id="progress">${progressWords(task, done)}</h2>
    ${progressBar(done, targetOf(task))}
    <p class="soft small">${t("Counted from the visits that the team recorded, those not sent yet included.")}</p></section>`;
}

/** @param {App} app @param {Task} task @param {Known} known */
function answers(app, task, { visits }) {
  const say = async (/** @type {import("../model/task.js").State} */ state, /** @type {string} */ note = "") => {
    await app.store.sayTask(task.id, state, note);
    // That it was accepted is seen on the page itself.
    if (state !== "accepted") app.tell(t("Saved on this phone"));
    await app.refresh();
  };
  const withReason = (/** @type {"declined" | "blocked"} */ state, /** @type {string} */ question, /** @type {string[]} */ ready, /** @type {string} */ yes) => async () => {
    const reason = await reasonDialog(question, ready, yes, t("Once you have told the commune, only the commune can open the task again."));
    if (reason) await say(state, reason);
  };
  const finish = async () => {
    const sure = await app.ask({ title: t("Is the task finished?"), text: t("Recorded: {progress}. The commune is told that the team has finished.", { progress: progressWords(task, progressOf(task, visits)) }), yes: t("Finished") });
    if (sure) await say("done");
  };
  const decline = withReason("declined", t("Why can the team not take it?"), [t("Nobody can go at that time"), t("It is not our village's"), t("It has been done already")], t("Do not accept"));
  const block = withReason("blocked", t("What stands in the way?"), [t("Households are away"), t("There is no network or no device"), t("We need help from the commune")], t("Say that we are stuck"));
  const isTaken = task.state === "accepted";
  return html`<section class="stack stack-s" aria-labelledby="answer"><h2 id="answer">${t("Tell the commune")}</h2>
    ${isTaken ? html`<button type="button" class="button wide" @click=${finish}>${icon("counted")}${t("Finished")}</button>`
    : html`<button type="button" class="button primary big wide" @click=${() => say("accepted")}>${icon("check")}${t("Accept the task")}</button>`}
    <div class="pair"><button type="button" class="button" @click=${block}>${t("We are stuck")}</button>
      <button type="button" class="button" @click=${decline}>${t("Do not accept")}</button></div></section>`;
}

/** The ways to the form. @param {Task} task */
function recording(task) {
  const tone = task.state === "accepted" ? "primary big" : "";
  return html`<a class="button ${tone} wide" href="#/visit/new?task=${task.id}">${icon("plus")}${t("Record a visit")}</a>
    <a class="button wide" href="#/several?task=${task.id}">${icon("houses")}${t("Several households at once")}</a>
    ${task.household_ids ? nothing : html`<a class="button wide" href="#/next?task=${task.id}">${icon("clock")}${t("Whom next?")}</a>`}`;
}

/** The households of a list: those who still wait, and those who were helped. @param {Task} task @param {Known} known */
function chosen(task, { households, visits }) {
  if (!task.household_ids) return nothing;
  const helped = householdsHelped(task, visits);
  const listed = chosenOf(households, task);
  const [waiting, done] = [listed.filter(({ id }) => !helped.has(id)), listed.filter(({ id }) => helped.has(id))];
  const absent = task.household_ids.length - listed.length;
  const rows = (/** @type {Household[]} */ some) => html`<ul class="rows">${some.map((household) => householdLink(`#/visit/new/${household.id}?task=${task.id}`, household))}</ul>`;
  return html`${waiting.length ? html`<section class="stack stack-s" aria-labelledby="waiting"><h2 id="waiting">${tn("{n} household still to help", "{n} households still to help", waiting.length)}</h2>${rows(waiting)}</section>` : nothing}
    ${done.length ? html`<details><summary>${tn("{n} household helped", "{n} households helped", done.length)}</summary>${rows(done)}</details>` : nothing}
    ${absent > 0 ? html`<p class="soft small">${tn("{n} household of the list is no longer in the village's list.", "{n} households of the list are no longer in the village's list.", absent)}</p>` : nothing}`;
}

/** @param {App} app @param {Known} known */
function whole(app, known) {
  const task = /** @type {Task} */ (known.task);
  const { refused } = known;
  const isTaken = task.state === "accepted";
  const isNew = task.state === "sent" || task.state === "seen";
  return html`
    ${refused.length ? banner("warn", "alert", whyRefused(refused[0]), html`<a class="button" href="#/attention">${t("See what can be done")}</a>`) : nothing}
    ${task.closed ? html`${reasonOf(task)}${progress(task, known)}` : nothing}
    <section class="card stack stack-s">${task.closed ? nothing : taskBadges(task, today())}${task.text ? html`<p class="said">${task.text}</p>` : nothing}${facts(app, task, known)}</section>
    ${task.closed ? nothing : reasonOf(task)}
    ${isNew ? answers(app, task, known) : nothing}
    ${task.closed ? nothing : progress(task, known)}
    ${isOpen(task) ? recording(task) : nothing}
    ${isTaken ? answers(app, task, known) : nothing}
    ${chosen(task, known)}`;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, { id }) {
  let known = await read(app, id);
  let title = known.task?.title || t("Task");
  /** Whoever it is meant for has seen it now; what was refused once is not said again by itself. */
  function greet() {
    const { task, refused } = known;
    const isForAnother = Boolean(task?.member_id && task.member_id !== app.account?.member_id);
    if (task && !task.gone && task.state === "sent" && !isForAnother && !refused.length) afterPaint(() => void app.store.sayTask(id, "seen").catch(() => undefined));
  }
  greet();
  afterPaint(() => void app.store.markSeen(`/task/${id}`).catch(() => undefined));
  return {
    get title() { return title; },
    isNamed: true,
    place: "home",
    parent: "/tasks",
    refresh: async () => {
      known = await read(app, id);
      title = known.task?.title || title;
      greet();
    },
    view: () => {
      const { task: now, drafts } = known;
      const left = drafts.length ? draftRows(drafts) : nothing;
      if (!now) return html`${empty(`${goneWords(undefined)} ${t("The visits that were recorded still count.")}`)}${left}`;
      return now.gone ? html`${goneNotice(app, now)}${left}` : html`${left}${whole(app, known)}`;
    },
  };
}
