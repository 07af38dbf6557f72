// What the sending is doing, in one sentence that never blames and never hurries.

import { clockTime, dayAndTime } from "../model/time.js";
import { t } from "../model/i18n.js";
import { waitingWords } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export const lead = (app) => (app.waiting ? waitingWords(app.waiting) : t("Everything has been sent"));

/** @param {string | undefined} problem @param {string} time when it tries again */
function trouble(problem, time) {
  switch (problem) {
    case "captive": return t("This Wi-Fi asks for a sign-in of its own. Open its page once, or use mobile data.");
    case "outdated": return t("This app is an old version. Close it and open it again where there is a network.");
    case "storage": return t("The phone is short of room. Please free some space.");
    case "network": case "timeout": return t("The network is weak. It tries again by itself at {time}.", { time });
    default: return t("The commune's system is busy. It tries again by itself at {time}.", { time });
  }
}

/** Before the first download is complete nothing is known of the month. @param {App} app */
export function fetching(app) {
  const { phase, retry_at, problem } = app.sync.state();
  if (phase === "offline") return t("No network. The list of households is fetched when there is one.");
  const words = t("The households are being fetched. This can take a minute.");
  return phase === "waiting" ? `${words} ${trouble(problem, clockTime(retry_at || Date.now()))}` : words;
}

/** @param {App} app */
export function detail(app) {
  const { phase, retry_at, problem } = app.sync.state();
  if (phase === "sending") return t("Sending…");
  if (phase === "offline" && app.waiting) return t("No network. Kept on this phone; it will be sent by itself.");
  if (phase === "signed_out") return t("Sign in again to send.");
  if (phase === "waiting" && app.waiting) return trouble(problem, clockTime(retry_at || Date.now()));
  return app.allSentAt ? t("Everything was last sent at {time}", { time: dayAndTime(app.allSentAt) }) : t("Nothing has been sent from this phone yet.");
}
