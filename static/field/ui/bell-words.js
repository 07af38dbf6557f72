// What became of turning the bell on.

import { t } from "../model/i18n.js";

/** @param {import("../sync/bell.js").Outcome} outcome */
export function bellWords(outcome) {
  switch (outcome) {
    case "on": return t("The bell is on: this phone rings when there is something for you.");
    case "blocked": return t("The browser blocks it. How to allow it stands under More, Bell and reminders.");
    case "off": return t("Nothing was changed. Everything stands under Notifications.");
    case "push_off": return t("The commune's system does not ring phones yet. Everything stands under Notifications.");
    case "refused": return t("The browser could not turn the bell on. Please try again later; everything stands under Notifications all the same.");
    default: return t("It did not work this time. Please try again where there is a network.");
  }
}
