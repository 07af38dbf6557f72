// What differs between a row as it was and as it is wanted.

/** @param {unknown} a @param {unknown} b */
const isSame = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * The fields of `after` that differ from `before`; null and absent are the same. The row's place is no field.
 * @param {Record<string, any>} before
 * @param {Record<string, any>} after
 * @returns {Record<string, any>}
 */
export function changedFields(before, after) {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => name !== "id" && name !== "village_id" && !isSame(before[name], value)));
}
