// What a household said when it was asked whether it may be named, and whether it may be called.

import { deviceTime } from "./time.js";

/** @typedef {"yes" | "no" | ""} Word "" is "not asked" */
/** @typedef {Record<string, {given: boolean, notice?: string, at?: string}>} Consents */

/** The wording that is read out. */
const NOTICE = "2026-1";

/** @param {boolean} given @param {number} [now] */
export const consent = (given, now = Date.now()) => ({ given, notice: NOTICE, at: deviceTime(now) });

/** @param {Consents | undefined} consents @returns {Word} */
export function namedWord(consents) {
  const given = consents?.named?.given;
  return given === undefined ? "" : given ? "yes" : "no";
}
