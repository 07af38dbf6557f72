"""The phone's bell: what a push shows, where a tap leads, who is asked for one and when, and when it ends."""

import json
from typing import Any

from playwright.sync_api import expect

from tests.e2e.field_app import await_offline, first_service, open_screen, save
from tests.field.engine import hold_next, the_held, until
from tests.field.task_phone import HOMES, TASK, Volunteer, day, task
from tests.field.test_inbox import ASKED, notice
from tests.field.test_lock import ADOPT, PIN, relay_key
from tests.field.wire import PROTOCOL, Json, account
from tests.support.axe import axe_findings
from tests.support.browser import ContextFactory
from tests.support.ringing import Bell, allow_bell

HOLD_A_READ = """() => {
  const { get } = IDBObjectStore.prototype;
  window.reads = 0;
  IDBObjectStore.prototype.get = function (key) {
    const request = get.call(this, key);
    if (key?.[0] !== 'preference' || this.transaction.mode !== 'readonly' || ++reads > 1) return request;
    return new Promise((end) => {
      request.onsuccess = () => { window.letGo = () => end(request.result); };
    });
  };
}"""
"""The screen's next look at what it shows takes long."""


def payload(told: dict[str, Any], **more: Any) -> str:
    """A push as the server writes it."""
    known = {name: told[name] for name in ("id", "title", "text", "link", "topic", "urgent", "made_at")}
    return json.dumps({**known, "lang": "vi", "receipt": "r", "open": 3, **more})


def with_bell(phone: ContextFactory) -> Volunteer:
    """A volunteer whose browser and server can ring."""
    volunteer = Volunteer(phone)
    allow_bell(volunteer.context)
    volunteer.wire.push_key = "BAAA"
    await_offline(volunteer.page)  # only a worker that is there can ring
    volunteer.page.reload()
    return volunteer


def arrived() -> Json:
    """A visit of the volunteer's that the server has."""
    return {
        "id": HOMES[5], "household_id": HOMES[0], "author_id": account()["member_id"], "kind": "home",
        "participants": 1, "services": [], "member_ids": [], "occurred_at": "2026-11-20T01:00:00Z", "counted": True,
    }  # fmt: skip


def test_a_push_is_shown_and_a_tap_leads_on(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task())
    page = volunteer.page
    volunteer.context.grant_permissions(["notifications"])
    await_offline(page)
    bell = Bell(page)
    told = notice()
    volunteer.wire.put("notification", told)
    shown = bell.push(payload(told))
    assert (shown["title"], shown["body"], shown["tag"], shown["lang"]) == (ASKED, told["text"], told["id"], "vi")
    assert [action["title"] for action in shown["actions"]] == ["Mở nhiệm vụ", "Để sau"]
    # It wakes the page, which fetches what it is about.
    expect(page.locator("header .bell")).to_contain_text("1 chưa đọc")
    english = bell.push(payload(notice(topic="warning"), lang="en"))
    assert [action["title"] for action in english["actions"]] == ["Read the warning", "Later"]
    # Whatever comes, something calm is shown.
    for broken in ("", "no json", "[]", json.dumps({"v": 2, "id": 7, "title": "x"})):
        general = bell.push(broken)
        assert (general["title"], general["body"]) == (
            "Tổ công nghệ số cộng đồng",
            "Có tin mới cho bạn. Mở ứng dụng để xem.",
        )
    bell.tap(shown, "later")
    expect(page.locator("header .bell")).to_contain_text("1 chưa đọc")
    volunteer.offline()
    bell.tap(shown)
    expect(page.get_by_role("button", name="Nhận việc")).to_be_visible()
    open_screen(page, "/")
    expect(page.locator("header .bell .count")).to_have_count(0)
    # A tap on a general one leads to the list; what a page of ours cannot show comes up in a new one.
    bell.tap(general)
    expect(page.get_by_role("heading", level=1, name="Thông báo")).to_be_visible()
    bell.tap({**shown, "data": {**shown["data"], "link": "/desk/notices"}})
    assert bell.opened == ["/desk/notices"]


