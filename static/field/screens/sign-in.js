// Signing in. Needed once; afterwards the app opens without a network.

import { t, tn } from "../model/i18n.js";
import { html, nothing } from "../ui/html.js";
import { languageChoice } from "../ui/language.js";
import { banner, field } from "../ui/parts.js";

/** @param {{code?: string, retry_after?: number}} error */
function words({ code, retry_after }) {
  switch (code) {
    case "bad_credentials": return t("The sign-in name or password is not right. Please try again.");
    case "slow_down": return tn("Too many tries. Please wait {n} minute.", "Too many tries. Please wait {n} minutes.", Math.max(1, Math.ceil((retry_after || 60) / 60)));
    case "device_revoked": return t("The commune has signed this phone out. Only a new invitation opens it again.");
    case "second_factor": return t("This account needs a second step. Please sign in at the commune's page.");
    case "offline": return t("No network. The first sign-in needs one; afterwards the app works without.");
    default: return t("It did not work this time. Please try again in a moment.");
  }
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  let problem = "";
  let isBusy = false;
  let isShown = false;

  async function submit(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    if (isBusy) return;
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    isBusy = true;
    problem = "";
    app.redraw();
    try {
      const { signIn } = await import("../sync/session.js");
      await app.signedIn(await signIn(app.store, { sign_in: String(data.get("sign_in")).trim(), password: String(data.get("password")) }));
    } catch (error) {
      problem = words(/** @type {{code?: string}} */ (error));
      isBusy = false;
      app.redraw();
      document.getElementById("password")?.focus();
    }
  }

  return {
    title: t("Community digital team"),
    parent: app.account ? "/" : undefined,
    view: () => html`<p class="intro">${t("Record support visits in the village, with or without a network.")}</p>
      ${app.waiting && !app.account ? banner("warn", "phone-saved", tn("{n} entry not sent yet is kept on this phone. It is sent when there is a network, at the latest when somebody signs in.", "{n} entries not sent yet are kept on this phone. They are sent when there is a network, at the latest when somebody signs in.", app.waiting), html`<a class="button" href="#/carry">${t("Send by a teammate")}</a>`) : nothing}
      ${problem ? html`<div role="alert">${banner("bad", "alert", problem)}</div>` : nothing}
      <form class="stack" @submit=${submit} aria-label=${t("Sign in")}>
        ${field("sign_in", t("Sign-in name or phone number"), html`<input class="input" id="sign_in" name="sign_in" autocomplete="username" autocapitalize="none" spellcheck="false" required>`)}
        ${field("password", t("Password"), html`<input class="input" id="password" name="password" type=${isShown ? "text" : "password"} autocomplete="current-password" autocapitalize="none" spellcheck="false" required>`)}
        <label class="cluster"><input type="checkbox" class="visually-hidden" .checked=${isShown} @change=${() => { isShown = !isShown; app.redraw(); }}><span class="tick"></span>${t("Show the password")}</label>
        <button class="button primary big wide" ?disabled=${isBusy}>${isBusy ? t("Signing in…") : t("Sign in")}</button>
      </form>
      <a class="button wide" href="#/join">${t("I have an invitation code")}</a>
      <p class="soft small">${t("Forgotten the password? Please ask the commune.")}</p>
      ${languageChoice(app)}`,
  };
}
