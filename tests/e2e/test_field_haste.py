"""Two things at once on a screen: a second tap, an answer in the middle of a form, a screen that is left meanwhile."""

from playwright.sync_api import Page, expect

from tests.e2e.field_app import await_draft, first_service, open_screen, save, stored, until
from tests.field.engine import Engine, hold_next, the_held
from tests.field.task_phone import HOMES, Volunteer
from tests.field.test_inbox import notice
from tests.field.test_lock import ADOPT, PIN
from tests.field.wire import PROTOCOL, TEAM, VILLAGE, account, relay_key
from tests.support.browser import ContextFactory

OTHER = "0197b0c2-0000-7000-8000-000000000002"
SLOW = """(what) => {
  const real = crypto.subtle[what].bind(crypto.subtle);
  const gate = new Promise((open) => { window.goOn = open; });
  crypto.subtle[what] = async (...all) => {
    window.isHeld = true;
    await gate;
    return real(...all);
  };
}"""
"""A phone that needs long to hide (`encrypt`) or to show (`decrypt`) texts: as long as the test wants."""
IS_TAKEN = """async () => {
  const main = document.querySelector('script[type=module]').src;
  const { openStore } = await import(new URL('store/index.js', main).href);
  return (await (await openStore()).account()) !== null;
}"""
CHOOSE_AND_SAVE = """(village) => {
  const choice = document.querySelector('select#village');
  choice.value = village;
  choice.dispatchEvent(new Event('change', { bubbles: true }));
  document.querySelector('.save-bar .primary').click();
}"""


def slow(page: Page, what: str) -> None:
    page.evaluate(SLOW, what)


def choose_and_save(page: Page, village: str) -> None:
    expect(page.locator("select#village")).to_be_visible()
    page.evaluate(CHOOSE_AND_SAVE, village)


def go_on(page: Page) -> None:
    page.evaluate("() => window.goOn()")


def test_the_last_tick_is_not_forgotten(phone: ContextFactory) -> None:
    page = Volunteer(phone).page
    open_screen(page, "/several")
    slow(page, "encrypt")
    ticks = page.locator("#main .rows label.row")
    expect(ticks).to_have_count(6)
    for at in range(3):
        ticks.nth(at).click()
    page.get_by_role("button", name="Tiếp tục với 3 hộ").click()
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nội dung cho 3 hộ")


def test_a_draft_is_discarded_once(phone: ContextFactory) -> None:
    page = Volunteer(phone).page
    open_screen(page, "/households")
    open_screen(page, "/household/new")
    page.get_by_label("Họ và tên chủ hộ").fill("Đinh Thị Lễ")
    await_draft(page, head_name="Đinh Thị Lễ")
    slow(page, "encrypt")
    page.get_by_label("Họ và tên chủ hộ").fill("Đinh Thị Lệ")
    page.get_by_role("button", name="Bỏ bản ghi dở này").dblclick()
    go_on(page)
    until(page, "() => document.querySelector('#app').dataset.at !== '#/household/new'")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hộ gia đình")
    open_screen(page, "/visits")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hộ gia đình")


def test_a_question_goes_with_the_screen_that_asked_it(phone: ContextFactory) -> None:
    page = Volunteer(phone).page
    open_screen(page, "/account")
    page.get_by_role("button", name="Đăng xuất").click()
    question = page.get_by_role("dialog")
    expect(question).to_be_visible()
    page.evaluate("() => history.back()")
    expect(question).to_be_hidden()
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible()


