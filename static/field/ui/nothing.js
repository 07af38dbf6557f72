// Saying that a month has nothing to report, which is another thing than silence.

import { monthWords } from "../model/time.js";
import { t } from "../model/i18n.js";
import { html, icon } from "./html.js";
import { banner } from "./parts.js";

/** @param {import("./app.js").App} app @param {import("../store/index.js").Totals} totals @param {string} period */
export function nothingToReport(app, totals, period) {
  const month = monthWords(period);
  if (totals.reported_nothing) return banner("quiet", "none", t("Nothing to report for {month}: recorded.", { month }));
  const report = async () => {
    const sure = await app.ask({ title: t("Nothing to report for {month}?", { month }), text: t("If there is a visit later, just record it: the visit counts."), yes: t("Report: nothing") });
    if (!sure) return;
    await app.store.reportNothing(app.village, period);
    app.tell(t("Saved on this phone"));
  };
  return html`<button type="button" class="button wide" @click=${report}>${icon("none")}${t("Nothing to report this month")}</button>`;
}
