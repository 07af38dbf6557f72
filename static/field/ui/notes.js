// Whether there is something to say that belongs to no screen. Most often there is nothing.

import { seldom } from "./language.js";
import { nothing } from "./html.js";

/** @typedef {import("./app.js").App} App */
/**
 * @typedef {object} Trouble
 * @property {boolean} isBlocked another tab holds an older database open
 * @property {boolean} isUnavailable this browser keeps nothing
 * @property {boolean} isOnlineOnly this browser keeps entries, but not the app itself
 * @property {(() => void) | null} update takes the new version over
 */

/** Signing in again would help. @param {App} app */
function isSignedOut(app) {
  const { phase, problem } = app.sync.state();
  return phase === "signed_out" && problem !== "not_a_member";
}

const found = seldom(() => import("./banners.js"));

/** @param {App} app @param {import("./app.js").Screen | null} screen @param {Trouble} trouble */
export function notes(app, screen, trouble) {
  const isSilent = !trouble.isBlocked && !trouble.isUnavailable && !trouble.isOnlineOnly && !trouble.update && !app.isLost && !isSignedOut(app);
  return isSilent ? nothing : found(app)?.banners(app, screen, trouble, isSignedOut(app)) ?? nothing;
}
