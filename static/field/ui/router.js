// Addresses behind the "#", and the scroll place of each step of the way back.

import { afterPaint } from "../store/later.js";

/** @type {Map<string, number>} */
const scrolls = new Map();
let depth = 0;
let here = "";
/** @type {() => void} */
let show = () => undefined;

/** The step of the way on which one is. */
export const stepHere = () => here;

/** What draws the screen of the address, at once when the app goes there by itself. @param {() => void} draw */
export function onMove(draw) {
  show = draw;
  addEventListener("hashchange", draw);
}

/**
 * The first route that fits: `[pattern, …]`, a pattern being "/household/:id".
 * @template {[string, ...any]} R
 * @param {R[]} routes
 * @param {string} hash
 * @returns {{route: R, params: Record<string, string>} | null}
 */
export function match(routes, hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split("?");
  const parts = path.split("/");
  for (const route of routes) {
    const names = route[0].split("/");
    if (names.length !== parts.length) continue;
    /** @type {Record<string, string>} */
    const params = Object.fromEntries(new URLSearchParams(query));
    const fits = names.every((name, at) => {
      if (!name.startsWith(":")) return name === parts[at];
      params[name.slice(1)] = decodeURIComponent(parts[at]);
      return parts[at] !== "";
    });
    if (fits) return { route, params };
  }
  return null;
}

/** A step on the way, as the browser's history keeps it. @param {number} at */
const step = (at) => ({ key: `${Date.now()}-${at}`, depth: at });

/** Goes somewhere; `replace` leaves no step behind. @param {string} path @param {boolean} [replace] */
export function go(path, replace = false) {
  const address = `#${path}`;
  if (location.hash === address) return;
  if (replace) history.replaceState(step(depth), "", address);
  else history.pushState(step(depth + 1), "", address);
  show();
}

/** One step back, or to the parent when this is where the person came in. @param {string} [parent] */
export function back(parent = "/") {
  if (depth > 0) history.back();
  else go(parent, true);
}

/**
 * Call when the address changed, before drawing: keeps the old scroll, gives the new one.
 * @returns {{from: number, to: number}} px
 */
export function arrive() {
  const from = window.scrollY;
  if (here) scrolls.set(here, from);
  const isKnown = history.state?.key;
  const at = isKnown ? history.state : step(here ? depth + 1 : depth);
  ({ key: here, depth } = at);
  // A link or the person's own hand leaves a step without a key. It is noted once the screen stands: it takes a slow phone long.
  if (!isKnown) afterPaint(() => { if (here === at.key) history.replaceState(at, ""); });
  return { from, to: scrolls.get(here) || 0 };
}
