"""Attendance on the phone, without a network: yesterday's people, one tap, and companions who are counted."""

from datetime import date, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from cdtteam.attendance.models import Attendance
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.visits.models import Visit
from tests.e2e.field_app import await_offline, count_taps, first_service, open_screen, save, sign_in, stored, until
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import FieldServer
from tests.support.looks import is_fine
from tests.support.world import World
from tests.sync.test_attendance import day


def today() -> date:
    return clock.civil_date(clock.now())


def test_a_day_is_recorded_offline_and_companions_follow(
    phone: ContextFactory, world_on_sqlite: World, field_server: FieldServer
) -> None:
    world = world_on_sqlite
    binh = world.phone("binh")
    yesterday = (today() - timedelta(days=1)).isoformat()
    binh.send(day(binh, world, "binh", "an", on=yesterday))
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    await_offline(page)
    page.context.set_offline(True)
    counted = count_taps(page)
    page.get_by_role("link", name="Chấm công").click()
    expect(page.get_by_role("button", name="Lưu: 2 người")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Trần Văn An")).to_be_checked()
    is_fine(page, "form")
    page.get_by_role("button", name="Lưu: 2 người").click()
    expect(page.get_by_text("Bạn đã làm")).to_be_visible()
    assert counted() == (2, 0)
    expect(page.locator(".rows").get_by_text("Đã lưu trên máy")).to_have_count(1)
    is_fine(page, "days")
    open_screen(page, "/visit/new/unnamed")
    companion = page.get_by_role("checkbox", name="Trần Văn Binh")
    expect(companion).to_be_visible()
    expect(companion).to_be_checked()
    expect(page.get_by_role("checkbox", name="Trần Văn An")).to_have_count(0)  # nobody goes along with themselves
    is_fine(page, "visit")
    first_service(page).click()
    save(page)
    assert set(stored(page, "myVisits")[0]["member_ids"]) == {str(world.members[name]) for name in ("an", "binh")}
    page.context.set_offline(False)
    open_screen(page, "/")
    expect(page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=30_000)
    with world.app.app_context():
        rows = list(db.session.scalars(select(Attendance).where(Attendance.on == today())))
        assert [set(row.member_ids) for row in rows] == [{str(world.members[name]) for name in ("an", "binh")}]
        assert db.session.scalars(select(Visit).order_by(Visit.received_at.desc())).first()
    open_screen(page, "/attendance/days")
    expect(page.locator(".rows").get_by_text("Đã gửi")).not_to_have_count(0)


REFUSED = """async ([on, members]) => {
    const main = document.querySelector('script[type=module]').src;
    const at = (name) => import(new URL(name, main).href);
    const [{ openStore }, { uuid7 }] = await Promise.all([at('store/index.js'), at('model/ids.js')]);
    const store = await openStore({});
    const [village_id] = (await store.account()).village_ids;
    const day = { id: uuid7(), village_id, on, member_ids: members, activity: 'meeting', note: 'Họp ở nhà văn hóa' };
    await store.recordAttendance(day);
}"""
"""A day with somebody who is in no team of the village."""

IS_KEPT = """async () => {
    const main = document.querySelector('script[type=module]').src;
    const { openStore } = await import(new URL('store/index.js', main).href);
    return (await (await openStore({})).drafts()).some(({ value }) => value.member_ids.length === 2);
}"""
"""Whether what was ticked is on the phone."""


def test_a_refused_day_says_why_and_is_sent_once_corrected(
    phone: ContextFactory, world_on_sqlite: World, field_server: FieldServer
) -> None:
    world = world_on_sqlite
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    page.evaluate(REFUSED, [today().isoformat(), [str(world.members[name]) for name in ("an", "chi")]])
    page.get_by_role("button", name="Gửi ngay").click()
    page.get_by_role("link", name="Xem", exact=True).click(timeout=20_000)
    expect(page.locator("#main")).to_contain_text("hôm đó chưa ở tổ nào của thôn này")
    page.get_by_role("link", name="Sửa").click()
    expect(page.get_by_role("heading", name="Sửa chấm công")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("hôm đó chưa ở tổ nào của thôn này")
    expect(page.locator("#members input:checked")).to_have_count(2)
    is_fine(page, "correct")
    page.locator(".pick").filter(has_text="Người không ở trong tổ").click()
    page.locator(".pick").filter(has_text="Trần Văn Binh").click()
    until(page, IS_KEPT)
    open_screen(page, "/")
    page.get_by_role("link", name="Sửa mục").click()
    expect(page.get_by_role("checkbox", name="Trần Văn Binh")).to_be_checked()
    page.get_by_role("button", name="Lưu và gửi lại").click()
    expect(page.get_by_role("heading", name="Sửa chấm công")).to_have_count(0)
    open_screen(page, "/attention")
    expect(page.get_by_text("Không có mục nào cần xem lại")).to_be_visible()
    open_screen(page, "/attendance/days")
    expect(page.locator(".rows").get_by_text("Đã gửi")).to_have_count(1, timeout=20_000)
    with world.app.app_context():
        [row] = db.session.scalars(select(Attendance))
        assert set(row.member_ids) == {str(world.members[name]) for name in ("an", "binh")}
        assert (row.on, row.activity, row.note) == (today(), "meeting", "Họp ở nhà văn hóa")
