// What the server did not take: why, in plain words, and what can be done.

import { dayAndTime, shortDate } from "../model/time.js";
import { t } from "../model/i18n.js";
import { html, icon, nothing } from "../ui/html.js";
import { empty } from "../ui/parts.js";
import { topics } from "../ui/request-words.js";
import { stateWords } from "../ui/task-words.js";
import { servicesWords } from "../ui/visit-row.js";
import { mutationWords, whyRefused, wordFor } from "../ui/words.js";

/** @typedef {import("../store/index.js").Refused} Refused */

const CORRECTABLE = new Set(["visit.record", "household.create", "household.update", "attendance.record", "request.raise"]);

/** What can sensibly be corrected here, and not only sent again. @param {Refused} entry */
export const isCorrectable = ({ mutation, code }) => CORRECTABLE.has(mutation.type) && !["wrong_author", "unknown_type", "depends_on_refused"].includes(code);

/** What an entry is about, in a few words. @param {Refused} entry */
function aboutWords({ mutation: { type, args }, household_name, task }) {
  if (type === "task.progress") return [task?.title, stateWords(args.state)].filter(Boolean).join(" – ");
  if (type === "request.raise") return wordFor(topics(), args.topic);
  return args.on ? shortDate(args.on) : household_name || args.head_name || t("Household not named");
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  const read = () => Promise.all([app.store.attention(), app.store.services()]);
  let [entries, services] = await read();
  const reread = async () => { [entries, services] = await read(); };

  const again = (/** @type {Refused} */ entry) => async () => {
    await app.store.resend(entry.mutation.id);
    app.tell(t("It will be sent again."));
    void app.sync.sendNow();
    await app.refresh();
  };
  const giveUp = (/** @type {Refused} */ entry) => async () => {
    const sure = await app.ask({ title: t("Give this entry up?"), text: t("It will not be counted. The commune's system still keeps its content."), yes: t("Give it up"), danger: true });
    if (!sure) return;
    await app.store.discard(entry.mutation.id);
    await app.refresh();
  };

  /** @param {Refused} entry */
  function card(entry) {
    const { mutation, code, message } = entry;
    const args = /** @type {any} */ (mutation.args);
    return html`<li class="card stack stack-s">
      <h2>${mutationWords(mutation.type)}: ${aboutWords(entry)}</h2>
      <p class="soft small">${dayAndTime(mutation.at)}${args.services ? html` · ${servicesWords(args, services)}` : nothing}</p>
      <p>${whyRefused(entry)}</p>
      ${message && code === "invalid_field" ? html`<p class="soft small">${message}</p>` : nothing}
      ${isCorrectable(entry) ? html`<a class="button primary wide" href="#/attention/${mutation.id}">${icon("pencil")}${t("Correct")}</a>` : nothing}
      <div class="cluster">
        <button type="button" class="button" @click=${again(entry)}>${icon("send")}${t("Send again")}</button>
        <button type="button" class="button danger" @click=${giveUp(entry)}>${t("Give up")}</button>
      </div></li>`;
  }

  return {
    title: t("Needs a look"),
    parent: "/visits",
    place: "visits",
    refresh: reread,
    view: () => (entries.length
      ? html`<p>${t("Nothing is lost: these entries are kept on this phone.")}</p><ul class="stack">${entries.map(card)}</ul>`
      : empty(t("Nothing needs a look. Everything is in order."))),
  };
}
