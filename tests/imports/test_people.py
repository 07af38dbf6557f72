"""A list of people from file to teams and back: positions, organisations, shared numbers, villages without a team."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cdtteam.access.models import SYSTEM
from cdtteam.core import clock
from cdtteam.core.clock import civil_date, day_start
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Team
from cdtteam.teams.operations import edit_member, end_team
from cdtteam.web.transactions import writing
from tests.imports.desk import PEOPLE, Desk, coordinator, counts
from tests.support.world import LONG_AGO, World

pytestmark = pytest.mark.usefixtures("reader_at_hand")

LIST: list[tuple[Any, ...]] = [
    PEOPLE,
    ("Nguyễn Thị Hằng", "0912 345 678", "Thôn A", "Tổ trưởng", "Trưởng thôn", "01/03/2024"),
    ("Đinh Văn Ổn", "0912 345 678", "thôn a", "Tổ phó", "Bí thư Đoàn thanh niên", datetime(2024, 3, 15)),  # noqa: DTZ001 — as in Excel
    ("Rơ Châm Suệ", 912345679, "Thôn B", None, "Hội Phụ nữ", None),
]


def members(world: World) -> dict[str, list[tuple[str, Membership, Member]]]:
    """By person: the team's name, the membership, the member."""
    found: dict[str, list[tuple[str, Membership, Member]]] = {}
    with world.app.app_context():
        joined = select(Member, Membership, Team).join(Membership, Membership.member_id == Member.id)
        for member, membership, team in db.session.execute(joined.join(Team, Team.id == Membership.team_id)):
            found.setdefault(member.name, []).append((team.name, membership, member))
    return found


def in_force(world: World, code: str) -> dict[str, Any]:
    """Teams and members of a village this month, as the province reads them."""
    month = f"{civil_date(clock.now()):%Y-%m}"
    answer = world.client("tinh").get(f"/api/v1/participation?period={month}&by=village").json
    row = next(row for row in answer["rows"] if row["code"] == code)
    return {"teams": row["teams"]["in_force"], "members": row["members"]["in_force"]}


def end_the_team(world: World, village: str) -> None:
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        end_team(SYSTEM, work, work.session.get_one(Team, world.teams[village]), ended_at=LONG_AGO)
        work.flush()


def test_people_come_into_the_teams_of_their_villages_and_onto_phones(world: World) -> None:
    desk, an = coordinator(world), world.phone("an")
    place = desk.page_of("people", LIST)
    assert counts(desk.read(place)) == (3, 0, 0, 0)
    assert "0912 345 679" in desk.read(place)
    desk.send(place, "apply")
    found = members(world)
    team, membership, member = found["Nguyễn Thị Hằng"][0]
    assert (team, membership.position, membership.organisation) == ("Tổ CNSCĐ thôn A", "leader", "village_head")
    assert (member.phone, membership.started_at) == ("0912345678", day_start(datetime(2024, 3, 1, tzinfo=UTC).date()))
    _, membership, member = found["Đinh Văn Ổn"][0]
    assert (membership.position, membership.organisation, member.phone) == ("deputy", "youth_union", "0912345678")
    team, membership, member = found["Rơ Châm Suệ"][0]
    assert (team, membership.position, membership.organisation) == ("Tổ CNSCĐ thôn B", "member", "women_union")
    assert clock.now() - membership.started_at < timedelta(minutes=2)
    an.send()
    assert {"Nguyễn Thị Hằng", "Đinh Văn Ổn"} <= {row["name"] for row in an.kind("member").values()}
    assert "Rơ Châm Suệ" not in {row["name"] for row in an.kind("member").values()}


def test_the_same_list_again_brings_nobody(world: World) -> None:
    desk = coordinator(world)
    desk.take_in("people", LIST)
    place = desk.page_of("people", [*LIST, ("Trần Văn An", "", "Thôn A", "", "", "")])
    assert counts(desk.read(place)) == (0, 4, 0, 0)
    assert "Người này đã ở trong tổ." in desk.read(place)


def test_somebody_in_two_teams_is_one_person(world: World) -> None:
    desk = coordinator(world)
    desk.take_in("people", LIST)
    again = [PEOPLE, ("NGUYỄN THỊ HẰNG", "+84 912 345 678", "Thôn B", "", "", "")]
    assert counts(desk.read(desk.page_of("people", again))) == (1, 0, 0, 0)
    desk.take_in("people", again)
    assert [team for team, _, _ in members(world)["Nguyễn Thị Hằng"]] == ["Tổ CNSCĐ thôn A", "Tổ CNSCĐ thôn B"]


def test_problems_stand_at_their_cells(world: World) -> None:
    tomorrow = f"{civil_date(clock.now()) + timedelta(days=2):%d/%m/%Y}"
    rows = [
        PEOPLE,
        ("", "0912345678", "Thôn A", "", "", ""),
        ("Một", "12345", "Thôn A", "", "", ""),
        ("Hai", "", "Thôn C", "", "", ""),
        ("Ba", "", "Thôn A", "thư ký", "", ""),
        ("Bốn", "", "Thôn A", "", "", "31/02/2026"),
        ("Năm", "", "Thôn A", "", "", tomorrow),
        ("Sáu\nBảy", "", "Thôn A", "", "", ""),
    ]
    desk = coordinator(world)
    shown = desk.read(desk.page_of("people", rows))
    assert counts(shown) == (0, 0, 7, 0)
    for words in (
        "Ô này còn thiếu.", "12345 Đây không phải số điện thoại.", "Xã không có thôn nào tên này.",
        "thư ký Phải là tổ trưởng, tổ phó hoặc thành viên.", "31/02/2026 Không đọc được ngày",
        "Ngày này chưa đến.", "Đây không giống tên của một người.",
    ):  # fmt: skip
        assert words in shown


