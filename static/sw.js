// The service worker: keeps the shell for opening without a network, and wakes the page to send.
// The server puts two names in front: VERSION, and FILES, the address of each file of the shell with its SHA-256.

/** @type {any} */
const worker = self;
/** @type {string} */
const version = worker.VERSION;
/** @type {Record<string, string>} */
const files = worker.FILES;
const PREFIX = "cdtteam-";
const NAME = PREFIX + version;
const AT_ONCE = 6;

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A response that has the whole file; undefined otherwise. @param {string} url @param {string} hash @param {RequestCache} cache */
async function whole(url, hash, cache) {
  try {
    const response = await fetch(url, { cache, credentials: "same-origin" });
    if (!response.ok || response.redirected) return undefined;
    return await sha256(await response.clone().arrayBuffer()) === hash ? response : undefined;
  } catch {
    return undefined;
  }
}

/** A file, whole, or an error: once from what the browser has, once from the server. @param {string} url @param {string} hash */
async function fetchWhole(url, hash) {
  const response = await whole(url, hash, "default") || await whole(url, hash, "reload");
  if (response) return response;
  throw new Error(`not whole: ${url}`);
}

/** All files of this version, or the install fails and the old shell stays. */
async function install() {
  const cache = await caches.open(NAME);
  const waiting = Object.entries(files);
  const take = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await cache.put(next[0], await fetchWhole(...next));
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, take));
  } catch (error) {
    waiting.length = 0;
    await caches.delete(NAME);
    throw error;
  }
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
  await worker.clients.claim();
}

/** The file of the shell that answers a request; undefined is for the network. @param {Request} request */
function fileFor({ method, mode, url }) {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return undefined;
  if (mode === "navigate") return pathname === "/" ? "/" : undefined;
  return pathname !== "/" && pathname in files ? pathname : undefined;
}

/** @param {string} file @param {Request} request */
async function answer(file, request) {
  const cached = await (await caches.open(NAME)).match(file);
  return cached || fetch(request);
}

async function wakePages() {
  for (const page of await worker.clients.matchAll({ type: "window" })) page.postMessage({ type: "sync" });
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const file = fileFor(event.request);
  if (file) event.respondWith(answer(file, event.request));
});
worker.addEventListener("message", (/** @type {any} */ event) => { if (event.data?.type === "skipWaiting") void worker.skipWaiting(); });
worker.addEventListener("sync", (/** @type {any} */ event) => event.waitUntil(wakePages()));
