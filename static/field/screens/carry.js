// Sending by way of somebody else: entries leave this phone sealed in a file, or come in such a file.

import { readSealedFile, sendFile } from "../sync/carry.js";
import { t, tn } from "../model/i18n.js";
import { today } from "../model/time.js";
import { download } from "../ui/download.js";
import { html, icon, nothing } from "../ui/html.js";
import { banner } from "../ui/parts.js";
import { waitingWords } from "../ui/sync-words.js";

const LIMITS = { timeout: 60000 };

/** @param {any} error */
function failedWords({ code, status }) {
  if (status === 401) return t("Sign in first: the commune's system takes entries only from members.");
  if (code === "network" || code === "timeout" || code === "captive") return t("No network now. Keep the file, and try again where there is one.");
  return t("It did not go through this time. The file is as it was; please try again.");
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  /** @type {{tone: "good" | "bad" | "info", words: string} | null} */
  let said = null;
  let isBusy = false;
  const say = (/** @type {"good" | "bad" | "info"} */ tone, /** @type {string} */ words) => { said = { tone, words }; app.redraw(); };

  async function save() {
    const file = await app.store.sealedFile();
    if (!file.entries.length) { say("info", t("There is nothing to be sent on this phone.")); return; }
    download(new Blob([JSON.stringify(file)], { type: "application/json" }), `cdtteam-gui-nho-${today()}.json`);
    say("good", tn("{n} entry is in the file. Give it to a teammate, for instance over Zalo; the entries stay on this phone as well.", "{n} entries are in the file. Give it to a teammate, for instance over Zalo; the entries stay on this phone as well.", file.entries.length));
  }

  /** @param {Event} event */
  async function take(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [picked] = input.files || [];
    if (!picked || isBusy) return;
    const file = readSealedFile(await picked.text());
    input.value = "";
    if (!file) { say("bad", t("This file holds no entries. Please choose the file that your teammate's phone has made.")); return; }
    isBusy = true;
    say("info", t("Sending…"));
    await sendFile(file, (sent) => say("good", tn("{n} entry was sent for your teammate.", "{n} entries were sent for your teammate.", sent)), LIMITS).catch((error) => say("bad", failedWords(error)));
    isBusy = false;
    app.redraw();
  }

  return {
    title: t("Send by a teammate"),
    place: "more",
    parent: app.account ? (app.lock === "locked" ? "/" : "/more") : "/sign-in",
    view: () => html`
      ${said ? html`<div role="status">${banner(said.tone, said.tone === "good" ? "check" : said.tone === "bad" ? "alert" : "info", said.words)}</div>` : nothing}
      <section class="card stack stack-s"><h2>${t("This phone has no network")}</h2>
        <p>${t("Save the entries not sent yet to a file and give it to a teammate who goes where there is a network. Whoever carries the file cannot read it: only the commune's system can.")}</p>
        ${app.waiting ? html`<p class="strong">${waitingWords(app.waiting)}</p>` : nothing}
        <button type="button" class="button wide" @click=${save}>${icon("phone-saved")}${t("Save to a file")}</button></section>
      <section class="card stack stack-s"><h2>${t("I bring a teammate's file")}</h2>
        <p>${t("Choose the file that you were given. It is sent for your teammate; you cannot read it, and sending it twice does no harm.")}</p>
        <label class="button wide">${icon("send")}${t("Choose the file")}<input class="visually-hidden" type="file" accept=".json,application/json" ?disabled=${isBusy} @change=${take}></label></section>`,
  };
}
