"""An officer corrects a household at the desk, by the rules by which entries of phones meet."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.accounts.models import User
from cdtteam.core.db import db
from cdtteam.households.models import HouseholdChange
from tests.admin.test_pages import hidden
from tests.desk.test_pages import assert_valid, page, text_of
from tests.register.acting import PHONE, agreed, erase, row, two
from tests.register.test_pages import place
from tests.support.world import World


def typed(client: FlaskClient, household: dict[str, Any], **more: str) -> dict[str, str]:
    """The form as it is shown with what is typed over it."""
    html = page(client, place(household, "/correct"))
    assert_valid(html)
    return hidden(html) | {"head_name": household["args"]["head_name"], "contact": "", "phone": ""} | more


def send(client: FlaskClient, household: dict[str, Any], **more: str) -> Any:
    return client.post(place(household, "/correct"), data=typed(client, household, **more))


def test_what_is_corrected_reaches_phones_and_says_by_whom(world: World) -> None:
    an, double, _ = two(world)
    desk = world.client("xa")
    form = typed(
        desk, double, head_name=" Rơ  Châm Suệ (con) ", code="H-7", hamlet="Xóm Tây", contact="yes", phone=PHONE,
        people="5", adults="2", note="Nhà mới",
    )  # fmt: skip
    answers = [desk.post(place(double, "/correct"), data=form) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "Đã sửa. Máy của tổ nhận" in text_of(page(desk, answers[0].location))
    an.send()
    found = an.kind("household")[double["args"]["id"]]
    expected = {"head_name": "Rơ Châm Suệ (con)", "code": "H-7", "hamlet": "Xóm Tây", "phone": PHONE, "adults": 2}
    assert {name: found[name] for name in expected} == expected
    (told,) = found["corrected"]
    assert (told["by"], told["was"]) == ("Xã near", {"head_name": double["args"]["head_name"]})
    assert told["fields"] == ["adults", "code", "hamlet", "head_name", "note", "people"], "only what differs"
    with world.app.app_context():
        (change,) = db.session.scalars(select(HouseholdChange))
        assert change.officer_id == db.session.scalars(select(User.id).where(User.handle == "xa")).one()
        assert "phone" not in change.wanted, "only what differs is written"
    story = text_of(page(desk, place(double)))
    assert "Xã đã sửa" in story
    assert "Mã hộ: – → H-7" in story
    assert f"{double['args']['head_name']} → Rơ Châm Suệ (con)" in story, "the name that it had is not lost"


def test_what_somebody_changed_meanwhile_is_shown_and_not_overwritten(world: World) -> None:
    an, double, _ = two(world)
    desk = world.client("xa")
    form = typed(desk, double, contact="yes", phone=PHONE, hamlet="Xóm của xã")
    an.send()
    version = an.kind("household")[double["args"]["id"]]["version"]
    of_team = {"id": double["args"]["id"], "base_version": version, "hamlet": "Xóm của tổ"}
    an.send(an.mutation("household.update", of_team))
    answer = desk.post(place(double, "/correct"), data=form)
    assert answer.status_code == 409
    html = answer.get_data(as_text=True)
    assert_valid(html)
    assert "Xóm của tổ" in text_of(html)
    assert 'value="Xóm của xã"' in html
    assert row(world, double)["hamlet"] == "Xóm của tổ"
    assert desk.post(place(double, "/correct"), data=form | hidden(html)).status_code == 303
    assert row(world, double)["hamlet"] == "Xóm của xã"


def test_a_phone_that_entered_earlier_and_sends_later_gives_way_and_a_later_word_holds(world: World) -> None:
    an, double, _ = two(world)
    binh, desk = world.phone("binh"), world.client("xa")
    binh.send()
    base = binh.kind("household")[double["args"]["id"]]["version"]
    earlier = (binh.now() - timedelta(hours=1)).isoformat()
    assert send(desk, double, contact="yes", phone=PHONE, hamlet="Xóm của xã").status_code == 303
    update = {"id": double["args"]["id"], "base_version": base, "hamlet": "Xóm cũ"}
    (result,) = binh.send(binh.mutation("household.update", update, at=earlier))
    assert (result["status"], row(world, double)["hamlet"]) == ("conflict", "Xóm của xã")
    (result,) = an.send(an.mutation("household.update", update | {"hamlet": "Xóm mới"}))
    assert (result["status"], row(world, double)["hamlet"]) == ("conflict", "Xóm mới")


def test_a_number_is_kept_with_the_households_word_alone(world: World) -> None:
    an = world.phone("an")
    home = an.household(world.villages["a"], "Siu Blan")
    an.send(home)
    desk = world.client("xa")
    answer = send(desk, home, phone=PHONE)
    assert (answer.status_code, row(world, home)["phone"]) == (422, None)
    assert "Chỉ giữ số điện thoại khi hộ đồng ý để gọi" in text_of(answer.get_data(as_text=True))
    assert send(desk, home, phone=PHONE, contact="yes").status_code == 303
    assert row(world, home)["phone"] == PHONE
    assert row(world, home)["consents"]["contact"]["given"] is True
    assert send(desk, home, phone=PHONE, contact="no").status_code == 303
    assert (row(world, home)["phone"], row(world, home)["consents"]["contact"]["given"]) == (None, False)
    with world.app.app_context():
        assert PHONE not in str([(one.wanted, one.before) for one in db.session.scalars(select(HouseholdChange))])


def test_what_cannot_be_stands_at_its_field_and_who_is_gone_is_not_corrected(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    an, double, kept = two(world)
    desk, before = world.client("xa"), row(world, kept)
    for wrong in (
        {"head_name": "  "}, {"head_name": "a" * 121}, {"people": "51"}, {"people": "0"},
        {"people": "3", "adults": "4"}, {"phone": "0912", "contact": "yes"}, {"note": "a" * 501},
        {"contact": "maybe"}, {"hamlet": "a\x00"},
    ):  # fmt: skip
        answer = send(desk, kept, **wrong)
        assert (answer.status_code, 'class="error"' in answer.get_data(as_text=True)) == (422, True), wrong
    assert row(world, kept) == before
    home = an.household(world.villages["a"], "Bá Kín", consents=agreed(an, named=False))
    an.send(home)
    assert desk.get(place(home, "/correct")).status_code == 422
    erase(world, double)
    assert desk.get(place(double, "/correct")).status_code == 422
