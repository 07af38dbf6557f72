// Whom to visit next, hamlet by hamlet, each with the reason in plain words.

import { whomNext } from "../model/next.js";
import { shortDate, today } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { forAddress, forTask, taskOf } from "../ui/for-task.js";
import { html, icon, nothing } from "../ui/html.js";
import { empty } from "../ui/parts.js";
import { wordsOfService } from "../ui/services.js";
import { villageChoice } from "../ui/village-choice.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../store/index.js").Household} Household */
/** @typedef {import("../model/next.js").Next<Household>} Next @typedef {import("../model/next.js").Group<Household>} Group */

/** Of each hamlet; a walk has no more. */
const SHOWN = 6;

/** 28/11, with the year where it is another. @param {string} on @param {string} now */
const nearDate = (on, now) => (shortDate(on).slice(6) === shortDate(now).slice(6) ? shortDate(on).slice(0, 5) : shortDate(on));

/** @typedef {import("../store/index.js").Service[]} Services */

/** What a task is called; where nobody gave it a title, by its kind of support. @param {Next["task"]} task @param {Services} services */
const forWhat = (task, services) => task?.title || (task?.service ? wordsOfService(services, task.service) : "");

/** @param {Next} next @param {string} now @param {Services} services @returns {[string, string]} icon and words */
function reasonOf({ why, on, task }, now, services) {
  const date = on && nearDate(on, now);
  switch (why) {
    case "follow_up": return ["clock", on < now ? t("To come back on {date}, which is past", { date }) : t("To come back on {date}", { date })];
    case "later": return ["clock", t("To come back on {date}", { date })];
    case "task": return ["list", t("Task: {title}, due {date}", { title: forWhat(task, services), date })];
    case "never": return ["none", t("Never visited")];
    default: return ["check", t("Last visited on {date}", { date })];
  }
}

/** Who comes for a task goes straight to its form. @param {Next} next @param {string} now @param {Services} services @param {string} link */
function row(next, now, services, link) {
  const { id, head_name } = next.household;
  const [iconName, words] = reasonOf(next, now, services);
  return html`<li><a class="row" href=${link ? `#/visit/new/${id}${link}` : `#/household/${id}`}>${icon(iconName)}<span class="grow"><span class="title">${head_name}</span><span class="detail">${words}</span></span>${icon("next")}</a></li>`;
}

/** @param {boolean} isByHamlet */
const orderWords = (isByHamlet) => (isByHamlet
  ? t("Hamlet by hamlet. In each, first who was promised a visit, then who a task is for, who was never visited, and who was visited longest ago.")
  : t("First who was promised a visit, then who a task is for, who was never visited, and who was visited longest ago."));

/** @type {import("../ui/app.js").Open} */
export async function open(app, { task: id }) {
  const now = today();
  const task = await taskOf(app, id);
  const link = forAddress(task);
  /** Hamlets of which all are shown. @type {Set<string>} */
  const unfolded = new Set();
  const read = async () => {
    const village = task?.village_id || app.village;
    const [households, visits, tasks, services] = await Promise.all([app.store.households(village), app.store.visitsIn([village]), app.store.tasks(), app.store.services()]);
    return { services, groups: whomNext(households, visits, tasks.filter((one) => !one.gone && one.village_id === village && (!task || one.id === task.id)), now) };
  };
  let { groups, services } = await read();

  /** @param {Group} group @param {number} at */
  function hamletOf({ hamlet, next }, at) {
    const isWhole = unfolded.has(hamlet) || next.length <= SHOWN + 1;
    const unfold = () => { unfolded.add(hamlet); app.redraw(); };
    const name = hamlet || t("Hamlet not written down");
    return html`<section class="stack stack-s" aria-labelledby=${groups.length > 1 ? `hamlet-${at}` : nothing}>
      ${groups.length > 1 ? html`<h2 id="hamlet-${at}">${name}</h2>` : nothing}
      <ul class="rows">${(isWhole ? next : next.slice(0, SHOWN)).map((one) => row(one, now, services, link))}</ul>
      ${isWhole ? nothing : html`<button type="button" class="button wide" @click=${unfold}>${tn("{n} more household", "{n} more households", next.length - SHOWN)}</button>`}</section>`;
  }

  return {
    title: t("Whom to visit next"),
    place: "households",
    parent: task ? `/task/${task.id}` : "/households",
    refresh: async () => { ({ groups, services } = await read()); },
    view: () => html`${id ? forTask(task) : villageChoice(app)}
      ${groups.length ? html`<p class="soft">${orderWords(groups.length > 1)}</p>${groups.map(hamletOf)}` : empty(t("No households yet."))}`,
  };
}
