// Finding a household as one types: any words, in any order, with or without accents.

import { fold } from "./fold.js";

/**
 * @typedef {{id: string, head_name: string, hamlet?: string | null, phone?: string | null, code?: string | null}} Findable
 */

/** @param {Findable} household */
function textOf({ head_name, hamlet, phone, code }) {
  const digits = (phone || "").replace(/\D/g, "");
  return ` ${fold(`${head_name} ${hamlet || ""} ${code || ""}`)} ${digits} ${digits.replace(/^84/, "0")}`;
}

/**
 * Folds every household once; the function that comes back only compares.
 * @param {Findable[]} households
 * @returns {(words: string) => string[]} ids of those where each word begins some word, or is part of the phone number
 */
export function makeIndex(households) {
  const entries = households.map((household) => ({ id: household.id, text: textOf(household) }));
  return (words) => {
    const wanted = fold(words).split(" ").filter(Boolean).map((word) => (/^\d{3,}$/.test(word) ? word : ` ${word}`));
    return entries.filter(({ text }) => wanted.every((word) => text.includes(word))).map(({ id }) => id);
  };
}
