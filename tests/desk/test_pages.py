"""The desk's pages: the same figures as the API, for whoever may see them, as valid HTML, in two languages."""

import re
import warnings
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient

from cdtteam.core import clock
from cdtteam.participation import words
from tests.support.world import PASSWORD, World


def month() -> str:
    return f"{clock.civil_date(clock.now()):%Y-%m}"


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def text_of(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<(title|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)).split())


def busy(world: World) -> World:
    """The small province after some work in village a."""
    phone = world.phone("an")
    home = phone.household(world.villages["a"], "Rơ Châm <b>Suệ</b>")
    visits = [phone.visit(world.villages["a"], participants=400, household_id=home["args"]["id"]) for _ in range(3)]
    phone.send(home, *visits, phone.visit(world.villages["a"], kind="group", participants=34))
    return world


def test_page_and_api_say_the_same(world: World) -> None:
    client = busy(world).client("tinh")
    answer = client.get(f"/api/v1/participation?period={month()}&by=commune").json
    assert (answer["visits"], answer["people"]) == (4, 1234)
    html = page(client, f"/desk/?period={month()}&by=commune")
    shown = text_of(html)
    assert "33,3% số tổ có hoạt động" in shown
    assert "1 tổ có hoạt động trên tổng số 3 tổ" in shown
    assert "Lượt hỗ trợ 4" in shown
    assert "Lượt người 1.234" in shown
    assert "Số hộ 1 và 0 lượt của hộ không ghi tên" in shown
    rows = re.findall(r'<tr><th scope="row" class="first">(.*?)</tr>', html)
    assert [text_of(row) for row in rows] == [
        "Xã far 0% 0/1 0 1 0/1 0 0 0 0",
        "Xã near 50% 1/2 0 1 1/3 4 1.234 1 0",
        "Tổng cộng 33,3% 1/3 0 2 1/4 4 1.234 1 0",
    ]


def test_a_commune_has_a_message_for_its_silent_teams(world_on_sqlite: World) -> None:
    client = busy(world_on_sqlite).client("xa")
    html = page(client, "/desk/")
    (message,) = re.findall(r'id="silent-text">(.*?)</p>', html)
    assert message == "Các tổ chưa báo cáo tháng này: Tổ CNSCĐ thôn B."
    earlier = page(client, "/desk/?period=2025-03")
    assert "Các tổ chưa báo cáo (Tháng 3/2025): Tổ CNSCĐ thôn A, Tổ CNSCĐ thôn B." in text_of(earlier)
    assert 'id="silent-text"' not in page(world_on_sqlite.client("tinh"), "/desk/")
    chi = world_on_sqlite.phone("chi")
    chi.send(chi.visit(world_on_sqlite.villages["b"]))
    assert 'id="silent-text"' not in page(client, "/desk/"), "everybody has"


def test_the_table_sorts(world_on_sqlite: World) -> None:
    client = busy(world_on_sqlite).client("tinh")
    for sort, first in (
        ("name", "far"),
        ("-name", "near"),
        ("-visits", "near"),
        ("silent", "far"),
        ("nonsense", "far"),
    ):
        html = page(client, f"/desk/?by=commune&sort={sort}")
        assert re.findall(r'class="first"><a[^>]*>Xã (\w+)', html)[0] == first, sort
    html = page(client, "/desk/?by=commune&sort=-visits")
    assert 'aria-sort="descending"' in html
    assert html.count("aria-sort") == 1


def test_drilling_down_keeps_what_was_chosen(world_on_sqlite: World) -> None:
    client = world_on_sqlite.client("tinh")
    html = page(client, "/desk/?period=2026-Q4&sort=-visits&calendar=report&map=2026-11-01")
    links = re.findall(r'<th scope="row" class="first"><a href="([^"]+)"', html)
    near = links[1].replace("&amp;", "&")
    assert near == "/desk/area/21601?period=2026-Q4&map=2026-11-01&calendar=report&sort=-visits"
    commune = page(client, near)
    assert "Kỳ báo cáo: Quý IV/2026" in text_of(commune)
    assert "Địa bàn theo ngày 01/11/2026" in text_of(commune)
    village = re.findall(r'<th scope="row" class="first"><a href="([^"]+)"', commune)[0].replace("&amp;", "&")
    assert "Tổ CNSCĐ thôn A" in text_of(page(client, village))


