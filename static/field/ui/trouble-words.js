// Why nothing goes through, in words that never blame.

import { t } from "../model/i18n.js";

/** Why nothing goes through, and what can be done. @param {string | undefined} problem @param {string} time when it tries again */
export function troubleWords(problem, time) {
  switch (problem) {
    case "captive": return t("This Wi-Fi asks for a sign-in of its own. Open its page once, or use mobile data.");
    case "outdated": case "unsupported_protocol": return t("This app is an old version. Close it and open it again where there is a network.");
    case "storage": return t("The phone is short of room. Please free some space.");
    case "network": case "timeout": return t("The network is weak. It tries again by itself at {time}.", { time });
    case "busy": return t("The commune's system is busy. It tries again by itself at {time}.", { time });
    case "too_many_requests": case "slow_down": return t("Much was sent at once. It goes on by itself at {time}.", { time });
    case "server_fault": case "server": case "broken": return t("Something went wrong in the commune's system. It tries again by itself at {time}.", { time });
    case "malformed": case "too_large": return t("The commune's system could not read what this app sent. Nothing is lost. Close the app and open it again where there is a network.");
    case "cross_site": case "forbidden": case "not_found": case "method_not_allowed": return t("The commune's system takes nothing from here. Nothing is lost. Please open the app at its own address, or tell the commune's officer.");
    case "not_a_member": return t("This account is in no team now. What you recorded stays on this phone. Please tell the commune's officer.");
    case "device_revoked": return t("The commune has signed this phone out. What you recorded stays on this phone, and is sent once a new invitation has opened it again.");
    default: return t("It did not go through this time. It tries again by itself at {time}.", { time });
  }
}
