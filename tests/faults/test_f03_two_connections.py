"""F03 on the wire: the same outbox arrives on several connections at the same moment; one effect."""

from typing import Any

from tests.support.wire import at_once, hold_oracle, phone_at, threaded_server
from tests.support.world import Phone, World

CONNECTIONS = 4


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [result["status"] for result in results]


def test_the_same_batch_at_once(world: World) -> None:
    with threaded_server(world.app) as url:
        phone = phone_at(url, world, "an")
        minted: list[dict[str, Any]] = []
        for _ in range(4):
            household = phone.household(world.villages["a"])
            batch = [household, *(phone.visit(world.villages["a"], household_id=household["args"]["id"]) for _ in "ab")]
            minted += batch
            answers = at_once(*[lambda batch=batch: phone.post(*batch)] * CONNECTIONS)
            assert [answer.status_code for answer in answers] == [200] * CONNECTIONS
            told = sorted(statuses(answer.json["results"]) for answer in answers)
            assert told == [["applied"] * 3, *[["duplicate"] * 3] * (CONNECTIONS - 1)]
    hold_oracle(world, minted)


def test_overlapping_batches_in_other_orders(world: World) -> None:
    with threaded_server(world.app) as url:
        phone = phone_at(url, world, "an")
        visits = [phone.visit(world.villages["a"]) for _ in range(6)]
        orders = [visits, visits[::-1], visits[2:], visits[:4]]
        answers = at_once(*[lambda order=order: phone.post(*order) for order in orders])
        assert {answer.status_code for answer in answers} == {200}
        assert sum(statuses(answer.json["results"]).count("applied") for answer in answers) == len(visits)
    hold_oracle(world, visits)


def test_two_members_of_two_villages_at_once(world: World) -> None:
    """The villages are locked in one order, so that nobody waits for each other."""
    with threaded_server(world.app) as url:
        phones: list[Phone] = [phone_at(url, world, handle) for handle in ("an", "binh", "chi", "dung")]
        minted = []
        for _ in range(3):
            batches = [
                [phone.visit(world.villages[name]) for name in names]
                for phone, names in zip(phones, ("abc", "cba", "bca", "acb"), strict=True)
            ]
            minted += [one for batch in batches for one in batch]
            answers = at_once(
                *[lambda p=p, batch=batch: p.post(*batch) for p, batch in zip(phones, batches, strict=True)]
            )
            assert {answer.status_code for answer in answers} == {200}
            assert [statuses(answer.json["results"]).count("applied") for answer in answers] == [1] * 4
    hold_oracle(world, minted)


def test_the_first_pull_on_several_connections(world: World) -> None:
    """Nothing to send, and a device that nobody has seen yet: each connection tries to put it on record."""
    with threaded_server(world.app) as url:
        for handle in ("an", "chi"):
            phone = phone_at(url, world, handle)
            answers = at_once(*[phone.post] * CONNECTIONS)
            assert [answer.status_code for answer in answers] == [200] * CONNECTIONS
