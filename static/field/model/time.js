// Civil days in Asia/Ho_Chi_Minh (seven hours ahead all year), and how times and numbers are written.

import { locale } from "./i18n.js";

/** @typedef {number | string | Date} Instant milliseconds, RFC 3339, or a civil day (2026-11-24) */

const DAY = 24 * 3600000;
const OFFSET = 7 * 3600000;

/** @param {Instant} instant its wall clock in Vietnam, as if it were UTC */
const wallClock = (instant) => new Date(new Date(instant).getTime() + OFFSET);

/** The civil day (2026-11-24) of an instant. @param {Instant} instant */
export const dayOf = (instant) => (typeof instant === "string" && instant.length === 10 ? instant : wallClock(instant).toISOString().slice(0, 10));

/** Today's civil day. @param {number} [now] */
export const today = (now = Date.now()) => dayOf(now);

/** @param {string} day @param {number} count */
export const addDays = (day, count) => new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);

/** The month (2026-11) of an instant or a day. @param {Instant} instant */
export const monthOf = (instant) => dayOf(instant).slice(0, 7);

/** 24/11/2026. @param {Instant} instant */
export const shortDate = (instant) => dayOf(instant).split("-").reverse().join("/");

/** Thứ Ba, 24/11/2026. @param {Instant} instant */
export function longDate(instant) {
  const day = dayOf(instant);
  const weekday = new Intl.DateTimeFormat(locale(), { weekday: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
  return `${weekday[0].toUpperCase()}${weekday.slice(1)}, ${shortDate(day)}`;
}

/** 09:30. @param {Instant} instant */
export const clockTime = (instant) => wallClock(instant).toISOString().slice(11, 16);

/** 09:30, 24/11/2026. @param {Instant} instant */
export const dayAndTime = (instant) => `${clockTime(instant)}, ${shortDate(instant)}`;

/** 09:30 when it was today, with the day otherwise. @param {Instant} instant @param {number} [now] */
export const timeOfDay = (instant, now = Date.now()) => (dayOf(instant) === today(now) ? clockTime(instant) : dayAndTime(instant));

/** tháng 11/2026, or November 2026. @param {string} month */
export function monthWords(month) {
  if (locale() !== "en") return `tháng ${Number(month.slice(5))}/${month.slice(0, 4)}`;
  return new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));
}

/** An instant with the offset of this device's own clock: 2026-11-24T09:30:05.123+07:00. @param {number} [now] */
export function deviceTime(now = Date.now()) {
  const offset = -new Date(now).getTimezoneOffset();
  const local = new Date(now + offset * 60000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) => String(part).padStart(2, "0"));
  return offset ? `${local}${offset < 0 ? "-" : "+"}${hours}:${minutes}` : `${local}Z`;
}

/**
 * When something happened on a civil day: today it is now, on another day ten in the morning.
 * @param {string} day
 * @param {number} [now]
 */
export const momentOn = (day, now = Date.now()) => (day >= today(now) ? deviceTime(now) : `${day}T10:00:00+07:00`);
