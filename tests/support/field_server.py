"""The real server behind a real port, with a village that has households and visits, for tests in a browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.serving import WSGIRequestHandler, make_server

from cdtteam.core.db import db
from cdtteam.core.settings import SYNTHETIC, Setting
from cdtteam.web.transactions import writing
from tests.support.world import PASSWORD, World

NAMES = (
    "Nguyễn Thị Hằng", "Trần Văn Được", "Lê Hữu Phước", "Rơ Châm Suệ", "Đinh Thị Lễ", "Võ Minh Ánh",
    "Huỳnh Ngọc Yến", "Phạm Thị Ẩn", "Bùi Văn Sửu", "Đỗ Thanh Tuệ", "Đặng Quốc Khánh", "Nguyễn Văn Được",
    "Siu H'Lan", "Trần Thị Mỹ Duyên", "Lê Thị Nhẫn", "Phan Đình Lợi", "Ngô Thị Uyên", "Mai Xuân Cường",
    "Trương Văn Dũng", "Hồ Thị Quế",
)  # fmt: skip
VISITED = 8


@dataclass
class FieldServer:
    """Where it answers, and who may sign in."""

    url: str
    world: World
    sign_in: str = "an"
    password: str = PASSWORD


def _fill(world: World, visited: int) -> None:
    """Marks the data as a demonstration; households of village `a`, some of them visited."""
    with world.app.app_context(), writing(db.session()):
        db.session().add(Setting(key=SYNTHETIC, value={}))
    phone = world.phone("an")
    village = world.villages["a"]
    households = [
        phone.household(village, name, hamlet=f"Xóm {1 + at % 3}", people=1 + at % 5) for at, name in enumerate(NAMES)
    ]
    visits = [
        phone.visit(
            village,
            household_id=household["args"]["id"],
            occurred_at=(phone.now() - timedelta(days=at + 1)).isoformat(),
        )
        for at, household in enumerate(households[:visited])
    ]
    results = phone.send(*households, *visits)
    assert [result for result in results if result["status"] != "applied"] == []


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """A line for each request would bury what a failing test says."""


@contextmanager
def serving(world: World, *, visited: int = VISITED) -> Iterator[FieldServer]:
    """Serves the application of `world` on a free loopback port; so many households were visited, one a day."""
    _fill(world, visited)
    server = make_server("127.0.0.1", 0, world.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield FieldServer(f"http://127.0.0.1:{server.server_port}", world)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