def test_a_village_without_a_team_gets_one(world: World) -> None:
    end_the_team(world, "b")
    desk = coordinator(world)
    rows = [*LIST, ("Lê Hữu Phước", "", "Thôn B", "Tổ trưởng", "", "01/02/2024")]
    place = desk.page_of("people", rows)
    assert "1 thôn chưa có tổ" in desk.read(place)
    assert in_force(world, "vb") == {"teams": 0, "members": 0}
    desk.send(place, "apply")
    assert in_force(world, "vb") == {"teams": 1, "members": 2}
    assert members(world)["Lê Hữu Phước"][0][0] == "Tổ CNSCĐ thôn B"
    with world.app.app_context():
        team = db.session.scalars(select(Team).where(Team.ended_at.is_(None), Team.name == "Tổ CNSCĐ thôn B")).one()
        assert team.started_at == day_start(datetime(2024, 2, 1, tzinfo=UTC).date())
    assert "1 tổ mới" in desk.read(place)
    assert desk.send(place, "undo").status_code == 303
    assert in_force(world, "vb") == {"teams": 0, "members": 0}


def test_undoing_leaves_who_was_changed_invited_or_at_work(world: World) -> None:
    desk, an = coordinator(world), world.phone("an")
    rows = [*LIST, *((name, "", "Thôn A", "", "", "") for name in ("Lê Hữu Phước", "Mai Xuân Cường"))]
    before = in_force(world, "va")
    place = desk.take_in("people", rows)
    found = {name: rows[0][2] for name, rows in members(world).items()}
    visit = an.visit(world.villages["a"], member_ids=[str(world.members["an"]), str(found["Đinh Văn Ổn"].id)])
    day = {
        "id": str(new_id()), "village_id": str(world.villages["a"]), "on": str(civil_date(clock.now())),
        "member_ids": [str(found["Mai Xuân Cường"].id)], "activity": "meeting", "note": None,
    }  # fmt: skip
    results = an.send(visit, an.mutation("attendance.record", day))
    assert [result["status"] for result in results] == ["applied", "applied"]
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        member = work.session.get_one(Member, found["Nguyễn Thị Hằng"].id)
        edit_member(SYSTEM, work, member, name="Nguyễn Thị Hằng Nga", phone=None)
        work.flush()
    assert desk.send(place, "undo").status_code == 303
    shown = desk.read(place)
    assert "Dòng 2: Nguyễn Thị Hằng Nga đã được sửa sau đó" in shown
    assert "Dòng 3: Đinh Văn Ổn đã có lượt hỗ trợ" in shown
    assert "Mai Xuân Cường đang được dùng" in shown
    assert "Suệ" not in shown
    assert in_force(world, "va") == before | {"members": before["members"] + 3}
    an.send()
    assert "Lê Hữu Phước" not in {row["name"] for row in an.kind("member").values()}


def test_the_province_chooses_the_commune(world: World) -> None:
    desk = Desk(world.client("tinh"))
    assert desk.put_up("people", LIST).status_code == 422
    place = desk.page_of("people", LIST, commune=str(world.communes["near"]))
    assert counts(desk.read(place)) == (3, 0, 0, 0)
    far = desk.page_of("people", LIST, commune=str(world.communes["far"]))
    assert counts(desk.read(far)) == (0, 0, 3, 0)
    assert coordinator(world, "xakhac").client.get(place).status_code == 403
    assert coordinator(world).client.get(place).status_code == 200


def test_several_people_and_numbers_in_one_cell(world: World) -> None:
    rows = [
        PEOPLE,
        ("Nguyễn Thị Hằng (tổ trưởng), Đ/c Đinh Văn Ổn", "", "Tổ CNSCĐ thôn A", "", "", 45352),
        ("Rơ Châm Suệ", "912345679 / 01234567890", "Thôn B, xã Vĩnh Sơn", "", "", ""),
        ("Mai Xuân Cường\nLê Hữu Phước", "0912345678", "Thôn B", "", "", ""),
    ]
    desk = coordinator(world)
    place = desk.page_of("people", rows)
    shown = desk.read(place)
    assert counts(shown) == (3, 0, 2, 0)
    assert "0912 345 679 Không lấy: 0834 567 890" in shown
    assert "Dòng này có nhiều người" in shown
    desk.send(place, "apply", leave_out="2")
    found = members(world)
    assert {name: found[name][0][1].position for name in ("Nguyễn Thị Hằng", "Đinh Văn Ổn", "Rơ Châm Suệ")} == {
        "Nguyễn Thị Hằng": "leader", "Đinh Văn Ổn": "member", "Rơ Châm Suệ": "member",
    }  # fmt: skip
    assert {found[name][0][1].started_at for name in ("Nguyễn Thị Hằng", "Đinh Văn Ổn")} == {
        day_start(datetime(2024, 3, 1, tzinfo=UTC).date())
    }
    assert counts(desk.read(desk.page_of("people", rows)))[0] == 0
