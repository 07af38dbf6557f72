"""Lists name villages as they always have, long after these went into others: what they hold comes to the right place.

Thôn B is part of Thôn Hợp Nhất, which was Thôn A; each of the two teams serves its ground.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Team, TeamVillage
from cdtteam.teams.operations import end_team
from cdtteam.web.transactions import writing
from tests.imports.desk import HOUSEHOLDS, PEOPLE, coordinator, counts
from tests.imports.test_households import stored
from tests.support.merged import merge_villages
from tests.support.merging import HEAD, command
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reader_at_hand")


@pytest.fixture
def merged(world: World) -> World:
    """The small province, where a household of Thôn B was known and another had refused before the merger."""
    chi = world.phone("chi")
    chi.send(chi.household(world.villages["b"], "Nguyễn Văn Biết", code="7"))
    said = {"named": {"given": False, "notice": "2026-1", "at": clock.now().isoformat()}}
    chi.send(chi.household(world.villages["b"], "Lê Thị Không", consents=said))
    merge_villages(world, "b", into="a", name="Thôn Hợp Nhất")
    return world


def household(village: str, name: str, code: str = "") -> tuple[str, ...]:
    return (code, name, village, "", "", "")


def member(village: str, name: str) -> tuple[str, ...]:
    return (name, "", village, "", "", "")


def test_old_and_new_names_lead_to_their_ground(merged: World) -> None:
    rows = [household(village, f"Hộ {name}") for village, name in (
        ("Thôn B", "Cũ"), ("B", "Ngắn"), ("Thôn Hợp Nhất", "Mới"), ("thon a", "Xưa"),
        ("Thôn Hợp Nhất (Thôn B cũ)", "Dài"),
    )]  # fmt: skip
    desk = coordinator(merged)
    shown = desk.read(desk.page_of("households", [HOUSEHOLDS, *rows, household("Thôn C", "Hộ Lạc")]))
    assert counts(shown) == (5, 0, 1, 0)
    assert shown.count("Thôn Hợp Nhất (Thôn B cũ)") == 3
    desk.take_in("households", [HOUSEHOLDS, *rows])
    names = {id_: name for name, id_ in merged.villages.items()}
    found = {name: names[row.village_id] for name, row in stored(merged).items() if name and name.startswith("Hộ")}
    assert found == {"Hộ Cũ": "b", "Hộ Ngắn": "b", "Hộ Mới": "a", "Hộ Xưa": "a", "Hộ Dài": "b"}


def test_what_is_known_of_the_old_village_does_not_come_in_again(merged: World) -> None:
    desk = coordinator(merged)
    rows = [HOUSEHOLDS]
    for village in ("Thôn Hợp Nhất", "Thôn B"):
        rows += [household(village, "Nguyễn Văn Biết", "7"), household(village, "Lê Thị Không")]
    # Number 7 of the old Thôn B is not number 7 of the whole new village.
    rows += [household("Thôn Hợp Nhất", "Trần Văn Khác", "7")]
    shown = desk.read(desk.page_of("households", rows))
    assert counts(shown) == (1, 4, 0, 0)
    assert "đề nghị không ghi tên" in shown


def teams_of(world: World, name: str) -> set[str]:
    with world.app.app_context():
        wanted = select(Team.name).join(Membership, Membership.team_id == Team.id)
        return set(
            db.session.scalars(wanted.join(Member, Member.id == Membership.member_id).where(Member.name == name))
        )


def test_people_come_into_the_team_that_bears_the_old_name(merged: World) -> None:
    desk = coordinator(merged)
    rows = [PEOPLE, member("Thôn B", "Rơ Châm Suệ"), member("Thôn Hợp Nhất", "Đinh Văn Mơ")]
    place = desk.page_of("people", rows)
    assert "Thôn này có nhiều tổ" in desk.read(place)
    desk.take_in("people", rows[:2])
    assert teams_of(merged, "Rơ Châm Suệ") == {"Tổ CNSCĐ thôn B"}


def end(world: World, *names: str) -> None:
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        for name in names:
            end_team(SYSTEM, work, work.session.get_one(Team, world.teams[name]), ended_at=work.now)
        work.flush()


def test_where_one_team_took_over_the_old_name_means_it(merged: World) -> None:
    end(merged, "b")
    coordinator(merged).take_in("people", [PEOPLE, member("Thôn B", "Rơ Châm Suệ")])
    assert teams_of(merged, "Rơ Châm Suệ") == {"Tổ CNSCĐ thôn A"}


def test_a_team_that_a_list_founds_serves_all_of_the_ground(merged: World) -> None:
    end(merged, "a", "b")
    desk = coordinator(merged)
    desk.take_in("people", [PEOPLE, member("Thôn B", "Rơ Châm Suệ"), member("Thôn Hợp Nhất", "Đinh Văn Mơ")])
    assert teams_of(merged, "Rơ Châm Suệ") == teams_of(merged, "Đinh Văn Mơ") == {"Tổ CNSCĐ thôn Hợp Nhất"}
    with merged.app.app_context():
        served = (
            select(TeamVillage.village_id).join(Team, Team.id == TeamVillage.team_id).where(Team.ended_at.is_(None))
        )
        here = set(db.session.scalars(served)) - {merged.villages["c"]}
    assert here == {merged.villages["a"], merged.villages["b"]}


def test_a_list_is_taken_back_but_for_what_is_in_another_commune_by_now(world: World, tmp_path: Path) -> None:
    desk = coordinator(world)
    homes = desk.take_in("households", [HOUSEHOLDS, household("Thôn A", "Bá Ngọc"), household("Thôn B", "Bá Lan")])
    people = desk.take_in("people", [PEOPLE, member("Thôn A", "Trần Thị Đi"), member("Thôn B", "Trần Thị Ở")])
    moved = tmp_path / "moved.csv"
    moved.write_text(HEAD + "va,va,Thôn A,thôn,21604\n", encoding="utf-8")
    command(world, "merge-villages", str(moved), "--effective", clock.civil_date(clock.now()).isoformat())
    for place in (homes, people):
        answer = desk.send(place, "undo")
        assert answer.status_code == 303, answer.get_data(as_text=True)
    an, chi = world.phone("an"), world.phone("chi")
    an.send()
    chi.send()
    assert [one["head_name"] for one in an.kind("household").values()] == ["Bá Ngọc"]
    assert chi.kind("household") == {}
    assert "Trần Thị Đi" in {one["name"] for one in an.kind("member").values()}
    assert "Trần Thị Ở" not in {one["name"] for one in chi.kind("member").values()}
