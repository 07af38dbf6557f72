"""The pilot as it is meant to go: lists, invitations, three phones, a week off and on the network, the closed month.

On SQLite alone: it looks for a name in the very file, and what differs between the databases is below everything that
is tapped here; tests/machine plays phones and desk in any order on both.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from cdtteam.core import clock
from cdtteam.core.clock import CIVIL_ZONE
from tests.cli.test_account import said
from tests.e2e import pilot_lists as lists
from tests.e2e.pilot_desk import Officer, Slip
from tests.e2e.pilot_phone import Diary, Told, Volunteer
from tests.field.phonestore import stored_text
from tests.monthly.files import sheets, tables, whole_text
from tests.support import office
from tests.support.apps import running_app
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.moved_clock import MovedClock
from tests.support.server_process import server_process

ZALO = (
    "Mozilla/5.0 (Linux; Android 12; SM-A135F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/110.0 "
    "Mobile Safari/537.36 Zalo android/12100711"
)
MONDAY, MONTH = date(2026, 3, 23), "2026-03"
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in range(1, 5))
FIRST_OF_APRIL = date(2026, 4, 1)
TEAM, OTHER_TEAM, PAPER_TEAM, QUIET_TEAM = (
    f"Tổ CNSCĐ thôn {name.removeprefix('Thôn ')}" for name in lists.VILLAGES[:4]
)
TEAMS, MEMBERS = len(lists.VILLAGES), 3 * len(lists.VILLAGES)
NEW_HOUSEHOLD = "Đinh Thị Mới-Về"
DIFFICULTIES = "Sóng yếu ở thôn An Hòa."
SECONDS_FOR_A_LIST = 60  # a loaded machine is slow; what it took is printed


@dataclass
class Pilot:
    """Everybody who takes part."""

    url: str
    file: Path
    clock: MovedClock
    officer: Officer
    phone: ContextFactory
    diary: Diary

    def it_is(self, on: date, hour: int) -> None:
        """Moves the server's clock, and the desk's; phones go by it when they are opened the next time."""
        self.clock.move_to(datetime.combine(on, time(hour), CIVIL_ZONE))
        self.officer.page.context.clock.set_system_time(self.clock.now())

    def new_phone(self, name: str, village: str) -> Volunteer:
        """A phone that nobody has used yet, in the hands of a member."""
        context = self.phone(self.url, allow=[NETWORK_ERRORS, http_errors(401)])
        context.clock.install(time=self.clock.now())
        return Volunteer(name, village, context, self.clock, self.diary, context.new_page())


@pytest.fixture
def moved_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """The time of the pilot, for the commands of the operator as well."""
    moved = MovedClock(tmp_path / "clock")
    moved.move_to(datetime.combine(MONDAY, time(7), CIVIL_ZONE))
    monkeypatch.setattr(clock, "now", moved.now)
    return moved


@pytest.fixture
def pilot(
    migrated_sqlite_url: str, moved_clock: MovedClock, desk: ContextFactory, phone: ContextFactory, tmp_path: Path
) -> Iterator[Pilot]:
    """A server as its operator leaves it on the first day, and the officer signed in."""
    password = installed(migrated_sqlite_url, tmp_path)
    file = Path(urlsplit(migrated_sqlite_url).path)
    with server_process(migrated_sqlite_url, tmp_path, tmp_path, clock=moved_clock.file, does_jobs=True) as server:
        context = desk(server.url)
        context.clock.install(time=moved_clock.now())
        officer = Officer(context.new_page(), tmp_path)
        officer.sign_in("xavinhson", password)
        yield Pilot(server.url, file, moved_clock, officer, phone, Diary())


def installed(url: str, folder: Path) -> str:
    """Loads the areas and opens the officer's account; answers its password."""
    with running_app(url, folder) as app:
        for name, content in (("communes.csv", lists.commune_csv()), ("villages.csv", lists.villages_csv())):
            (folder / name).write_text(content, encoding="utf-8")
        said(app, "areas", "import", str(folder / "communes.csv"), "--province-name", lists.PROVINCE)
        said(app, "areas", "villages", str(folder / "villages.csv"))
        who = ("--role", "coordinator", "--name", "Đinh Văn Nhân", "--area", lists.COMMUNE_CODE)
        return said(app, "account", "add", "xavinhson", *who, "--generate").split()[0]


