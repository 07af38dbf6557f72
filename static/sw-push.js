// The bell: a push becomes a notification, and a tap on it the screen that it is about. Served behind sw.js, in one
// script with it. The server puts in front: WORDS, the few that are said here, by language, and SIGNS, two pictures.

/** @type {any} */
const bell = self;
const API = "/api/v1/push/";
const SCHEMA = "cdtteam";

/** @typedef {{id: string, title: string, text: string, link?: string | null, topic?: string, urgent?: boolean, lang?: string, receipt?: string, open?: number, made_at?: string}} Told */

/** @param {string} id @param {string} [lang] */
const t = (id, lang = "vi") => bell.WORDS[lang]?.[id] || id;

/** What the server told; null where it is of a kind that this version does not know. @param {any} data @returns {Told | null} */
function toldBy(data) {
  try {
    const told = data.json();
    const isWhole = ["id", "title", "text"].every((name) => typeof told[name] === "string" && told[name]);
    return isWhole ? told : null;
  } catch {
    return null;
  }
}

/** @param {Told} told */
function openWords({ topic, lang }) {
  switch (topic) {
    case "task": return t("Open the task", lang);
    case "request": return t("Read the answer", lang);
    case "warning": return t("Read the warning", lang);
    default: return t("Open", lang);
  }
}

/** A push has to show something; what cannot be read is told in general. @param {Told | null} told */
function show(told) {
  const common = { icon: bell.SIGNS.icon, badge: bell.SIGNS.badge };
  if (!told) {
    return bell.registration.showNotification(t("Community digital team"), { ...common, lang: "vi", body: t("There is something new for you. Open the app to read it."), tag: "news", data: {} });
  }
  const { id, title, text, lang, link, receipt, made_at, urgent } = told;
  return bell.registration.showNotification(title, {
    ...common, lang, body: text, tag: id, timestamp: Date.parse(made_at || "") || Date.now(), requireInteraction: Boolean(urgent), data: { id, link, receipt, made_at },
    actions: [{ action: "open", title: openWords(told) }, { action: "later", title: t("Later", lang) }],
  });
}

/** Tells the server that it arrived, or was opened; without a network the app tells it by itself later. @param {string | undefined} receipt @param {"shown" | "opened"} state */
async function acknowledge(receipt, state) {
  if (receipt) await post(`${API}receipts`, { receipt, state }).catch(() => undefined);
}

/** @param {string} path @param {Record<string, any>} body */
const post = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, credentials: "same-origin" });

const pages = () => bell.clients.matchAll({ type: "window", includeUncontrolled: true });

/** @param {any} data */
async function ring(data) {
  const told = toldBy(data);
  await show(told);
  if (Number.isInteger(told?.open)) await bell.navigator.setAppBadge?.(told?.open).catch(() => undefined);
  for (const page of await pages()) page.postMessage({ type: "sync" });
  await acknowledge(told?.receipt, "shown");
}

/** Where a tap leads: the page that notes it as read and goes on, with what may not have come to the phone yet. @param {Partial<Told>} told */
function addressOf({ id, link, made_at }) {
  if (link?.startsWith("/desk/")) return link;
  return id ? `/#/inbox/${encodeURIComponent(id)}?${new URLSearchParams({ to: link || "", at: made_at || "" })}` : "/#/inbox";
}

/** A page of the app that is open is used again, where what is typed is kept as a draft; of the desk a new one. @param {string} address */
async function goTo(address) {
  const isApp = (/** @type {{url: string}} */ { url }) => new URL(url).pathname === "/";
  const page = address.startsWith("/desk/") ? undefined : (await pages()).find(isApp);
  const moved = await page?.navigate(address).catch(() => null);
  return moved ? moved.focus() : bell.clients.openWindow(address);
}

/** @param {any} event */
async function answerTap({ notification, action }) {
  notification.close();
  if (action === "later") return;
  const told = notification.data || {};
  await Promise.all([goTo(addressOf(told)), acknowledge(told.receipt, "opened")]);
}

/** A note that the app keeps on this phone; a database that is not there is not made. @param {string} key @returns {Promise<any>} */
const note = (key) => new Promise((done, fail) => {
  const opening = indexedDB.open(SCHEMA);
  opening.onupgradeneeded = () => opening.transaction?.abort();
  opening.onerror = () => fail(opening.error);
  opening.onsuccess = () => {
    const db = opening.result;
    const asked = db.transaction("meta").objectStore("meta").get(key);
    asked.onsuccess = () => { done(asked.result); db.close(); };
    asked.onerror = () => { fail(asked.error); db.close(); };
  };
});

/** @param {ArrayBuffer} octets */
const base64url = (octets) => btoa(String.fromCharCode(...new Uint8Array(octets))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** The browser has exchanged the subscription: the server is told at once, or by the app when it opens next. @param {any} event */
async function renew({ oldSubscription, newSubscription }) {
  const used = (newSubscription || oldSubscription)?.options?.applicationServerKey;
  if (!used) return;
  const { endpoint, keys } = (newSubscription || await bell.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: used })).toJSON();
  await post(`${API}subscriptions`, { endpoint, keys, key: base64url(used), device_id: await note("device_id"), replaces: oldSubscription?.endpoint || null });
}

bell.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(ring(event.data)));
bell.addEventListener("notificationclick", (/** @type {any} */ event) => event.waitUntil(answerTap(event)));
bell.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => event.waitUntil(renew(event).catch(() => undefined)));
