"""A member whose team serves two villages: every list and every form knows which village it is about."""

import pytest
from playwright.sync_api import Page, expect

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.work import Work
from cdtteam.teams.models import Team
from cdtteam.teams.operations import serve_village
from cdtteam.web.transactions import writing
from tests.e2e.field_app import first_service, open_screen, save, sign_in, stored
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer
from tests.support.world import LONG_AGO

HERE, THERE = "Thôn A", "Thôn B"


@pytest.fixture
def server(field_server: FieldServer) -> FieldServer:
    """The team of village A serves B too, where one household lives."""
    world = field_server.world
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        team = work.session.get_one(Team, world.teams["a"])
        serve_village(SYSTEM, work, team, world.villages["b"], started_at=LONG_AGO)
        work.flush()
    chi = world.phone("chi")
    chi.send(chi.household(world.villages["b"], "Y Bhăm Niê", hamlet="Buôn 2"))
    return field_server


@pytest.fixture
def volunteer(server: FieldServer, phone: ContextFactory) -> Page:
    """A phone of a member of that team."""
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    sign_in(page, server.url, server.sign_in, server.password)
    return page


def newest(page: Page) -> tuple[str, str | None]:
    """The village and the household of the visit that was recorded last."""
    visit = stored(page, "myVisits")[0]
    return visit["village_id"], visit.get("household_name")


def test_lists_show_the_village_that_was_chosen_and_keep_it(volunteer: Page, server: FieldServer) -> None:
    open_screen(volunteer, "/households")
    village = volunteer.locator("#village")
    expect(village).to_have_accessible_name("Thôn")
    expect(village.locator("option")).to_have_text([HERE, THERE])
    expect(volunteer.get_by_text("Y Bhăm Niê")).to_have_count(0)
    village.select_option(label=THERE)
    expect(volunteer.locator(".rows .title")).to_have_text(["Y Bhăm Niê"])
    volunteer.reload()
    expect(volunteer.locator(".rows .title")).to_have_text(["Y Bhăm Niê"])
    open_screen(volunteer, "/visit/new")
    volunteer.get_by_role("link", name="Y Bhăm Niê").click()
    first_service(volunteer).click()
    save(volunteer)
    assert newest(volunteer) == (str(server.world.villages["b"]), "Y Bhăm Niê")
    open_screen(volunteer, "/visits")
    expect(volunteer.locator(".rows li").first).to_contain_text(THERE)
    volunteer.locator(".rows a").first.click()
    expect(volunteer.locator(".facts")).to_contain_text(THERE)


def test_who_is_not_found_here_is_shown_from_the_other_village(volunteer: Page) -> None:
    for path, row in (("/households", "a"), ("/visit/new", "a"), ("/several", "label")):
        open_screen(volunteer, path)
        volunteer.locator("#village").select_option(label=HERE)
        find = volunteer.get_by_role("searchbox")
        find.fill("bham")
        expect(volunteer.get_by_role("heading", name=THERE)).to_be_visible()
        expect(volunteer.locator(f".rows {row}")).to_have_count(1)
        expect(volunteer.locator(f".rows {row}")).to_contain_text("Y Bhăm Niê")
        assert axe_findings(volunteer) == [], path
        find.fill("khong co ai")
        expect(volunteer.get_by_role("heading", name=THERE)).to_have_count(0)
        volunteer.locator("#village").select_option(label=THERE)
        find.fill("bham")
        expect(volunteer.locator(f".rows {row}")).to_contain_text("Y Bhăm Niê")
        expect(volunteer.get_by_role("heading", name=THERE)).to_have_count(0)


def test_forms_ask_for_the_village(volunteer: Page, server: FieldServer) -> None:
    there = str(server.world.villages["b"])
    open_screen(volunteer, "/visit/new/unnamed")
    volunteer.locator("#village").select_option(label=THERE)
    volunteer.get_by_text("Thêm chi tiết").click()
    expect(volunteer.get_by_text("Trần Văn Chi")).to_be_visible()
    first_service(volunteer).click()
    save(volunteer)
    assert newest(volunteer) == (there, None)
    open_screen(volunteer, "/household/new")
    volunteer.locator("#village").select_option(label=THERE)
    volunteer.get_by_label("Họ và tên chủ hộ").fill("H'Hen Êban")
    volunteer.get_by_role("button", name="Lưu").click()
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("H'Hen Êban")
    expect(volunteer.locator(".facts")).to_contain_text(THERE)
    volunteer.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    first_service(volunteer).click()
    save(volunteer)
    assert newest(volunteer) == (there, "H'Hen Êban")


def test_several_households_of_both_villages_at_once(volunteer: Page, server: FieldServer) -> None:
    open_screen(volunteer, "/several")
    name = volunteer.locator(".rows .title").first.inner_text()
    volunteer.locator(".rows label").first.click()
    volunteer.locator("#village").select_option(label=THERE)
    volunteer.locator(".rows label").filter(has_text="Y Bhăm Niê").click()
    volunteer.get_by_role("button", name="Tiếp tục với 2 hộ").click()
    first_service(volunteer).click()
    volunteer.get_by_role("button", name="Lưu 2 lượt").click()
    expect(volunteer.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
    made = {visit["household_name"]: visit["village_id"] for visit in stored(volunteer, "myVisits")[:2]}
    villages = server.world.villages
    assert made == {name: str(villages["a"]), "Y Bhăm Niê": str(villages["b"])}
    open_screen(volunteer, "/")
    expect(volunteer.locator("#waiting")).to_have_text("Đã gửi hết", timeout=20_000)
    expect(volunteer.get_by_text("cần xem lại")).to_have_count(0)


def test_axe_finds_nothing_grave(volunteer: Page) -> None:
    for path in ("/households", "/visit/new/unnamed", "/household/new", "/several"):
        open_screen(volunteer, path)
        expect(volunteer.locator("#village")).to_be_visible()
        assert axe_findings(volunteer) == [], path
