"""The main road: a visit is applied once, comes back to its author and to teammates, and to nobody else."""

from datetime import datetime, timedelta

from cdtteam.core import clock
from cdtteam.core.ids import new_id
from tests.support.world import World


def test_a_visit_to_a_new_household_is_applied_and_comes_back_to_the_team(world: World) -> None:
    phone, mate, stranger = world.phone("an"), world.phone("binh"), world.phone("chi")
    household = phone.household(world.villages["a"])
    visit = phone.visit(world.villages["a"], household_id=household["args"]["id"])
    results = phone.send(household, visit)
    assert [result["status"] for result in results] == ["applied", "applied"]
    mate.send()
    stranger.send()
    for one in (phone, mate):
        row = one.kind("visit")[visit["args"]["id"]]
        assert row["counted"] is True
        assert row["author_id"] == str(world.members["an"])
        assert row["team_id"] == str(world.teams["a"])
        assert one.kind("household")[household["args"]["id"]]["head_name"] == "Nguyễn Văn An"
    assert stranger.kind("visit") == {}
    assert stranger.kind("household") == {}


def test_the_first_pull_brings_team_members_and_catalogues(world: World) -> None:
    phone = world.phone("an")
    phone.send()
    assert set(phone.kind("member")) == {str(world.members["an"]), str(world.members["binh"])}
    team = phone.kind("team")[str(world.teams["a"])]
    assert team["villages"] == [
        {"id": str(world.villages["a"]), "name": "Thôn A", "kind": "thôn", "commune_name": "Xã near"}
    ]
    assert len(phone.kind("service")) == 27
    assert len(phone.kind("indicator")) == 7