def test_what_has_not_come_yet_is_fetched_and_not_called_gone(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    volunteer.offline()
    open_screen(page, f"/inbox/{notice()['id']}?to=%2Ftask%2F{TASK}&at=2126-11-27T01:00:00Z")
    expect(page.get_by_text("Nội dung này chưa về máy.")).to_be_visible()
    assert axe_findings(page) == []
    volunteer.wire.put("task", task())
    volunteer.wire.faults.clear()
    # The phone is not told that it is back: it would fetch by itself, perhaps before the tap.
    page.get_by_role("button", name="Tải ngay").click()
    expect(page.get_by_role("button", name="Nhận việc")).to_be_visible()
    volunteer.context.set_offline(False)
    # Had it come before the phone last heard from the server, it would be here.
    open_screen(page, f"/inbox/{notice()['id']}?to=%2Finbox&at=2026-01-27T01:00:00Z")
    expect(page.get_by_text("Thông báo này đã được rút lại")).to_be_visible()


def test_the_bell_is_proposed_once_after_the_first_visit_that_arrived(phone: ContextFactory) -> None:
    volunteer = with_bell(phone)
    wire, page = volunteer.wire, volunteer.page
    proposal = page.get_by_text("Bật chuông khi có tin của bạn?")
    volunteer.offline()
    open_screen(page, f"/visit/new/{HOMES[0]}")
    first_service(page).click()
    save(page)
    open_screen(page, "/")
    expect(page.locator(".sync.waiting")).to_be_visible()
    expect(proposal).to_have_count(0)
    volunteer.online()
    expect(proposal).to_be_visible()
    assert axe_findings(page) == []
    wire.put("notification", notice(topic="warning", title="Bão số 12", link="/inbox", urgent=True))
    page.get_by_role("button", name="Gửi ngay").click()
    page.get_by_role("button", name="Đã hiểu").wait_for()
    expect(proposal).to_have_count(0)  # one thing is to be answered at a time
    page.get_by_role("button", name="Đã hiểu").click()
    expect(proposal).to_be_visible()
    # What the browser does not do this time can be tried again.
    page.evaluate("() => { window.made = PushManager.prototype.subscribe; }")
    page.evaluate("() => { PushManager.prototype.subscribe = async () => { throw new Error(); }; }")
    page.get_by_role("button", name="Bật chuông").click()
    expect(page.get_by_text("Trình duyệt chưa bật được chuông.")).to_be_visible()
    page.evaluate("() => { PushManager.prototype.subscribe = window.made; }")
    page.get_by_role("button", name="Bật chuông").click()
    expect(proposal).to_have_count(0)
    [(method, what, body)] = wire.pushes
    assert (method, what, body["endpoint"], body["replaces"]) == (
        "POST",
        "subscriptions",
        "https://push.example/1",
        None,
    )
    assert body["device_id"] == wire.requests[-1]["device_id"]
    # Signing out ends it.
    open_screen(page, "/account")
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("dialog").get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("button", name="Đăng nhập")).to_be_visible()
    until(page, "localStorage.getItem('test-subscription') === null")
    assert wire.pushes[-1] == ("DELETE", "subscriptions", {"endpoint": "https://push.example/1"})


def test_who_forbids_the_bell_and_has_gone_on_is_not_led_to_its_screen(phone: ContextFactory) -> None:
    volunteer = with_bell(phone)
    page = volunteer.page
    volunteer.wire.put("visit", arrived())
    volunteer.online()
    page.evaluate("""() => {
      Notification.requestPermission = () => new Promise((say) => { window.forbid = () => say('denied'); });
    }""")
    page.get_by_role("button", name="Bật chuông").click()
    open_screen(page, "/households")
    page.evaluate("() => window.forbid()")
    expect(page.locator("#say")).to_contain_text("chặn")
    page.wait_for_timeout(300)  # it would lead on once the proposals were looked at again
    assert page.evaluate("() => location.hash") == "#/households"


def test_it_stands_below_what_waits_and_put_off_it_is_not_proposed_again(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task(due_on=day(0)))
    wire, page = volunteer.wire, volunteer.page
    allow_bell(volunteer.context)
    wire.push_key = "BAAA"
    wire.put("visit", arrived())
    page.reload()
    proposal = page.get_by_text("Bật chuông khi có tin của bạn?")
    expect(proposal).to_be_visible()
    volunteer.offline()
    open_screen(page, f"/visit/new/{HOMES[1]}")
    first_service(page).click()
    save(page)
    open_screen(page, "/")
    expect(proposal).to_be_visible()
    parts = [page.locator("#main > *", has=page.locator(part)) for part in ("a[href='#/tasks']", "#waiting", "#month")]
    tops = [box["y"] for box in (part.bounding_box() for part in [*parts, proposal]) if box]
    assert tops == sorted(tops)
    assert len(tops) == 4
    page.locator(".banner", has=proposal).get_by_role("button", name="Để sau").click()
    expect(proposal).to_have_count(0)
    volunteer.online()
    page.reload()
    expect(page.get_by_text("Đã gửi hết")).to_be_visible()
    expect(proposal).to_have_count(0)
    assert wire.pushes == []


