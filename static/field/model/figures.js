// The team's own figures of a month, kept up to date visit by visit.

import { monthOf } from "./time.js";

/**
 * @typedef {object} Figures
 * @property {string} month
 * @property {number} visits
 * @property {number} people
 * @property {number} unnamed home visits without a household
 * @property {Record<string, number>} households a household in a village to its visits: one that moved counts in each
 * @property {Record<string, number>} services code to its visits
 */

/** @param {string} month @returns {Figures} */
export const noFigures = (month) => ({ month, visits: 0, people: 0, unnamed: 0, households: {}, services: {} });

/** @param {Record<string, number>} counts @param {string} key @param {number} by */
function count(counts, key, by) {
  counts[key] = (counts[key] || 0) + by;
  if (counts[key] <= 0) delete counts[key];
}

/** The month in which a visit counts. @param {Record<string, any>} visit */
export const monthOfVisit = (visit) => monthOf(visit.occurred_at);

/**
 * Adds a visit to its month's figures, or takes it out (`by` -1). Changes `figures`.
 * @param {Figures} figures
 * @param {Record<string, any>} visit
 * @param {1 | -1} by
 */
export function addVisit(figures, visit, by) {
  figures.visits += by;
  figures.people += by * visit.participants;
  if (visit.household_id) count(figures.households, `${visit.village_id} ${visit.household_id}`, by);
  else if (visit.kind === "home") figures.unnamed += by;
  for (const { code } of visit.services) count(figures.services, code, by);
}
