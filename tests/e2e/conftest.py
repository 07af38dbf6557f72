"""The real server, with a village to work in."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.field_app import await_offline, sign_in
from tests.support.apps import running_app
from tests.support.browser import NETWORK_ERRORS, Chromium, ContextFactory, http_errors, open_contexts
from tests.support.field_server import FieldServer, serving
from tests.support.world import World


@pytest.fixture
def field_server(world_on_sqlite: World) -> Iterator[FieldServer]:
    """The application on a loopback port."""
    with serving(world_on_sqlite) as server:
        yield server


@pytest.fixture
def volunteer(field_server: FieldServer, phone: ContextFactory) -> Page:
    """A phone on which a volunteer has signed in and the village is there."""
    page = phone(allow=[NETWORK_ERRORS, http_errors(401)]).new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    return page


@pytest.fixture(scope="module")
def shared_field_server(
    sqlite_world: tuple[Path, World], instance_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FieldServer]:
    """One for those tests of a file that look, or that count from what they found."""
    made, world = sqlite_world
    copy = shutil.copy(made, tmp_path_factory.mktemp("shared") / "world.sqlite3")
    with running_app(f"sqlite:///{copy}", instance_folder) as app, serving(replace(world, app=app)) as server:
        yield server


@pytest.fixture(scope="module")
def shared_phone(chromium: Chromium, shared_field_server: FieldServer) -> Iterator[BrowserContext]:
    """A phone on which a volunteer has signed in; all of the app and the village are there."""
    server = shared_field_server
    with open_contexts(chromium, "phone") as factory:
        context = factory(server.url, allow=[NETWORK_ERRORS, http_errors(401)])
        page = context.new_page()
        sign_in(page, server.url, server.sign_in, server.password)
        await_offline(page)
        page.close()
        yield context


@pytest.fixture
def member(shared_phone: BrowserContext) -> Iterator[Page]:
    """The app opened anew on the shared phone, by its member."""
    page = shared_phone.new_page()
    page.goto("/")
    expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible()
    yield page
    page.close()
