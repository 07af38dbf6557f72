// The service worker seen from the page: registered, and taken over only when nobody is in the middle of a form.

const ADDRESS = "/sw.js";

/** The worker's address, and no other, as Trusted Types want it. @returns {string} */
function trustedAddress() {
  const trusted = /** @type {any} */ (window).trustedTypes;
  if (!trusted) return ADDRESS;
  const policy = trusted.createPolicy("worker", { createScriptURL: (/** @type {string} */ url) => (url === ADDRESS ? url : "") });
  return policy.createScriptURL(ADDRESS);
}

/** Nothing typed is lost by a reload at the very start. */
const isJustStarted = () => performance.now() < 10000;

/**
 * Registers the worker. A new version that was waiting is taken over at the start; one that comes later is offered.
 * @param {{onUpdate?: (apply: () => void) => void, isDirty?: () => boolean, onUnavailable?: (what: string) => void}} [on]
 */
export async function startWorker({ onUpdate = () => undefined, isDirty = () => false, onUnavailable = () => undefined } = {}) {
  const container = navigator.serviceWorker;
  if (!container) { onUnavailable("serviceworker"); return; }
  let isWanted = false;
  /** The first worker of a page brings nothing new. */
  let isControlled = Boolean(container.controller);
  const reload = () => { if (!isDirty()) location.reload(); };
  // Another tab has taken it, or a form was begun meanwhile: this page is of the old version, and is offered the new one.
  container.addEventListener("controllerchange", () => {
    if (isWanted && !isDirty()) location.reload();
    else if (isControlled) onUpdate(reload);
    isControlled = true;
  });

  /** @param {ServiceWorker} worker */
  const apply = (worker) => {
    if (isDirty()) return;
    isWanted = true;
    worker.postMessage({ type: "skipWaiting" });
  };
  /** @param {ServiceWorker} worker @param {boolean} isFresh */
  const ready = (worker, isFresh) => {
    if (!container.controller) return;
    if (isFresh && isJustStarted() && !isDirty()) apply(worker);
    else onUpdate(() => apply(worker));
  };

  try {
    const registration = await container.register(trustedAddress(), { updateViaCache: "none" });
    if (registration.waiting) ready(registration.waiting, true);
    const follow = () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => { if (worker.state === "installed") ready(worker, false); });
    };
    // It may have been found before there was anybody to hear of it.
    follow();
    registration.addEventListener("updatefound", follow);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") void registration.update().catch(() => undefined); });
  } catch {
    onUnavailable("serviceworker");
  }
}
