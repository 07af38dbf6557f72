// Coming in by an invitation: whom it is for, and being that person from then on.

import { ask } from "./exchange.js";
import { JSON_TYPE, LIMITS, enter, plain } from "./session.js";

/** @typedef {import("../store/index.js").Store} Store @typedef {import("../store/index.js").Account} Account */

const INVITATION = "/api/v1/invitation";

/** @typedef {{secret: string} | {code: string}} Key what an invitation opens by @typedef {{name: string, team: string | null, commune: string | null, code?: string}} Invitation */

/** Whom an invitation is for; consumes nothing. @param {Key} key @returns {Promise<Invitation>} throws as redeem does */
export async function readInvitation(key) {
  try {
    return (await ask(INVITATION, { method: "POST", body: JSON.stringify(key), headers: JSON_TYPE }, LIMITS)).json;
  } catch (error) {
    throw plain(error);
  }
}

/** Signs in by an invitation. @param {Store} store @param {Key} key @returns {Promise<Account>} throws an error with `code` */
export const redeem = (store, key) => enter(store, `${INVITATION}/redeem`, key);
