// The bell of this phone, which topics ring it, and when the day's reminder comes.

import { t } from "../model/i18n.js";
import { bellState, isApple, pushKey, ringHere, silence } from "../sync/bell.js";
import { bellWords } from "../ui/bell-words.js";
import { onText, pick } from "../ui/controls.js";
import { html, icon, nothing } from "../ui/html.js";
import { topics } from "../ui/notice-words.js";
import { banner, field } from "../ui/parts.js";

/** @typedef {import("../sync/bell.js").BellState} BellState @typedef {import("../store/index.js").Preference} Preference */

/** Before six the phone is quiet. */
const [EARLIEST, LATEST] = [6, 20];

/** @param {string} words @param {string[]} steps */
const howTo = (words, steps) => html`<div class="card stack stack-s"><h3>${words}</h3><ol class="join-steps">${steps.map((step) => html`<li>${step}</li>`)}</ol></div>`;

/** What to do where the browser does not let the phone ring. @param {BellState} state */
function help(state) {
  switch (state) {
    case "blocked": return html`${banner("warn", "alert", t("This phone does not let the app ring. Everything stands under Notifications all the same."))}
      ${isApple() ? howTo(t("On an iPhone"), [
    t("Open the phone's Settings, then Notifications, choose the app in the list and allow notifications."),
    t("Come back here and turn the bell on."),
  ]) : howTo(t("On Android"), [
    t("In Chrome, tap the sign at the left of the address, then Permissions, then Notifications, and allow them."),
    t("Where the app has a sign of its own on the phone's screen: hold it, tap App info, then Notifications, and allow them."),
    t("Come back here and turn the bell on."),
  ])}`;
    case "install": return html`${banner("info", "info", t("An iPhone rings only for apps that stand on its home screen."))}
      ${howTo(t("On an iPhone"), [
    t("Open this address in Safari and tap the Share button."),
    t("Choose Add to Home Screen."),
    t("Open the app from the home screen, come back to this page and turn the bell on."),
  ])}`;
    case "absent": return banner("info", "info", t("This browser cannot ring. Everything stands under Notifications. On Android, Chrome can."));
    default: return nothing;
  }
}

/** @param {BellState} state @param {boolean} isBusy @param {() => void} turn */
function bell(state, isBusy, turn) {
  if (state === "on") {
    return html`${banner("good", "bell", t("This phone rings when there is something for you."))}
      <button type="button" class="button wide" ?disabled=${isBusy} @click=${turn}>${t("Turn the bell off on this phone")}</button>`;
  }
  if (state !== "off") return help(state);
  return html`<p>${t("When the commune gives a task, answers or warns, you hear it with the app closed. Without it everything stands under Notifications all the same.")}</p>
    <button type="button" class="button primary big wide" ?disabled=${isBusy} @click=${turn}>${icon("bell")}${isBusy ? t("Turning on…") : t("Turn the bell on")}</button>`;
}

/** @param {Preference} wanted @param {(change: Partial<Preference>) => void} change */
function wishes({ topics_off, digest_hour }, change) {
  const toggle = (/** @type {string} */ topic) => (/** @type {boolean} */ on) => change({ topics_off: on ? topics_off.filter((one) => one !== topic) : [...topics_off, topic] });
  const first = Math.min(EARLIEST, digest_hour);
  const hours = Array.from({ length: LATEST - first + 1 }, (_, at) => first + at);
  return html`<fieldset class="stack stack-s"><legend class="label">${t("What it rings for")}</legend>
      <p class="soft small">${t("What is not ticked still stands under Notifications. Urgent warnings always ring.")}</p>
      <div class="picks">${topics().map(([topic, words]) => pick(words, !topics_off.includes(topic), toggle(topic)))}</div></fieldset>
    ${field("digest", t("When the day's reminder comes"), html`<select class="input" id="digest" aria-describedby="digest-help" @change=${onText((hour) => change({ digest_hour: Number(hour) }))}>
      ${hours.map((hour) => html`<option value=${hour} .selected=${hour === digest_hour}>${String(hour).padStart(2, "0")}:00</option>`)}</select>`,
    { help: t("At most one a day: tasks due, households to go back to, entries not sent.") })}
    <p class="soft small">${t("From 21:00 to 6:00 the phone stays quiet, but for urgent warnings.")}</p>`;
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  const read = () => Promise.all([bellState(app.store), app.store.preference()]);
  let [state, wanted] = await read();
  let isBusy = false;
  /** Nobody is asked for what the server does not do. */
  let isOffered = true;
  void pushKey().catch(({ code }) => (code === "push_off" ? null : "unknown")).then((key) => { isOffered = Boolean(key); app.redraw(); });
  /** Choices on their way to be kept, and how often one was made or kept: what was read across that is older. */
  let [keeping, moves] = [0, 0];
  const refresh = async () => {
    const before = moves;
    const [now, kept] = await read();
    state = now;
    if (!keeping && before === moves) wanted = kept;
  };

  async function turn() {
    isBusy = true;
    app.redraw();
    if (state === "on") {
      await silence(app.store);
      app.tell(t("The bell is off on this phone."));
    } else app.tell(bellWords(await ringHere(app.store)));
    isBusy = false;
    await refresh();
    app.redraw();
  }

  /** @param {Partial<Preference>} fields */
  async function change(fields) {
    keeping += 1;
    moves += 1;
    wanted = { ...wanted, ...fields };
    app.redraw();
    await app.store.prefer(wanted).finally(() => { keeping -= 1; moves += 1; });
  }

  return {
    title: t("Bell and reminders"),
    place: "more",
    parent: "/more",
    refresh,
    view: () => html`<section class="stack stack-s" aria-labelledby="here"><h2 id="here">${t("This phone's bell")}</h2>${isOffered || state === "on" ? bell(state, isBusy, () => void turn()) : banner("info", "info", bellWords("push_off"))}</section>
      <section class="stack" aria-labelledby="wishes"><h2 id="wishes">${t("What you want to hear")}</h2>${wishes(wanted, (fields) => void change(fields))}</section>`,
  };
}