def test_who_reads_visits(world_on_sqlite: World) -> None:
    world, path = busy(world_on_sqlite), "/desk/area/va"
    coordinator = page(world.client("xa"), path)
    assert "Rơ Châm &lt;b&gt;Suệ&lt;/b&gt;" in coordinator
    assert "Trần Văn An" in coordinator
    for handle in ("tinh", "quantri"):
        shown = page(world.client(handle), path)
        assert "Suệ" not in shown
        assert "Lượt hỗ trợ gần đây" not in shown
        assert "Trần Văn An" in shown  # a team's members are the province's to know
    assert "Địa bàn này không thuộc phạm vi của tài khoản." in page(world.client("xakhac"), path, 403)
    page(world.client("an"), path, 403)
    assert "Chưa có lượt hỗ trợ trong kỳ này." in page(world.client("xa"), f"{path}?period=2025-01")


def test_members_with_what_they_did(world_on_sqlite: World) -> None:
    shown = text_of(page(busy(world_on_sqlite).client("xa"), "/desk/area/va"))
    assert "Trần Văn An (Thành viên) 4 lượt" in shown
    assert "Trần Văn Binh (Thành viên) 0 lượt" in shown


PATHS = [
    "/desk/", "/desk/?by=commune", "/desk/?period=2026", "/desk/?from=2026-01-01&to=2027-12-01",
    "/desk/?period=2019-05",
    "/desk/area/21601", "/desk/area/va", "/desk/?from=1901-01-01&to=9998-01-01", "/desk/?by=village&calendar=report",
]  # fmt: skip


def assert_valid(html: str) -> None:
    """The HTML parses without an error, and no id stands twice."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(html)
    assert parser.errors == []
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert re.search(r"<title>[^<]+</title>", html)


@pytest.mark.parametrize("handle", ["tinh", "xa"])
def test_pages_are_valid(world_on_sqlite: World, handle: str) -> None:
    client = busy(world_on_sqlite).client(handle)
    for path in PATHS:
        assert_valid(page(client, path))
    for path, status in (("/desk/area/none", 404), ("/desk/?period=nonsense", 422), ("/desk/nowhere", 404)):
        assert_valid(page(client, path, status))
    assert_valid(page(world_on_sqlite.app.test_client(), "/desk/sign-in"))


def test_signing_in_and_out(world_on_sqlite: World) -> None:
    client = world_on_sqlite.app.test_client()
    assert client.get("/desk/area/va").headers["Location"] == "/desk/sign-in"
    wrong = client.post("/desk/sign-in", data={"sign_in": "tinh<", "password": "không phải"})
    assert wrong.status_code == 401
    shown = wrong.get_data(as_text=True)
    assert 'value="tinh&lt;"' in shown
    assert 'role="alert"' in shown
    assert_valid(shown)
    assert client.post("/desk/sign-in", data={"sign_in": "tinh", "password": PASSWORD}).headers["Location"] == "/desk/"
    assert "Đăng xuất" in page(client, "/desk/")
    assert client.post("/desk/sign-out").headers["Location"] == "/desk/sign-in"
    assert client.get("/desk/").status_code == 303


def test_the_language_is_the_readers(world_on_sqlite: World) -> None:
    client = busy(world_on_sqlite).client("tinh")
    origin = {"Referer": "http://localhost/desk/area/21601?period=2026"}
    back = client.post("/desk/locale", data={"locale": "en"}, headers=origin)
    assert back.headers["Location"] == "/desk/area/21601?period=2026"
    english = page(client, "/desk/?by=commune")
    assert '<html lang="en">' in english
    assert "33.3% of teams were active" in text_of(english)
    assert "1,234" in english
    away = client.post("/desk/locale", data={"locale": "vi"}, headers={"Referer": "http://elsewhere.example/desk/"})
    assert away.headers["Location"] == "/desk/"
    assert client.post("/desk/locale", data={"locale": "fr"}).status_code == 422


def test_the_demonstration_says_so_on_every_page(app: Any) -> None:
    client = app.test_client()
    said = "Dữ liệu minh họa"
    assert said in page(client, "/desk/sign-in")
    client.post("/desk/sign-in", data={"sign_in": "tinh", "password": "bien-xanh"})
    for path, status in (("/desk/", 200), ("/desk/area/546", 200), ("/desk/area/none", 404)):
        assert said in page(client, path, status)


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0%"), (1.0, "100%"), (0.9855, "98,6%"), (0.9999, "99,9%"), (0.0001, "0,1%"), (0.5, "50%"), (None, "–")],
)
def test_percentages(world_on_sqlite: World, share: float | None, shown: str) -> None:
    with world_on_sqlite.app.test_request_context():
        assert words.percent(share) == shown
