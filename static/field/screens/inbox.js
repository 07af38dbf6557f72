// What the member was told: unread first, then by day, read without a network. Opening one leads to what it is about.

import { inApp, inOrderOfNews, isHeard, rowIn } from "../model/notice.js";
import { clockTime, dayAndTime, timeOfDay } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { html, icon, nothing } from "../ui/html.js";
import { dayWords, topicIcon } from "../ui/notice-words.js";
import { badge, banner, empty, linkRow } from "../ui/parts.js";
import { staying } from "../ui/still-here.js";
import { callable, warning } from "../ui/warnings.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../model/notice.js").Notice} Notice */

/** How much the places at the bottom cover of what stands there, px. */
const COVERED = 80;

/**
 * What leads to nothing more is read once its end has come before the eyes, and whoever read it there taps nothing.
 * Until the list is left it stays where it was read.
 * @param {App} app
 */
function reader(app) {
  /** @type {Set<string>} */
  const read = new Set();
  const eyes = new IntersectionObserver((ends) => {
    const seen = ends.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => String(/** @type {HTMLElement} */ (target).dataset.ends));
    const fresh = seen.filter((id) => !read.has(id));
    for (const id of fresh) read.add(id);
    if (fresh.length) void app.store.markRead(fresh, false).catch(() => undefined);
  }, { rootMargin: `0px 0px -${COVERED}px 0px` });
  return {
    read,
    /** After the list was drawn. */
    look: () => requestAnimationFrame(() => { for (const end of document.querySelectorAll("[data-ends]")) eyes.observe(end); }),
    close: () => eyes.disconnect(),
  };
}


/** @param {Notice} notice @param {string} when */
function row({ id, topic, title, text, link, urgent, read_at, gone }, when) {
  if (gone) return html`<li><div class="row notice soft">${icon("undo")}<span class="grow"><span class="cluster">${badge("quiet", "undo", t("Withdrawn"))}</span><span class="title"><s>${title}</s></span><span class="detail">${when}</span></span></div></li>`;
  return html`<li><a class="row notice" href="#/inbox/${id}">${icon(topicIcon(topic))}<span class="grow">
    ${read_at ? nothing : html`<span class="cluster">${badge(urgent ? "bad" : "info", urgent ? "alert" : "bell", t("New"))}</span>`}
    <span class="title">${title}</span><span class="detail said">${text}</span><span class="detail" data-ends=${!read_at && !inApp(link) ? id : nothing}>${when}</span></span>${icon("next")}</a></li>`;
}

/** @param {string} id @param {string} words @param {Notice[]} notices @param {(instant: string) => string} when */
const section = (id, words, notices, when) => html`<section class="stack stack-s" aria-labelledby=${id}><h2 id=${id}>${words}</h2><ul class="rows">${notices.map((notice) => row(notice, when(notice.made_at)))}</ul></section>`;

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  let notices = await app.store.notices();
  const { read, look, close } = reader(app);
  return {
    title: t("Notifications"),
    place: "home",
    parent: "/",
    refresh: async () => { notices = await app.store.notices(); },
    close,
    view: () => {
      const { unread, days } = inOrderOfNews(notices.map((one) => (read.has(one.id) ? { ...one, read_at: null } : one)));
      look();
      const readAll = async () => {
        read.clear();
        await app.store.markRead(unread.map(({ id }) => id), false);
        await app.refresh();
      };
      return html`
        ${unread.length ? html`${section("unread", tn("{n} unread", "{n} unread", unread.length), unread, timeOfDay)}
          <button type="button" class="button wide" @click=${readAll}>${icon("check")}${t("Mark all as read")}</button>` : nothing}
        ${days.map(([day, some]) => section(`day-${day}`, dayWords(day), some, clockTime))}
        ${notices.length ? nothing : empty(t("Nothing has been told yet. Tasks, answers and warnings will stand here."))}
        <ul class="rows">${linkRow("#/bell", t("Bell and reminders"), t("What this phone rings for, and when"), icon("bell"))}</ul>`;
    },
  };
}

/** Whether the phone holds what a link leads to. @param {App} app @param {string} link */
async function isHere(app, link) {
  const [kind, row] = rowIn(link);
  if (kind === "visit") return Boolean(await app.store.visit(row));
  return !kind || (await app.store.tasks()).some(({ id }) => id === row);
}

/**
 * What is known of a notification that was tapped, in the list or on the phone's own screen, where more may be known
 * (`to`: its link, `at`: when it was made) than has come by the sync.
 * @param {App} app @param {Record<string, string>} params
 */
async function look(app, { id, to, at }) {
  const [notices, { last_contact_at }] = await Promise.all([app.store.notices(), app.store.lastSent()]);
  const notice = notices.find((one) => one.id === id) || null;
  const link = inApp(notice ? notice.link : to);
  const isKnown = isHeard(notice?.made_at || at, last_contact_at);
  return { notice, isKnown, link, canGo: Boolean(link) && (isKnown || await isHere(app, link)) };
}

/** @param {App} app @param {Awaited<ReturnType<typeof look>>} known */
function story(app, { notice, isKnown, link }) {
  if (notice?.gone) {
    return html`${banner("quiet", "undo", html`<strong>${t("This warning was taken back: it holds no longer.")}</strong><br>${t("Nothing needs to be done about it any more.")}`)}
      <section class="stack stack-s"><h2>${t("It had said")}</h2><p class="said soft">${notice.text}</p><p class="soft small">${dayAndTime(notice.made_at)}</p></section>`;
  }
  if (notice?.urgent && !link) return warning(notice, null);
  if (notice && !link) return html`<p>${callable(notice.text)}</p><p class="soft small">${dayAndTime(notice.made_at)}</p>`;
  if (isKnown) return empty(t("This notification was taken back: it is of no concern any more."));
  return html`${notice ? html`<p class="said">${notice.text}</p>` : nothing}
    ${banner("info", "clock", t("What it is about is not on this phone yet. It comes as soon as there is a network."), html`<button type="button" class="button wide" @click=${() => void app.sync.sendNow()}>${t("Fetch now")}</button>`)}`;
}

/** @type {import("../ui/app.js").Open} */
export async function openOne(app, params) {
  const isHere = staying();
  let known = await look(app, params);
  const isUnread = known.notice ? !known.notice.read_at : Boolean(params.at);
  if (isUnread) void app.store.markRead([params.id], true).catch(() => undefined);
  const goOn = () => { if (known.canGo && isHere()) app.go(known.link, true); };
  goOn();
  if (!known.isKnown) void app.sync.sendNow();
  return {
    get title() { return known.notice?.title || t("Notification"); },
    isNamed: true,
    place: "home",
    parent: "/inbox",
    refresh: async () => {
      known = await look(app, params);
      goOn();
    },
    view: () => story(app, known),
  };
}
