// Which households may be one and the same; the server asks alike (shared vectors: tests/vectors/likeness.json).

import { fold } from "./fold.js";
import { nationalPhone } from "./household.js";

/** @typedef {"name_and_phone" | "name" | "phone" | "name_near" | "name_elsewhere"} Alike the strongest sign first */
/** @typedef {{id: string, village_id: string, head_name: string, hamlet?: string | null, phone?: string | null}} Known */

/** @type {Alike[]} */
const ORDER = ["name_and_phone", "name", "phone", "name_near", "name_elsewhere"];

/** A name folded, y and i being one letter: Mỹ is written Mĩ as well. @param {string} name */
const sound = (name) => fold(name).replaceAll("y", "i");

/** What of a household is compared. @param {Known} known */
const signsOf = ({ head_name, hamlet, phone, village_id }) => ({
  village_id,
  name: sound(head_name || ""),
  hamlet: fold(hamlet || ""),
  phone: (phone && nationalPhone(phone)) || "",
});

/** @typedef {ReturnType<typeof signsOf>} Signs */

/** @param {Signs} one @param {Signs} other @returns {Alike | null} */
function alike(one, other) {
  const isName = Boolean(one.name) && one.name === other.name;
  const isPhone = Boolean(one.phone) && one.phone === other.phone;
  if (isName && isPhone) return "name_and_phone";
  const isHere = one.village_id === other.village_id;
  if (isName && isHere && (!one.hamlet || !other.hamlet || one.hamlet === other.hamlet)) return "name";
  if (isPhone) return "phone";
  if (!isName) return null;
  return isHere ? "name_near" : "name_elsewhere";
}

/**
 * Folds every household once; the function that comes back answers those that may be the one asked about, the likeliest first.
 * @template {Known} K
 * @param {K[]} households of all villages on the phone
 * @returns {(one: Known) => {other: K, why: Alike}[]}
 */
export function makeLikeness(households) {
  const entries = households.map((other) => ({ other, signs: signsOf(other) }));
  return (one) => {
    const asked = signsOf(one);
    if (!asked.name && !asked.phone) return [];
    const found = entries.flatMap(({ other, signs }) => {
      const why = other.id === one.id ? null : alike(asked, signs);
      return why ? [{ other, why, isAway: signs.village_id !== asked.village_id }] : [];
    });
    found.sort((a, b) => ORDER.indexOf(a.why) - ORDER.indexOf(b.why) || Number(a.isAway) - Number(b.isAway));
    return found.map(({ other, why }) => ({ other, why }));
  };
}
