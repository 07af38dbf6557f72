// Setting the PIN, typed twice, or changing it.

import { t, tn } from "../model/i18n.js";
import { isEasy } from "../model/pin.js";
import { html, icon, nothing } from "../ui/html.js";
import { makeKeypad } from "../ui/keypad.js";
import { banner, empty } from "../ui/parts.js";
import { staying } from "../ui/still-here.js";

/** @typedef {"old" | "new" | "again"} Step */

/** What is asked now. @param {Step} step */
const askWords = (step) => ({ old: t("First your PIN until now."), new: t("Choose six digits that only you know."), again: t("Once more, to be sure.") }[step]);

/** @param {{code?: string}} error */
const failedWords = ({ code }) => (code === "unsealed"
  ? t("A PIN can be set once this phone has been in contact with the commune's system. Please try again where there is a network.")
  : t("It did not work this time. Please try again in a moment."));

/** @returns {import("../ui/app.js").Screen} */
const notHere = () => ({
  title: t("PIN"),
  parent: "/more",
  view: () => empty(t("To set a PIN, sign out and in again on this phone once, where there is a network.")),
});

/** @type {import("../ui/app.js").Open} */
export async function open(app, { first }) {
  if (first && !app.canLock) app.go("/", true);
  if (app.lock === "none" && !app.canLock) return notHere();
  const isChange = app.lock !== "none";
  /** @type {Step} */
  let step = isChange ? "old" : "new";
  let [old, chosen, problem] = ["", "", ""];
  const isHere = staying();

  /** @param {Step} next @param {string} [why] */
  function goOn(next, why = "") {
    step = next;
    problem = why;
  }

  /** @param {string} pin */
  async function keep(pin) {
    if (isChange) {
      const { isRight, left } = await app.store.changePin(old, pin);
      if (!isRight) return goOn("old", tn("Your PIN until now was not right. {n} try is left.", "Your PIN until now was not right. {n} tries are left.", left));
    } else await app.store.setPin(pin);
    app.tell(isChange ? t("The PIN is changed.") : t("The PIN is set. The app asks for it when it is opened."));
    await app.refresh();
    if (isHere()) app.go(isChange ? "/more" : "/", true);
  }

  const pad = makeKeypad(app.redraw, async (pin) => {
    if (step === "old") { old = pin; goOn("new"); return; }
    if (step === "new") {
      chosen = pin;
      if (isEasy(pin)) goOn("new", t("Many people choose this one. Please take six digits that are harder to guess."));
      else goOn("again");
      return;
    }
    if (pin !== chosen) { goOn("new", t("The two were not the same. Please choose again.")); return; }
    await keep(pin).catch((error) => goOn("new", failedWords(error)));
  });

  return {
    title: isChange ? t("Change the PIN") : t("Set a PIN"),
    parent: first ? undefined : "/more",
    view: () => html`
      <p class="intro center">${askWords(step)}</p>
      ${problem ? html`<div role="alert">${banner("warn", "info", problem)}</div>` : nothing}
      ${pad.view(askWords(step))}
      ${first ? html`<a class="button plain" href="#/">${t("Later")}</a>` : nothing}
      <p class="soft small">${icon("lock")} ${t("With a PIN, names on this phone cannot be read by whoever finds it. Nobody can tell you the PIN: if it is forgotten, you sign in again, and what was not sent is sent all the same.")}</p>`,
  };
}
