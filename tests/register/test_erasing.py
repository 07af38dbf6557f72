"""A household is erased at its request: nothing tells who it was, and nothing that comes late is kept."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from cdtteam.areas.queries import area_map
from cdtteam.core import clock
from cdtteam.core.clock import civil_date
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem
from cdtteam.households.models import HouseholdDecision
from cdtteam.imports.models import Upload
from cdtteam.imports.reading import pack_rows, unpack_rows
from cdtteam.jobs.models import Job, JobFile, State
from cdtteam.notices.operations import Message, send_notice
from cdtteam.replica.work import Work
from cdtteam.tasks.operations import withdraw_task
from cdtteam.teams.models import Team
from cdtteam.visits.models import Visit
from cdtteam.visits.operations import Correction, amend_visit, withdraw_visit
from tests.demo.test_refusal import tables_with
from tests.imports.desk import HOUSEHOLDS, coordinator
from tests.register.acting import PHONE, act, agreed, erase, id_of, merge, part, two, visit_to
from tests.support.asking import asks
from tests.support.assigning import Officer, says
from tests.support.merging import HEAD, command
from tests.support.wire import quarantine, row_of
from tests.support.world import OFFICER, Phone, World


def warns(world: World, subject: str, text: str) -> None:
    """An officer writes to the village's team."""

    def send(work: Work) -> None:
        area = area_map(work.session, civil_date(work.now)).by_id[world.communes["near"]]
        team = work.session.get_one(Team, world.teams["a"])
        send_notice(OFFICER, work, area, Message(subject, text, is_urgent=False), [team])

    act(world, send)


def asked_for(world: World, args: dict[str, Any], label: str, state: State = State.DONE) -> UUID:
    """The id of a job, which made a file if it has ended."""
    ended_at = clock.now() if state is State.DONE else None
    job = Job(id=new_id(), kind="campaign.give", args=args, label=label, locale="vi", origin="/desk", state=state,
              tries=1, made_at=clock.now(), ended_at=ended_at)  # fmt: skip
    job_id = job.id
    file = JobFile(job_id=job_id, name="a.csv", mime="text/csv", content=str(args).encode(), made_at=clock.now())
    act(world, lambda work: work.session.add(job))
    act(world, lambda work: work.session.add(file) if ended_at else None)
    return job_id


def corrected(world: World, phone: Phone, household: dict[str, Any], name: str) -> None:
    """A visit that was entered for the household and is nobody's, and one that is not counted, as the desk says why."""
    moved, double = visit_to(phone, household), phone.visit(world.villages["a"])
    phone.send(moved, double)

    def review(work: Work) -> None:
        ids = [UUID(one["args"]["id"]) for one in (moved, double)]
        first, second = (work.session.get_one(Visit, id_) for id_ in ids)
        because = Correction(None, f"Không phải nhà {name}", work.now)
        work.lock([world.villages["a"]])
        amend_visit(Officer(world).actor, work, first, because, {"household_id": None})
        withdraw_visit(Officer(world).actor, work, second, because)

    act(world, review)


def went(phone: Phone, world: World, note: str) -> dict[str, Any]:
    """A day on which its member worked."""
    args = {
        "id": str(new_id()), "village_id": str(world.villages["a"]), "on": civil_date(clock.now()).isoformat(),
        "member_ids": [str(phone.member_id)], "activity": "visits", "note": note,
    }  # fmt: skip
    return phone.mutation("attendance.record", args)


