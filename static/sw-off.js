// The worker that frees phones from a broken one (CDT_SERVICE_WORKER=off serves it at /sw.js): it takes over at once,
// deletes the caches and itself, and pages come from the network again. The phone's data is not touched.

/** @type {any} */
const worker = self;

async function free() {
  for (const name of await caches.keys()) await caches.delete(name);
  await worker.registration.unregister();
  for (const page of await worker.clients.matchAll({ type: "window" })) page.postMessage({ type: "worker-off" });
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(free()));
