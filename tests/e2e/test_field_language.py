"""The language is chosen on the phone, works without a network, and stays."""

from playwright.sync_api import expect

from tests.e2e.field_app import await_offline, open_screen, sign_in
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer


def test_a_language_chosen_before_signing_in_is_the_apps_and_the_servers(
    phone: ContextFactory, field_server: FieldServer
) -> None:
    page = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401, 405)]).new_page()
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.evaluate("() => document.documentElement.lang") == "en"
    page.get_by_label("Sign-in name").fill(field_server.sign_in)
    page.get_by_label("Password", exact=True).fill(field_server.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Record a visit")).to_be_visible(timeout=20_000)
    said = page.evaluate("async () => (await (await fetch('/api/v1/sync')).json()).title")
    assert said == "This cannot be done here."


def test_the_language_is_changed_without_a_network_and_stays(phone: ContextFactory, field_server: FieldServer) -> None:
    page = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    await_offline(page)
    page.context.set_offline(True)
    open_screen(page, "/more")
    vietnamese, english = page.get_by_role("button", name="Tiếng Việt"), page.get_by_role("button", name="English")
    expect(vietnamese).to_have_attribute("aria-pressed", "true")
    english.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("More")
    expect(english).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("More")
    open_screen(page, "/")
    expect(page.get_by_role("link", name="Record a visit")).to_be_visible()
    open_screen(page, "/more")
    vietnamese.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Khác")


def test_the_desks_switch_and_the_phones_are_one(phone: ContextFactory, field_server: FieldServer) -> None:
    page = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    page.goto("/desk/sign-in")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("button", name="Đăng nhập")).to_be_visible()
    page.goto("/desk/sign-in")
    expect(page.get_by_role("button", name="Đăng nhập")).to_be_visible()


def test_a_language_of_which_half_the_words_do_not_come_is_not_taken(
    phone: ContextFactory, field_server: FieldServer
) -> None:
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)], service_workers="block")
    page = context.new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    open_screen(page, "/more")
    context.route("**/catalogue-en-more.json", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Khác")
    open_screen(page, "/")
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible()
    assert page.evaluate("() => document.documentElement.lang") == "vi"
