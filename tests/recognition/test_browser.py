"""Certificates in a browser: chosen on a phone and at a desk, and on paper one page for each member."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cdtteam.core import clock
from tests.support.browser import ContextFactory
from tests.support.desk_places import enter_desk, open_place
from tests.support.field_server import serving
from tests.support.looks import is_fine_on_both, picture
from tests.support.world import World
from tests.sync.test_attendance import day

pytestmark = pytest.mark.own_app
SERVICES = (
    "dvc_online", "vneid_level2", "online_safety", "device_basics", "cashless_payment", "health_record", "vssid",
    "utility_bill", "payment_account", "bank_verification",
)  # fmt: skip


@pytest.fixture
def place(world_on_sqlite: World) -> Iterator[str]:
    """The application's address, after work of two members on more topics than a page has lines for."""
    world = world_on_sqlite
    an = world.phone("an")
    crew = [str(world.members[name]) for name in ("an", "binh")]
    given = [{"code": code, "people": 1, "outcome": "done"} for code in SERVICES]
    an.send(an.visit(world.villages["a"], member_ids=crew, services=given), day(an, world, "an", "binh"))
    with serving(world) as server:
        yield server.url


def signed_in(page: Page) -> Page:
    enter_desk(page, "xa")
    open_place(page, "Chấm công, giấy")
    page.get_by_role("link", name="Giấy xác nhận").click()
    page.get_by_label("Kỳ hoặc đợt cao điểm").select_option(f"{clock.civil_date(clock.now()):%Y}")
    page.get_by_role("button", name="Xem", exact=True).click()
    return page


def test_for_both_screens_and_on_paper(place: str, desk: ContextFactory, tmp_path: Path) -> None:
    page = signed_in(desk(place).new_page())
    page.get_by_text("Địa danh, ngày và người ký").click()
    page.get_by_label("Họ tên người ký").fill("Đinh Văn Minh Hoạ")
    page.get_by_role("button", name="Đưa vào giấy").click()
    expect(page.get_by_role("button", name="In 2 tờ")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    is_fine_on_both(page, "certificates")
    page.pdf(path=tmp_path / "all.pdf", prefer_css_page_size=True)
    assert (tmp_path / "all.pdf").read_bytes().count(b"/Type /Page\n") == 2, "one for each"
    page.get_by_role("link", name="Trần Văn Binh").click()
    expect(page.get_by_role("article", name="Trần Văn Binh")).to_contain_text("Đinh Văn Minh Hoạ")
    expect(page.get_by_role("article")).to_contain_text("và 4 nội dung khác")
    is_fine_on_both(page, "certificate")
    page.emulate_media(media="print")
    picture(page, "certificate-print")
