// What the sending is doing, in one sentence that never blames and never hurries.

import { clockTime, dayAndTime } from "../model/time.js";
import { t } from "../model/i18n.js";
import { waitingWords } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export const lead = (app) => (app.waiting ? waitingWords(app.waiting) : t("Everything has been sent"));

/** @param {App} app */
export function detail(app) {
  const { phase, retry_at } = app.sync.state();
  if (phase === "sending") return t("Sending…");
  if (phase === "offline" && app.waiting) return t("No network. Kept on this phone; it will be sent by itself.");
  if (phase === "signed_out") return t("Sign in again to send.");
  if (phase === "waiting" && app.waiting && retry_at) return t("The network is weak. It tries again by itself at {time}.", { time: clockTime(retry_at) });
  return app.allSentAt ? t("Everything was last sent at {time}", { time: dayAndTime(app.allSentAt) }) : t("Nothing has been sent from this phone yet.");
}
