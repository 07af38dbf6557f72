// "Share": the team's month as a picture and a message, for the village's group. Only counts, and they say whose they are.

import { messageOf, summaryOf } from "../model/sharing.js";
import { addDays, monthOf, monthWords, today } from "../model/time.js";
import { t } from "../model/i18n.js";
import { copyFrom } from "../ui/clipboard.js";
import { segments } from "../ui/controls.js";
import { download } from "../ui/download.js";
import { html, icon, nothing } from "../ui/html.js";
import { empty, field } from "../ui/parts.js";
import { serviceName } from "../ui/services.js";
import { drawMonth } from "../ui/share-picture.js";
import { fetching } from "../ui/sync-words.js";
import { pillarWords } from "../ui/words.js";

/** @typedef {{message: string, file: File | null}} Shared */

/** What this browser can hand on: picture and message, the message alone, or nothing. @param {Shared} shared @returns {ShareData | null} */
function handedOn({ message, file }) {
  if (typeof navigator.share !== "function") return null;
  const whole = { text: message, files: file ? [file] : [] };
  return file && navigator.canShare?.(whole) ? whole : { text: message };
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  const current = monthOf(today());
  const months = [current, monthOf(addDays(`${current}-01`, -1))];
  const canvas = document.createElement("canvas");
  canvas.className = "shared-picture";
  canvas.setAttribute("role", "img");
  let month = current;
  let isComplete = false;
  let isUnable = false;
  /** @type {Shared | null} */
  let shared = null;

  async function readMonth() {
    const [totals, services, contact, complete] = await Promise.all([app.store.totals(month), app.store.services(), app.store.lastSent(), app.store.isComplete()]);
    const summary = summaryOf({
      team: app.team, villages: app.villages, month, totals, waiting: app.waiting,
      services: services.map((service) => ({ code: service.code, name: serviceName(service), group: pillarWords(service.pillar) })),
      heard_at: contact.last_contact_at, isSynthetic: Boolean(app.account?.synthetic),
    });
    const picture = totals.visits ? await drawMonth(canvas, summary) : null;
    const file = picture && new File([picture], `ket-qua-${month}.png`, { type: picture.type });
    canvas.setAttribute("aria-label", summary.title);
    shared = totals.visits ? { message: messageOf(summary), file } : null;
    isComplete = complete;
  }
  /** One after the other, as they share a canvas: what was chosen last is what stands in the end. */
  let reading = Promise.resolve();
  const read = () => {
    reading = reading.catch(() => undefined).then(readMonth);
    return reading;
  };
  const choose = async (/** @type {string} */ value) => { month = value; await read(); app.redraw(); };

  /** Whoever closes the phone's own sheet has changed their mind. @param {ShareData} content */
  const share = (content) => async () => {
    await navigator.share(content).catch((error) => { isUnable = error.name !== "AbortError"; });
    app.redraw();
  };
  const copy = async () => {
    const isCopied = await copyFrom(/** @type {HTMLTextAreaElement} */ (document.getElementById("message")));
    app.tell(isCopied ? t("Message copied") : t("Hold the message with a finger to copy it."));
  };

  /** @param {Shared} of */
  function ways({ message, file }) {
    const content = isUnable ? null : handedOn({ message, file });
    return html`${content ? html`<button type="button" class="button primary big wide" @click=${share(content)}>${icon("share")}${t("Share")}</button>` : nothing}
      <div class="pair">
        ${file ? html`<button type="button" class="button" @click=${() => download(file, file.name)}>${t("Save the picture")}</button>` : nothing}
        <button type="button" class="button" @click=${copy}>${t("Copy the message")}</button></div>
      ${field("message", t("The message"), html`<textarea class="input" id="message" rows="12" readonly .value=${message}></textarea>`)}`;
  }

  await read();
  return {
    title: t("Share the month"),
    place: "home",
    parent: "/",
    refresh: read,
    view: () => html`${segments("month", t("Which month?"), months.map((one) => [one, monthWords(one)]), month, choose, true)}
      ${!isComplete ? html`<p role="status">${fetching(app)}</p>` : shared ? html`${canvas}${ways(shared)}` : empty(t("No visit in this month yet: there is nothing to share."))}`,
  };
}
