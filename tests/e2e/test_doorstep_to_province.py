"""The main job, end to end: two visits at the doorstep without a signal, counted once on the province's page."""

from datetime import datetime

import requests
from playwright.sync_api import Page, expect

from cdtteam.core.clock import civil_date
from tests.e2e.field_app import await_draft, await_offline, first_service, open_screen, save, sign_in, stored
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors, kill
from tests.support.demo_db import Accounts
from tests.support.faultproxy import fault_proxy

NAME = "Nguyễn Thị Ưng Ửng"


def account(accounts: Accounts, role: str) -> dict[str, str]:
    """The first sign-in of a role."""
    return next(one for one in accounts if one["role"] == role)


def figures(server: str, province: dict[str, str]) -> dict[str, int]:
    """The province's figures of this month, from the API."""
    with requests.Session() as http:
        http.post(f"{server}/api/v1/session", json={key: province[key] for key in ("sign_in", "password")})
        answer = http.get(f"{server}/api/v1/participation", params={"period": month(http, server), "area": "52"})
        answer.raise_for_status()
        content: dict[str, int] = answer.json()
        return content


def month(http: requests.Session, server: str) -> str:
    """The civil month that the server is in."""
    day = http.get(f"{server}/api/v1/participation", params={"period": "2026", "area": "52"}).json()["as_of"]
    return f"{civil_date(datetime.fromisoformat(day)):%Y-%m}"


def shown_on_the_desk(desk: ContextFactory, server: str, province: dict[str, str]) -> Page:
    """The province's page, in a browser of its own."""
    page = desk().new_page()
    page.goto(f"{server}/desk/sign-in")
    page.get_by_label("Tên đăng nhập").fill(province["sign_in"])
    page.get_by_label("Mật khẩu", exact=True).fill(province["password"])
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bình Định")
    return page


def test_from_the_doorstep_to_the_province(
    phone: ContextFactory, desk: ContextFactory, server: str, accounts: Accounts
) -> None:
    volunteer, province = account(accounts, "volunteer"), account(accounts, "province")
    before = figures(server, province)
    with fault_proxy(server) as proxy:
        context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
        page = context.new_page()
        sign_in(page, proxy.url, volunteer["sign_in"], volunteer["password"])
        await_offline(page)
        context.set_offline(True)

        page.get_by_role("link", name="Ghi lượt hỗ trợ").click()
        page.get_by_role("link", name="Hộ mới").click()
        page.get_by_label("Họ và tên chủ hộ").fill(NAME)
        page.get_by_role("button", name="Lưu").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
        first_service(page).click()
        save(page)
        known = next(one for one in stored(page, "households") if one["head_name"] != NAME)
        open_screen(page, f"/visit/new/{known['id']}")
        first_service(page).click()
        save(page)
        open_screen(page, "/visit/new/unnamed")
        first_service(page).click()
        await_draft(page)
        kill(page)

        page = context.new_page()
        page.goto(f"{proxy.url}/")
        expect(page.locator("#waiting")).to_have_text("Còn 3 mục chưa gửi")
        assert len(stored(page, "drafts")) == 1
        made = [visit for visit in stored(page, "myVisits") if visit["status"]["step"] == "saved"]
        assert len(made) == 2

        proxy.cut_response("POST /api/v1/sync")
        context.set_offline(False)
        page.get_by_role("button", name="Gửi ngay").click()
        expect(page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=40_000)
        assert proxy.fired == 1
        open_screen(page, "/visits")
        for at in range(2):
            expect(page.locator(".rows li").nth(at)).to_contain_text("Đã tính vào báo cáo", timeout=20_000)

    after = figures(server, province)
    assert after["visits"] == before["visits"] + 2
    assert after["people"] == before["people"] + sum(visit["participants"] for visit in made)
    seen = shown_on_the_desk(desk, server, province)
    expect(seen.locator("main")).to_contain_text(f"{after['visits']:,}".replace(",", "."))
    row = seen.get_by_text("Lượt hỗ trợ", exact=True).first.locator("xpath=..")
    expect(row).to_contain_text(f"{after['visits']:,}".replace(",", "."))
