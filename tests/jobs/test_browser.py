"""A long list in a browser: how far it is stands on a page that is left, loaded again, and leads to the result."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from cdtteam.imports.later import JOB, NAME
from cdtteam.jobs.running import KINDS, Running, run_jobs
from tests.imports.desk import HOUSEHOLDS
from tests.imports.test_browser import put_up, signed_in
from tests.imports.test_later import NAMES
from tests.support.browser import ContextFactory
from tests.support.field_server import serving
from tests.support.looks import is_fine_on_both
from tests.support.spreadsheets import workbook
from tests.support.world import World

pytestmark = pytest.mark.own_app


@contextmanager
def half_done(world: World) -> Iterator[None]:
    """A worker that has done 60 of 210 rows, and does the rest at the end."""
    told, go = threading.Event(), threading.Event()

    def run(running: Running) -> Mapping[str, Any] | None:
        running.progress(60, len(NAMES))
        told.set()
        assert go.wait(120)
        return JOB.run(running)

    world.app.extensions[KINDS] = {NAME: replace(JOB, run=run)}
    worker = threading.Thread(target=run_jobs, args=(world.app,))
    worker.start()
    try:
        assert told.wait(60)
        yield
    finally:
        go.set()
        worker.join(120)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_long_list_is_taken_in_behind_the_page(
    world_on_sqlite: World, desk: ContextFactory, tmp_path: Path, *, has_script: bool
) -> None:
    file = tmp_path / "danh sách hộ.xlsx"
    file.write_bytes(workbook([HOUSEHOLDS, *(("", name, "Thôn A", "", "4", "") for name in NAMES)]))
    with serving(world_on_sqlite) as server:
        page = desk(server.url, java_script_enabled=has_script).new_page()
        signed_in(page)
        put_up(page, "Hộ gia đình", file)
        page.get_by_role("button", name="dòng mới vào hệ thống").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nhập danh sách")
        expect(page.get_by_text("Sẽ bắt đầu ngay sau đây.")).to_be_visible()
        if has_script:
            is_fine_on_both(page, "job-waits")
        with half_done(world_on_sqlite):
            if not has_script:
                page.get_by_role("link", name="Xem đã xong chưa").click()
            expect(page.get_by_text("60 trên 210")).to_be_visible()
            if has_script:  # without it the page loads itself again, while it would be looked at
                is_fine_on_both(page, "job-runs")
            place = page.url
            page.goto("/desk/imports")
            page.get_by_role("link", name="danh sách hộ.xlsx").click()
            page.get_by_role("link", name="Xem tiến độ").click()
            expect(page).to_have_url(place)
            page.reload()
            expect(page.get_by_text("60 trên 210")).to_be_visible()
        expect(page.get_by_text("Đã nhập lúc")).to_be_visible()
        expect(page.locator(".tile").first).to_contain_text("210")
