// What I recorded, newest first, each with how far it came.

import { t } from "../model/i18n.js";
import { html, icon, nothing } from "../ui/html.js";
import { banner, empty } from "../ui/parts.js";
import { attentionWords } from "../ui/sync-words.js";
import { villageName } from "../ui/village-choice.js";
import { visitRow } from "../ui/visit-row.js";
import { open as openMine } from "./mine.js";

const PAGE = 30;

/** @type {import("../ui/app.js").Open} */
export async function open(app, params) {
  if (params.mine) return openMine(app, params);
  let limit = PAGE;
  const read = () => Promise.all([app.store.myVisits({ limit: limit + 1 }), app.store.services()]);
  let [visits, services] = await read();
  const more = async () => { limit += PAGE; [visits, services] = await read(); app.redraw(); };
  return {
    title: t("My visits"),
    place: "visits",
    refresh: async () => { [visits, services] = await read(); },
    view: () => html`
      ${app.attention ? banner("warn", "alert", attentionWords(app.attention), html`<a class="button" href="#/attention">${t("See them")}</a>`) : nothing}
      <a class="button wide" href="#/visits?mine=1">${icon("counted")}${t("What I have done")}</a>
      ${visits.length ? html`<ul class="rows">${visits.slice(0, limit).map((visit) => visitRow(visit, services, { village: villageName(app, visit.village_id) }))}</ul>` : empty(t("What you record will stand here."))}
      ${visits.length > limit ? html`<button type="button" class="button wide" @click=${more}>${t("Show more")}</button>` : nothing}`,
  };
}
