// The rest: the account, help, and signing out.

import { signOut } from "../sync/ending.js";
import { t, tn } from "../model/i18n.js";
import { html, icon, nothing } from "../ui/html.js";
import { languageChoice } from "../ui/language.js";
import { banner, linkRow } from "../ui/parts.js";
import { positionWords } from "../ui/position-words.js";
import { detail, lead, waitingWords } from "../ui/sync-words.js";
import { called } from "../ui/village-choice.js";
import { installCard } from "./install.js";

/** @param {import("../ui/app.js").App} app */
async function leave(app) {
  const sure = await app.ask(app.waiting
    ? { title: waitingWords(app.waiting), text: t("They stay on this phone and are sent when there is a network, at the latest when somebody signs in here. A teammate can send them too: More, then Send by a teammate. Sign out all the same?"), yes: t("Sign out"), danger: true }
    : { title: t("Sign out?"), text: t("Everything has been sent. You can sign in again when there is a network."), yes: t("Sign out") });
  if (!sure) return;
  await signOut(app.store);
  await app.refresh();
}

/** @type {import("../ui/app.js").Open} */
export async function openMore(app) {
  return {
    title: t("More"),
    place: "more",
    view: () => html`<ul class="rows">
      ${linkRow("#/account", t("My account"), app.account?.name || "", icon("person"))}
      ${linkRow("#/visits?mine=1", t("What I have done"), t("This month, last month, this year"), icon("counted"))}
      ${linkRow("#/tasks", t("Tasks"), t("What the team is asked to do"), icon("list"))}
      ${linkRow("#/requests", t("Ask the commune for help"), t("No signal, a broken phone, how to do something"), icon("send"))}
      ${linkRow("#/inbox", t("Notifications"), app.unread ? tn("{n} unread", "{n} unread", app.unread) : t("What was told to you, without a network too"), icon("bell"))}
      ${linkRow("#/bell", t("Bell and reminders"), t("What this phone rings for, and when"), icon("bell"))}
      ${linkRow("#/attention", t("Needs a look"), t("Entries that were sent back, to be corrected"))}
      ${linkRow("#/pin", app.lock === "none" ? t("Set a PIN") : t("Change the PIN"), t("Six digits that protect the names on this phone"), icon("lock"))}
      ${linkRow("#/carry", t("Send by a teammate"), t("When this phone or a teammate's has no network"), icon("send"))}
      ${linkRow("#/help", t("Help"), t("How it works, without a network too"))}
    </ul>
    ${installCard(app)}
    ${app.lock === "open" ? html`<button type="button" class="button wide" @click=${app.lockPhone}>${icon("lock")}${t("Lock this phone")}</button>` : nothing}
    <section class="stack stack-s" aria-labelledby="language"><h2 id="language">${t("Language")}</h2>${languageChoice(app)}</section>`,
  };
}

/** @type {import("../ui/app.js").Open} */
export async function openAccount(app) {
  const members = await app.store.members(app.village);
  const own = members.find((member) => member.id === app.account?.member_id);
  return {
    title: t("My account"),
    place: "more",
    parent: "/more",
    view: () => html`<section class="card"><dl class="facts">
        <div><dt>${t("Full name")}</dt><dd>${app.account?.name}</dd></div>
        <div><dt>${t("Team")}</dt><dd>${app.team}</dd></div>
        ${own ? html`<div><dt>${t("Position")}</dt><dd>${positionWords(own.position)}</dd></div>` : ""}
        <div><dt>${t("Villages")}</dt><dd>${app.villages.map(called).join(", ")}</dd></div>
      </dl></section>
      ${banner(app.waiting ? "warn" : "good", app.waiting ? "phone-saved" : "check", html`<strong>${lead(app)}</strong><br>${detail(app)}`)}
      <button type="button" class="button wide" @click=${() => leave(app)}>${t("Sign out")}</button>`,
  };
}

/** @type {import("../ui/app.js").Open} */
export async function openHelp(app) {
  const step = (/** @type {string} */ iconName, /** @type {string} */ name, /** @type {string} */ words) => html`<li>${icon(iconName)}<span><strong>${name}</strong><br>${words}</span></li>`;
  return {
    title: t("Help"),
    place: "more",
    parent: app.account ? "/more" : "/sign-in",
    view: () => html`
      <section class="card stack stack-s"><h2>${t("What the words mean")}</h2><ul class="steps">
        ${step("phone-saved", t("Saved on this phone"), t("The visit is safe here. It is sent by itself when there is a network."))}
        ${step("send", t("Sent"), t("The commune's system has it."))}
        ${step("counted", t("Counted in the report"), t("It is in the figures of the commune and the province."))}
        ${step("undo", t("Withdrawn"), t("Taken back by the person who recorded it. It stays in the list and is in no report."))}
        ${step("alert", t("Needs a look"), t("Something has to be corrected. Nothing is lost."))}
      </ul></section>
      ${installCard(app)}
      <section class="card stack stack-s"><h2>${t("Without a network")}</h2>
        <p>${t("Record as usual. Open the app again where there is a network, and everything is sent.")}</p></section>
      <section class="card stack stack-s"><h2>${t("A mistake?")}</h2>
        <p>${t("Within 72 hours: My visits, choose the visit, then Correct or Withdraw. Later, tell the commune's officer.")}</p></section>
      <section class="card stack stack-s"><h2>${t("Privacy")}</h2>
        <p>${t("Write down only what is needed. No identity card numbers, no photos of papers. A household may stay unnamed.")}</p></section>
      <p class="soft small">${t("Version {version}", { version: document.documentElement.dataset.version || "" })}</p>`,
  };
}
