// The home of a locked phone: what waits, and the PIN.

import { whoami } from "../sync/session.js";
import { t, tn } from "../model/i18n.js";
import { html, icon, nothing } from "../ui/html.js";
import { makeKeypad } from "../ui/keypad.js";
import { banner } from "../ui/parts.js";
import { detail, waitingWords } from "../ui/sync-words.js";

/** Fewer tries than this are told. */
const TELL_FROM = 3;

/** @param {number} left */
function wrongWords(left) {
  if (left > TELL_FROM) return t("This PIN is not right. Please try again.");
  return tn("This PIN is not right. {n} try is left; after it the list of households is removed from this phone, and you sign in anew.", "This PIN is not right. {n} tries are left; after them the list of households is removed from this phone, and you sign in anew.", left);
}

/** @param {import("../ui/app.js").App} app */
function waiting(app) {
  const { waiting: all, relayed } = app;
  const open = all - relayed;
  return html`<section class="card sync ${open ? "waiting" : ""}" aria-label=${t("Sending")}>
    <p class="lead">${icon(open ? "phone-saved" : "check")}<span id="waiting">${open ? waitingWords(open) : t("Everything has been sent")}</span></p>
    ${relayed ? html`<p class="soft small">${tn("{n} entry was sent while the phone was locked.", "{n} entries were sent while the phone was locked.", relayed)}</p>` : nothing}
    ${open ? html`<p class="soft small" role="status">${detail(app)}</p><p class="soft small">${t("They are sent by themselves: the phone may stay locked.")}</p>` : nothing}</section>`;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  let problem = "";
  let isCutOff = false;
  let isLeaving = false;
  const isOver = async () => {
    app.tell(t("The list of households was removed from this phone. Please sign in again."));
    await app.refresh();
    void whoami(app.store).catch(() => undefined);
  };
  /** An urgent warning stands whole on home and under its own address; it may come only now, as a locked phone fetches nothing. */
  async function enter() {
    const { hash } = location;
    const lead = () => { if (app.isWarned && location.hash === hash && !hash.startsWith("#/inbox/")) app.go("/", true); };
    await app.refresh();
    lead();
    void app.sync.sendNow().then(app.refresh).then(lead).catch(() => undefined);
  }

  const pad = makeKeypad(app.redraw, async (pin) => {
    const { isRight, left } = await app.store.unlock(pin);
    problem = isRight ? "" : wrongWords(left);
    if (isRight) await enter();
    else if (!left) await isOver();
  });

  const sure = () => app.ask({
    title: t("Forgotten the PIN?"),
    text: t("The list of households, and what was being written and not saved, are removed from this phone. What was saved is not lost: it is sent. Then sign in again, with your password or a new invitation from the commune."),
    yes: t("Remove and sign in again"), danger: true,
  });

  /** Nothing is removed before the server can be reached: nobody signs in again without it, and what waits goes first. */
  async function forgot() {
    isCutOff = !navigator.onLine;
    app.redraw();
    if (isCutOff || isLeaving || !(await sure())) return;
    isLeaving = true;
    app.redraw();
    await giveUp().catch(() => { problem = t("It did not work this time. Please try again in a moment."); });
    isLeaving = false;
    app.redraw();
  }

  async function giveUp() {
    isCutOff = !(await whoami(app.store).then(() => true, () => false));
    if (isCutOff) return;
    await app.sync.sendNow();
    // Whoever remembers it meanwhile is let in, and keeps everything.
    if (app.lock !== "locked") return;
    await app.store.forgetPin();
    await isOver();
  }

  // The last try was counted, and the app was closed before it was judged.
  if (app.triesLeft <= 0) await app.store.forgetPin();
  return {
    title: t("This phone is locked"),
    view: () => html`
      <p class="intro center">${t("Type your six-digit PIN.")}</p>
      ${problem ? html`<div role="alert">${banner("bad", "alert", problem)}</div>` : app.triesLeft <= TELL_FROM ? banner("warn", "alert", tn("{n} try is left.", "{n} tries are left.", app.triesLeft)) : nothing}
      ${pad.view(t("PIN"))}
      <button type="button" class="button plain" ?disabled=${isLeaving} @click=${forgot}>${isLeaving ? t("Sending…") : t("Forgotten the PIN?")}</button>
      ${isCutOff ? html`<div role="alert">${banner("warn", "alert", t("No network now. A forgotten PIN needs one, because you sign in again after it. Nothing was removed; please try again where there is a network. Without a password, call your team leader or the commune's officer for a new invitation."))}</div>` : nothing}
      ${waiting(app)}`,
  };
}
