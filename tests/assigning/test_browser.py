"""Giving out work and seeing how it goes, in a browser: on a phone's width and a desk's, and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.assigning import Officer, says
from tests.support.browser import ContextFactory
from tests.support.desk_places import enter_desk, open_place
from tests.support.field_server import serving
from tests.support.looks import is_fine_on_both
from tests.support.world import World

pytestmark = pytest.mark.own_app


@pytest.fixture
def world(world_on_sqlite: World) -> World:
    return world_on_sqlite


@pytest.fixture
def place(world: World) -> Iterator[str]:
    """The application's address."""
    with serving(world) as server:
        yield server.url


def signed_in(page: Page, handle: str) -> None:
    enter_desk(page, handle)
    open_place(page, "Nhiệm vụ")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nhiệm vụ")


def give_out(page: Page) -> None:
    """A campaign for both teams, with another target for one."""
    page.get_by_role("link", name="Đợt mới").click()
    page.get_by_label("Việc cần làm").fill("Cài VNeID mức 2 cho người cao tuổi")
    page.get_by_label("Vì sao và làm thế nào").fill("Cuối năm, mỗi hộ có ít nhất một người dùng được VNeID.")
    page.get_by_label("Nội dung hỗ trợ").select_option("vneid_level2")
    page.get_by_label("Chỉ tiêu mỗi tổ").fill("120")
    page.get_by_text("Chọn tổ, hoặc đặt chỉ tiêu riêng").click()
    page.get_by_label("Chỉ tiêu của Tổ CNSCĐ thôn B").fill("80")
    is_fine_on_both(page, "new-campaign")
    page.get_by_role("button", name="Giao việc").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cài VNeID mức 2 cho người cao tuổi")


@pytest.mark.browser
@pytest.mark.parametrize("has_script", [True, False])
def test_work_is_given_out_and_seen(world: World, place: str, desk: ContextFactory, *, has_script: bool) -> None:
    page = desk(place, java_script_enabled=has_script).new_page()
    signed_in(page, "xa")
    if not has_script:
        page.get_by_role("link", name="Đợt mới").click()
        page.get_by_label("Việc cần làm").fill("Quét nhà văn hoá")
        page.get_by_label("Vì sao và làm thế nào").fill("Dán mã QR ở mọi nhà văn hoá.")
        page.get_by_role("button", name="Giao việc").click()
        expect(page.get_by_text("0 trên 2 tổ đã xong")).to_be_visible()
        return
    give_out(page)
    expect(page.get_by_text("trên 200 hộ")).to_be_visible()
    answer_from_phones(world)
    page.reload()
    expect(page.get_by_text("“Nửa thôn không có sóng”")).to_be_visible()
    expect(page.get_by_text("2 trên 120 hộ")).to_be_visible()
    is_fine_on_both(page, "campaign")
    page.get_by_role("link", name="Tổ CNSCĐ thôn B").click()
    is_fine_on_both(page, "task")
    page.get_by_role("link", name="Giao lại").click()
    page.get_by_label("Lời nhắn cho tổ").fill("Xã mượn được bộ phát sóng, mời tổ làm tiếp.")
    is_fine_on_both(page, "reopen")
    page.get_by_role("button", name="Giao lại").click()
    expect(page.get_by_text("Xã mượn được bộ phát sóng, mời tổ làm tiếp.").first).to_be_visible()
    open_place(page, "Nhiệm vụ")
    is_fine_on_both(page, "tasks")
    page.get_by_role("link", name="Giao một việc").click()
    is_fine_on_both(page, "choose")
    page.get_by_role("link", name="Tổ CNSCĐ thôn A").click()
    is_fine_on_both(page, "new-task")


def answer_from_phones(world: World) -> None:
    """Team a takes it on and visits two households; team b is stuck."""
    tasks = {task.team_id: str(task.id) for task in Officer(world).tasks()}
    an, chi = world.phone("an"), world.phone("chi")
    an.send(says(an, tasks[world.teams["a"]], "accepted"))
    homes = [an.household(world.villages["a"], name) for name in ("Đinh Văn Ổn", "Rơ Châm Suệ")]
    services = [{"code": "vneid_level2", "people": 1, "outcome": "done"}]
    an.send(*homes)
    an.send(*[an.visit(world.villages["a"], household_id=home["args"]["id"], services=services) for home in homes])
    chi.send(says(chi, tasks[world.teams["b"]], "blocked", "Nửa thôn không có sóng"))


@pytest.mark.browser
def test_the_province_sees_by_commune(world: World, place: str, desk: ContextFactory) -> None:
    page = desk(place).new_page()
    signed_in(page, "tinh")
    page.get_by_role("link", name="Đợt mới").click()
    page.get_by_label("Việc cần làm").fill("Cài VNeID mức 2")
    page.get_by_label("Vì sao và làm thế nào").fill("Theo kế hoạch của tỉnh.")
    page.get_by_label("Chỉ tiêu mỗi tổ").fill("50")
    page.get_by_text("Chọn xã, hoặc đặt chỉ tiêu riêng").click()
    is_fine_on_both(page, "province-new")
    page.get_by_role("button", name="Giao việc").click()
    expect(page.get_by_role("heading", name="Theo xã")).to_be_visible()
    is_fine_on_both(page, "province-campaign")
    page.get_by_role("link", name="Xã near").click()
    expect(page.get_by_role("heading", name="Theo tổ")).to_be_visible()
    is_fine_on_both(page, "province-commune")
