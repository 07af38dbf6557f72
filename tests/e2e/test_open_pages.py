"""A coordinator whose pages were opened before the map changed, and who goes on clicking and sending."""

from datetime import date
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.teams.models import Team
from tests.e2e.test_field_moves import MERGER, decide
from tests.support.axe import axe_findings
from tests.support.browser import ContextFactory, http_errors
from tests.support.field_server import FieldServer
from tests.support.world import PASSWORD, World

SPLIT = "old_code,new_code,new_name,new_kind\n21601,21601,Xã near,commune\n21601,30005,Xã Khác,commune\n"
GOES = "village_code,new_code\nva,21601\nvb,30005\n"


def today() -> date:
    return clock.civil_date(clock.now())


def signed_in(context: BrowserContext) -> Page:
    """The coordinator of Xã near at the first page."""
    page = context.new_page()
    page.goto("/desk/")
    page.get_by_label("Tên đăng nhập").fill("xa")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Xã near", level=1)).to_be_visible()
    return page


def renaming(context: BrowserContext, world: World, village: str) -> Page:
    """The form with which a team is renamed, with another name typed."""
    page = context.new_page()
    page.goto(f"/desk/teams/{world.teams[village]}/edit")
    page.locator("input[name=name]").fill("Tổ mang tên mới")
    return page


def names(world: World) -> dict[str, str]:
    """What each village's team is called."""
    with world.app.app_context():
        found = {team.id: team.name for team in db.session.scalars(select(Team))}
    return {village: found[team_id] for village, team_id in world.teams.items()}


def test_an_open_page_follows_its_commune(field_server: FieldServer, desk: ContextFactory, tmp_path: Path) -> None:
    world, context = field_server.world, desk(field_server.url)
    page = signed_in(context)
    page.evaluate("window.stayed = true")
    form = renaming(context, world, "b")
    decide(world, tmp_path, "reorganise", MERGER, today())
    page.get_by_role("link", name="Tháng trước").click()
    expect(page.get_by_role("heading", name="Xã Chung", level=1)).to_be_visible()
    expect(page.get_by_text(f"Từ {today():%d/%m/%Y}, Xã near nay là Xã Chung.")).to_be_visible()
    expect(page.locator("#period-3")).to_have_attribute("aria-current", "page")
    expect(page.locator("#no-answer")).to_be_hidden()
    assert page.evaluate("window.stayed") is True
    assert axe_findings(page) == []
    page.get_by_role("link", name="Xem Xã near theo địa giới trước đó").click()
    expect(page.get_by_role("heading", name="Xã near", level=1)).to_be_visible()
    form.get_by_role("button", name="Lưu").click()
    expect(form.get_by_role("heading", name="Tổ mang tên mới", level=1)).to_be_visible()
    assert names(world)["b"] == "Tổ mang tên mới"


def test_a_form_of_what_went_to_another_commune_is_refused_in_a_sentence(
    field_server: FieldServer, desk: ContextFactory, tmp_path: Path
) -> None:
    world, context = field_server.world, desk(field_server.url, allow=[http_errors(403)])
    signed_in(context)
    theirs, gone = (renaming(context, world, village) for village in "ab")
    decided = tmp_path / "villages.csv"
    decided.write_text(GOES, encoding="utf-8")
    before = names(world)
    decide(world, tmp_path, "reorganise", SPLIT, today(), "--villages", str(decided))
    gone.get_by_role("button", name="Lưu").click()
    expect(gone.get_by_role("alert")).to_have_text("Địa bàn này không thuộc phạm vi của tài khoản.")
    expect(gone.locator("#no-answer")).to_be_hidden()
    assert axe_findings(gone) == []
    assert names(world) == before
    theirs.get_by_role("button", name="Lưu").click()
    expect(theirs.get_by_role("heading", name="Tổ mang tên mới", level=1)).to_be_visible()
    gone.get_by_role("link", name="Về trang đầu").click()
    expect(gone.get_by_role("heading", name="Xã near", level=1)).to_be_visible()
