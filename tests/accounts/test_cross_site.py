"""Requests that a browser makes for another site are refused; those of other clients are not."""

import pytest

from tests.support.wire import ledger
from tests.support.world import World

OURS = "http://localhost"
HEADERS = [
    ({}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "nonsense"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, True),
    ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, False),
    ({"Origin": OURS}, True),
    ({"Origin": "http://evil.example"}, False),
    ({"Origin": "http://localhost.evil.example"}, False),
    ({"Origin": "http://localhost:81"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "http://["}, False),
]


@pytest.mark.parametrize(("headers", "is_taken"), HEADERS, ids=range(len(HEADERS)))
def test_sync(world: World, headers: dict[str, str], is_taken: bool) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    answer = phone.client.post("/api/v1/sync", json=phone.envelope(visit), headers=headers)
    if is_taken:
        assert answer.status_code == 200
        assert ledger(world) == {visit["id"]}
    else:
        assert (answer.status_code, answer.json["code"]) == (403, "cross_site")
        assert answer.headers["Cdt-Protocol"] == "1"
        assert ledger(world) == set()


def test_signing_in_and_out(world: World) -> None:
    client = world.client("an")
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.delete("/api/v1/session", headers=foreign).status_code == 403
    assert client.post("/api/v1/session", json={}, headers=foreign).status_code == 403
    assert client.post("/desk/sign-out", headers=foreign).status_code == 403
    assert client.get("/api/v1/session", headers=foreign).status_code == 200, "reading is the cookie's business"