def test_a_village_chosen_just_before_saving_counts(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    villages = [
        {"id": VILLAGE, "name": "Thôn A", "kind": "thôn", "commune_name": "Xã Đầu"},
        {"id": OTHER, "name": "Thôn B", "kind": "thôn", "commune_name": "Xã Đầu"},
    ]
    volunteer.wire.signed_in = account(village_ids=[VILLAGE, OTHER])
    volunteer.wire.put("team", {"id": TEAM, "village_id": VILLAGE, "name": "Tổ CNSCĐ Thôn A", "villages": villages})
    volunteer.online()
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    choose_and_save(page, OTHER)
    expect(page.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
    volunteer.online()
    assert [args["village_id"] for args in volunteer.sent("visit.record")] == [OTHER]


def test_what_comes_while_a_list_is_being_opened_stands_in_it(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    page.reload()
    expect(page.get_by_text("Đã gửi hết")).to_be_visible()
    slow(page, "decrypt")
    page.get_by_role("link", name="Hộ gia đình").click()
    until(page, "() => window.isHeld")
    volunteer.wire.put("household", {"id": OTHER, "head_name": "Mai Xuân Cường"})
    volunteer.wire.put("notification", notice())
    told = page.locator("header .bell", has_text="1 chưa đọc")
    while not told.count():  # a round that is under way may have asked before there was anything new
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(100)
    go_on(page)
    expect(page.locator("#main .rows")).to_contain_text("Mai Xuân Cường")


def test_a_draft_says_nothing_of_what_the_commune_corrected_meanwhile(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page, wire = volunteer.page, volunteer.wire
    seen = next(change["version"] for change in wire.log if change["id"] == HOMES[0])
    open_screen(page, f"/household/{HOMES[0]}/edit")
    page.get_by_text("Thêm chi tiết").click()
    page.get_by_label("Số người trong hộ").fill("5")
    await_draft(page, people=5)
    open_screen(page, "/")
    wire.put("household", {**wire.row(HOMES[0]), "hamlet": "Xóm Mới", "phone": "0912345678"})
    volunteer.online()
    open_screen(page, f"/household/{HOMES[0]}/edit")
    page.get_by_role("button", name="Lưu").click()
    until(page, "at => document.querySelector('#app').dataset.at === at", f"#/household/{HOMES[0]}")
    volunteer.online()
    assert volunteer.sent("household.update") == [{"id": HOMES[0], "base_version": seen, "people": 5}]
    assert wire.row(HOMES[0])["hamlet"] == "Xóm Mới"


def test_what_is_shared_is_of_the_month_that_was_chosen_last(phone: ContextFactory) -> None:
    page = Volunteer(phone).page
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    save(page)
    open_screen(page, "/share")
    expect(page.locator("canvas")).to_be_visible()
    months = page.locator(".segments label")
    nothing = page.get_by_text("Tháng này chưa có lượt nào")
    months.last.click()
    expect(nothing).to_be_visible()
    page.evaluate("""() => {
      const { toBlob } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.toBlob = function (...all) { window.goOn = () => toBlob.apply(this, all); };
    }""")
    months.first.click()
    until(page, "() => window.goOn !== undefined")
    months.last.click()
    go_on(page)
    expect(nothing).to_be_visible()
    expect(page.locator("canvas")).to_have_count(0)


def test_whoever_goes_on_while_something_is_taken_back_is_not_called_back(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    save(page)
    visit = stored(page, "myVisits")[0]["id"]
    home, off_the_list = f"/household/{HOMES[0]}", "Đưa ra khỏi danh sách"
    for path, take, why, sure, said in (
        (f"/visit/{visit}", "Rút lại", "Ghi trùng", "Rút lại lượt này", "Đã rút lại"),
        (home, "Đưa hộ này ra khỏi danh sách", "Đã chuyển đi nơi khác", off_the_list, "Đã lưu trên máy"),
    ):
        open_screen(page, path)
        page.get_by_role("button", name=take).click()
        slow(page, "encrypt")
        question = page.get_by_role("dialog")
        question.get_by_text(why).click()
        question.get_by_role("button", name=sure).click()
        open_screen(page, "/more")
        go_on(page)
        expect(page.locator("#say")).to_contain_text(said)
        page.wait_for_timeout(300)  # a step back is taken some time after it is asked for
        assert page.evaluate("() => location.hash") == "#/more"


def test_a_notification_calls_nobody_back_who_has_gone_on(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    told = notice(link="/households")
    volunteer.wire.put("notification", told)
    volunteer.online()
    open_screen(page, "/help")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    slow(page, "decrypt")
    page.evaluate("to => { location.hash = to; }", f"/inbox/{told['id']}")
    until(page, "() => window.isHeld")
    page.go_back()
    go_on(page)
    while not volunteer.sent("notification.read"):
        page.wait_for_timeout(25)
    assert page.evaluate("() => location.hash") == "#/help"


def test_who_worked_is_looked_at_when_the_village_that_was_chosen_is_known(phone: ContextFactory) -> None:
    """Somebody who does not serve the other village goes out of the day with the choice."""
    volunteer = Volunteer(phone)
    page = volunteer.page
    mate = "0197b0c2-0000-7000-8000-000000000109"
    team = "0197b0c2-0000-7000-8000-0000000000ab"
    here = {"id": VILLAGE, "name": "Thôn A", "kind": "thôn", "commune_name": "Xã Đầu"}
    there = {"id": OTHER, "name": "Thôn B", "kind": "thôn", "commune_name": "Xã Đầu"}
    volunteer.wire.signed_in = account(village_ids=[VILLAGE, OTHER])
    volunteer.wire.put(
        "team", {"id": TEAM, "village_id": VILLAGE, "name": "Tổ CNSCĐ Thôn A", "villages": [here, there]}
    )
    volunteer.wire.put("team", {"id": team, "village_id": VILLAGE, "name": "Tổ hai", "villages": [here]})
    volunteer.wire.put("member", {"id": mate, "name": "Y Bhăm Niê", "position": "member", "team_id": team})
    volunteer.online()
    open_screen(page, "/attendance")
    page.get_by_text("Thành viên 1").click()
    page.get_by_text("Y Bhăm Niê").click()
    choose_and_save(page, OTHER)
    expect(page.get_by_text("Xin chọn người làm việc trong ngày.")).to_be_visible()
    assert page.evaluate("() => location.hash") == "#/attendance"


def test_a_draft_that_could_not_be_discarded_is_kept_on(phone: ContextFactory) -> None:
    page = Volunteer(phone).page
    open_screen(page, "/household/new")
    page.get_by_label("Họ và tên chủ hộ").fill("Đinh Thị Lễ")
    await_draft(page, head_name="Đinh Thị Lễ")
    page.evaluate("""() => {
      const { delete: real } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.delete = function (...all) {
        if (this.name === 'drafts') { window.isRefused = true; throw new DOMException('', 'QuotaExceededError'); }
        return real.apply(this, all);
      };
    }""")
    page.get_by_role("button", name="Bỏ bản ghi dở này").click()
    until(page, "() => window.isRefused")
    page.get_by_label("Họ và tên chủ hộ").fill("Đinh Thị Lệ")
    await_draft(page, head_name="Đinh Thị Lệ")


def test_a_forgotten_pin_that_could_not_be_given_up_can_be_given_up_again(phone: ContextFactory) -> None:
    volunteer = Volunteer(phone)
    page = volunteer.page
    engine = volunteer.engine.open()
    engine.evaluate(ADOPT, [account(), relay_key()])
    engine.evaluate("pin => store.setPin(pin)", PIN)
    engine.close()
    page.reload()
    page.evaluate("""() => {
      const { clear } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.clear = () => {
        window.isRefused = true;
        throw new DOMException('', 'QuotaExceededError');
      };
      window.goOn = () => { IDBObjectStore.prototype.clear = clear; };
    }""")
    forgotten = page.get_by_role("button", name="Quên mã PIN?")
    forgotten.click()
    page.get_by_role("button", name="Xóa và đăng nhập lại").click()
    until(page, "() => window.isRefused")
    go_on(page)
    forgotten.click()
    page.get_by_role("button", name="Xóa và đăng nhập lại").click()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()


def test_who_comes_by_an_invitation_is_not_taken_for_who_used_the_browser_before(phone: ContextFactory) -> None:
    page = Engine(phone).context.new_page()
    held = hold_next(page, "**/api/v1/session")
    page.goto("/")
    request = the_held(page, held)
    open_screen(page, "/join")
    request.fulfill(status=200, headers=PROTOCOL, json=account())
    expect(page.get_by_role("heading", level=1)).to_have_text("Lời mời của bạn")
    until(page, IS_TAKEN)
    page.wait_for_timeout(500)  # every screen has heard of it after 120 ms
    assert page.evaluate("() => location.hash") == "#/join"
