"""Sealed entries: opened as RFC 9180 and FIPS 186-5 say, judged as their device's, kept when they cannot be opened."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from pyhpke import KEMKey, KEMKeyPair

from cdtteam.accounts.models import Device
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.sync.sealed import SUITE
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.support.sealing import SealingDevice
from tests.support.wire import hold_oracle, ledger, quarantine, row_of, visits_stored
from tests.support.world import PASSWORD, Phone, World

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "hpke-ecdsa.json").read_text(encoding="utf-8"))


def private(number: str) -> KEMKey:
    key = ec.derive_private_key(int(number, 16), ec.SECP256R1())
    return KEMKey.from_pyca_cryptography_key(key)


def sealing(world: World, handle: str = "an", device: SealingDevice | None = None) -> tuple[Phone, SealingDevice]:
    """A phone whose device has a key, and the device."""
    device = device or SealingDevice(new_id())
    client = world.app.test_client()
    body = {"sign_in": handle, "password": PASSWORD, "device_id": str(device.id), "device_key": device.jwk()}
    answer = client.post("/api/v1/session", json=body)
    assert answer.status_code == 200, answer.json
    device.relay_key = answer.json["relay_key"]
    assert set(device.relay_key) == {"kty", "crv", "x", "y"}
    return Phone(client, world.members[handle], device_id=device.id), device


def relay(carrier: Phone, origin: UUID, *entries: str, **changes: Any) -> Any:
    return carrier.client.post(
        "/api/v1/relay", json={"protocol": 1, "device_id": str(origin), "entries": list(entries)} | changes
    )


def hand_over(carrier: Phone, device_id: UUID, *entries: str) -> None:
    answer = relay(carrier, device_id, *entries)
    assert answer.status_code == 200, answer.json
    assert answer.json == {"protocol": 1, "received": len(entries)}


def codes(world: World) -> set[str]:
    return {row.code for row in quarantine(world).values()}


def test_hpke_as_published() -> None:
    vector = VECTORS["hpke"]
    raw = {name: bytes.fromhex(vector[name]) for name in ("info", "pkEm", "pt", "aad", "ct")}
    recipient = private(vector["skRm"])
    opened = SUITE.create_recipient_context(raw["pkEm"], recipient, info=raw["info"]).open(raw["ct"], raw["aad"])
    assert opened == raw["pt"]
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(vector["pkRm"]))
    ephemeral = private(vector["skEm"])
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw["pkEm"])
    pair = KEMKeyPair(ephemeral, KEMKey.from_pyca_cryptography_key(point))
    enc, sender = SUITE.create_sender_context(KEMKey.from_pyca_cryptography_key(public), info=raw["info"], eks=pair)
    assert (enc, sender.seal(raw["pt"], raw["aad"])) == (raw["pkEm"], raw["ct"])


def test_ecdsa_as_published() -> None:
    vector = VECTORS["ecdsa"]
    key = ec.EllipticCurvePublicNumbers(int(vector["x"], 16), int(vector["y"], 16), ec.SECP256R1()).public_key()
    r, s = int(vector["r"], 16), int(vector["s"], 16)
    key.verify(utils.encode_dss_signature(r, s), vector["message"].encode(), ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(utils.encode_dss_signature(r, s ^ 1), vector["message"].encode(), ec.ECDSA(SHA256()))


def test_a_carrier_of_another_commune_brings_it_and_the_origin_learns_of_it(world: World) -> None:
    phone, device = sealing(world)
    household = phone.household(world.villages["a"])
    visit = phone.visit(world.villages["a"], household_id=household["args"]["id"])
    carrier = world.phone("dung")
    hand_over(carrier, device.id, device.seal(household), device.seal(visit))
    assert ledger(world) == {household["id"], visit["id"]}
    stored: Visit = row_of(world, Visit, visit["args"]["id"])
    assert (stored.author_id, stored.device_id, stored.team_id) == (world.members["an"], device.id, world.teams["a"])
    carrier.send()
    assert carrier.kind("visit") == carrier.kind("household") == {}
    results = phone.send(household, visit)
    assert [(result["status"], result["first"]["status"]) for result in results] == [("duplicate", "applied")] * 2
    assert phone.kind("visit")[visit["args"]["id"]]["counted"] is True
    hold_oracle(world, [household, visit])


def test_the_carrier_stands_in_the_ledger_and_counts_for_nothing(world: World) -> None:
    from cdtteam.accounts.models import DeviceContact  # noqa: PLC0415
    from cdtteam.sync.models import LedgerEntry  # noqa: PLC0415

    phone, device = sealing(world)
    visit = phone.visit(world.villages["a"])
    hand_over(world.phone("dung"), device.id, device.seal(visit))
    assert row_of(world, LedgerEntry, visit["id"]).sent_by == world.members["dung"]
    with world.app.app_context():
        assert db.session.query(DeviceContact).count() == 0


def test_brought_twice_and_by_two_it_counts_once(world: World) -> None:
    phone, device = sealing(world)
    visit = phone.visit(world.villages["a"])
    first, second = device.seal(visit), device.seal(visit)
    assert first != second
    for carrier, entry in ((phone, first), (world.phone("dung"), first), (world.phone("chi"), second)):
        hand_over(carrier, device.id, entry)
    assert visits_stored(world) == 1
    hold_oracle(world, [visit])


def test_a_flipped_bit_is_kept_and_not_applied(world: World) -> None:
    phone, device = sealing(world)
    octets = bytearray(base64.urlsafe_b64decode(device.seal(phone.visit(world.villages["a"])) + "=="))
    for place in (3, 70, len(octets) - 1):
        bad = bytearray(octets)
        bad[place] ^= 1
        hand_over(phone, device.id, base64.urlsafe_b64encode(bad).decode())
        assert bytes(bad) in [row.content for row in quarantine(world).values()]
    assert codes(world) == {"unreadable_seal"}
    assert visits_stored(world) == 0


@pytest.mark.parametrize("entry", ["", "!!!", "AAAA", "A", "\u0000", "é", "A" * 500])
def test_what_is_no_entry_is_kept(world: World, entry: str) -> None:
    phone, device = sealing(world)
    good = phone.visit(world.villages["a"])
    hand_over(phone, device.id, entry, device.seal(good))
    assert codes(world) == {"unreadable_seal"}
    assert ledger(world) == {good["id"]}


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"7", b'{"id": 7}', b"\xff", b"[" * 5000])
def test_what_holds_no_mutation_is_kept(world: World, content: bytes) -> None:
    phone, device = sealing(world)
    hand_over(phone, device.id, device.seal(content))
    assert codes(world) == {"unreadable_seal"}


def test_a_refused_one_keeps_its_content_and_reason(world: World) -> None:
    phone, device = sealing(world)
    visit = phone.visit(world.villages["a"], services=[{"code": "không có", "people": 1, "outcome": "done"}])
    hand_over(phone, device.id, device.seal(visit))
    kept = quarantine(world)[visit["id"]]
    assert (kept.code, kept.member_id) == ("unknown_service", world.members["an"])
    assert json.loads(kept.content) == visit


def test_a_forged_author_is_refused(world: World) -> None:
    """A member seals with their own device in a teammate's name."""
    phone, device = sealing(world)
    forged = phone.visit(world.villages["a"], member_id=str(world.members["binh"]))
    hand_over(phone, device.id, device.seal(forged))
    assert quarantine(world)[forged["id"]].code == "wrong_author"
    assert visits_stored(world) == 0


