"""Villages of one name that come together in one commune are told by whence they came, on every page and phone."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from cdtteam.areas.ground import called, piece_on
from cdtteam.areas.models import AreaTerm
from cdtteam.areas.queries import AreaMap, area_map
from cdtteam.core.db import db
from cdtteam.web.transactions import writing
from tests.desk.test_pages import page, text_of
from tests.imports.desk import HOUSEHOLDS, coordinator, counts
from tests.imports.test_households import stored
from tests.reorganisations.desk import MERGER, province
from tests.support.merged import merge_villages, yesterday
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reader_at_hand")

ONE, OTHER = "Thôn A", "Thôn A (xã far cũ)"
OTHER_TEAM = "Tổ CNSCĐ thôn C (xã far cũ)"


def come_together(world: World) -> None:
    """Thôn C of Xã far becomes Thôn A of Xã near, which has a Thôn A since ever."""
    with world.app.app_context(), writing(db.session()):
        wanted = (AreaTerm.area_id == world.villages["c"], AreaTerm.until_on.is_(None))
        last = db.session().scalars(select(AreaTerm).where(*wanted)).one()
        last.until_on = yesterday()
        db.session().flush()
        now = {"code": last.code, "name": ONE, "kind": last.kind, "parent_id": world.communes["near"]}
        db.session().add(AreaTerm(area_id=last.area_id, from_on=yesterday(), **now))


@pytest.fixture
def crowded(world: World) -> World:
    """The small province with two villages called Thôn A in Xã near."""
    come_together(world)
    return world


def names(areas: AreaMap, world: World) -> list[str]:
    with force_locale("vi"):
        return [called(areas.by_id[world.villages[name]]) for name in "abc"]


def test_only_who_came_to_a_namesake_is_told_by_whence(crowded: World) -> None:
    with crowded.app.test_request_context():
        after, before = (area_map(db.session(), on) for on in (yesterday(), yesterday() - timedelta(days=1)))
        assert names(after, crowded) == [ONE, "Thôn B", OTHER]
        assert names(before, crowded) == [ONE, "Thôn B", "Thôn C"]


def test_pages_tell_them_apart(crowded: World) -> None:
    desk = crowded.client("xa")
    for place in (
        "/desk/",
        "/desk/teams",
        "/desk/households",
        "/desk/teams/new",
        "/desk/tasks/campaigns/new",
    ):
        shown = text_of(page(desk, place))
        assert OTHER in shown, place
    message = text_of(page(desk, "/desk/?by=village"))
    assert OTHER_TEAM in message, "what is sent to the group of all teams"


def test_teams_of_such_villages_are_told_apart_where_one_chooses_or_reads(crowded: World) -> None:
    desk = crowded.client("xa")
    assert OTHER_TEAM in text_of(page(desk, "/desk/invitations"))
    dung = crowded.phone("dung")
    dung.send(dung.visit(crowded.villages["c"]))
    month = f"{yesterday():%Y-%m}"
    for place in (
        f"/desk/attendance/rates?month={month}",
        f"/desk/reports?period={month}",
        "/desk/people",
        "/desk/paper",
        f"/desk/certificates?for={month}",
    ):
        shown = text_of(page(desk, place))
        assert OTHER_TEAM in shown, place


def test_a_phone_is_told_whence_too(crowded: World) -> None:
    told = {}
    for handle in ("an", "dung"):
        phone = crowded.phone(handle)
        phone.send()
        (team,) = phone.kind("team").values()
        told[handle] = [(place["name"], place.get("former")) for place in team["villages"]]
    assert told == {"an": [(ONE, None)], "dung": [(ONE, "xã far")]}


def test_the_part_that_went_on_bears_its_own_name_too(world: World) -> None:
    merge_villages(world, "b", into="a", name="Thôn Hợp Nhất")
    with world.app.test_request_context(), force_locale("vi"):
        areas = area_map(db.session(), yesterday())
        found = [piece_on(areas, world.villages[name]) for name in "ab"]
    assert [one and one.name for one in found] == ["Thôn Hợp Nhất (Thôn A cũ)", "Thôn Hợp Nhất (Thôn B cũ)"]


@pytest.mark.parametrize("text", ["Thôn A, Xã far", "thon a xa far", "Thôn A (xã far cũ)", "A, far", "vc"])
def test_a_list_says_which_one_it_means(crowded: World, text: str) -> None:
    rows = [HOUSEHOLDS, ("", "Hộ Rõ", text, "", "", "")]
    coordinator(crowded).take_in("households", rows)
    row = next(row for name, row in stored(crowded).items() if name == "Hộ Rõ")
    assert row.village_id == crowded.villages["c"]


def test_a_list_that_does_not_say_it_is_told_what_to_write(crowded: World) -> None:
    desk = coordinator(crowded)
    shown = desk.read(desk.page_of("households", [HOUSEHOLDS, ("", "Hộ Mờ", "Thôn A", "", "", "")]))
    assert counts(shown)[0] == 0
    assert "hãy ghi “Thôn A (xã far cũ)” hoặc “va” (Thôn A)." in shown


def test_the_preview_says_which_names_come_together(world: World) -> None:
    with world.app.app_context(), writing(db.session()):
        wanted = (AreaTerm.area_id == world.villages["c"], AreaTerm.until_on.is_(None))
        db.session().scalars(select(AreaTerm).where(*wanted)).one().name = ONE
    desk = province(world)
    shown = desk.read(desk.draft(MERGER))
    assert "Thôn A (xã far cũ); Thôn A (xã near cũ)" in shown