@pytest.mark.timeout(600)  # a minute where nothing else runs
def test_the_whole_pilot(pilot: Pilot) -> None:
    people_are_taken_in(pilot)
    households_are_taken_in(pilot)
    hang, duoc, an = they_join(pilot)
    monday(pilot, hang, duoc)
    tuesday_somebody_refuses(pilot, hang, duoc)
    wednesday_in_the_market_there_is_a_signal(pilot, hang, duoc)
    thursday_a_locked_phone_sends(pilot, an)
    friday_paper_and_attendance(pilot, hang, an)
    word, sheet = the_month_is_closed(pilot, [hang, duoc, an])
    every_figure_is_that_of_the_diary(pilot, word, sheet)
    nothing_is_lost_or_doubled([hang, duoc, an])
    the_refusing_household_is_nowhere(pilot, [hang, duoc, an], word, sheet)
    the_pages_are_looked_at(pilot, word)


def people_are_taken_in(pilot: Pilot) -> None:
    """Three rows are marked; the officer mends the file and puts it up again."""
    officer = pilot.officer
    officer.put_up("Thành viên tổ", "to-cnscd.xlsx", lists.people(is_mended=False))
    assert officer.tiles() == {"mới": MEMBERS, "đã có": 0, "có lỗi": 3, "cột không lấy": 1}
    expect(officer.page.get_by_text("“Dân tộc”")).to_be_visible()
    expect(officer.page.locator(".trouble")).to_have_count(3)
    officer.page.get_by_role("button", name="Bỏ tệp này").click()
    officer.put_up("Thành viên tổ", "to-cnscd-sua.xlsx", lists.people(is_mended=True))
    assert officer.tiles()["có lỗi"] == 0
    expect(officer.page.get_by_text(f"{TEAMS} thôn chưa có tổ")).to_be_visible()
    officer.take_in(str(MEMBERS))


def households_are_taken_in(pilot: Pilot) -> None:
    """Rows that cannot be taken are left out, one that is there twice is passed over."""
    officer = pilot.officer
    officer.put_up("Hộ gia đình", "ho-gia-dinh.xlsx", lists.households())
    assert officer.tiles() == {"mới": lists.HOUSEHOLDS, "đã có": 1, "có lỗi": 3, "cột không lấy": 1}
    officer.page.get_by_text("Bỏ qua 3 dòng có lỗi").click()
    seconds = officer.take_in("5.000")
    print(f"5,000 households were taken in within {seconds:.1f} s")  # noqa: T201 — for whoever watches the figure
    assert seconds < SECONDS_FOR_A_LIST


def they_join(pilot: Pilot) -> tuple[Volunteer, Volunteer, Volunteer]:
    """One comes from Zalo, one by the picture on the sheet and with his wife's number, one by the code on it."""
    slips = pilot.officer.print_invitations()
    assert len(slips) == MEMBERS
    hang = pilot.new_phone(lists.HANG, lists.HOME)
    hang.page.goto(brought_out_of_zalo(pilot, pilot.officer.invite(lists.HANG)))
    hang.come_in()
    duoc = pilot.new_phone(lists.DUOC, lists.HOME)
    duoc.page.goto(slips[lists.DUOC].link)
    duoc.come_in()
    an = pilot.new_phone(lists.AN, lists.OTHER)
    an.page.goto("/tham-gia")
    an.page.get_by_role("textbox", name="Mã ngắn").fill(slips[lists.AN].code.lower())
    an.page.get_by_role("button", name="Tiếp tục").tap()
    an.come_in()
    pilot.officer.page.goto("/desk/people")
    expect(pilot.officer.page.locator("#people").get_by_text("Đã vào ứng dụng")).to_have_count(3)
    return hang, duoc, an