def test_another_devices_signature_is_no_signature(world: World) -> None:
    phone, device = sealing(world)
    _, other = sealing(world, "binh")
    visit = phone.visit(world.villages["a"])
    hand_over(phone, device.id, other.seal(visit), other.seal(visit, device_id=device.id))
    hand_over(phone, other.id, device.seal(visit))
    assert codes(world) == {"unreadable_seal"}
    assert visits_stored(world) == 0


def test_both_who_share_a_phone_may_seal(world: World) -> None:
    an, device = sealing(world, "an")
    binh, _ = sealing(world, "binh", SealingDevice(device.id, device.relay_key, device.key))
    mine, yours = an.visit(world.villages["a"]), binh.visit(world.villages["a"])
    hand_over(world.phone("dung"), device.id, device.seal(mine), device.seal(yours))
    assert ledger(world) == {mine["id"], yours["id"]}


def test_a_key_is_set_once_and_by_nobody_else(world: World) -> None:
    _, device = sealing(world, "an")
    sealing(world, "an", SealingDevice(device.id))
    sealing(world, "binh", SealingDevice(device.id))
    assert row_of(world, Device, str(device.id)).key == device.jwk()


def test_nobody_gives_a_key_to_a_device_that_is_anothers(world: World) -> None:
    """Ids of devices are seen by teammates: with a key of one's own on a phone without any, one could sign for it."""
    client = world.app.test_client()
    device_id = new_id()
    client.post("/api/v1/session", json={"sign_in": "an", "password": PASSWORD, "device_id": str(device_id)})
    mate, forger = sealing(world, "binh", SealingDevice(device_id))
    forged = mate.visit(world.villages["a"], member_id=str(world.members["an"]))
    hand_over(mate, device_id, forger.seal(forged))
    assert visits_stored(world) == 0
    assert codes(world) == {"unreadable_seal"}


