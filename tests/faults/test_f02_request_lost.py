"""F02 on the wire: the request is lost on the way; nothing has happened, and sending it later does it."""

from tests.support.faultproxy import fault_proxy
from tests.support.wire import hold_oracle, ledger, phone_at, threaded_server, try_post
from tests.support.world import World


def test_sent_later(world: World) -> None:
    with threaded_server(world.app) as url, fault_proxy(url) as proxy:
        phone = phone_at(proxy.url, world, "an")
        visits = [phone.visit(world.villages["a"]) for _ in range(3)]
        proxy.lose_request("POST /api/v1/sync", times=2)
        assert try_post(phone, *visits) is None
        assert try_post(phone, *visits) is None
        assert ledger(world) == set()
        hold_oracle(world, visits, waiting=[visit["id"] for visit in visits])
        assert [result["status"] for result in phone.send(*visits)] == ["applied"] * 3
    hold_oracle(world, visits)


def test_half_a_request_does_nothing(world: World) -> None:
    phone = world.phone("an")
    body = world.app.json.dumps(phone.envelope(phone.visit(world.villages["a"])))
    answer = phone.client.post("/api/v1/sync", data=body[: len(body) * 2 // 3], content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert ledger(world) == set()
