"""The envelope of a request, and many random ones: 400 with the field, or 200, and never a fault of ours."""

import gzip
import json
import random
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest

from cdtteam.core.ids import new_id
from tests.support.wire import hold_oracle, ledger, unlimited
from tests.support.world import Phone, World

REQUESTS = 700  # for each database

ENVELOPES: list[tuple[str, list[Any]]] = [
    ("device_id", [None, "x", 5, "\ud800", {}]),
    ("app_version", [None, 5, "x" * 61, "a\u0000", "\ud800"]),
    ("sent_at", [None, 5, "x", "2026-11-24", "2026-11-24T09:30:05", "\ud800"]),
    ("epoch", [5, [], "x" * 61, "\u0000"]),
    ("cursor", [5, {}, "x", "0-1", f"{new_id().hex}-", f"{new_id().hex}-1.", f"{new_id().hex}-1e5", "x" * 60_001]),
    ("page", [0, 99, 5001, -1, 100.5, "200", True, 10**30]),
    ("mutations", [None, {}, "x", 5]),
    ("mutations[0].id", [[None], [5], ["x"], [[]], [{}], [{"id": 5}], [{"id": None}]]),
    ("protocol", [None, "1", True, [], 1.5]),
]


@pytest.mark.parametrize(("field", "values"), ENVELOPES, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_wrong_with_an_envelope(world: World, field: str, values: list[Any]) -> None:
    phone = world.phone("an")
    good = phone.visit(world.villages["a"])
    for value in values:
        body = phone.envelope(good) | {field.partition("[")[0]: value}
        if field == "mutations[0].id":
            body["mutations"].append(good)
        answer = phone.client.post("/api/v1/sync", json=body)
        assert (answer.status_code, answer.json["code"]) == (400, "malformed"), value
        assert answer.json.get("field") == field, value
    assert ledger(world) == set()
    assert phone.send(good)[0]["status"] == "applied"


@pytest.mark.parametrize("field", ["device_id", "app_version", "sent_at", "mutations", "protocol"])
def test_what_must_be_there(world: World, field: str) -> None:
    phone = world.phone("an")
    body = phone.envelope()
    del body[field]
    answer = phone.client.post("/api/v1/sync", json=body)
    assert (answer.status_code, answer.json["code"], answer.json["field"]) == (400, "malformed", field)


def test_a_field_that_we_do_not_know_is_ignored_whatever_it_is_called(world: World) -> None:
    phone = world.phone("an")
    body = phone.envelope(phone.visit(world.villages["a"])) | {"\ud800": 1, "later": "\ud800"}
    answer = phone.client.post("/api/v1/sync", data=json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json["results"][0]["status"]) == (200, "applied")


@pytest.mark.parametrize("protocol", [0, 2, 99])
def test_another_protocol(world: World, protocol: int) -> None:
    """Said first: what else such a request holds is not ours to judge."""
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    for body in ({"protocol": protocol}, phone.envelope(visit, protocol=protocol, mutations={"other": "shape"})):
        answer = phone.client.post("/api/v1/sync", json=body)
        assert (answer.status_code, answer.json["code"]) == (400, "unsupported_protocol")
    assert ledger(world) == set()


NO_JSON = [
    b"", b"{", b"[]", b"null", b"5", b'"x"', b"\xff\xfe{}", b"\xef\xbb\xbf{}", b'{"protocol": 1,}', b"{'protocol': 1}",
    b"[" * 100_000, b'{"a":' * 50_000, b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 01}', b'{"a": "\xed\xa0\x80"}',
    b'{"protocol": 1} x', b"\x00", b'{"a": "\x01"}',
]  # fmt: skip


