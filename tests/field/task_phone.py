"""A phone whose team was given something to do, with a wire that tests can change."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Locator, expect

from tests.e2e.field_app import IS_SENT, await_offline, open_screen
from tests.field.engine import Engine
from tests.field.wire import TEAM, VILLAGE, Json, Wire, account
from tests.support.browser import ContextFactory

TASK = "0197b0c2-0000-7000-8000-0000000000e1"
OTHER_TASK = "0197b0c2-0000-7000-8000-0000000000e2"
HOMES = [f"0197b0c2-0000-7000-8000-0000000000f{number}" for number in range(6)]
NAMES = ["Đinh Thị Lễ", "Võ Minh Ánh", "Phạm Thị Ẩn", "Bùi Văn Sửu", "Siu H'Lan", "Rơ Châm Suệ"]
ASKED = "Cài và kích hoạt VNeID cho bà con"


def day(ahead: int) -> str:
    """A civil day in Vietnam, from today."""
    return f"{datetime.now(UTC) + timedelta(hours=7, days=ahead):%Y-%m-%d}"


def words(ahead: int) -> str:
    """The same day as a volunteer reads it."""
    return f"{datetime.now(UTC) + timedelta(hours=7, days=ahead):%d/%m/%Y}"


def task(**more: Any) -> Json:
    fields = {
        "id": TASK, "village_id": VILLAGE, "team_id": TEAM, "member_id": None, "campaign_id": None, "title": ASKED,
        "text": "Để bà con làm thủ tục trên mạng.\nƯu tiên hộ có người già.", "service": "vneid", "target": 120,
        "unit": "households", "household_ids": None, "from_on": day(-5), "due_on": day(10), "ended_on": None,
        "document": "123/KH-UBND", "focus": False, "state": "sent", "reason": None, "note": None,
    }  # fmt: skip
    return {**fields, **more}


def service(code: str, name: str, position: int, **more: Any) -> Json:
    common = {"pillar": "government", "national_item": "", "focus": False, "active": True}
    names = {"short_vi": name, "name_vi": name, "name_en": code}
    return {"id": f"s-{code}", "village_id": None, "code": code, "position": position, **common, **names, **more}


def village_of(wire: Wire) -> None:
    """A team in a village of six households, and what it can support."""
    village = {"id": VILLAGE, "name": "Thôn A", "kind": "thôn", "commune_name": "Xã Đầu"}
    wire.put("team", {"id": TEAM, "village_id": VILLAGE, "name": "Tổ CNSCĐ Thôn A", "villages": [village]})
    me = account()
    wire.put("member", {"id": me["member_id"], "name": me["name"], "position": "member", "team_id": TEAM})
    for at, code in enumerate(("dvc_online", "bank", "shop", "smart", "health", "school", "safety", "vneid")):
        wire.put("service", service(code, "VNeID" if code == "vneid" else f"Việc {code}", at))
    for at, home in enumerate(HOMES):
        wire.put("household", {"id": home, "head_name": NAMES[at], "hamlet": f"Xóm {1 + at % 2}"})


class Volunteer:
    """The app on a phone, with a wire that tests can change."""

    def __init__(self, phone: ContextFactory, *tasks: Json, **options: Any) -> None:
        self.engine = Engine(phone, **options)
        self.wire = self.engine.wire
        self.context: BrowserContext = self.engine.context
        village_of(self.wire)
        for one in tasks:
            self.wire.put("task", one)
        first = self.engine.open(account())
        first.close()
        self.page = self.context.new_page()
        self.page.goto("/")
        expect(self.page.get_by_text("Tổ CNSCĐ Thôn A").first).to_be_visible(timeout=20_000)
        expect(self.page.get_by_text("Đang tải danh sách hộ")).to_have_count(0, timeout=20_000)

    def offline(self) -> None:
        """Away from the network, which answers in the tests even then."""
        await_offline(self.page)
        self.wire.faults.append(lambda route, _body: not route.abort())
        self.context.set_offline(True)

    def online(self) -> None:
        """Back in the network, until a request that sends nothing tells that the phone holds all there is."""
        self.wire.faults.clear()
        self.context.set_offline(False)
        open_screen(self.page, "/")
        button = self.page.get_by_role("button", name="Gửi ngay")
        while not self.is_up_to_date():
            button.click(timeout=20_000)
            self.page.wait_for_timeout(200)
        expect(self.page.get_by_text("Đã gửi hết")).to_be_visible(timeout=20_000)

    def is_up_to_date(self) -> bool:
        """Whether the last request sent nothing and knew all, and nothing was entered after it."""
        is_sent = self.page.evaluate(IS_SENT)
        last = self.wire.requests[-1]
        return is_sent and not last["mutations"] and last["cursor"] == str(self.wire.version)

    def home(self) -> Locator:
        open_screen(self.page, "/")
        return self.page.locator("a[href='#/tasks']")

    def sent(self, kind: str) -> list[Json]:
        """The args of what arrived, each once."""
        found = {one["id"]: one for request in self.wire.requests for one in request["mutations"]}
        return [one["args"] for one in found.values() if one["type"] == kind]
