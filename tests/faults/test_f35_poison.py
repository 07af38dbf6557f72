"""F35 on the wire: a mutation that always fails is put into quarantine each time; everything else goes on."""

import pytest

from cdtteam.sync import acts
from tests.support.wire import hold_oracle, quarantine
from tests.support.world import World


def test_refused_every_time(world: World) -> None:
    phone = world.phone("an")
    poison = phone.visit(world.villages["a"], participants=-1)
    sent = [poison]
    for _ in range(3):
        good = phone.visit(world.villages["a"])
        sent.append(good)
        assert [result["status"] for result in phone.send(poison, good)] == ["refused", "applied"]
    kept = quarantine(world)
    assert set(kept) == {poison["id"]}
    assert (kept[poison["id"]].code, kept[poison["id"]].field) == ("invalid_field", "participants")
    hold_oracle(world, sent)


def test_a_fault_of_ours_stops_no_phone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operation itself breaks on one entry: it is kept with its content, and the rest of the batch is applied."""
    record = acts.record_visit

    def fragile(actor: object, work: object, visit: object) -> object:
        if getattr(visit, "note", None) == "poison":
            raise ZeroDivisionError
        return record(actor, work, visit)  # type: ignore[arg-type]

    monkeypatch.setattr(acts, "record_visit", fragile)
    phone = world.phone("an")
    batch = [phone.visit(world.villages["a"], note=note) for note in ("one", "poison", "two")]
    results = phone.send(*batch)
    assert [result["status"] for result in results] == ["applied", "refused", "applied"]
    assert results[1]["code"] == "server_fault"
    assert b"poison" in quarantine(world)[batch[1]["id"]].content
    hold_oracle(world, batch)
    monkeypatch.setattr(acts, "record_visit", record)
    assert [result["status"] for result in phone.send(*batch)] == ["duplicate", "applied", "duplicate"]
    hold_oracle(world, batch)
    assert quarantine(world)[batch[1]["id"]].settled_at is not None


def test_replaced_or_given_up_it_is_settled(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    corrected, given_up, foreign = (phone.visit(world.villages["a"], participants=0) for _ in range(3))
    phone.send(corrected, given_up, foreign)
    right = phone.visit(world.villages["a"], replaces=corrected["id"])
    discard = phone.mutation("mutation.discard", {"id": given_up["id"]})
    assert [result["status"] for result in phone.send(right, discard)] == ["applied", "applied"]
    assert mate.send(mate.mutation("mutation.discard", {"id": foreign["id"]}))[0]["status"] == "applied"
    settled = {id_: row.settled_at is not None for id_, row in quarantine(world).items()}
    assert settled == {corrected["id"]: True, given_up["id"]: True, foreign["id"]: False}
    assert b"participants" in quarantine(world)[given_up["id"]].content, "it stays, with its content"


def test_a_correction_that_is_refused_settles_nothing(world: World) -> None:
    phone = world.phone("an")
    bad = phone.visit(world.villages["a"], participants=0)
    phone.send(bad, phone.visit(world.villages["a"], participants=5000, replaces=bad["id"]))
    assert quarantine(world)[bad["id"]].settled_at is None
