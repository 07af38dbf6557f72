// What the commune corrected in a household at its desk, as far as the member has not confirmed that they saw it.

/** @typedef {{by: string, at: string, fields: string[], was: {head_name?: string}}} Corrected by which office, when, which fields, and what the household was called before */
/** @typedef {{member_id: string, at: Record<string, string>}} Seen of households, by id, the latest correction that was seen */

const KEPT_MS = 60 * 86400000;

/** @param {{id: string, corrected?: Corrected[]}} household @param {Seen | null | undefined} seen @returns {Corrected[]} */
export const unseenOf = ({ id, corrected }, seen) => (corrected || []).filter(({ at }) => !(Date.parse(at) <= Date.parse(seen?.at[id] || "")));

/** What is noted once a household's corrections were seen; the server tells of none that are older than is kept here. @param {Seen | null | undefined} seen @param {string} member_id @param {{id: string, corrected?: Corrected[]}} household @param {number} now @returns {Seen} */
export function withSeen(seen, member_id, { id, corrected }, now) {
  const kept = Object.entries(seen?.member_id === member_id ? seen.at : {}).filter(([, at]) => now - Date.parse(at) < KEPT_MS);
  const last = corrected?.at(-1);
  return { member_id, at: { ...Object.fromEntries(kept), ...(last ? { [id]: last.at } : {}) } };
}
