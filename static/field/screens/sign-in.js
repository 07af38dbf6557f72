// Signing in. Needed once; afterwards the app opens without a network.

import { signIn } from "../sync/session.js";
import { t, tn } from "../model/i18n.js";
import { html, nothing } from "../ui/html.js";
import { banner, field } from "../ui/parts.js";

/** @param {{code?: string, retry_after?: number}} error */
function words({ code, retry_after }) {
  switch (code) {
    case "bad_credentials": return t("The sign-in name or password is not right. Please try again.");
    case "slow_down": return tn("Too many tries. Please wait {n} minute.", "Too many tries. Please wait {n} minutes.", Math.max(1, Math.ceil((retry_after || 60) / 60)));
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
      ${problem ? html`<div role="alert">${banner("bad", "alert", problem)}</div>` : nothing}
      <form class="stack" @submit=${submit} aria-label=${t("Sign in")}>
        ${field("sign_in", t("Sign-in name or phone number"), html`<input class="input" id="sign_in" name="sign_in" autocomplete="username" autocapitalize="none" spellcheck="false" required>`)}
        ${field("password", t("Password"), html`<input class="input" id="password" name="password" type=${isShown ? "text" : "password"} autocomplete="current-password" autocapitalize="none" spellcheck="false" required>`)}
        <label class="cluster"><input type="checkbox" class="visually-hidden" .checked=${isShown} @change=${() => { isShown = !isShown; app.redraw(); }}><span class="tick"></span>${t("Show the password")}</label>
        <button class="button primary big wide" ?disabled=${isBusy}>${isBusy ? t("Signing in…") : t("Sign in")}</button>
      </form>
      <p class="soft small">${t("Forgotten the password? Please ask the commune.")}</p>`,
  };
}
