// The team's tasks: what is asked, until when, and how far it is. Those that are overdue come first.

import { inOrderOfDue, progressOf } from "../model/task.js";
import { today } from "../model/time.js";
import { t } from "../model/i18n.js";
import { afterPaint } from "../store/later.js";
import { html, icon } from "../ui/html.js";
import { banner, empty } from "../ui/parts.js";
import { dueWords, goneWords, progressWords, taskBadges, taskName } from "../ui/task-words.js";
import { villageName } from "../ui/village-choice.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../store/index.js").Task} Task @typedef {import("../store/index.js").VisitCounted} VisitCounted */

/** Who asks, where it is not the commune, which needs no saying. @param {App} app @param {Task} task */
function issuerElsewhere({ villages }, { issuer, village_id }) {
  return villages.find(({ id }) => id === village_id)?.commune_name === issuer ? "" : issuer;
}

/** What is not counted yet has its place kept, so that nothing moves under a thumb. @param {App} app @param {Task} task @param {VisitCounted[] | null} visits */
function row(app, task, visits) {
  const detail = [issuerElsewhere(app, task), villageName(app, task.village_id), dueWords(task)].filter(Boolean).join(" · ");
  const done = visits ? ` · ${progressWords(task, progressOf(task, visits))}` : html`<span class="uncounted" aria-hidden="true"> · ${progressWords(task, 0)}</span>`;
  return html`<li><a class="row" href="#/task/${task.id}"><span class="grow"><span class="title">${task.title}</span>
    <span class="detail">${detail}${done}</span>${taskBadges(task, today())}</span>${icon("next")}</a></li>`;
}

/** One that left: what happened, until the person has said that they know. @param {App} app @param {Task} task */
export function goneNotice(app, task) {
  const understood = async () => { await app.store.dropTask(task.id); await app.refresh(); };
  return banner("warn", "info", html`<strong>${taskName(task)}</strong><br>${goneWords(task.gone)} ${t("The visits that were recorded still count.")}`,
    html`<button type="button" class="button" @click=${understood}>${t("I understand")}</button>`);
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  let tasks = await app.store.tasks();
  /** Thousands, which take an old phone long to read: the list stands before. @type {VisitCounted[] | null} */
  let visits = null;
  const count = async () => { visits = await app.store.visitsIn(tasks.map(({ village_id }) => village_id)); };
  afterPaint(() => void count().then(app.redraw, () => undefined));
  return {
    title: t("Tasks"),
    place: "home",
    parent: "/",
    refresh: async () => {
      tasks = await app.store.tasks();
      await count();
    },
    view: () => {
      const here = inOrderOfDue(tasks.filter(({ gone }) => !gone));
      return html`${tasks.filter(({ gone }) => gone).map((task) => goneNotice(app, task))}
        ${here.length ? html`<ul class="rows">${here.map((task) => row(app, task, visits))}</ul>` : empty(t("No task has been given to the team."))}`;
    },
  };
}