def test_what_a_revoked_device_sealed_is_kept(world: World) -> None:
    phone, device = sealing(world)
    visit = phone.visit(world.villages["a"])
    with world.app.app_context(), writing(db.session()):
        db.session.get_one(Device, device.id).revoked_at = clock.now()
    assert relay(phone, device.id, device.seal(visit)).status_code == 401
    hand_over(world.phone("binh"), device.id, device.seal(visit))
    kept = quarantine(world)[visit["id"]]
    assert (kept.code, json.loads(kept.content)) == ("device_revoked", visit)
    assert visits_stored(world) == 0


def test_a_wrong_clock_is_corrected_by_after_alone(world: World) -> None:
    phone, device = sealing(world)
    now = clock.now()
    ahead = phone.visit(world.villages["a"], at=(now + timedelta(days=400)).isoformat(), after=now.isoformat())
    lost = phone.visit(world.villages["a"], at=(now + timedelta(days=400)).isoformat())
    carrier = world.phone("dung")
    carrier.clock_error = timedelta(days=3)
    hand_over(carrier, device.id, device.seal(ahead), device.seal(lost))
    stored: Visit = row_of(world, Visit, ahead["args"]["id"])
    assert stored.time_uncertain
    assert abs(stored.occurred_at - now) < timedelta(minutes=2)
    assert quarantine(world)[lost["id"]].code == "implausible_time"


def test_order_is_kept_between_authors(world: World) -> None:
    an, device = sealing(world, "an")
    binh, _ = sealing(world, "binh", SealingDevice(device.id, device.relay_key, device.key))
    household = an.household(world.villages["a"])
    visit = binh.visit(world.villages["a"], household_id=household["args"]["id"])
    change = an.mutation("visit.withdraw", {"id": visit["args"]["id"], "reason": "nhầm"})
    hand_over(an, device.id, *map(device.seal, (household, visit, change)))
    assert ledger(world) == {household["id"], visit["id"]}
    assert quarantine(world)[change["id"]].code == "not_author"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"protocol": 2}, "unsupported_protocol", None),
        ({"protocol": True}, "malformed", "protocol"),
        ({"device_id": "x"}, "malformed", "device_id"),
        ({"entries": "x"}, "malformed", "entries"),
        ({"entries": [7]}, "malformed", "entries"),
        ({"entries": ["A"] * 201}, "too_large", None),
        ({"entries": ["A" * 30_000]}, "too_large", None),
    ],
)
def test_the_envelope(world: World, changes: dict[str, Any], code: str, field: str | None) -> None:
    phone, device = sealing(world)
    answer = relay(phone, device.id, **changes)
    assert (answer.status_code, answer.json["code"]) == (413 if code == "too_large" else 400, code)
    assert answer.json.get("field") == field
    assert quarantine(world) == {}


@pytest.mark.parametrize("key", [{"kty": "RSA"}, {"x": "AAAA"}, {"y": "é"}, {"x": "A" * 43}])
def test_a_key_that_is_none_signs_nobody_in(world: World, key: dict[str, str]) -> None:
    client = world.app.test_client()
    device = SealingDevice(new_id())
    body = {"sign_in": "an", "password": PASSWORD, "device_id": str(device.id), "device_key": device.jwk() | key}
    answer = client.post("/api/v1/session", json=body)
    assert answer.status_code in (400, 422)
    assert answer.json["code"] in ("malformed", "invalid_field")
    assert client.get("/api/v1/session").status_code == 401
