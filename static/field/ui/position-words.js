// What one is in a team.

import { t } from "../model/i18n.js";

/** @param {import("../store/index.js").Member["position"]} position */
export function positionWords(position) {
  switch (position) {
    case "leader": return t("Team leader");
    case "deputy": return t("Deputy leader");
    default: return t("Member");
  }
}
