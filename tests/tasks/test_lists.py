"""Tasks for a list of households, some of which are made one or two again."""

from typing import Any

from cdtteam.tasks.operations import reopen_task
from tests.register.acting import id_of, merge, part
from tests.support.assigning import Officer, says
from tests.support.wire import unlimited
from tests.support.world import Phone, World


def listed(phone: Phone, task_id: str) -> list[str]:
    phone.send()
    found: list[str] = phone.kind("task")[task_id]["household_ids"]
    return found


def id_on_the_wire(household: dict[str, Any]) -> str:
    return str(id_of(household))


def test_a_list_names_what_its_households_are_now(world: World) -> None:
    officer = Officer(unlimited(world))
    an, binh = world.phone("an"), world.phone("binh")
    double, kept, other = (an.household(world.villages["a"], name) for name in ("Lê Thị Bé", "Lê Thị Bé", "Ngô Văn Út"))
    an.send(double, kept, other)
    ids = [id_of(one) for one in (double, kept, other)]
    [task_id] = officer.give(officer.order(household_ids=ids))
    as_given = [id_on_the_wire(one) for one in (double, kept, other)]
    assert listed(an, task_id) == as_given

    merge(world, double, kept)
    for phone in (an, binh):
        assert listed(phone, task_id) == [id_on_the_wire(kept), id_on_the_wire(other)]
    part(world, double)
    for phone in (an, world.phone("binh")):
        assert listed(phone, task_id) == as_given


def test_what_the_desk_says_as_it_asks_again_is_still_there_once_opened(world: World) -> None:
    officer = Officer(unlimited(world))
    [task_id] = officer.give()
    phone = world.phone("an")
    phone.send(says(phone, task_id, "blocked", "Chưa có máy"))
    officer.do(reopen_task, task_id, note="Xã đã cấp hai máy")
    phone.send(says(phone, task_id, "seen"))
    assert phone.kind("task")[task_id]["note"] == "Xã đã cấp hai máy"
    phone.send(says(phone, task_id, "accepted"))
    assert phone.kind("task")[task_id]["note"] is None