@pytest.mark.parametrize("is_merged", [False, True])
def test_nothing_tells_who_it_was_after_it_was_erased(world: World, is_merged: bool) -> None:
    name, other = "Đinh Thị Quỳnh-Không-Trùng", "Lê Văn Độc-Nhất"
    an = world.phone("an")
    a = world.villages["a"]
    home = an.household(a, name, phone=PHONE, consents=agreed(an, contact=True), note=f"{other} là cháu")
    an.send(home)
    args = {"id": home["args"]["id"], "base_version": None}
    refused_visit = visit_to(an, home, note=f"Gặp {other}", participants=0)
    an.send(
        an.mutation("household.update", args | {"head_name": other}),
        an.mutation("household.update", args | {"head_name": name, "people": 0}),
        an.household(a, name, people=0),
        visit_to(an, home, note=f"Hướng dẫn {other}"),
        an.visit(a, what_a_later_app_writes=[f"Đã gặp\n{other}"]),
        an.visit(a, note=f"Gặp {name} ở nhà văn hóa", participants=0),
        refused_visit,
        asks(an, world, text=f"Nhà bà {name.upper()}, xóm 2, không có sóng", who=name),
        asks(an, world, text=f"Cháu của {other}.", topic=""),
        asks(an, world, text="Cả làng không có sóng"),
    )
    [task] = Officer(world).give(text=f"Đến nhà {name} trước")
    [taken_back] = Officer(world).give(title=f"Giúp {name}")
    Officer(world).do(withdraw_task, taken_back)
    Officer(world).issue(title=f"Giúp nhà {other}")
    corrected(world, an, home, name)
    job = asked_for(world, {"brief": {"text": f"Trước hết:\n{name}"}}, other)
    waiting = asked_for(world, {"brief": {"title": "Họp", "text": f"Đến nhà {name}"}}, other, State.QUEUED)
    an.send(says(an, task, "blocked", f"Nhà {other} đi vắng"), went(an, world, f"Đến nhà {name} và {other}"))
    warns(world, "Mưa lớn", f"Giúp nhà {other} lên chỗ cao")
    warns(world, "Họp tổ", "Bảy giờ tối nay")
    if is_merged:
        second = an.household(a, f"{other} (hai)")
        an.send(second, visit_to(an, second))
        merge(world, home, second)
        erase(world, home)
    else:
        erase(world, home)
    assert tables_with(world.app, name) == set()
    assert tables_with(world.app, other) == set()
    assert tables_with(world.app, PHONE) == set()
    an.send()
    assert an.kind("household") == {}
    assert {one["household_id"] for one in an.kind("visit").values()} == {None}
    assert sorted(one["text"] for one in an.kind("request").values()) == ["Cả làng không có sóng", "–"]
    for phone in (an, world.phone("an")):
        phone.send()
        assert [one["text"] for one in phone.kind("task").values()] == ["–"], "what was taken back does not come again"
    assert row_of(world, Job, str(job)).args == {}
    assert row_of(world, JobFile, str(job)) is None, "what was made of it may name it too"
    assert row_of(world, Job, str(waiting)).args == {"brief": {"title": "Họp", "text": "–"}}, "it still has to be done"
    assert [one["note"] for one in an.kind("attendance").values()] == ["–"]
    assert tables_with(world.app, "Mưa lớn") == set()
    assert tables_with(world.app, "Họp tổ") == {"notice", "notification"}, "what names nobody stays"
    assert {one["note"] for one in an.kind("visit").values()} == {None}
    assert quarantine(world)[refused_visit["id"]].settled_at is None, "the visit still counts once it is put right"
    late = [visit_to(an, home), an.mutation("household.update", args | {"head_name": name})]
    assert [one.get("code", one["status"]) for one in an.send(*late)] == ["applied", "withdrawn"]
    assert tables_with(world.app, name) == set()
    with pytest.raises(Problem, match="withdrawn"):
        erase(world, home)


