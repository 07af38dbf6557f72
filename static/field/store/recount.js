// The figures of a member who came to another team: seldom, so it is brought when it is needed.

import { addVisit, monthOfVisit, noFigures } from "../model/figures.js";
import { silently } from "./db.js";

/** Figures are of one team: another team, another count. @param {import("./db.js").Tx} tx @param {string} side @param {string | null} team_id */
export async function recountFigures(tx, side, team_id) {
  const store = silently(tx, `figures_${side}`);
  store.clear();
  /** @type {Map<string, import("../model/figures.js").Figures>} */
  const months = new Map();
  for (const { data, gone } of await /** @type {any} */ (tx.objectStore(`visits_${side}`)).getAll()) {
    if (gone || data.team_id !== team_id) continue;
    const month = monthOfVisit(data);
    const figures = months.get(month) || noFigures(month);
    addVisit(figures, data, 1);
    months.set(month, figures);
  }
  months.forEach((figures) => store.put(figures));
}
