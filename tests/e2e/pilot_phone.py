"""A volunteer of the pilot with a phone, and the diary in which the test itself writes what was done."""

import re
from dataclasses import dataclass, field
from datetime import date

from playwright.sync_api import BrowserContext, Page, expect

from cdtteam.core.clock import civil_date
from tests.e2e.field_app import await_offline, await_sent, first_service, open_screen, save
from tests.support.moved_clock import MovedClock

PIN = "290473"
SLOW_MS = 30_000


@dataclass
class Told:
    """A visit as a bystander would tell it.

    `by` is whose phone it was recorded on, and empty for one from paper; `household` is None where no name is written.
    """

    by: str
    village: str
    household: str | None
    people: int


@dataclass
class Diary:
    """What was done, from which every figure has to follow."""

    visits: list[Told] = field(default_factory=list)
    days: set[tuple[str, date]] = field(default_factory=set)

    def refused(self, household: str) -> None:
        """The household does not want to be named: its visits stay, its name does not."""
        for visit in self.visits:
            if visit.household == household:
                visit.household = None

    def figures(self) -> dict[str, int]:
        """The figures of all of it, under the API's names."""
        named = [(visit.village, visit.household) for visit in self.visits if visit.household]
        return {
            "visits": len(self.visits),
            "people": sum(visit.people for visit in self.visits),
            "households": len(set(named)),
            "households_unnamed": len(self.visits) - len(named),
        }


