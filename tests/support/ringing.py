"""A phone's bell in the tests: a subscription of our own making, pushes delivered, taps on what the worker showed."""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Page, Worker

from tests.support.pushing import Browser

# A browser without its push service never answers; what was subscribed outlives the page, as it does with a real one.
SUBSCRIBING = """
(() => {
  const keys = %s;
  const kept = () => JSON.parse(localStorage.getItem('test-subscription') || 'null');
  const text = (octets) => btoa(String.fromCharCode(...new Uint8Array(octets)));
  const subscription = ({ endpoint, key }) => ({
    endpoint, options: { applicationServerKey: Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0)).buffer },
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => { localStorage.removeItem('test-subscription'); return true; },
  });
  PushManager.prototype.getSubscription = async () => kept() && subscription(kept());
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const count = Number(localStorage.getItem('test-count') || 0) + 1;
    localStorage.setItem('test-count', String(count));
    const made = { endpoint: '%s' + '/' + count, key: text(applicationServerKey) };
    localStorage.setItem('test-subscription', JSON.stringify(made));
    return subscription(made);
  };
})();
"""

LISTENING = """() => {
  self.shown = [];
  self.opened = [];
  const show = registration.showNotification.bind(registration);
  registration.showNotification = (title, options) => {
    shown.push({ title, ...options });
    return show(title, options);
  };
  clients.openWindow = async (address) => { opened.push(address); return null; };
}"""

# A tap of our own making may neither wait for the event nor bring a page to the front.
TAP = """async ([told, action]) => {
  let over;
  const notification = { data: told.data, close: () => undefined };
  const waitUntil = (work) => { over = work; };
  self.dispatchEvent(Object.assign(new Event('notificationclick'), { notification, action, waitUntil }));
  await over.catch((error) => { if (error.name !== 'InvalidAccessError') throw error; });
}"""

EXCHANGE = """async ([was, now, key]) => {
  let over;
  const text = key.replace(/-/g, '+').replace(/_/g, '/');
  const applicationServerKey = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer;
  const options = { applicationServerKey };
  const oldSubscription = { endpoint: was, options };
  const newSubscription = { ...now, options, toJSON: () => now };
  const waitUntil = (work) => { over = work; };
  const event = new Event('pushsubscriptionchange');
  self.dispatchEvent(Object.assign(event, { oldSubscription, newSubscription, waitUntil }));
  await over;
}"""


def allow_bell(context: BrowserContext, browser: Browser | None = None) -> None:
    """The person lets the app ring, and subscribing works: each is the browser's endpoint with a number."""
    made = (browser or Browser("https://push.example")).body
    context.grant_permissions(["notifications"])
    context.add_init_script(SUBSCRIBING % (json.dumps(made["keys"]), made["endpoint"]))


class Bell:
    """The worker of a page: pushes come to it, and it shows notifications."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._worker: Worker = page.context.service_workers[0]
        self._worker.evaluate(LISTENING)
        self._session = page.context.new_cdp_session(page)
        self._found: list[dict[str, Any]] = []
        self._session.on(
            "ServiceWorker.workerRegistrationUpdated", lambda said: self._found.extend(said["registrations"])
        )
        self._session.send("ServiceWorker.enable")

    def push(self, payload: str) -> dict[str, Any]:
        """Delivers a payload, and answers the notification that is shown for it."""
        before = len(self.shown)
        while not self._found:
            self._page.wait_for_timeout(25)
        to = {"origin": self._found[0]["scopeURL"], "registrationId": self._found[0]["registrationId"]}
        self._session.send("ServiceWorker.deliverPushMessage", {**to, "data": payload})
        while len(self.shown) == before:
            self._page.wait_for_timeout(25)
        return self.shown[-1]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """What was shown so far."""
        found: list[dict[str, Any]] = self._worker.evaluate("() => shown")
        return found

    @property
    def opened(self) -> list[str]:
        """The addresses for which no page was open that could go there."""
        found: list[str] = self._worker.evaluate("() => opened")
        return found

    def tap(self, told: dict[str, Any], action: str = "") -> None:
        """Taps a notification, or one of its buttons."""
        self._worker.evaluate(TAP, [told, action])

    def exchange(self, was: str, now: Browser, key: str) -> None:
        """The browser gives up the subscription `was` for another one under the same key."""
        self._worker.evaluate(EXCHANGE, [was, now.body, key])
