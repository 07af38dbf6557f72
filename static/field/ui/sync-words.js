// What the sending is doing, in one sentence that never blames and never hurries.

import { clockTime, dayAndTime } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { seldom } from "./language.js";

/** @typedef {import("./app.js").App} App */

/** @param {number} n */
export const attentionWords = (n) => tn("{n} entry needs a look", "{n} entries need a look", n);

/** @param {number} n */
export const waitingWords = (n) => tn("{n} entry not sent yet", "{n} entries not sent yet", n);

/** @param {App} app */
export const lead = (app) => (app.waiting ? waitingWords(app.waiting) : t("Everything has been sent"));

const troubles = seldom(() => import("./trouble-words.js"));

/** What stands in the way, and when it is tried again. @param {App} app */
function trouble(app) {
  const { retry_at, problem } = app.sync.state();
  return troubles(app)?.troubleWords(problem, clockTime(retry_at || Date.now())) || "";
}

/** Before the first download is complete nothing is known of the month. @param {App} app */
export function fetching(app) {
  const { phase } = app.sync.state();
  if (phase === "offline") return t("No network. The list of households is fetched when there is one.");
  const words = t("The households are being fetched. This can take a minute.");
  return phase === "waiting" ? `${words} ${trouble(app)}` : words;
}

/** @param {App} app */
export function detail(app) {
  const { phase, problem } = app.sync.state();
  if (phase === "sending") return t("Sending…");
  if (phase === "offline" && app.waiting) return t("No network. Kept on this phone; it will be sent by itself.");
  if (phase === "signed_out") return problem === "not_a_member" ? trouble(app) : t("Sign in again to send.");
  if (phase === "waiting" && app.waiting) return trouble(app);
  return app.allSentAt ? t("Everything was last sent at {time}", { time: dayAndTime(app.allSentAt) }) : t("Nothing has been sent from this phone yet.");
}
