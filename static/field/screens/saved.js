// "Saved on this phone": what happened, and what one does next.

import { t, tn } from "../model/i18n.js";
import { html, icon, nothing } from "../ui/html.js";

/** @type {import("../ui/app.js").Open} */
export async function open(app, { count, household: param }) {
  const several = param === "several";
  let isCounted = false;
  /** @type {import("../store/index.js").Household | null} */
  let household = null;
  if (!several && param !== "unnamed") void app.store.household(param).then((found) => { household = found; app.redraw(); });
  const n = Number(count) || 1;
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
    <a class="button primary big wide" href=${several ? "#/several" : "#/visit/new"}>${icon("plus")}${several ? t("Record more households") : t("Record another household")}</a>
    ${household ? html`<a class="button wide" href="#/household/${household.id}">${t("See this household")}</a>` : nothing}
    <a class="button wide" href="#/">${icon("home")}${t("Home")}</a>`,
  };
}
