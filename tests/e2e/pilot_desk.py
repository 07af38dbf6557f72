"""The commune's officer at the desk, through the whole pilot."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.qr import read_qr
from tests.support.spreadsheets import Rows, workbook

SLOW_MS = 60_000  # two files are written at a closing
_SLIPS = """all => all.map((slip) => {
    const words = (place) => slip.querySelector(place).textContent.trim();
    return [words('.slip-name'), slip.querySelector('.qr path').getAttribute('d'), words('.short-code')];
})"""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a person is handed: the link that the picture holds, and the short code."""

    link: str
    code: str


@dataclass
class Officer:
    """Who clicks, and where files come from and go to."""

    page: Page
    folder: Path

    def sign_in(self, sign_in: str, password: str) -> None:
        """Signs in at the desk."""
        self.page.goto("/desk/sign-in")
        self.page.get_by_label("Tên đăng nhập").fill(sign_in)
        self.page.get_by_label("Mật khẩu", exact=True).fill(password)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url("**/desk/")

    def put_up(self, kind: str, name: str, rows: Rows) -> None:
        """Puts a list up and comes to its preview."""
        file = self.folder / name
        file.write_bytes(workbook(rows))
        self.page.goto("/desk/imports")
        self.page.get_by_label(kind, exact=True).check()
        self.page.get_by_label("Tệp (.xlsx hoặc .csv").set_input_files(file)
        self.page.get_by_role("button", name="Xem trước").click()
        expect(self.page.get_by_role("button", name="Bỏ tệp này")).to_be_visible(timeout=SLOW_MS)

    def tiles(self) -> dict[str, int]:
        """The numbers in large figures on the page, by the words below them."""
        texts = self.page.locator(".tile").evaluate_all(
            "all => all.map((one) => ['name', 'figure'].map((part) => one.querySelector('.' + part).textContent))"
        )
        return {words.strip(): _number(figure) for words, figure in texts}

    def take_in(self, rows: str) -> float:
        """Takes the previewed list in; answers how many seconds it took."""
        begun = time.monotonic()
        self.page.get_by_role("button", name=f"Nhập {rows} dòng mới vào hệ thống").click()
        expect(self.page.get_by_text("Đã nhập lúc")).to_be_visible(timeout=SLOW_MS)
        return time.monotonic() - begun

    def print_invitations(self) -> dict[str, Slip]:
        """The slips of everybody in the commune, by name, as they would be cut apart."""
        self.page.goto("/desk/invitations")
        self.page.get_by_role("button", name="Tạo tờ in").click()
        expect(self.page.locator(".slip").first).to_be_visible(timeout=SLOW_MS)
        self.page.wait_for_load_state()  # the first slip stands before the last one has come
        slips = self.page.locator(".slip").evaluate_all(_SLIPS)
        return {name: Slip(read_qr(drawn), code) for name, drawn, code in slips}

    def invite(self, name: str) -> Slip:
        """A single invitation, to be sent as a message."""
        self.page.goto("/desk/people")
        self.page.get_by_label("Tìm trong danh sách").fill(name)
        self.page.get_by_role("link", name=name).click()
        self.page.get_by_role("button", name="Tạo lời mời").click()
        link = self.page.get_by_role("textbox", name="Đường dẫn").input_value()
        drawn = self.page.locator(".qr path").get_attribute("d")
        assert read_qr(drawn or "") == link
        return Slip(link, self.page.locator(".short-code").inner_text())

    def enter_paper(self, team: str, lines: Iterable[tuple[date, str, int]]) -> None:
        """Types a sheet of paper for a team: day, household (empty: not named), people; one topic each."""
        self._entry_of(team)
        for number, (on, household, people) in enumerate(lines, 1):
            self.page.locator(f"#on-{number}").fill(on.isoformat())
            self.page.locator(f"#household-{number}").fill(household)
            self.page.locator(f"#services-{number}").fill("1")
            self.page.locator(f"#people-{number}").fill(str(people))
        self.page.get_by_role("button", name="Lưu các dòng").click()
        expect(self.page.get_by_role("status").filter(has_text="Đã lưu")).to_be_visible()

    def enter_nothing(self, team: str) -> None:
        """Notes for a team that there was nothing to report this month."""
        self._entry_of(team)
        self.page.get_by_role("link", name="Không phát sinh").click()
        self.page.get_by_role("button", name="Lưu").click()
        expect(self.page.get_by_role("status").filter(has_text="Đã lưu: không phát sinh")).to_be_visible()

    def days_worked(self, month: str) -> dict[str, int]:
        """The attendance sheet's days by person, those without a day left out."""
        self.page.goto(f"/desk/attendance?month={month}")
        rows = self.page.locator(".sheet-days tbody tr").evaluate_all(
            """all => all.map((row) => [row.querySelector('.who').firstChild.textContent.trim(),
                row.querySelector('td.num.strong').textContent])"""
        )
        return {name: int(days) for name, days in rows if int(days)}

    def close_month(self, difficulties: str) -> None:
        """Writes what has to be written, and closes the month that is to be reported now."""
        self.page.goto("/desk/reports")
        self.page.get_by_label("Khó khăn, vướng mắc").fill(difficulties)
        self.page.locator("summary", has_text="Chốt báo cáo…").click()
        self.page.get_by_role("button", name="Chốt báo cáo").click()
        expect(self.page.get_by_role("heading", name="Đến sau khi chốt")).to_be_visible(timeout=SLOW_MS)

    def download(self, link: str, name: str) -> Path:
        """A file of the page."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=link).click()
        download.value.save_as(self.folder / name)
        return self.folder / name

    def figures(self, month: str, area: str) -> dict[str, Any]:
        """What GET /api/v1/participation answers."""
        answer = self.page.request.get("/api/v1/participation", params={"period": month, "area": area})
        assert answer.ok, answer.text()
        found: dict[str, Any] = answer.json()
        return found

    def _entry_of(self, team: str) -> None:
        self.page.goto("/desk/entry")
        self.page.get_by_label("Tìm trong danh sách").fill(team)
        self.page.get_by_role("link", name=team).click()


def _number(text: str) -> int:
    """1.176, 98,6% and – as whole numbers."""
    digits = re.sub(r"[^0-9]", "", text.partition(",")[0])
    return int(digits or 0)