@pytest.mark.parametrize("body", NO_JSON, ids=range(len(NO_JSON)))
def test_what_is_no_json(world_on_sqlite: World, body: bytes) -> None:
    phone = world_on_sqlite.phone("an")
    answer = phone.client.post("/api/v1/sync", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert answer.json["field"], "malformed always says where"


def test_a_body_of_unsaid_length_has_the_same_limit(world_on_sqlite: World) -> None:
    """`Transfer-Encoding: chunked`: what is above the limit is told as too large, not read up to there."""
    phone = world_on_sqlite.phone("an")
    body = json.dumps(phone.envelope()).encode().ljust(1024 * 1024)
    for sent, status in ((body, 200), (body + b" ", 413), (body * 3, 413), (gzip.compress(body + b" "), 413)):
        answer = phone.client.post(
            "/api/v1/sync", input_stream=BytesIO(sent), content_type="application/json",
            headers={"Transfer-Encoding": "chunked"} | ({"Content-Encoding": "gzip"} if len(sent) < len(body) else {}),
            environ_overrides={"wsgi.input_terminated": True},
        )  # fmt: skip
        assert (answer.status_code, answer.json.get("code")) == (status, None if status == 200 else "too_large")


def test_a_cursor_of_another_epoch_need_not_be_readable(world: World) -> None:
    """It was written by another database, perhaps of another version: what the phone sends is judged all the same."""
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    answer = phone.post(visit, epoch="another", cursor="written otherwise").json
    assert [result["status"] for result in answer["results"]] == ["applied"]
    assert (answer["changes"], answer["cursor"], answer["more"]) == ([], None, True)
    assert phone.post(epoch=answer["epoch"], cursor="written otherwise").json["field"] == "cursor"


def test_a_forged_cursor_opens_nothing(world: World) -> None:
    phone, other = world.phone("an"), world.phone("chi")
    other.send(other.visit(world.villages["b"]))
    phone.send()
    forged = f"{phone.cursor}.{world.villages['b'].hex}-0"
    changes = phone.post(cursor=forged).json["changes"]
    assert changes[0] == {"kind": "village", "id": str(world.villages["b"]), "gone": "left_scope"}
    assert {change["village_id"] for change in changes[1:]} <= {str(world.villages["a"])}


ODD: list[Any] = [
    None, True, False, 0, -1, 1, 1.5, 1e308, 2**63, -(2**70), "", "x", "\u0000", "\ud800", "e\u0323\u0302" * 50,
    "x" * 3000, [], {}, [[]], {"": {}}, [None] * 5, "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-W53", "visit.record", "household.update", "visit.withdraw", "mutation.discard", "dvc_online", {"contact": {}},
]  # fmt: skip


class Fuzz:
    """Random requests, made of sound ones by spoiling some of their parts."""

    def __init__(self, world: World, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world = world
        self.phones = [world.phone(handle) for handle in ("an", "binh", "chi")]
        self.made: list[dict[str, Any]] = []

    def mutation(self, phone: Phone) -> dict[str, Any]:
        """A sound mutation, of a row made before where it needs one."""
        village = self.world.villages[self.rng.choice("aaabc")]
        row = self.rng.choice(self.made)["args"].get("id") if self.made else str(new_id())
        kinds = [
            phone.visit(village), phone.visit(village, household_id=row), phone.household(village),
            phone.mutation("household.update", {"id": row, "base_version": None, "people": self.rng.randint(1, 50)}),
            phone.mutation("visit.amend", {"id": row, "reason": "x", "participants": self.rng.randint(1, 9)}),
            phone.mutation("household.withdraw", {"id": row, "reason": "x"}),
            phone.mutation("report.nothing", {"village_id": str(village), "period": "2026-W40"}),
            phone.mutation("mutation.discard", {"id": row}),
        ]  # fmt: skip
        made = self.rng.choice(kinds)
        if made["type"] in ("visit.record", "household.create"):
            self.made.append(deepcopy(made))
        return made

    def spoil(self, value: Any) -> None:
        """Replaces, drops or adds something somewhere below `value`."""
        while isinstance(value, dict | list) and value:
            key = self.rng.choice(list(value)) if isinstance(value, dict) else self.rng.randrange(len(value))
            if isinstance(value[key], dict | list) and value[key] and self.rng.random() < 0.85:
                value = value[key]
                continue
            step = self.rng.random()
            if step < 0.75:
                value[key] = deepcopy(self.rng.choice(ODD))
            elif step < 0.9:
                del value[key]
            elif isinstance(value, dict):
                value[self.rng.choice(["later", "id", "note", "\u0007", "khác", "x" * 300])] = deepcopy(
                    self.rng.choice(ODD)
                )
            return

    def body(self, phone: Phone) -> bytes:
        """A request, sound in one of five cases."""
        envelope = phone.envelope(*[self.mutation(phone) for _ in range(self.rng.randint(0, 3))])
        for _ in range(self.rng.choice((0, 1, 1, 2, 4))):
            self.spoil(envelope)
        body = json.dumps(envelope).encode()
        if self.rng.random() < 0.08:
            cut = self.rng.randrange(len(body))
            body = (
                body[:cut]
                + self.rng.choice((b"", b"\x00", b"\xff", b'"', b"[[[["))
                + body[cut + self.rng.randint(0, 3) :]
            )
        return body


def test_random_requests(world: World) -> None:
    fuzz = Fuzz(unlimited(world), 20261124)
    sent: dict[str, dict[str, Any]] = {}
    statuses: dict[int, int] = {}
    for _ in range(REQUESTS):
        phone = fuzz.rng.choice(fuzz.phones)
        body = fuzz.body(phone)
        answer = phone.client.post("/api/v1/sync", data=body, content_type="application/json")
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        assert answer.status_code in (200, 400, 413), (body, answer.text)
        assert answer.headers["Cdt-Protocol"] == "1"
        if answer.status_code == 200:
            mutations = json.loads(body)["mutations"]
            assert [result["id"] for result in answer.json["results"]] == [mutation["id"] for mutation in mutations]
            assert "server_fault" not in [result.get("code") for result in answer.json["results"]], body
            applied = [one["status"] in ("applied", "conflict") for one in answer.json["results"]]
            sent |= {
                mutation["id"].lower(): mutation for mutation, is_in in zip(mutations, applied, strict=True) if is_in
            }
    assert statuses[200] > REQUESTS // 4
    assert statuses[400] > REQUESTS // 20
    assert ledger(world) == set(sent)
    hold_oracle(world, sent.values())
    for phone in fuzz.phones:
        phone.send()
