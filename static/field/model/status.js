// How far an entry has come: saved on this phone → sent → counted, or why not.

/**
 * @typedef {object} Status
 * @property {"saved" | "sent" | "counted" | "not_counted" | "attention"} step
 * @property {string} [reason] a code: of the refusal, or why it is not counted
 * @property {string} [message] the server's own words, in the member's language
 */

/**
 * @param {{isPending: boolean, gone?: string, counted?: true | string, refusal?: {code: string, message?: string}}} facts
 * @returns {Status}
 */
export function statusOf({ isPending, gone, counted, refusal }) {
  if (refusal) return { step: "attention", reason: refusal.code, message: refusal.message };
  if (isPending) return { step: "saved" };
  if (gone) return { step: "not_counted", reason: gone };
  if (counted === true) return { step: "counted" };
  return counted ? { step: "not_counted", reason: counted } : { step: "sent" };
}
