"""Signing out where the network comes and goes: what is sealed travels with the session that ends, or holds its end."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, Route

from tests.field.engine import Engine, hold_next, record, the_held, until
from tests.field.wire import account, relay_key
from tests.support.browser import ContextFactory

HAS_LEFT = "(await store.account()) === null && (await store.sync.note('must_sign_out')) === true"
IS_OVER = "(await store.sync.note('must_sign_out')) === false"
STUCK = """() => {
  const held = { endpoint: 'https://push.example/1', unsubscribe: () => new Promise(() => undefined) };
  const bell = { pushManager: { getSubscription: async () => held } };
  navigator.serviceWorker.getRegistration = async () => bell;
}"""
"""A browser that has a subscription and never says that it ended it."""
ASK_LAST = """() => {
  const { note } = store.sync;
  store.sync.note = async (key) => {
    const found = await note(key);
    if (key !== 'must_sign_out') return found;
    store.sync.note = note;
    void session.endSession(store);
    window.wasAsked = true;
    return found;
  };
}"""
"""Somebody asks for the end when a try looks whether it is still wanted."""
SIGN_IN = """() => {
  const proof = { sign_in: '0912345678', password: 'mật khẩu' };
  void session.signIn(store, proof).then(() => { window.isIn = true; });
}"""


def stop_clock(page: Page) -> None:
    """Whatever the page puts off waits until the test moves its clock."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))


def leaving_with_two_sealed(engine: Engine) -> tuple[Page, Route]:
    """A member who signs out while two visits wait, and the request that carries them, of which the server hears
    nothing. The phone's own clock stands still."""
    page = engine.open()
    page.evaluate("([who, relay_key]) => store.adopt(who, { relay_key, isEnrolled: true })", [account(), relay_key()])
    record(page, 2)
    stop_clock(page)
    held = hold_next(page, "**/api/v1/relay")
    page.evaluate("() => { void session.signOut(store); }")
    until(page, HAS_LEFT)
    return page, the_held(page, held)


def test_a_session_is_not_ended_before_what_is_sealed_has_arrived(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, request = leaving_with_two_sealed(engine)
    request.abort()
    for _ in range(200):
        page.clock.run_for(1000)
        page.wait_for_timeout(25)
        if engine.wire.signed_in is None:
            break
    assert len(engine.wire.relayed) == 2
    until(page, IS_OVER)


def test_a_network_that_comes_back_in_the_middle_of_a_try_is_used(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, request = leaving_with_two_sealed(engine)
    page.evaluate("() => { void session.whoami(store); }")
    request.abort()
    until(page, IS_OVER)
    assert len(engine.wire.relayed) == 2
    assert engine.wire.signed_in is None


def test_a_network_that_comes_back_while_a_try_is_given_up_is_used(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, request = leaving_with_two_sealed(engine)
    page.evaluate(ASK_LAST)
    request.abort()
    until(page, "window.wasAsked")
    until(page, IS_OVER)
    assert (len(engine.wire.relayed), engine.wire.signed_in) == (2, None)


def test_a_server_that_takes_nothing_sealed_ends_the_session_all_the_same(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, request = leaving_with_two_sealed(engine)
    request.fulfill(status=403, headers={"Cdt-Protocol": "1"}, json={"code": "not_a_member"})
    until(page, IS_OVER)
    assert engine.wire.signed_in is None
    page.evaluate("(who) => store.adopt(who)", account())
    assert page.evaluate("() => store.outboxSize()") == 2


def test_who_takes_the_phone_out_again_waits_for_no_timer(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, request = leaving_with_two_sealed(engine)
    again = hold_next(page, "**/api/v1/relay")
    page.evaluate("() => { window.over = session.endSession(store); }")
    request.abort()
    the_held(page, again).abort()
    page.evaluate("() => over")
    assert engine.wire.signed_in is not None
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    until(page, IS_OVER)
    assert (len(engine.wire.relayed), engine.wire.signed_in) == (2, None)


def test_a_network_that_flaps_is_tried_again_soon(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, request = leaving_with_two_sealed(engine)
    has_network: list[bool] = []
    page.route("**/api/v1/relay", lambda route: route.fallback() if has_network else route.abort())
    request.abort()
    for _ in range(8):
        page.clock.run_for(600_000)
        page.wait_for_timeout(50)
    page.evaluate("() => session.whoami(store)")
    has_network.append(True)
    page.clock.run_for(5000)
    until(page, IS_OVER)
    assert (len(engine.wire.relayed), engine.wire.signed_in) == (2, None)


def test_nothing_ends_the_session_before_its_member_has_left(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open()
    page.evaluate("([who, relay_key]) => store.adopt(who, { relay_key, isEnrolled: true })", [account(), relay_key()])
    record(page, 2)
    held = hold_next(page, "**/giveup.js")
    page.evaluate("() => { void session.signOut(store); }")
    request = the_held(page, held)
    page.evaluate("() => session.whoami(store)")
    request.continue_()
    until(page, f"(await store.account()) === null && {IS_OVER}")
    assert (len(engine.wire.relayed), engine.wire.signed_in) == (2, None)


def test_a_browser_that_ends_no_subscription_keeps_nobody_out(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    page.evaluate(STUCK)
    page.evaluate("() => { void session.signOut(store); }")
    while not engine.wire.pushes:
        page.wait_for_timeout(25)
    page.evaluate(SIGN_IN)
    until(page, "window.isIn", within=15)  # the browser is given 20 s
    assert engine.wire.signed_in is not None


def test_a_tab_that_still_waits_to_end_a_session_leaves_the_bell_of_who_came(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page, waiting = engine.open(account()), engine.open()
    stop_clock(waiting)
    waiting.evaluate("() => store.sync.keepNote('must_sign_out', true)")
    held = hold_next(waiting, "**/api/v1/session")
    waiting.evaluate("() => { window.over = session.whoami(store); }")
    the_held(waiting, held).abort()
    waiting.evaluate("() => over")
    page.evaluate(SIGN_IN)
    until(page, "window.isIn")
    waiting.evaluate(STUCK)
    waiting.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    waiting.evaluate("() => { void session.endSession(store).then(() => { window.isTried = true; }); }")
    until(waiting, "window.isTried")
    assert engine.wire.pushes == []
    assert engine.wire.signed_in is not None