def test_a_text_names_somebody_by_itself_whatever_stands_beside_it(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    an = world.phone("an")
    home = an.household(world.villages["a"], "Hải")
    day = went(an, world, "Mưa lớn")
    an.send(home, day | {"args": day["args"] | {"what_a_later_app_writes": {"who": "nha ong hai"}}})
    warns(world, "Họp tổ", "Hai ngày nữa họp")
    warns(world, "Giúp trước khi mưa", "nha ong hai o cuoi lang")
    erase(world, home)
    assert tables_with(world.app, "ong hai") == set()
    assert tables_with(world.app, "Hai ngày nữa họp") == {"notice", "notification"}


@pytest.mark.parametrize("is_refused", [False, True])
@pytest.mark.parametrize("is_merged", [False, True])
def test_what_is_written_late_about_an_erased_household_is_not_kept(
    world: World, is_merged: bool, is_refused: bool
) -> None:
    an, double, kept = two(world)
    if is_merged:
        merge(world, double, kept)
    erase(world, double)
    name = "Lê Văn Độc-Nhất"
    more = {"participants": 0} if is_refused else {"what_a_later_app_writes": name}
    late = visit_to(an, double, note=f"Gặp {name}", **more)
    [said] = an.send(late)
    assert said["status"] == ("refused" if is_refused else "applied"), "the visit counts all the same"
    assert tables_with(world.app, name) == set()


def test_a_list_of_the_commune_that_the_village_has_left_forgets_too(world: World, tmp_path: Path) -> None:
    an = world.phone("an")
    home = an.household(world.villages["a"], "Đinh Thị Quỳnh")
    an.send(home)
    place = coordinator(world).page_of("households", [HOUSEHOLDS, ("1", "Đinh Thị Quỳnh", "Thôn A", "", "4", "")])
    moved = tmp_path / "moved.csv"
    moved.write_text(HEAD + "va,va,Thôn A,thôn,21604\n", encoding="utf-8")
    command(world, "merge-villages", str(moved), "--effective", clock.civil_date(clock.now()).isoformat())
    erase(world, home)
    assert "Quỳnh" not in coordinator(world).read(place)


def test_nothing_tells_for_whom_an_erased_household_was_once_taken(world: World) -> None:
    an, double, kept = two(world)
    merge(world, double, kept)
    part(world, double)
    merge(world, kept, double)
    part(world, kept)
    erase(world, double)
    with world.app.app_context():
        ties = db.session.scalars(select(HouseholdDecision)).all()
        assert [(one.kind, one.household_id, one.into_id) for one in ties] == [("erased", id_of(double), None)]
    an.send()
    assert set(an.kind("household")) == {kept["args"]["id"]}


def test_a_list_that_waits_forgets_an_erased_household_and_keeps_the_others(world: World) -> None:
    an = world.phone("an")
    home = an.household(world.villages["a"], "Đinh Thị Quỳnh")
    an.send(home)
    rows = [["Thôn", "Chủ hộ"], ["Thôn A", "ĐINH THỊ QUỲNH "], ["Thôn A", "Bá Ngọc"]]

    def put_up(work: Work) -> None:
        for commune in ("near", "far"):
            work.session.add(
                Upload(
                    id=new_id(), commune_id=world.communes[commune], user_id=new_id(), kind="households",
                    file_name="ho.xlsx", sheet="", content=pack_rows(rows), header=0, columns={}, uploaded_at=work.now,
                )
            )  # fmt: skip

    act(world, put_up)
    erase(world, home)
    with world.app.app_context():
        kept = {one.commune_id: unpack_rows(one.content or b"") for one in db.session.scalars(select(Upload))}
    assert kept[world.communes["near"]] == [rows[0], [], rows[2]]
    assert kept[world.communes["far"]] == rows, "another commune's household of that name is another one"


def test_fields_that_we_do_not_know_forget_it_too(world: World) -> None:
    """What a later app writes stands beside what we know, in services and in whatever was refused."""
    name, aside, a = "Đinh Thị Quỳnh-Không-Trùng", "cháu đi học xa", world.villages["a"]
    an = world.phone("an")
    home, served = an.household(a, name), {"code": "dvc_online", "people": 1, "outcome": "done"}
    told, elsewhere = (
        visit_to(an, home, services=[served | {"who": aside}]),
        an.visit(a, services=[served | {"who": name}]),
    )
    changed = an.mutation("visit.amend", {"id": elsewhere["args"]["id"], "reason": "Nhầm", "participants": 2})
    refused = [
        an.visit(a, participants=name),
        an.visit(a, services=[served | {"who": name}], participants=0),
        visit_to(an, home, services=[served | {"who": aside}], later={"why": aside}, participants=0),
        went(an, world, f"Đến nhà {name}") | {"type": "attendance.record"},
    ]
    refused[-1]["args"]["member_ids"] = []
    sent = an.send(home, told, elsewhere, changed, *refused)
    assert [one["status"] for one in sent] == ["applied"] * 4 + ["refused"] * 4
    erase(world, home)
    an.send(visit_to(an, home, services=[served | {"who": aside}]))
    an.send(visit_to(an, home, services=[served | {"who": aside}], later=aside, participants=0))
    assert tables_with(world.app, name) == tables_with(world.app, aside) == set()
    an.send()
    assert [one["services"] for one in an.kind("visit").values()] == [[served]] * 3, "what was done still counts"
    assert len(quarantine(world)) == 5


def test_what_was_noted_of_others_and_refused_of_any_kind_forgets_it_too(world: World) -> None:
    name, a = "Đinh Thị Quỳnh-Không-Trùng", world.villages["a"]
    an = world.phone("an")
    home, other = an.household(a, name), an.household(a, "Bá Kín", note=f"em của {name}", later={"kin": name})
    args = {"id": other["args"]["id"], "base_version": None}
    again = an.mutation("household.update", args | {"note": f"Chị là {name}"})
    refused = [
        an.mutation("household.update", args | {"note": f"Chị là {name}", "people": 0}),
        an.mutation("a.later.type", {"said": {name: [f"Gặp {name}"]}}),
        an.mutation("report.nothing", {"village_id": str(a), "period": "?", "why": f"{name} ốm"}),
        an.visit(a, participants=0) | {"beside_the_args": name},
    ]
    sent = an.send(home, other, again, *refused)
    assert [one["status"] for one in sent] == ["applied"] * 3 + ["refused"] * 4
    erase(world, home)
    assert tables_with(world.app, name) == set()
    an.send()
    assert [(one["head_name"], one["note"]) for one in an.kind("household").values()] == [("Bá Kín", "–")]
    assert set(quarantine(world)) == {one["id"] for one in refused}
    assert an.send(refused[0])[0]["code"] == "invalid_field"
