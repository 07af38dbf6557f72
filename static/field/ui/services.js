// Which kinds of support stand as large buttons, and which behind "Other kinds".

import { locale } from "../model/i18n.js";

/** @typedef {import("../store/index.js").Service} Service */

const FIRST = 6;

/**
 * What a running task has in focus and then this month's focus first, then what the team records most, then the catalogue's order.
 * @param {Service[]} services
 * @param {Record<string, number>} usage
 * @param {Set<string>} [leading] codes that tasks have in focus
 * @returns {Service[]}
 */
export function inOrderOfUse(services, usage, leading = new Set()) {
  return [...services].sort((a, b) => Number(leading.has(b.code)) - Number(leading.has(a.code))
    || Number(b.focus) - Number(a.focus)
    || (usage[b.code] || 0) - (usage[a.code] || 0)
    || a.position - b.position);
}

/**
 * @param {Service[]} ordered
 * @param {(code: string) => boolean} isChosen what is chosen is never hidden
 */
export function split(ordered, isChosen) {
  const first = ordered.filter((service, at) => at < FIRST || isChosen(service.code));
  return { first, rest: ordered.filter((service) => !first.includes(service)) };
}

/** What a person calls it, in their language. @param {Service} service */
export const serviceName = (service) => (locale() === "en" ? service.name_en : service.short_vi);

/** The words of a code; the code itself when the catalogue of services no longer has it. @param {Service[]} services @param {string} code */
export const wordsOfService = (services, code) => {
  const known = services.find((service) => service.code === code);
  return known ? serviceName(known) : code;
};
