"""F01 on the wire: the reply is lost after the commit; the resend gets the first result, as a duplicate."""

import pytest

from tests.support.faultproxy import fault_proxy
from tests.support.wire import hold_oracle, ledger, phone_at, threaded_server, try_post
from tests.support.world import World


@pytest.mark.parametrize("after", [0, 40, 250])
def test_the_resend_gets_the_first_result(world: World, after: int) -> None:
    with threaded_server(world.app) as url, fault_proxy(url) as proxy:
        phone = phone_at(proxy.url, world, "an")
        household = phone.household(world.villages["a"])
        visit = phone.visit(world.villages["a"], household_id=household["args"]["id"])
        proxy.cut_response("POST /api/v1/sync", after=after)
        assert try_post(phone, household, visit) is None
        assert ledger(world) == {household["id"], visit["id"]}
        results = phone.send(household, visit)
    assert [result["status"] for result in results] == ["duplicate"] * 2
    assert results[1]["first"] == {"id": visit["id"], "status": "applied"}
    assert list(phone.kind("visit")) == [visit["args"]["id"]]
    hold_oracle(world, [household, visit])


def test_a_conflict_is_told_again(world: World) -> None:
    phone, mate = world.phone("an"), world.phone("binh")
    household = phone.household(world.villages["a"])
    phone.send(household)
    mate.send()
    base = mate.kind("household")[household["args"]["id"]]["version"]
    phone.send(phone.mutation("household.update", {"id": household["args"]["id"], "base_version": base, "people": 3}))
    late = mate.mutation("household.update", {"id": household["args"]["id"], "base_version": base, "people": 5})
    lost = mate.post(late).json["results"][0]
    again = mate.send(late)[0]
    assert lost["status"] == "conflict"
    assert again["status"] == "duplicate"
    assert again["first"] == lost
    assert again["first"]["current"]["people"] == 5