def test_a_resend_is_a_duplicate_with_the_first_result(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    phone.send(visit)
    again, twice = phone.send(visit, visit)
    assert again["status"] == twice["status"] == "duplicate"
    assert again["first"]["status"] == "applied"
    assert len(phone.kind("visit")) == 1


def test_the_same_mutation_twice_in_one_batch_takes_effect_once(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    assert [result["status"] for result in phone.send(visit, visit)] == ["applied", "duplicate"]


def test_other_content_under_a_known_id_is_refused(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    phone.send(visit)
    changed = visit | {"args": visit["args"] | {"participants": 9}}
    assert phone.send(changed)[0]["code"] == "id_reused"
    same_row = phone.visit(world.villages["a"]) | {"args": visit["args"]}
    assert phone.send(same_row)[0]["code"] == "id_reused"


def test_a_bad_one_holds_up_no_other(world: World) -> None:
    phone = world.phone("an")
    good, also = phone.visit(world.villages["a"]), phone.visit(world.villages["a"])
    bad = phone.visit(world.villages["a"], services=[{"code": "no_such", "people": 1, "outcome": "done"}])
    results = phone.send(good, bad, also)
    assert [result["status"] for result in results] == ["applied", "refused", "applied"]
    assert results[1]["code"] == "unknown_service"
    assert results[1]["field"] == "services[0].code"
    assert results[1]["message"]


def test_a_refusal_is_not_final(world: World) -> None:
    phone = world.phone("an")
    household = phone.household(world.villages["a"])
    visit = phone.visit(world.villages["a"], household_id=household["args"]["id"])
    assert phone.send(visit)[0]["code"] == "unknown_household"
    assert [result["status"] for result in phone.send(household, visit)] == ["applied", "applied"]


def test_what_needs_a_refused_row_says_so(world: World) -> None:
    phone = world.phone("an")
    household = phone.household(world.villages["a"], name="   ")
    visit = phone.visit(world.villages["a"], household_id=household["args"]["id"])
    first, second = phone.send(household, visit)
    assert (first["code"], first["field"]) == ("invalid_field", "head_name")
    assert second["code"] == "depends_on_refused"


def test_amending_and_withdrawing_own_visits(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    visit = phone.visit(world.villages["a"])
    phone.send(visit)
    assert "amended_at" not in phone.kind("visit")[visit["args"]["id"]]
    amend = {"id": visit["args"]["id"], "reason": "nhầm số người", "participants": 4}
    assert mate.send(mate.mutation("visit.amend", amend))[0]["code"] == "not_author"
    amendment = phone.mutation("visit.amend", amend)
    assert phone.send(amendment)[0]["status"] == "applied"
    seen = phone.kind("visit")[visit["args"]["id"]]
    assert seen["participants"] == 4
    assert seen["amended_at"] == clock.wire_instant(datetime.fromisoformat(amendment["at"]))
    gone = {"id": visit["args"]["id"], "reason": "ghi hai lần"}
    assert phone.send(phone.mutation("visit.withdraw", gone))[0]["status"] == "applied"
    assert phone.kind("visit") == {}
    assert phone.send(phone.mutation("visit.amend", amend))[0]["code"] == "withdrawn"


def test_an_author_who_is_not_signed_in_must_have_served_the_village_too(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"], member_id=str(world.members["binh"]))
    foreign = phone.visit(world.villages["a"], member_id=str(world.members["chi"]))
    results = phone.send(visit, foreign)
    assert results[0]["status"] == "applied"
    assert results[1]["code"] == "wrong_author"
    assert phone.kind("visit")[visit["args"]["id"]]["author_id"] == str(world.members["binh"])


def test_other_villages_and_their_households_are_out_of_scope(world: World) -> None:
    phone, other = world.phone("an"), world.phone("chi")
    household = other.household(world.villages["b"])
    other.send(household)
    results = phone.send(
        phone.visit(world.villages["b"]),
        phone.visit(new_id()),
        phone.visit(world.villages["a"], household_id=household["args"]["id"]),
        phone.mutation("household.update", {"id": household["args"]["id"], "base_version": 1, "head_name": "X"}),
    )
    assert [result["code"] for result in results] == ["out_of_scope"] * 4


def test_reports_of_nothing(world: World) -> None:
    phone = world.phone("an")
    args = {"village_id": str(world.villages["a"]), "period": f"{clock.civil_date(clock.now()):%Y-%m}"}
    first, again = phone.mutation("report.nothing", args), phone.mutation("report.nothing", args)
    assert [result["status"] for result in phone.send(first, again)] == ["applied", "applied"]
    assert [report["period"] for report in phone.kind("report").values()] == [args["period"]]
    ahead = phone.mutation("report.nothing", args | {"period": "2999-01"})
    assert phone.send(ahead)[0]["field"] == "period"


def test_a_discarded_refusal_is_settled_and_stays(world: World) -> None:
    phone = world.phone("an")
    bad = phone.visit(world.villages["a"], participants=0)
    assert phone.send(bad)[0]["field"] == "participants"
    assert phone.send(phone.mutation("mutation.discard", {"id": bad["id"]}))[0]["status"] == "applied"


def test_pages_are_followed_to_the_end(world: World) -> None:
    phone = world.phone("an")
    for _ in range(3):
        phone.send(*[phone.visit(world.villages["a"]) for _ in range(100)])
    fresh = world.phone("binh")
    pages = 0
    more = True
    while more:
        answer = fresh.post(page=100).json
        assert len(answer["changes"]) <= 100
        fresh.take(answer)
        more, pages = answer["more"], pages + 1
    assert pages == 4
    assert fresh.kind("visit").keys() == phone.kind("visit").keys()
    assert fresh.post().json["changes"] == []


def test_old_visits_are_kept_and_not_sent(world: World) -> None:
    phone = world.phone("an")
    old = clock.now() - timedelta(days=399)
    visit = phone.visit(world.villages["a"], occurred_at=old.isoformat())
    assert phone.send(visit)[0]["status"] == "applied"
    ancient = phone.visit(world.villages["a"], occurred_at=(old - timedelta(days=5)).isoformat())
    assert phone.send(ancient)[0]["code"] == "implausible_time"
