// How far an entry has come: saved on this phone → sent → counted, or why not.

/** @typedef {{act: "amended" | "withdrawn" | "restored", by: string, at: string, reason: string, fields: string[], was?: {participants?: number}}} DeskWord what the commune did about a visit, in the name of which office, which fields it changed, and how many people stood there */
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
