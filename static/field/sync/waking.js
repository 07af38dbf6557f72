// Background Sync, where there is such a thing: a browser that has it has the whole app at hand.

/**
 * The browser wakes the page, or its worker, when a network is back. Asked while it believes to have one it wakes it at
 * once, which for a server in trouble would be no patience at all.
 */
export async function askForWaking() {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  await /** @type {any} */ (registration)?.sync?.register("outbox").catch(() => undefined);
}