@dataclass
class Volunteer:
    """Who taps, and what they tap on."""

    name: str
    village: str
    context: BrowserContext
    clock: MovedClock
    diary: Diary
    page: Page

    def come_in(self) -> None:
        """Says that it is oneself, sets a PIN, and waits until the village and the app are on the phone."""
        page = self.page
        expect(page.get_by_text(self.name)).to_be_visible(timeout=SLOW_MS)
        page.get_by_role("button", name="Đúng, là tôi").tap()
        for words in ("Chọn sáu chữ số", "Nhập lại một lần nữa"):
            expect(page.get_by_text(words)).to_be_visible(timeout=SLOW_MS)
            self._type_pin()
        expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=SLOW_MS)
        expect(page.get_by_text("Đang tải danh sách hộ")).to_have_count(0, timeout=SLOW_MS)
        await_offline(page)

    def open_locked(self, *, has_network: bool) -> None:
        """Opens the app anew, at whatever time it is now, and finds it locked."""
        self.page.close()
        self.context.set_offline(not has_network)
        self.context.clock.set_system_time(self.clock.now())
        self.page = self.context.new_page()
        self.page.goto("/")
        expect(self.page.get_by_role("heading", name="Máy đang khóa")).to_be_visible(timeout=SLOW_MS)

    def open(self, *, has_network: bool) -> None:
        """Opens the app anew and unlocks it."""
        self.open_locked(has_network=has_network)
        self.unlock()

    def unlock(self) -> None:
        """Types the PIN."""
        self._type_pin()
        expect(self.page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible(timeout=SLOW_MS)

    def visit(self, household: str | None, people: int = 1) -> None:
        """Records a visit of today, of a household that is found by its name, or of one that is not named."""
        page = self.page
        open_screen(page, "/visit/new")
        if household is None:
            page.get_by_role("link", name="Hộ không muốn ghi tên").tap()
        else:
            page.get_by_label("Tìm hộ").fill(household)
            page.get_by_role("link", name=household).tap()
            expect(page.get_by_role("heading", level=1)).to_have_text(household)
        first_service(page).tap()
        for _ in range(people - 1):
            page.get_by_role("button", name="Thêm một").tap()
        save(page)
        self.diary.visits.append(Told(self.name, self.village, household, people))

    def new_household(self, name: str) -> None:
        """Enters a household that agrees to be named, and its first visit."""
        page = self.page
        open_screen(page, "/household/new?then=visit")
        page.get_by_label("Họ và tên chủ hộ").fill(name)
        page.get_by_role("radio", name="Đồng ý", exact=True).check()
        page.get_by_role("button", name="Lưu").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        first_service(page).tap()
        save(page)
        self.diary.visits.append(Told(self.name, self.village, name, 1))

    def several(self, households: list[str]) -> None:
        """Records an evening with one topic."""
        page = self.page
        open_screen(page, "/several")
        for name in households:
            page.get_by_label("Tìm hộ").fill(name)
            page.locator(".rows label", has_text=name).tap()
        page.get_by_role("button", name=f"Tiếp tục với {len(households)} hộ").tap()
        first_service(page).tap()
        page.locator(".save-bar button").tap()
        expect(page.get_by_role("heading", name="Đã lưu trên máy")).to_be_visible()
        self.diary.visits += [Told(self.name, self.village, name, 1) for name in households]

    def ask_about_name(self, answer: str) -> None:
        """Asks the household whose visit was saved just now."""
        self.page.get_by_text("Chưa hỏi về việc ghi tên").tap()
        self.page.get_by_role("button", name=answer, exact=True).tap()
        expect(self.page.get_by_text("Chưa hỏi về việc ghi tên")).to_have_count(0)

    def amend_last(self, people: int) -> None:
        """Corrects how many people there were at the visit that was recorded last."""
        page = self.page
        open_screen(page, "/visits")
        page.locator(".rows a").first.tap()
        page.get_by_role("link", name="Sửa").tap()
        page.get_by_label("Lý do sửa").fill("Đếm thiếu người")
        page.get_by_label("Hỗ trợ mấy người?").fill(str(people))
        page.get_by_role("button", name="Lưu phần sửa").tap()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Sửa lượt hỗ trợ")

    def attend(self, *companions: str) -> None:
        """Notes who worked today: oneself and these."""
        page = self.page
        open_screen(page, "/attendance")
        crew = {self.name, *companions}
        expect(page.locator("#members label").first).to_be_visible()
        for box in page.locator("#members label").all():
            box.locator("input").set_checked(box.inner_text().strip() in crew, force=True)
        page.get_by_role("button", name=f"Lưu: {len(crew)} người").tap()
        expect(page.get_by_text("Bạn đã làm")).to_be_visible()
        self.diary.days |= {(name, civil_date(self.clock.now())) for name in crew}

    def send_all(self) -> None:
        """Waits at home until everything has been sent."""
        open_screen(self.page, "/")
        await_sent(self.page)
        expect(self.page.locator("#waiting")).to_have_text("Đã gửi hết", timeout=SLOW_MS)

    def waits(self, entries: int) -> None:
        """Looks at home how many entries the phone says that it still holds, locked or not."""
        open_screen(self.page, "/")
        expect(self.page.locator("#waiting")).to_have_text(f"Còn {entries} mục chưa gửi")

    def finds(self, household: str) -> bool:
        """Whether the village's list has a household of this name."""
        open_screen(self.page, "/households")
        self.page.get_by_label("Tìm hộ").fill(household)
        expect(self.page.get_by_role("status").filter(has_text=re.compile(r"^[\d.]+ hộ$"))).to_be_visible()
        return self.page.get_by_role("link", name=household).count() > 0

    def all_counted(self) -> None:
        """Sees every visit that was made here in the list, as one that is in the report."""
        open_screen(self.page, "/visits")
        rows, made = self.page.locator(".rows li"), sum(visit.by == self.name for visit in self.diary.visits)
        expect(rows.filter(has_text="Đã tính vào báo cáo")).to_have_count(made, timeout=SLOW_MS)
        expect(rows).to_have_count(made)
        expect(self.page.get_by_text("cần xem lại")).to_have_count(0)

    def _type_pin(self) -> None:
        for digit in PIN:
            self.page.get_by_role("button", name=digit, exact=True).tap()
