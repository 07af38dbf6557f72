// What a member is told: in which order it stands, and whether the phone can already show what it is about.

import { byDay } from "./task.js";
import { dayOf } from "./time.js";

/** @typedef {"task" | "request" | "review" | "reminder" | "thanks" | "warning" | "report"} Topic */
/**
 * @typedef {object} Notice
 * @property {string} id
 * @property {Topic} topic
 * @property {string} title
 * @property {string} text
 * @property {string | null} [link] an address of the app, such as /task/…
 * @property {boolean} urgent
 * @property {string} made_at
 * @property {string | null} [read_at]
 * @property {boolean} pending
 * @property {string} [gone] a warning that was read and does not hold any more
 */

/** A notification is put on record a little before other phones can hear of it. */
const SOON_MS = 60000;

/** The newest at the head. @template {{made_at: string}} N @param {N[]} notices @returns {N[]} */
const newestFirst = (notices) => [...notices].sort((a, b) => Date.parse(b.made_at) - Date.parse(a.made_at));

/**
 * Those that are unread, what is urgent before all, and the others by day: the newest at the head of each.
 * @template {{made_at: string, urgent?: boolean, read_at?: string | null}} N @param {N[]} notices
 * @returns {{unread: N[], days: [string, N[]][]}}
 */
export function inOrderOfNews(notices) {
  const ordered = newestFirst(notices);
  /** @type {Map<string, N[]>} */
  const days = new Map();
  for (const one of ordered.filter(({ read_at }) => read_at)) {
    const day = dayOf(one.made_at);
    days.set(day, [...(days.get(day) || []), one]);
  }
  const unread = ordered.filter(({ read_at }) => !read_at).sort((a, b) => Number(Boolean(b.urgent)) - Number(Boolean(a.urgent)));
  return { unread, days: [...days].sort(([a], [b]) => byDay(b, a)) };
}

/** Whether it has to be confirmed. @param {{urgent?: boolean, read_at?: string | null, gone?: string}} notice */
export const isPressing = ({ urgent, read_at, gone }) => Boolean(urgent && !read_at && !gone);

/** Whether the phone has heard from the server since something was made there: what it does not hold by then is gone. @param {string | undefined} made_at @param {number | null} contact the server's time of its last answer */
export const isHeard = (made_at, contact) => Boolean(contact && made_at && contact > Date.parse(made_at) + SOON_MS);

/** A link that leads somewhere in the app; "" where there is nothing more than the notification itself. @param {string | null | undefined} link */
export const inApp = (link) => (link && /^\/(?!\/|inbox|desk)/.test(link) ? link : "");

/** The task or the visit that a link leads to: its kind and id. @param {string} link @returns {string[]} empty where it is neither */
export const rowIn = (link) => /^\/(task|visit)\/([^/?]+)/.exec(link)?.slice(1) || [];
