// Addresses behind the "#", and the scroll place of each step of the way back.

/** @typedef {import("./app.js").Open} Open */

/** @type {Map<string, number>} */
const scrolls = new Map();
let depth = 0;
let here = "";
let isReplacing = false;

/**
 * The first route that fits: `[pattern, open]`, a pattern being "/household/:id".
 * @param {[string, Open][]} routes
 * @param {string} hash
 * @returns {{open: Open, params: Record<string, string>} | null}
 */
export function match(routes, hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split("?");
  const parts = path.split("/");
  for (const [pattern, open] of routes) {
    const names = pattern.split("/");
    if (names.length !== parts.length) continue;
    /** @type {Record<string, string>} */
    const params = Object.fromEntries(new URLSearchParams(query));
    const fits = names.every((name, at) => {
      if (!name.startsWith(":")) return name === parts[at];
      params[name.slice(1)] = decodeURIComponent(parts[at]);
      return parts[at] !== "";
    });
    if (fits) return { open, params };
  }
  return null;
}

/** Goes somewhere; `replace` leaves no step behind. @param {string} path @param {boolean} [replace] */
export function go(path, replace = false) {
  isReplacing = replace;
  if (replace) location.replace(`#${path}`);
  else location.hash = path;
}

/** One step back, or to the parent when this is where the person came in. @param {string} [parent] */
export function back(parent = "/") {
  if (depth > 0) history.back();
  else go(parent, true);
}

/** Call when the address changed, before drawing: keeps the old scroll, gives the new one. */
export function arrive() {
  if (here) scrolls.set(here, window.scrollY);
  const state = history.state;
  if (state && state.key) {
    here = state.key;
    depth = state.depth;
    isReplacing = false;
    return scrolls.get(here) || 0;
  }
  depth = here && !isReplacing ? depth + 1 : depth;
  isReplacing = false;
  here = `${Date.now()}-${depth}`;
  history.replaceState({ key: here, depth }, "");
  return 0;
}
