"""A phone that is away when its commune becomes another: told in a sentence, nothing lost, nothing fetched anew."""

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from cdtteam.areas.models import Reorganisation
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.visits.models import Visit
from tests.e2e.field_app import await_offline, first_service, open_screen, save, sign_in, stored
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer
from tests.support.world import PASSWORD, World

MERGER = "old_code,new_code,new_name,new_kind\n21601,30001,Xã Chung,commune\n21604,30001,Xã Chung,commune\n"


VILLAGES = """old_village_code,new_village_code,new_name,new_kind,commune_code
va,va,Thôn Chung,thôn,21601
vb,va,Thôn Chung,thôn,21601
"""


def decide(world: World, folder: Path, command: str, file: str, on: date, *words: str) -> None:
    """Changes the map from a day on."""
    path = folder / "merger.csv"
    path.write_text(file, encoding="utf-8")
    runner = world.app.test_cli_runner()
    done = runner.invoke(args=["areas", command, str(path), "--effective", f"{on}", *words])
    assert done.exit_code == 0, done.output


def merge_tomorrow(world: World, folder: Path) -> date:
    """Decides that both communes become one tomorrow; answers that day."""
    tomorrow = clock.civil_date(clock.now()) + timedelta(days=1)
    decide(world, folder, "reorganise", MERGER, tomorrow)
    return tomorrow


def undoable(world: World) -> str:
    """The id of the one change of the map."""
    with world.app.app_context():
        return str(db.session.scalars(select(Reorganisation.id)).one())


def test_a_phone_that_was_away_through_a_reorganisation(
    field_server: FieldServer, phone: ContextFactory, tmp_path: Path
) -> None:
    world = field_server.world
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, field_server.url, "an", PASSWORD)
    await_offline(page)
    context.set_offline(True)
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    save(page)
    tomorrow = merge_tomorrow(world, tmp_path)
    open_screen(page, "/")
    expect(page.get_by_text("Xã Chung")).to_have_count(0)
    context.set_offline(False)
    notice = page.get_by_text(f"Từ {tomorrow:%d/%m/%Y}, Thôn A thuộc Xã Chung.")
    expect(notice).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Đã gửi hết")).to_be_visible(timeout=20_000)
    assert axe_findings(page) == []
    waits = [visit for visit in stored(page, "myVisits") if visit["counted"] is not True]
    assert waits == []
    context.set_offline(True)
    page.reload()
    expect(notice).to_be_visible()
    page.get_by_role("button", name="Đã hiểu").click()
    expect(notice).to_have_count(0)
    # The province takes it back while the phone is away.
    done = world.app.test_cli_runner().invoke(args=["areas", "undo", undoable(world)])
    assert done.exit_code == 0, done.output
    context.set_offline(False)
    undone = page.get_by_text(
        f"Việc sắp xếp địa bàn từ ngày {tomorrow:%d/%m/%Y} đã được hủy. Thôn A vẫn thuộc Xã near."
    )
    expect(undone).to_be_visible(timeout=20_000)
    expect(notice).to_have_count(0)
    assert axe_findings(page) == []
    page.reload()
    expect(undone).to_be_visible()
    page.get_by_role("button", name="Đã hiểu").click()
    expect(undone).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Đã gửi hết")).to_be_visible()
    expect(undone).to_have_count(0)


def test_home_opens_where_the_notice_does_not_come(
    field_server: FieldServer, phone: ContextFactory, tmp_path: Path
) -> None:
    merge_tomorrow(field_server.world, tmp_path)
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)], service_workers="block")
    for part in ("**/ui/moves.js", "**/ui/draft-rows.js"):
        context.route(part, lambda route: route.abort())
    page = context.new_page()
    sign_in(page, field_server.url, "an", PASSWORD)
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    open_screen(page, "/")
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible()


