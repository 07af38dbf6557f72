// A household does not want to be named: its name goes from everything that this phone keeps beside its row.

import { refusesName } from "../model/overlay.js";
import { NO_NAME } from "../model/private.js";
import { silently } from "./db.js";
import { ofMember } from "./session.js";

/** @typedef {import("./session.js").Entry} Entry */

/**
 * The making of a household without what it said: should it have to be sent again, the visits to it need its id.
 * @param {Entry} entry @returns {Entry}
 */
function unnamed(entry) {
  const { id, village_id, consents } = entry.mutation.args;
  return { ...entry, mutation: { ...entry.mutation, args: { id, village_id, head_name: NO_NAME, ...(consents ? { consents } : {}) } } };
}

/**
 * Entries that were sent or refused lose what they said of the household, and its drafts go. What waits is sent first:
 * the server forgets it with the refusal that follows.
 * @param {import("./db.js").Tx} tx @param {string | undefined} member_id @param {string} id
 */
export async function forgetHousehold(tx, member_id, id) {
  if (!member_id) return;
  for (const key of [`household:${id}`, `visit:${id}`]) silently(tx, "drafts").delete([member_id, key]);
  for (const name of ["sent", "attention"]) {
    for (const entry of /** @type {Entry[]} */ (await ofMember(tx, name, member_id))) {
      const { mutation } = entry;
      if (entry.is_lost || !mutation.type.startsWith("household.") || mutation.args.id !== id || refusesName(mutation)) continue;
      if (mutation.type === "household.create") silently(tx, name).put(unnamed(entry));
      else silently(tx, name).delete(/** @type {any} */ (entry.seq));
    }
  }
}
