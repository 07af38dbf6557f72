// Coming in by an invitation: the link's secret stands in the address, or its short code is typed.

import { t, tn } from "../model/i18n.js";
import { readInvitation, redeem } from "../sync/invitation.js";
import { html, nothing } from "../ui/html.js";
import { banner, field } from "../ui/parts.js";

/** @typedef {import("../sync/invitation.js").Key} Key @typedef {import("../sync/invitation.js").Invitation} Invitation */

/** @param {{code?: string, retry_after?: number}} error */
function words({ code, retry_after }) {
  switch (code) {
    case "unknown_invitation": return t("This invitation is not known. Please look at the link or the code again.");
    case "invitation_expired": return t("This invitation has expired. Please ask the commune for a new one.");
    case "invitation_revoked": return t("This invitation holds no more. Please use the newest one.");
    case "invitation_used": return t("This invitation was used on another phone. Please ask the commune for a new one.");
    case "device_revoked": return t("The commune has signed this phone out. Only a new invitation for somebody who used it opens it again.");
    case "in_app_browser": return t("You are inside Zalo or another app. Open Chrome (on an iPhone Safari) and type the code there.");
    case "slow_down": return tn("Too many tries. Please wait {n} minute.", "Too many tries. Please wait {n} minutes.", Math.max(1, Math.ceil((retry_after || 60) / 60)));
    case "offline": return t("No network. Coming in the first time needs one; afterwards the app works without.");
    default: return t("It did not work this time. Please try again in a moment.");
  }
}

/** @type {import("../ui/app.js").Open} */
export async function open(app, params) {
  /** @type {Key | null} */
  let key = params.secret ? { secret: params.secret } : null;
  /** @type {Invitation | null} */
  let invitation = null;
  let problem = "";
  let isBusy = false;

  /** Shows what came, or why nothing did. @param {() => Promise<void>} work */
  async function busily(work) {
    if (isBusy) return;
    isBusy = true;
    problem = "";
    app.redraw();
    await work().catch((error) => { problem = words(error); });
    isBusy = false;
    app.redraw();
  }

  const look = () => busily(async () => { if (key) invitation = await readInvitation(key); });
  const confirm = () => busily(async () => { if (key) await app.signedIn(await redeem(app.store, key), "/pin?first=1"); });

  function type(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    key = { code: String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("code")).trim() };
    void look();
  }

  function refuse() {
    app.go(app.account ? "/" : "/sign-in", true);
  }

  const trouble = () => (problem ? html`<div role="alert">${banner("bad", "alert", problem)}</div>` : nothing);

  const ask = (/** @type {Invitation} */ { name, team, commune }) => html`
    <p class="intro">${t("Is this you?")}</p>
    <div class="card stack stack-s"><p class="intro strong">${name}</p>${team ? html`<p>${team}</p>` : nothing}${commune ? html`<p class="soft">${commune}</p>` : nothing}</div>
    ${app.account && app.account.name !== name ? banner("warn", "info", t("{name} is signed in on this phone and will be signed out. What is not sent yet stays on the phone for that person.", { name: app.account.name })) : nothing}
    ${trouble()}
    <button type="button" class="button primary big wide" ?disabled=${isBusy} @click=${confirm}>${isBusy ? t("One moment…") : t("Yes, this is me")}</button>
    <button type="button" class="button wide" @click=${refuse}>${t("No, this is somebody else")}</button>
    <p class="soft small">${t("If this is somebody else, please give the link back to the commune's officer.")}</p>`;

  const byCode = () => html`
    <p class="intro">${t("Type the short code that stands on the sheet or in the message.")}</p>
    ${trouble()}
    <form class="stack" @submit=${type} aria-label=${t("Short code")}>
      ${field("code", t("Short code"), html`<input class="input join-code" id="code" name="code" maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" required>`, { help: t("8 letters and digits, for instance {code}", { code: "ABCD-2345" }) })}
      <button class="button primary big wide" ?disabled=${isBusy}>${isBusy ? t("One moment…") : t("Continue")}</button>
    </form>`;

  const looking = () => html`${trouble()}
    ${problem ? html`<button type="button" class="button wide" @click=${look}>${t("Try again")}</button>` : html`<p class="intro" role="status">${t("Reading the invitation…")}</p>`}`;

  if (key) void look();
  return {
    title: t("Your invitation"),
    parent: app.account ? "/" : "/sign-in",
    view: () => {
      if (invitation) return ask(invitation);
      return key && "secret" in key ? looking() : byCode();
    },
  };
}
