"""An officer finds a household, makes two one and two again, moves a hamlet and erases, in a browser of both sizes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.register.acting import agreed, two, visit_to
from tests.support.browser import ContextFactory, http_errors
from tests.support.desk_places import enter_desk, open_place
from tests.support.field_server import serving
from tests.support.looks import is_fine_on_both
from tests.support.world import World

pytestmark = pytest.mark.own_app
NAME = "Siu H’Blan"


@pytest.fixture
def place(world_on_sqlite: World) -> Iterator[str]:
    """The application's address, after a household was entered twice, and a hamlet with some others."""
    world = world_on_sqlite
    an, double, kept = two(world, NAME)
    a = world.villages["a"]
    an.send(
        visit_to(an, double), visit_to(an, kept), visit_to(an, kept),
        *(an.household(a, f"Đinh Văn {name}", hamlet="Xóm Tây", people=at + 2) for at, name in enumerate("ĂÂÊ")),
        an.household(a, "Hộ Kín", consents=agreed(an, named=False)),
    )  # fmt: skip
    with serving(world) as server:
        yield server.url


def signed_in(page: Page) -> Page:
    enter_desk(page, "xa")
    open_place(page, "Tổ và người")
    page.get_by_role("link", name="Hộ gia đình").click()
    return page


def search(page: Page, words: str) -> None:
    page.get_by_label("Tìm hộ gia đình").fill(words)
    page.get_by_role("button", name="Tìm", exact=True).click()


def look_at_doubles(page: Page) -> None:
    """The commune's likely doubles, and back to what to search in."""
    page.get_by_role("link", name="Hộ có thể trùng").click()
    expect(page.get_by_text("2 cặp hộ đang chờ quyết định.")).to_be_visible()
    is_fine_on_both(page, "doubles")
    page.get_by_label("Quay lại").get_by_role("link").click()


def correct(page: Page) -> None:
    """A household's hamlet is put right; a number without the household's word is not taken."""
    page.get_by_role("link", name="Sửa", exact=True).click()
    page.get_by_role("radio", name="Không đồng ý").check()
    page.get_by_label("Điện thoại").fill("0987 654 321")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert")).to_be_visible()
    is_fine_on_both(page, "correct")
    page.get_by_role("radio", name="Đồng ý", exact=True).check()
    page.get_by_label("Điện thoại").fill("0912 345 678")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible()


def walk(page: Page) -> None:
    """All that an officer does to households."""
    look_at_doubles(page)
    search(page, "blan siu")
    expect(page.get_by_role("heading", name="Tìm thấy 2 hộ")).to_be_visible()
    is_fine_on_both(page, "found")
    page.get_by_role("link", name="0912 345 678").click()
    expect(page.get_by_role("heading", name="Có thể là cùng một hộ")).to_be_visible()
    assert "Siu" not in page.url
    is_fine_on_both(page, "household")
    correct(page)
    page.get_by_role("link", name="Gộp với hộ khác").click()
    search(page, "blan")
    expect(page.get_by_role("heading", name="Tìm thấy 1 hộ")).to_be_visible()
    is_fine_on_both(page, "other")
    page.get_by_label("Quay lại").get_by_role("link").click()
    make_one_and_two(page)
    page.get_by_role("link", name="Rút lại").click()
    is_fine_on_both(page, "withdraw")
    page.get_by_role("button", name="Rút lại").click()
    page.get_by_role("link", name="Đưa trở lại").click()
    is_fine_on_both(page, "restore")
    page.get_by_role("button", name="Đưa trở lại").click()
    move_a_hamlet(page)
    erase(page)


def make_one_and_two(page: Page) -> None:
    page.get_by_role("link", name="cùng tên").click()
    expect(page.get_by_role("radio", name="Giữ hộ thứ hai")).to_be_checked()
    is_fine_on_both(page, "merge")
    page.get_by_role("button", name="Gộp hai hộ").click()
    expect(page.get_by_role("heading", name="Các lượt hỗ trợ (3)")).to_be_visible()
    is_fine_on_both(page, "merged")
    page.get_by_role("listitem").get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="Tách lại thành hai hộ").click()
    is_fine_on_both(page, "part")
    page.get_by_role("button", name="Tách lại thành hai hộ").click()
    expect(page.get_by_role("heading", name="Các lượt hỗ trợ (1)")).to_be_visible()


def move_a_hamlet(page: Page) -> None:
    page.get_by_role("link", name="Thôn A", exact=True).click()
    expect(page.get_by_text("Hộ Kín")).to_have_count(0)
    page.get_by_text("Cả xóm này · Xóm Tây").click()
    is_fine_on_both(page, "village")
    page.get_by_role("button", name="Chuyển các hộ đã đánh dấu").click()
    page.get_by_label("Chuyển đến thôn").select_option("Thôn B")
    is_fine_on_both(page, "move")
    page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã chuyển 3 hộ")
    is_fine_on_both(page, "moved")


def erase(page: Page) -> None:
    page.get_by_role("link", name="0912 345 678").click()
    page.get_by_role("link", name="Xóa theo yêu cầu của hộ").click()
    is_fine_on_both(page, "erase")
    page.get_by_role("link", name="Tiếp tục đến câu hỏi cuối").click()
    page.get_by_role("button", name="Xóa vĩnh viễn").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_text("Chính hộ này").click()
    page.get_by_text("Tôi hiểu").click()
    is_fine_on_both(page, "erase-surely")
    page.get_by_role("button", name="Xóa vĩnh viễn").click()
    expect(page.get_by_role("heading", level=1, name="Hộ không ghi tên")).to_be_visible()
    is_fine_on_both(page, "erased")


def test_for_both_screens(place: str, desk: ContextFactory) -> None:
    walk(signed_in(desk(place, allow=[http_errors(422)]).new_page()))


def test_without_javascript(desk: ContextFactory, place: str) -> None:
    page = signed_in(desk(place, java_script_enabled=False).new_page())
    search(page, "tay van")
    expect(page.get_by_role("heading", name="Tìm thấy 3 hộ")).to_be_visible()
    page.get_by_role("link", name="Đinh Văn Ê").click()
    page.get_by_role("link", name="Chuyển sang thôn khác").click()
    page.get_by_label("Chuyển đến thôn").select_option("Thôn B")
    page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.get_by_text("Thôn A → Thôn B")).to_be_visible()
