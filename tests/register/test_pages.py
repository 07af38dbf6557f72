"""The officer's pages of households, over HTTP without JavaScript: found, moved, made one, withdrawn, erased."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.households.models import HouseholdDecision, HouseholdMove
from tests.admin.test_pages import hidden, send
from tests.demo.test_refusal import tables_with
from tests.desk.test_pages import assert_valid, page, text_of
from tests.monthly.desk import close, form_of, save
from tests.monthly.desk import page as report
from tests.register.acting import PHONE, agreed, figures, merge, move, row, two, visit_to
from tests.support.merged import merge_villages
from tests.support.world import World


@pytest.fixture
def officer(world: World) -> FlaskClient:
    return world.client("xa")


def place(household: dict[str, Any], action: str = "") -> str:
    return f"/desk/households/{household['args']['id']}{action}"


def found(client: FlaskClient, words: str, commune: str = "21601") -> str:
    answer = client.post(f"/desk/households/find?commune={commune}", data={"words": words})
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert_valid(html)
    return text_of(html.partition("<main")[2])


def test_a_household_is_found_and_its_page_tells_all_that_is_known(world: World, officer: FlaskClient) -> None:
    an, double, kept = two(world)
    an.send(visit_to(an, double, note="không hiện ở đây"))
    dung = world.phone("dung")
    dung.send(dung.household(world.villages["c"], "Rơ Châm Suệ"))
    shown = found(officer, "sue ro")
    assert "Tìm thấy 2 hộ" in shown
    assert "0912 345 678" in shown
    assert "Tìm thấy 2 hộ" in found(officer, "thon a cham")
    assert "Không tìm thấy hộ nào" in found(officer, "Không Có")
    assert "Tìm thấy 1 hộ" in found(world.client("tinh"), "sue", "21604")
    html = page(officer, place(double))
    assert_valid(html)
    assert "Rơ Châm Suệ" in html
    assert "Các lượt hỗ trợ (1)" in text_of(html)
    assert "cùng tên" in text_of(html), "the other one is proposed"
    assert place(double, f"/merge/{kept['args']['id']}") in html
    village = page(officer, "/desk/households/list?village=va")
    assert_valid(village)
    assert village.count('<span class="title">Rơ Châm Suệ</span>') == 2
    assert "Xóm Đông" in village
    for link in re.findall(r'(?:href|action)="([^"]+)"', html + village):
        assert "Ch%C3%A2m" not in link
        assert "Suệ" not in link


def test_who_refused_to_be_named_is_shown_by_name_nowhere(world: World, officer: FlaskClient) -> None:
    an = world.phone("an")
    name = "Bá Ngọc Kín"
    home = an.household(world.villages["a"], name, phone=PHONE, consents=agreed(an, contact=True))
    twin = an.household(world.villages["a"], name)
    an.send(home, twin, visit_to(an, home))
    page(officer, place(home))
    merge(world, twin, home)
    refusal = {"id": home["args"]["id"], "base_version": None, "consents": agreed(an, named=False)}
    an.send(an.mutation("household.update", refusal))
    pages = [
        page(officer, path)
        for path in (place(home), place(twin), "/desk/households/list?village=va", "/desk/households", "/desk/area/va")
    ]
    pages += [found(officer, "kin"), found(officer, PHONE)]
    for html in pages:
        assert name not in html
        assert "345 678" not in html
    assert "Hộ không ghi tên" in pages[0]
    assert "Hộ này không đồng ý ghi tên" in text_of(pages[0])
    for action in ("/move", "/withdraw", "/restore", "/part", "/erase/sure"):
        body = hidden(page(officer, place(home, action))) | {
            "village_id": str(world.villages["b"]), "reason": "moved", "asked": "yes", "final": "yes",
        }  # fmt: skip
        assert officer.post(place(home, action), data=body).status_code in (409, 422), action


def test_a_household_is_moved_within_the_commune_and_by_the_province_beyond(world: World, officer: FlaskClient) -> None:
    an, double, _ = two(world)
    chi, dung = world.phone("chi"), world.phone("dung")
    visit = visit_to(an, double)
    an.send(visit)
    path = place(double, "/move")
    assert str(world.villages["c"]) not in page(officer, path), "another commune's village is no choice"
    assert send(officer, path, village_id=str(world.villages["c"])).status_code == 422
    moved = page(officer, send(officer, path, village_id=str(world.villages["b"])).location)
    assert_valid(moved)
    assert "Đã chuyển. Máy của tổ ở nơi mới" in text_of(moved)
    assert "Xem các hộ của Thôn B" in text_of(moved), "the way on"
    for phone in (an, chi):
        phone.send()
    assert double["args"]["id"] not in an.kind("household")
    assert double["args"]["id"] in chi.kind("household")
    assert visit["args"]["id"] in an.kind("visit"), "visits stay where they were made"
    assert "Thôn A → Thôn B" in page(officer, place(double))
    tinh = world.client("tinh")
    assert send(tinh, path, village_id=str(world.villages["c"])).status_code == 303
    assert officer.get(place(double)).status_code == 403, "it is the next commune's now"
    chi.send()
    dung.send()
    assert (double["args"]["id"] in chi.kind("household"), double["args"]["id"] in dung.kind("household")) == (
        False,
        True,
    )
    with world.app.app_context():
        moves = db.session.query(HouseholdMove).order_by(HouseholdMove.moved_at).all()
        assert [one.moved_by is not None for one in moves] == [True, True]


def test_households_of_a_village_that_ended_are_found_named_and_moved_to_either_part(
    world: World, officer: FlaskClient
) -> None:
    _an, double, _ = two(world)
    chi = world.phone("chi")
    merge_villages(world, "b", into="a", name="Thôn Hợp Nhất")
    path = place(double, "/move")
    assert "Thôn Hợp Nhất (Thôn B cũ)" in text_of(page(officer, path))
    assert send(officer, path, village_id=str(world.villages["b"])).status_code == 303
    chi.send()
    assert double["args"]["id"] in chi.kind("household")
    assert "Thôn Hợp Nhất (Thôn B cũ)" in text_of(page(officer, place(double)))
    assert double["args"]["head_name"] in found(officer, double["args"]["head_name"])
    assert double["args"]["id"] in page(officer, "/desk/households/list?village=va")


def test_all_of_a_hamlet_is_moved_in_one_step(world: World, officer: FlaskClient) -> None:
    an = world.phone("an")
    a = world.villages["a"]
    east = [an.household(a, f"Hộ Đông {at}", hamlet="Xóm Đông") for at in range(5)]
    west, single = an.household(a, "Hộ Tây", hamlet="Xóm Tây"), an.household(a, "Hộ Lẻ")
    dung = world.phone("dung")
    foreign = dung.household(world.villages["c"], "Của xã khác")
    an.send(*east, west, single)
    dung.send(foreign)
    start = hidden(page(officer, "/desk/households/list?village=va"))
    ticked = start | {"hamlet": "Xóm Đông", "household": single["args"]["id"]}
    asked = officer.post("/desk/households/move", data=ticked).get_data(as_text=True)
    assert_valid(asked)
    assert "6 hộ" in text_of(asked)
    assert "Hộ Tây" not in asked
    ids = re.findall(r'name="household" value="([^"]+)"', asked)
    body = hidden(asked) | {"household": ids, "village_id": ""}
    assert officer.post("/desk/households/move", data=body).status_code == 422
    move(world, east[0], "b")
    body |= {"village_id": str(world.villages["b"])}
    stale = officer.post("/desk/households/move", data=body)
    assert stale.status_code == 409
    assert "5 hộ" in text_of(stale.get_data(as_text=True)), "what still stands there is shown again"
    forged = body | {"household": [*ids[1:], foreign["args"]["id"]]}
    assert officer.post("/desk/households/move", data=forged).status_code == 403
    again = stale.get_data(as_text=True)
    left = re.findall(r'name="household" value="([^"]+)"', again)
    body = hidden(again) | {"household": left, "village_id": str(world.villages["b"])}
    first, second = (officer.post("/desk/households/move", data=body) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, first.location)
    assert "Đã chuyển 5 hộ" in text_of(page(officer, first.location))
    chi = world.phone("chi")
    chi.send()
    an.send()
    assert set(chi.kind("household")) == {one["args"]["id"] for one in (*east, single)}
    assert set(an.kind("household")) == {west["args"]["id"]}


def test_two_are_made_one_and_two_again(world: World, officer: FlaskClient) -> None:
    an, double, kept = two(world)
    an.send(visit_to(an, double), visit_to(an, kept))
    path = place(double, f"/merge/{kept['args']['id']}")
    html = page(officer, path)
    assert_valid(html)
    assert "Xóm Đông" in html
    assert "Được ghi tên Đồng ý Chưa hỏi" in text_of(html)
    body = hidden(html) | {"stays": kept["args"]["id"]}
    an.send(an.mutation("household.update", {"id": kept["args"]["id"], "base_version": None, "adults": 2}))
    stale = officer.post(path, data=body)
    assert stale.status_code == 409
    assert row(world, double)["merged_into_id"] is None
    body = hidden(stale.get_data(as_text=True)) | {"stays": kept["args"]["id"]}
    for _ in range(2):
        answer = officer.post(path, data=body)
        assert (answer.status_code, answer.location) == (303, place(kept, "?done=merged"))
    told = page(officer, answer.location)
    assert_valid(told)
    assert "Đã gộp: nay là một hộ." in text_of(told)
    assert "Xem cặp tiếp theo" not in told, "there is none"
    assert figures(world)["households"] == 1
    assert "Các lượt hỗ trợ (2)" in text_of(page(officer, place(kept)))
    assert "là một với hộ khác" in text_of(page(officer, place(double)))
    an.send(visit_to(an, double))
    part = page(officer, place(double, "/part"))
    assert "ở lại với Rơ Châm Suệ: 1 lượt" in text_of(part)
    parted = [officer.post(place(double, "/part"), data=hidden(part)) for _ in range(2)]
    assert "Đã tách: lại là hai hộ" in text_of(page(officer, parted[1].location))
    assert figures(world)["households"] == 2
    assert officer.post(place(double, "/part"), data=hidden(page(officer, place(double, "/part")))).status_code == 409
    story = text_of(page(officer, place(double)))
    assert "Gộp với hộ khác" in story
    assert "Tách lại thành hai hộ" in story


def test_a_double_of_another_village_is_proposed_and_any_household_can_be_chosen(
    world: World, officer: FlaskClient
) -> None:
    an, chi = world.phone("an"), world.phone("chi")
    one = an.household(world.villages["a"], "Châu Thị Mỹ Vân")
    twin, other = (chi.household(world.villages["b"], name) for name in ("Chau Thi Mi Van", "Đặng Văn Lẻ"))
    an.send(one)
    chi.send(twin, other)
    html = page(officer, place(one))
    assert "Chau Thi Mi Van" in text_of(html)
    assert "cùng tên, ở thôn khác" in text_of(html)
    assert "Đặng Văn Lẻ" not in html
    assert place(one, "/merge") in html
    assert_valid(page(officer, place(one, "/merge")))
    answer = officer.post(place(one, "/merge"), data={"words": "dang le"}).get_data(as_text=True)
    assert_valid(answer)
    assert place(one, f"/merge/{other['args']['id']}") in answer
    itself = officer.post(place(one, "/merge"), data={"words": "van"}).get_data(as_text=True)
    assert place(one, f"/merge/{one['args']['id']}") not in itself, "it is one with itself already"
    assert send(officer, place(one, f"/merge/{other['args']['id']}"), stays=one["args"]["id"]).status_code == 303
    gone = officer.post(place(one, "/merge"), data={"words": "dang le"}).get_data(as_text=True)
    assert "Không thấy hộ nào" in text_of(gone) or "Không tìm thấy hộ nào" in text_of(gone)


def test_withdrawn_and_brought_back_with_who_did_it(world: World, officer: FlaskClient) -> None:
    an, double, _ = two(world)
    body = {"reason": "mistake", "words": "ghi nhầm thôn"}
    assert "Đã rút: hộ không còn trong" in text_of(
        page(officer, send(officer, place(double, "/withdraw"), **body).location)
    )
    assert "Đã rút: Ghi nhầm: ghi nhầm thôn" in text_of(page(officer, place(double)))
    an.send()
    assert double["args"]["id"] not in an.kind("household")
    assert "Đã rút" in found(officer, PHONE)
    assert send(officer, place(double, "/withdraw"), **body).status_code == 422
    assert "Đã đưa trở lại: hộ" in text_of(page(officer, send(officer, place(double, "/restore")).location))
    an.send()
    assert double["args"]["id"] in an.kind("household")
    story = text_of(page(officer, place(double)))
    assert "Đưa trở lại" in story
    assert "Xa" in story, "who did it"


def test_erasing_is_asked_twice_and_says_what_goes(world: World, officer: FlaskClient) -> None:
    an, double, kept = two(world)
    an.send(visit_to(an, double))
    merge(world, double, kept)
    first = page(officer, place(double, "/erase"))
    assert_valid(first)
    assert place(double, "/erase/sure") in first
    sure = place(double, "/erase/sure")
    assert send(officer, sure, asked="yes").status_code == 422
    assert row(world, double)["erased_at"] is None
    body = hidden(page(officer, sure)) | {"asked": "yes", "final": "yes"}
    for _ in range(2):
        answer = officer.post(sure, data=body)
        assert answer.status_code == 303
    assert "Đã xóa: không còn giữ gì của hộ này." in text_of(page(officer, answer.location))
    assert tables_with(world.app, "Rơ Châm Suệ") == set()
    assert tables_with(world.app, PHONE) == set()
    shown = page(officer, place(kept))
    assert "Hộ không ghi tên" in text_of(shown)
    assert "theo yêu cầu của người dân" in text_of(shown)
    for one in (kept, double):
        text = text_of(page(officer, place(one)))
        assert "Hộ này đã được xóa vì người dân yêu cầu." in text
        assert "không đồng ý ghi tên" not in text
    with world.app.app_context():
        decision = db.session.query(HouseholdDecision).filter_by(kind="erased").one()
        assert decision.decided_by is not None
        assert decision.decided_at <= clock.now()


@pytest.mark.usefixtures("press_at_hand")
def test_drafts_of_reports_forget_an_erased_household_and_the_officer_reads_them_over(
    world: World, officer: FlaskClient
) -> None:
    """Its paragraphs go, in the commune's and the province's; what is closed stays, and so does another's namesake."""
    name, an = "Rơ Châm Suệ", world.phone("an")
    home = an.household(world.villages["a"], name)
    an.send(home)
    far, province = world.client("xakhac"), world.client("tinh")
    typed = f"Sóng yếu.\nNhà bà {name.upper()} chưa có điện."
    closed = close(officer, difficulties=typed)
    assert save(province, proposals=f"Giúp nhà {name}.").status_code == 303
    assert save(far, difficulties=f"Gặp {name}.").status_code == 303
    was_open = form_of(report(officer)) | {"difficulties": "Khác.", "proposals": ""}
    body = hidden(page(officer, place(home, "/erase/sure"))) | {"asked": "yes", "final": "yes"}
    erased = officer.post(place(home, "/erase/sure"), data=body).location
    assert "Hộ này có tên trong 2 bản nháp báo cáo: chỗ đó nay là dấu gạch." in text_of(page(officer, erased))
    assert_valid(page(officer, erased))
    assert ">\nSóng yếu.\n–</textarea>" in report(officer)
    assert ">\n–</textarea>" in report(province)
    assert name in report(far), "another commune's household of that name is another one"
    assert name.upper() in page(officer, closed), "it was handed out"
    assert officer.post("/desk/reports/draft", data=was_open).status_code == 409, "who was typing hears of it"


def test_a_household_that_went_to_another_commune_as_one_with_ours_is_not_named_here(
    world: World, officer: FlaskClient
) -> None:
    _, double, kept = two(world)
    merge(world, double, kept)
    move(world, kept, "c")
    name = str(row(world, kept)["head_name"])
    html = page(officer, place(double))
    assert "một hộ ở xã khác" in text_of(html)
    assert place(kept) not in html
    assert name not in html.partition("<main")[2].partition("</h1>")[2]
    assert officer.get(place(double, "/part")).status_code == 403
    assert place(kept) in page(world.client("tinh"), place(double))
