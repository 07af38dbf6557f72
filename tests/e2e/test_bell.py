"""The bell on the real server: from the desk's task to the phone's screen, and the inbox where nothing may ring."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.jobs.chores import run_chore
from cdtteam.notify.models import Notification
from cdtteam.push.models import Delivery, Subscription
from cdtteam.tasks.operations import withdraw_task
from cdtteam.web.transactions import writing
from tests.e2e.field_app import await_offline, open_screen, sign_in
from tests.support.assigning import Officer
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import NAMES, FieldServer
from tests.support.pushing import push_service, switch_on
from tests.support.ringing import Bell, allow_bell
from tests.support.world import PASSWORD, World

SILENT = "delete window.PushManager; Object.defineProperty(Notification, 'permission', { get: () => 'denied' });"


@pytest.fixture
def officer(field_server: FieldServer) -> Officer:
    """The coordinator of the village's commune."""
    return Officer(field_server.world)


def ring(world: World) -> None:
    """Rings for what there is, whatever the hour is in Vietnam."""
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(Notification).values(due_at=clock.now()))
    run_chore(world.app, "push")


def await_row(page: Page, world: World, query: Any, is_fit: Callable[[Any], bool]) -> None:
    """Waits until what the server has on record fits."""
    end = time.monotonic() + 20
    while True:
        with world.app.app_context():
            found = db.session.scalars(query).all()
        if is_fit(found):
            return
        assert time.monotonic() < end, found
        page.wait_for_timeout(50)


def fetch(page: Page) -> None:
    open_screen(page, "/")
    page.get_by_role("button", name="Gửi ngay").click()


def test_a_task_of_the_desk_rings_the_phone_and_opens_without_a_network(
    field_server: FieldServer, phone: ContextFactory, officer: Officer
) -> None:
    world = field_server.world
    with push_service() as service:
        key = switch_on(world.app, service)
        context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])
        first, second = service.browser("an/1"), service.browser("an/2")
        allow_bell(context, replace(first, endpoint=f"{service.origin}/an"))
        page = context.new_page()
        sign_in(page, field_server.url, "an", PASSWORD)
        await_offline(page)
        open_screen(page, "/bell")
        page.get_by_role("button", name="Bật chuông").click()
        expect(page.get_by_text("Có tin của bạn là máy này báo chuông.")).to_be_visible()
        bell = Bell(page)
        bell.exchange(first.endpoint, second, key)
        living = select(Subscription.endpoint).where(Subscription.ended_at.is_(None))
        await_row(page, world, living, lambda found: found == [second.endpoint])

        [task_id] = officer.give()
        ring(world)
        [received] = service.received
        assert (received.path, received.message["link"]) == ("/an/2", f"/task/{task_id}")
        assert not [name for name in NAMES if name in json.dumps(received.message, ensure_ascii=False)]
        shown = bell.push(json.dumps(received.message))
        assert [action["title"] for action in shown["actions"]] == ["Mở nhiệm vụ", "Để sau"]
        await_row(page, world, select(Delivery.shown_at), lambda found: bool(found) and all(found))
        open_screen(page, "/")
        expect(page.locator("header .bell")).to_contain_text("1 chưa đọc")
        context.set_offline(True)
        bell.tap(shown)
        expect(page.get_by_role("button", name="Nhận việc")).to_be_visible()
        page.get_by_role("button", name="Nhận việc").click()
        context.set_offline(False)
        own = select(Notification.opened_at).where(Notification.member_id == world.members["an"])
        await_row(page, world, own, lambda found: bool(found) and all(found))


def test_where_nothing_may_ring_all_goes_by_the_inbox(
    field_server: FieldServer, phone: ContextFactory, officer: Officer
) -> None:
    context = phone(field_server.url, allow=[NETWORK_ERRORS, http_errors(401)])
    context.add_init_script(SILENT)
    page = context.new_page()
    sign_in(page, field_server.url, "an", PASSWORD)
    [one, other] = [*officer.give(title="Việc một"), *officer.give(title="Việc hai")]
    fetch(page)
    bell = page.locator("header .bell")
    expect(bell).to_contain_text("2 chưa đọc")
    officer.do(withdraw_task, other, note="Trùng với đợt của tỉnh")
    fetch(page)
    expect(bell).not_to_contain_text("2 chưa đọc")
    bell.click()
    page.locator("#main a[href^='#/inbox/']", has_text="Việc một").click()
    page.get_by_role("button", name="Nhận việc").click()
    seen = select(Notification.read_at).where(Notification.link == f"/task/{one}", Notification.member_id.is_not(None))
    await_row(page, field_server.world, seen, any)
