"""Answers that come after whoever asked has gone, and networks that come and go: nobody is signed in or out by them."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, Route

from tests.field.engine import Engine, hold_next, the_held, until
from tests.field.wire import PROTOCOL, account, status
from tests.support.browser import ContextFactory

SIGN_IN = "() => session.signIn(store, { sign_in: '0912345678', password: 'mật khẩu' })"
WAKING = """
window.asked = 0;
const registration = { sync: { register: async () => { asked += 1; } } };
if (navigator.serviceWorker) navigator.serviceWorker.getRegistration = async () => registration;
Object.defineProperty(Navigator.prototype, 'onLine', { get: () => !window.hasNoNetwork });
"""


def held_by(page: Page, path: str, start: str) -> Route:
    """Begins something that asks the server, and keeps that request open."""
    held = hold_next(page, path)
    page.evaluate(start)
    return the_held(page, held)


def ask_who(page: Page) -> Route:
    """The phone asks who is signed in, and waits for the answer."""
    ask = "() => { window.answer = session.whoami(store).catch(({ code }) => code); }"
    return held_by(page, "**/api/v1/session", ask)


def test_an_answer_that_comes_after_signing_out_signs_nobody_in(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    request = ask_who(page)
    page.evaluate("() => session.signOut(store)")
    assert engine.wire.signed_in is None
    request.fulfill(status=200, headers=PROTOCOL, json=account(name="Tên mới"))
    assert page.evaluate("() => answer") == "stale"
    assert page.evaluate("() => store.account()") is None


def test_an_answer_about_who_was_here_before_leaves_the_phone_to_who_came(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    request = ask_who(page)
    engine.wire.signed_in = account(2)
    page.evaluate(SIGN_IN)
    request.fulfill(status=200, headers=PROTOCOL, json=account(name="Tên mới"))
    assert page.evaluate("() => answer") == "stale"
    assert page.evaluate("async () => (await store.account()).member_id") == account(2)["member_id"]


def test_a_session_that_ended_before_one_signed_in_again_signs_nobody_out(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    request = held_by(page, "**/api/v1/sync", "() => start({ idle: 1e7, follow: 1e7 })")
    page.evaluate(SIGN_IN)
    request.fulfill(status=401, headers=PROTOCOL, json={"code": "signed_out"})
    until(page, "sync.state().phase === 'idle' && (await store.isComplete())")
    assert engine.wire.signed_in is not None
    assert page.evaluate("async () => (await store.account()).member_id") == account()["member_id"]


def test_signing_in_is_not_taken_for_the_session_that_has_to_be_ended(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    page.evaluate("() => store.sync.keepNote('must_sign_out', true)")
    start = "() => { window.entering = session.signIn(store, { sign_in: '0912345678', password: 'mật khẩu' }); }"
    request = held_by(page, "**/api/v1/session", start)
    page.evaluate("() => session.whoami(store)")
    request.fulfill(status=200, headers=PROTOCOL, json=account())
    page.evaluate("() => entering")
    assert engine.wire.signed_in is not None
    assert page.evaluate("() => session.whoami(store)") == account()


def test_a_server_in_trouble_is_left_in_peace(phone: ContextFactory) -> None:
    """A browser that has a network wakes the page at once: asking for that would be no waiting at all."""
    engine = Engine(phone)
    engine.context.add_init_script(WAKING)
    page = engine.open(account())
    fault = status(500)
    engine.wire.faults.append(lambda route, body: (fault(route, body), True)[1])
    page.evaluate("() => start()")
    while len(engine.wire.requests) < 3:
        page.wait_for_timeout(25)
    assert page.evaluate("() => asked") == 0
    page.evaluate("() => { window.hasNoNetwork = true; }")
    until(page, "asked > 0")


def test_who_takes_the_phone_out_waits_no_ten_minutes_for_the_next_try(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    engine.wire.faults.append(lambda route, _body: not route.abort())
    page.evaluate("() => start({ backoff: 1000, most: 600000, timeout: 1e9 })")
    while len(engine.wire.requests) < 9:
        page.clock.run_for(1000)
        page.wait_for_timeout(10)
        if page.evaluate("() => sync.state().phase") == "waiting":
            page.clock.run_for(600_000)
    until(page, "sync.state().phase === 'waiting'")
    tries = len(engine.wire.requests)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    while len(engine.wire.requests) == tries:
        page.wait_for_timeout(25)
    until(page, "sync.state().phase === 'waiting'")
    assert page.evaluate("() => sync.state().retry_at - Date.now()") <= 1000
    engine.wire.faults.clear()
    page.clock.run_for(1000)
    until(page, "sync.state().phase === 'idle' && (await store.isComplete())")


def test_an_answer_signs_nobody_in_again_on_a_phone_of_an_older_version(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    page.evaluate("() => store.sync.keepNote('entered', undefined)")
    request = ask_who(page)
    page.evaluate("() => session.signOut(store)")
    request.fulfill(status=200, headers=PROTOCOL, json=account())
    assert page.evaluate("() => answer") == "stale"
    assert page.evaluate("() => store.account()") is None
