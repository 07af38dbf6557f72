// "Saved on this phone": what happened, and what one does next.

import { t, tn } from "../model/i18n.js";
import { afterPaint } from "../store/later.js";
import { consentAsk } from "../ui/consent.js";
import { html, icon, nothing } from "../ui/html.js";

/** @typedef {{id: string, head_name: string, consents?: import("../model/consent.js").Consents}} Named */

/** @type {Named | null} whose visit was saved just now, so that nothing is read before it is said */
let just = null;

/** @param {Named | null} household */
export function remember(household) {
  just = household;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, { count, household: param, task }) {
  const several = param === "several";
  let isCounted = false;
  /** @type {Named | null} */
  let household = just?.id === param ? just : null;
  if (!household && !several && param !== "unnamed") {
    afterPaint(() => void app.store.household(param).then((found) => { household = found; app.redraw(); }));
  }
  const n = Number(count) || 1;
  const more = `${several ? "#/several" : "#/visit/new"}${task ? `?task=${task}` : ""}`;
  return {
    title: t("Saved"),
    parent: "/",
    refresh: async () => { isCounted = true; },
    view: () => html`<div class="stack center" role="status">
      ${icon("check", "done-mark")}
      <h2>${t("Saved on this phone")}</h2>
      <p>${household ? household.head_name : tn("{n} visit", "{n} visits", n)}</p>
      <p class="soft">${isCounted && !app.waiting ? t("Everything has been sent.") : t("It will be sent by itself when there is a network.")}</p>
    </div>
    ${household ? consentAsk(household, app, "/") : nothing}
    ${task ? html`<a class="button primary big wide" href="#/task/${task}">${icon("list")}${t("Back to the task")}</a>` : nothing}
    <a class="button ${task ? "" : "primary big"} wide" href=${more}>${icon("plus")}${several ? t("Record more households") : t("Record another household")}</a>
    ${household ? html`<a class="button wide" href="#/household/${household.id}">${t("See this household")}</a>` : nothing}
    <a class="button wide" href="#/">${icon("home")}${t("Home")}</a>`,
  };
}
