// What a team may show of its month: counts and the words for them. No name of a resident comes in here.

import { groupNumber, t, tn } from "./i18n.js";
import { dayAndTime, monthWords } from "./time.js";

/**
 * What the phone knows of the month.
 * @typedef {object} Known
 * @property {string} team its name
 * @property {{name: string, commune_name: string}[]} villages
 * @property {string} month 2026-11
 * @property {{visits: number, people: number, households: number, households_unnamed: number, pending: number, services: Record<string, number>}} totals
 * @property {{code: string, name: string, group: string}[]} services in the words of the phone's language
 * @property {number} waiting entries of any kind that are not sent yet
 * @property {number | null} heard_at when the server last answered, milliseconds
 * @property {boolean} isSynthetic
 */
/** @typedef {{n: number, name: string, more?: string}} Count */
/** @typedef {Count & {services: Count[]}} Group */
/**
 * @typedef {object} Summary
 * @property {string} title
 * @property {string} warning "" for a team that there is
 * @property {string} team
 * @property {string} place
 * @property {Count[]} figures
 * @property {Group[]} groups what was given most first
 * @property {string[]} notes what the figures are, and what they are not
 */

/** Of each group in a message. */
const SERVICES_TOLD = 3;

/** @param {string[]} names */
const listed = (names) => [...new Set(names)].filter(Boolean).join(", ");

/** @param {Known["villages"]} villages */
const placeOf = (villages) => [listed(villages.map(({ name }) => name)), listed(villages.map(({ commune_name }) => commune_name))].filter(Boolean).join(" – ");

/** @param {Known["totals"]} totals @returns {Count[]} */
const figuresOf = ({ visits, people, households, households_unnamed: unnamed }) => [
  { n: visits, name: t("support visits") },
  { n: households, name: t("households"), ...(unnamed ? { more: tn("and {n} not named", "and {n} not named", unnamed) } : {}) },
  { n: people, name: t("people supported") },
];

/** @param {Count} a @param {Count} b */
const mostFirst = (a, b) => b.n - a.n;

/** A service that the catalogue no longer has belongs to no group that it could tell. @param {Known} known @returns {Group[]} */
function groupsOf({ totals, services }) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const [code, n] of Object.entries(totals.services)) {
    const { name, group } = services.find((service) => service.code === code) || { name: "", group: t("Other support") };
    const found = groups.get(group) || { name: group, n: 0, services: [] };
    groups.set(group, { ...found, n: found.n + n, services: name ? [...found.services, { n, name }].sort(mostFirst) : found.services });
  }
  return [...groups.values()].sort(mostFirst);
}

/** @param {Known} known @param {Group[]} groups */
function notesOf({ totals, waiting, heard_at }, groups) {
  const { visits, pending } = totals;
  return [
    groups.reduce((sum, { n }) => sum + n, 0) > visits ? t("One visit may be several kinds of support.") : "",
    heard_at ? t("Figures of this phone, brought up to date at {time}.", { time: dayAndTime(heard_at) }) : "",
    pending ? tn("Of these, {n} visit is not sent yet.", "Of these, {n} visits are not sent yet.", pending)
      : waiting ? tn("{n} entry not sent yet", "{n} entries not sent yet", waiting) : "",
  ].filter(Boolean);
}

/** @param {Known} known @returns {Summary} */
export function summaryOf(known) {
  const groups = groupsOf(known);
  return {
    title: t("Results of {month}", { month: monthWords(known.month) }),
    warning: known.isSynthetic ? t("Demonstration data") : "",
    team: known.team,
    place: placeOf(known.villages),
    figures: figuresOf(known.totals),
    groups,
    notes: notesOf(known, groups),
  };
}

/** @param {Count} count */
const counted = ({ n, name, more }) => `${groupNumber(n)} ${name}${more ? ` (${more})` : ""}`;

/** @param {Count} count */
const given = ({ n, name }) => `${name}: ${groupNumber(n)}`;

/** The first `most` services of a group in one line, with an ellipsis for the others. @param {Group} group @param {number} most */
export const servicesLine = ({ services }, most) => [...services.slice(0, most).map(given), ...(services.length > most ? ["…"] : [])].join(" · ");

/** The summary as a message. @param {Summary} summary */
export function messageOf({ title, warning, team, place, figures, groups, notes }) {
  const kinds = groups.flatMap((group) => [`• ${given(group)}`, ...group.services.slice(0, SERVICES_TOLD).map((service) => `   – ${given(service)}`)]);
  const parts = [[warning, title, team, place].filter(Boolean), figures.map((count) => `• ${counted(count)}`), kinds.length ? [t("What was supported"), ...kinds] : [], notes];
  return parts.filter(({ length }) => length).map((lines) => lines.join("\n")).join("\n\n");
}