def test_another_member_on_this_phone_ends_the_bell(phone: ContextFactory) -> None:
    volunteer = with_bell(phone)
    wire, page = volunteer.wire, volunteer.page
    open_screen(page, "/bell")
    page.get_by_role("button", name="Bật chuông").click()
    expect(page.get_by_text("Có tin của bạn là máy này báo chuông.")).to_be_visible()
    wire.signed_in = account(2)
    page.reload()
    until(page, "localStorage.getItem('test-subscription') === null")
    open_screen(page, "/bell")
    expect(page.get_by_role("button", name="Bật chuông")).to_be_visible()


def test_a_bell_that_was_wanted_by_who_has_left_does_not_ring(phone: ContextFactory) -> None:
    page = with_bell(phone).page
    open_screen(page, "/bell")
    held = hold_next(page, "**/api/v1/push/subscriptions")
    page.get_by_role("button", name="Bật chuông").click()
    request = the_held(page, held)
    open_screen(page, "/account")
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("dialog").get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("button", name="Đăng nhập")).to_be_visible()
    until(page, "localStorage.getItem('test-subscription') === null")
    page.evaluate("() => localStorage.setItem('test-subscription', JSON.stringify({ endpoint: 'late', key: '' }))")
    request.fulfill(status=204, headers=PROTOCOL)
    until(page, "localStorage.getItem('test-subscription') === null")


def test_a_locked_phone_asks_for_the_pin_and_then_leads_on(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task())
    told = notice()
    volunteer.wire.put("notification", told)
    volunteer.online()
    beside = volunteer.engine.open()
    beside.evaluate(ADOPT, [account(), relay_key()])
    beside.evaluate("(pin) => store.setPin(pin)", PIN)
    beside.close()
    page = volunteer.page
    page.goto(f"/#/inbox/{told['id']}?to=%2Ftask%2F{TASK}&at=x")
    page.reload()
    expect(page.get_by_role("heading", level=1, name="Máy đang khóa")).to_be_visible()
    expect(page.locator("header .bell")).to_have_count(0)
    for digit in PIN:
        page.get_by_role("button", name=digit, exact=True).click()
    expect(page.get_by_role("button", name="Nhận việc")).to_be_visible()


def test_what_rings_and_when_is_chosen_without_a_network(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    volunteer.offline()
    open_screen(page, "/bell")
    page.locator("label.pick", has_text="Lời cảm ơn").click()
    page.get_by_label("Giờ nhận tin nhắc trong ngày").select_option("18:00")
    open_screen(page, "/more")
    open_screen(page, "/bell")
    expect(page.get_by_label("Lời cảm ơn")).not_to_be_checked()
    expect(page.get_by_label("Giờ nhận tin nhắc trong ngày")).to_have_value("18")
    volunteer.online()
    assert volunteer.sent("notification.prefer")[-1] == {"topics_off": ["thanks"], "digest_hour": 18}


def test_a_choice_outlives_what_was_read_before_it(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    volunteer.offline()
    open_screen(page, "/bell")
    page.evaluate(HOLD_A_READ)
    page.locator("label.pick", has_text="Lời cảm ơn").click()
    until(page, "window.letGo")
    hour = page.get_by_label("Giờ nhận tin nhắc trong ngày")
    hour.select_option("18:00")
    until(page, "window.reads > 1")
    page.evaluate("() => letGo()")
    page.locator("label.pick", has_text="Nhiệm vụ giao cho tổ").click()
    volunteer.online()
    assert volunteer.sent("notification.prefer")[-1] == {"topics_off": ["thanks", "task"], "digest_hour": 18}


def test_forbidden_it_is_said_how_to_allow_it_and_all_else_works(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone, task())
    page = volunteer.page
    volunteer.context.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' });")
    volunteer.wire.put("notification", notice())
    # Where the server rings no bells, that is all there is to say.
    page.reload()
    open_screen(page, "/bell")
    expect(page.get_by_text("Hệ thống chưa mở chức năng báo chuông")).to_be_visible()
    expect(page.get_by_role("button", name="Bật chuông")).to_have_count(0)
    volunteer.wire.push_key = "BAAA"
    page.reload()
    expect(page.get_by_text("Máy này đang chặn chuông của ứng dụng.")).to_be_visible()
    expect(page.get_by_role("heading", name="Trên máy Android")).to_be_visible()
    volunteer.context.add_init_script("delete window.PushManager;")
    page.reload()
    expect(page.get_by_text("Trình duyệt này không báo chuông được.")).to_be_visible()
    open_screen(page, "/")
    page.locator("header .bell").click()
    page.get_by_role("link", name=ASKED).click()
    page.get_by_role("button", name="Nhận việc").click()
    expect(page.get_by_text("Đã nhận")).to_be_visible()
    volunteer.online()
    assert volunteer.wire.row(TASK)["state"] == "accepted"
