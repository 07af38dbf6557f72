// What a member took part in, counted as the team's figures are. Who was along took part, whoever recorded the visit.

import { addVisit, noFigures } from "./figures.js";
import { addDays, dayOf, monthOf } from "./time.js";

/** @typedef {"month" | "before" | "year"} Span this month, the one before, this year */
/** @typedef {{visits: number, people: number, households: number, unnamed: number, services: [string, number][]}} Share `services`: code and visits, what was given most first */

/** The first and the last day of a span. @param {Span} span @param {string} today @returns {[string, string]} */
export function daysOf(span, today) {
  const first = `${monthOf(today)}-01`;
  if (span === "year") return [`${today.slice(0, 4)}-01-01`, today];
  if (span === "month") return [first, today];
  const last = addDays(first, -1);
  return [`${monthOf(last)}-01`, last];
}

/**
 * @param {Record<string, any>[]} visits those in which the member took part, in no order
 * @param {[string, string]} days
 * @returns {Share}
 */
export function shareOf(visits, [first, last]) {
  const figures = noFigures("");
  for (const visit of visits) {
    const on = dayOf(visit.occurred_at);
    if (on >= first && on <= last) addVisit(figures, visit, 1);
  }
  const { people, unnamed, households, services } = figures;
  return { visits: figures.visits, people, unnamed, households: Object.keys(households).length, services: Object.entries(services).sort((a, b) => b[1] - a[1]) };
}