def brought_out_of_zalo(pilot: Pilot, slip: Slip) -> str:
    """Opens a link inside Zalo, which shows the way out; answers what was copied there."""
    zalo = pilot.phone(pilot.url, user_agent=ZALO)
    zalo.grant_permissions(["clipboard-read", "clipboard-write"])
    page = zalo.new_page()
    page.goto(slip.link)
    expect(page.get_by_text(lists.HANG)).to_be_visible()
    expect(page.get_by_role("link", name="Mở bằng Chrome")).to_have_attribute("href", re.compile("^intent://"))
    expect(page.locator("#code")).to_have_text(slip.code)
    page.get_by_role("button", name="Sao chép đường dẫn").tap()
    expect(page.locator("#copied")).to_have_text("Đã sao chép đường dẫn.")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


def monday(pilot: Pilot, hang: Volunteer, duoc: Volunteer) -> None:
    """She has a network, he has none; both note their work, he is at the door of who will refuse on the morrow."""
    pilot.it_is(MONDAY, 9)
    agreeing, *others = lists.some_of(lists.HOME, 5)
    hang.open(has_network=True)
    hang.attend(lists.DUOC)
    hang.visit(agreeing, people=1)
    hang.ask_about_name("Đồng ý")
    hang.send_all()
    duoc.open(has_network=False)
    duoc.visit(lists.REFUSING)
    duoc.new_household(NEW_HOUSEHOLD)
    duoc.several(others[:3])
    duoc.waits(1 + 2 + 3)


def tuesday_somebody_refuses(pilot: Pilot, hang: Volunteer, duoc: Volunteer) -> None:
    """Asked at her visit, the household does not want to be named; his phone, without a network, cannot know."""
    pilot.it_is(TUESDAY, 15)
    hang.open(has_network=True)
    hang.visit(lists.REFUSING, people=2)
    hang.ask_about_name("Không đồng ý")
    pilot.diary.refused(lists.REFUSING)
    hang.send_all()
    assert not hang.finds(lists.REFUSING)
    duoc.open(has_network=False)
    assert duoc.finds(lists.REFUSING)
    duoc.visit(None, people=3)
    duoc.visit(lists.some_of(lists.HOME, 1)[0])


def wednesday_in_the_market_there_is_a_signal(pilot: Pilot, hang: Volunteer, duoc: Volunteer) -> None:
    """He comes by a network: all goes, and the name that refused leaves his phone. She mends what she counted wrong."""
    pilot.it_is(WEDNESDAY, 6)
    duoc.open(has_network=True)
    duoc.send_all()
    assert not duoc.finds(lists.REFUSING)
    assert duoc.finds(NEW_HOUSEHOLD)
    hang.open(has_network=True)
    hang.visit(lists.some_of(lists.HOME, 7)[6], people=2)
    hang.send_all()
    hang.amend_last(people=5)
    pilot.diary.visits[-1].people = 5
    hang.send_all()


def thursday_a_locked_phone_sends(pilot: Pilot, an: Volunteer) -> None:
    """Two visits wait on a phone that lies locked in a bag when it comes by a network."""
    pilot.it_is(THURSDAY, 16)
    first, second = lists.some_of(lists.OTHER, 2)
    an.open(has_network=False)
    an.visit(first)
    an.visit(second, people=4)
    an.open_locked(has_network=False)
    an.waits(2)
    an.context.set_offline(False)
    expect(an.page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=30_000)
    expect(an.page.get_by_role("heading", name="Máy đang khóa")).to_be_visible()
    an.unlock()
    an.send_all()


def friday_paper_and_attendance(pilot: Pilot, hang: Volunteer, an: Volunteer) -> None:
    """A day of attendance without a network; a sheet of paper comes in, and a team says that there was nothing."""
    pilot.it_is(FRIDAY, 10)
    an.open(has_network=False)
    an.attend()
    hang.open(has_network=True)
    hang.attend()
    hang.send_all()
    pilot.it_is(FRIDAY, 14)
    (household,) = lists.some_of(lists.ON_PAPER, 1)
    lines = [(MONDAY, household, 2), (TUESDAY, "", 1), (THURSDAY, household, 1)]
    pilot.officer.enter_paper(PAPER_TEAM, lines)
    pilot.diary.visits += [Told("", lists.ON_PAPER, name or None, people) for _, name, people in lines]
    pilot.officer.enter_nothing(QUIET_TEAM)


