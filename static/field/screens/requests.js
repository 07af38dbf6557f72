// Help from the commune: what was asked, how long ago, what was answered; and the form to ask.

import { checkRequest, inOrderOfNeed, isWaiting, requestArgs } from "../model/request.js";
import { uuid7 } from "../model/ids.js";
import { shortDate } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { afterPaint } from "../store/later.js";
import { onText, segments } from "../ui/controls.js";
import { draftRows } from "../ui/draft-rows.js";
import { makeForm } from "../ui/form.js";
import { html, icon, nothing } from "../ui/html.js";
import { banner, empty, field } from "../ui/parts.js";
import { ageWords, answeredBy, requestBadge, topics } from "../ui/request-words.js";
import { villageField, villageName } from "../ui/village-choice.js";
import { wordFor } from "../ui/words.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../store/index.js").HelpRequest} HelpRequest @typedef {import("../model/request.js").RequestValues} RequestValues */

const KEY = "request";

/** @param {App} app @param {HelpRequest} request @param {Map<string, string>} names */
function card(app, request, names) {
  const who = request.author_id === app.account?.member_id ? t("You") : names.get(request.author_id);
  const about = [who, villageName(app, request.village_id), shortDate(request.raised_at)].filter(Boolean).join(" · ");
  const day = request.answered_at ? shortDate(request.answered_at) : "";
  return html`<li class="card stack stack-s"><h2>${wordFor(topics(), request.topic)}</h2>
    <p class="cluster">${requestBadge(request)}${isWaiting(request) ? html`<span class="soft small">${ageWords(request.raised_at)}</span>` : nothing}</p>
    <p class="said">${request.text}</p><p class="soft small">${about}</p>
    ${request.answer ? banner("good", "check", html`<strong>${answeredBy(request.answered_by, day)}</strong><br><span class="said">${request.answer}</span>`) : nothing}</li>`;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  const read = async () => {
    const [requests, members, drafts, attention] = await Promise.all([app.store.requests(), app.store.members(app.village), app.store.drafts(), app.store.attention()]);
    const refused = attention.filter(({ mutation }) => mutation.type === "request.raise").length;
    return { requests, refused, names: new Map(members.map(({ id, name }) => [id, name])), drafts: drafts.filter(({ key }) => key === KEY || key.startsWith(`${KEY}:`)) };
  };
  let known = await read();
  afterPaint(() => void app.store.markSeen("/requests").catch(() => undefined));
  return {
    title: t("Ask the commune for help"),
    place: "more",
    parent: "/more",
    refresh: async () => { known = await read(); },
    view: () => html`<p class="soft">${t("What the team cannot solve by itself. The commune reads it as soon as this phone has a network, and the answer stands here.")}</p>
      <a class="button primary big wide" href="#/request/new">${icon("plus")}${t("Ask for help")}</a>
      ${known.refused ? banner("warn", "alert", tn("{n} request was sent back.", "{n} requests were sent back.", known.refused), html`<a class="button" href="#/attention">${t("See what can be done")}</a>`) : nothing}
      ${draftRows(known.drafts)}
      ${known.requests.length ? html`<ul class="stack">${inOrderOfNeed(known.requests).map((one) => card(app, one, known.names))}</ul>` : empty(t("Nothing has been asked yet."))}`,
  };
}

/**
 * The form; `write` saves, and `fresh` is for when there is no draft.
 * @param {App} app
 * @param {{key: string, title: string, parent: string, fresh: () => RequestValues, write: (values: RequestValues) => Promise<void>, leave: () => void, words: string}} about
 * @returns {Promise<import("../ui/app.js").Screen>}
 */
export async function requestForm(app, { key, title, parent, fresh, write, leave, words }) {
  const [kept] = await Promise.all([app.store.draft(key), app.store.ready()]);
  /** @type {RequestValues & {scroll?: number}} */
  const values = kept || fresh();
  const form = makeForm(app, { key, values, isKept: Boolean(kept), check: checkRequest, write: () => write(values), leave, words: () => words });
  const help = t("In a few words. Do not write names or numbers of residents.");
  return {
    title,
    place: "more",
    parent,
    scroll: kept ? values.scroll : 0,
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`<div class="field">${segments("topic", t("What is it about?"), topics(), values.topic, (topic) => form.change({ topic }))}
      ${form.errors().topic ? html`<p class="error">${form.errors().topic}</p>` : nothing}</div>
      ${villageField(app, values.village_id, (village_id) => form.change({ village_id }))}
      ${field("text", t("What do you need?"), html`<textarea class="input" id="text" rows="5" maxlength="1000" aria-invalid=${form.errors().text ? "true" : "false"} aria-describedby=${form.errors().text ? "text-help text-error" : "text-help"} .value=${values.text} @input=${onText((text) => form.change({ text }))}></textarea>`, { help, error: form.errors().text })}
      ${form.discard(parent)}`,
    bar: form.bar,
  };
}

/** The form, about a visit where somebody comes from one. @type {import("../ui/app.js").Open} */
export async function openNew(app, { visit: id }) {
  const visit = id ? await app.store.visit(id) : null;
  const key = visit ? `${KEY}:${id}` : KEY;
  const about = visit ? { village_id: visit.village_id, topic: "other", text: t("Please look at the visit of {day} again: ", { day: shortDate(visit.occurred_at) }), visit_id: id } : {};
  return requestForm(app, {
    key,
    title: t("Ask for help"),
    parent: visit ? `/visit/${id}` : "/requests",
    fresh: () => ({ id: uuid7(), village_id: app.village, topic: "", text: "", ...about }),
    write: (values) => app.store.raiseRequest(requestArgs(values), key),
    leave: () => { app.tell(t("Saved on this phone")); app.go("/requests", true); },
    words: t("Send to the commune"),
  });
}