def test_a_phone_names_a_village_that_became_a_part_of_another_by_both_names(
    field_server: FieldServer, phone: ContextFactory, tmp_path: Path
) -> None:
    world, today = field_server.world, clock.civil_date(clock.now())
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, field_server.url, "chi", PASSWORD)
    await_offline(page)
    context.set_offline(True)
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    save(page)
    decide(world, tmp_path, "merge-villages", VILLAGES, today, "--teams", "merge")
    context.set_offline(False)
    open_screen(page, "/")
    expect(page.get_by_text("Đã gửi hết")).to_be_visible(timeout=20_000)
    for village in ("Thôn A", "Thôn B"):
        told = f"Từ {today:%d/%m/%Y}, {village} là một phần của Thôn Chung, Xã near."
        expect(page.get_by_text(told)).to_be_visible(timeout=20_000)
    expect(page.get_by_text(re.compile(r"nay phụ trách Thôn Chung.*, Thôn Chung \(Thôn B cũ\)"))).to_be_visible()
    own = rf"Tổ .* ngừng hoạt động từ {today:%d/%m/%Y}. Nay bạn thuộc .*. Chức danh: Thành viên."
    expect(page.get_by_text(re.compile(own))).to_be_visible(timeout=20_000)
    assert axe_findings(page) == []
    page.get_by_role("button", name="Đã hiểu").click()
    expect(page.get_by_text("là một phần của Thôn Chung")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Đã gửi hết")).to_be_visible()
    expect(page.get_by_text("là một phần của Thôn Chung")).to_have_count(0)
    assert [visit for visit in stored(page, "myVisits") if visit["counted"] is not True] == []
    open_screen(page, "/households")
    options = page.get_by_label("Thôn", exact=True).locator("option")
    expect(options).to_have_text(["Thôn Chung (Thôn A cũ)", "Thôn Chung (Thôn B cũ)"])
    open_screen(page, "/account")
    expect(page.get_by_text("Thôn Chung (Thôn A cũ), Thôn Chung (Thôn B cũ)")).to_be_visible()


def record(page: Page, day: str) -> None:
    """A visit to a household that is not named, on a day of the form."""
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    page.get_by_label(day).check()
    save(page)


def test_what_was_recorded_before_and_after_the_day_counts_where_and_for_whom_it_was(
    field_server: FieldServer, phone: ContextFactory, tmp_path: Path
) -> None:
    """A phone is offline through two changes of the map, the second of which ends its author's team."""
    world, today = field_server.world, clock.civil_date(clock.now())
    yesterday = today - timedelta(days=1)
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])
    page = context.new_page()
    sign_in(page, field_server.url, "chi", PASSWORD)
    await_offline(page)
    context.set_offline(True)
    record(page, "Hôm qua")
    record(page, "Hôm nay")
    decide(world, tmp_path, "reorganise", MERGER, yesterday)
    decide(world, tmp_path, "merge-villages", VILLAGES.replace("21601", "30001"), today, "--teams", "merge")
    record(page, "Hôm nay")
    context.set_offline(False)
    open_screen(page, "/")
    expect(page.get_by_text("Đã gửi hết")).to_be_visible(timeout=20_000)
    told = f"Từ {today:%d/%m/%Y}, Thôn B là một phần của Thôn Chung, Xã Chung."
    expect(page.get_by_text(told)).to_be_visible(timeout=20_000)
    assert [visit["counted"] for visit in stored(page, "myVisits")] == [True] * 3
    with world.app.app_context():
        columns = select(Visit.village_id, Visit.team_id).where(Visit.author_id == world.members["chi"])
        rows = db.session.execute(columns.order_by(Visit.occurred_at)).all()
    assert [row.village_id for row in rows] == [world.villages["b"]] * 3, "a visit stays where it was made"
    assert [row.team_id for row in rows] == [world.teams["b"], world.teams["b"], world.teams["a"]]
    client = world.client("tinh")
    # Somebody else was in village a yesterday, whose ground is one village with b's from today on.
    for on, commune, visits in (
        (today, "30001", {"va": 4, "vc": 0}),
        (yesterday, "30001", {"va": 1, "vb": 3, "vc": 0}),
        (yesterday - timedelta(days=1), "21601", {"va": 1, "vb": 3}),
    ):
        asked = f"/api/v1/participation?from={yesterday}&to={today}&area={commune}&map={on}"
        assert {row["code"]: row["visits"] for row in client.get(asked).json["rows"]} == visits, on