def the_month_is_closed(pilot: Pilot, volunteers: list[Volunteer]) -> tuple[Path, Path]:
    """In April all phones come by a network once more; then the officer closes March and takes both files."""
    pilot.it_is(FIRST_OF_APRIL, 9)
    for volunteer in volunteers:
        volunteer.open(has_network=True)
        volunteer.send_all()
    pilot.officer.close_month(DIFFICULTIES)
    return (
        pilot.officer.download("Word (.docx)", "bao-cao.docx"),
        pilot.officer.download("Excel (.xlsx)", "bao-cao.xlsx"),
    )


def every_figure_is_that_of_the_diary(pilot: Pilot, word: Path, sheet: Path) -> None:
    """Diary, API, page, Word and Excel say the same."""
    told, officer = pilot.diary.figures(), pilot.officer
    api = officer.figures(MONTH, lists.COMMUNE_CODE)
    assert {name: api[name] for name in told} == told
    assert api["teams"] == {"in_force": TEAMS, "active": 3, "reported_nothing": 1, "silent": TEAMS - 4}
    assert api["members"]["in_force"] == MEMBERS
    tiles = officer.tiles()
    assert [tiles[words] for words in ("Lượt hỗ trợ", "Lượt người", "Số hộ", "Hộ không ghi tên")] == list(told.values())
    in_table = {row[1]: row[3] for row in tables(word.read_bytes())[1]}
    assert in_table == {
        "Chỉ tiêu": "Trong kỳ",
        "Lượt hỗ trợ": str(told["visits"]),
        "Lượt người được hỗ trợ": str(told["people"]),
        "Hộ gia đình được hỗ trợ": str(told["households"]),
        "Lượt tại nhà hộ không ghi tên": str(told["households_unnamed"]),
        "Tổ có hoạt động": "3",
    }
    in_text = f"có {TEAMS} Tổ công nghệ số cộng đồng với {MEMBERS} thành viên. Trong kỳ có 3/{TEAMS} tổ hoạt động"
    assert in_text in whole_text(word.read_bytes())
    cells = [tuple(row) for rows in sheets(sheet.read_bytes()).values() for row in rows]
    for words, name in (("Lượt hỗ trợ", "visits"), ("Hộ gia đình được hỗ trợ", "households")):
        assert any(words in row and told[name] in row for row in cells), words
    days = {name: sum(name == who for who, _ in pilot.diary.days) for name, _ in pilot.diary.days}
    assert officer.days_worked(MONTH) == days


def the_pages_are_looked_at(pilot: Pilot, word: Path) -> None:
    """What comes out of the printer."""
    office.require_office()
    pages = office.pages(office.printed(word, pilot.officer.folder))
    assert len(office.pictures(word.with_suffix(".pdf"))) == len(pages)
    assert "XÃ VĨNH SƠN" in pages[0]
    assert pages[-1].split()[0] == str(len(pages))
    whole = " ".join(" ".join(pages).split())
    assert DIFFICULTIES in whole
    assert f"Chưa đăng nhập ({TEAMS - 4} tổ): " in whole
    assert "{{" not in whole


def nothing_is_lost_or_doubled(volunteers: list[Volunteer]) -> None:
    """Each phone shows the visits that were made on it, each once and in the report."""
    for volunteer in volunteers:
        volunteer.all_counted()


def the_refusing_household_is_nowhere(pilot: Pilot, volunteers: list[Volunteer], word: Path, sheet: Path) -> None:
    """Not in the documents, not on a phone, not in the database's file."""
    assert lists.REFUSING not in whole_text(word.read_bytes())
    assert lists.REFUSING not in str(sheets(sheet.read_bytes()))
    for volunteer in volunteers:
        assert not volunteer.finds(lists.REFUSING)
        assert lists.REFUSING not in stored_text(volunteer.page)
    with closing(sqlite3.connect(pilot.file, timeout=30)) as link:
        (is_busy, *_) = link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not is_busy, "what was written last is not in the file yet"
    assert lists.REFUSING.encode() not in pilot.file.read_bytes()
