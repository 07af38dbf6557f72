"""The phone's cryptography in the browser that runs it: published vectors, and the server opens what a phone seals."""

import base64
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cdtteam.accounts.keys import PublicKey
from cdtteam.core.ids import new_id
from cdtteam.sync.sealed import Broken, unseal
from tests.field.engine import Engine
from tests.support.browser import ContextFactory

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "hpke-ecdsa.json").read_text(encoding="utf-8"))

_OCTETS = "const octets = (hex) => new Uint8Array(hex.match(/../g).map((pair) => parseInt(pair, 16)));"
HPKE = f"""async ([base, vector, pair]) => {{
  {_OCTETS}
  const {{ encryptTo }} = await import(`${{base}}/field/store/seal.js`);
  const curve = {{ name: "ECDH", namedCurve: "P-256" }};
  const publicOf = (hex) => crypto.subtle.importKey("raw", octets(hex), curve, true, []);
  const privateKey = await crypto.subtle.importKey("jwk", pair, curve, false, ["deriveBits"]);
  const ephemeral = {{ privateKey, publicKey: await publicOf(vector.pkEm) }};
  const [info, plain, aad] = [vector.info, vector.pt, vector.aad].map(octets);
  const sealed = await encryptTo(await publicOf(vector.pkRm), info, plain, aad, ephemeral);
  return [...sealed].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}}"""
ECDSA = f"""async ([vector, last]) => {{
  {_OCTETS}
  const curve = {{ name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }};
  const key = await crypto.subtle.importKey("raw", octets("04" + vector.x + vector.y), curve, false, ["verify"]);
  const signature = octets(vector.r + vector.s);
  signature[63] ^= last;
  return crypto.subtle.verify(curve, key, signature, new TextEncoder().encode(vector.message));
}}"""
SEAL = """async ([base, relay, device_id, mutation]) => {
  const { makeDeviceKey, publicJwk } = await import(`${base}/field/store/device.js`);
  const { asText, relayKeyOf, seal } = await import(`${base}/field/store/seal.js`);
  const { privateKey, publicKey } = await makeDeviceKey();
  const by = { device_id, deviceKey: privateKey, relayKey: await relayKeyOf(relay) };
  return [await publicJwk(publicKey), asText(await seal(by, mutation)), asText(await seal(by, mutation))];
}"""
VAULT = """async ([base, value]) => {
  const { hide, makeKey, show } = await import(`${base}/field/store/cipher.js`);
  const { lockKey, unlockKey } = await import(`${base}/field/store/vault.js`);
  const key = await makeKey(true);
  const [hidden, lock] = await Promise.all([hide(key, value), lockKey(key, "135790")]);
  const opened = await unlockKey(lock, "135790");
  const changed = hidden.slice();
  changed[20] ^= 1;
  return {
    shown: await show(opened, hidden),
    wrong: await unlockKey(lock, "135791"),
    canBeReadOut: opened.extractable,
    isPlain: new TextDecoder().decode(hidden).includes(value),
    changed: await show(opened, changed).catch((error) => error.name),
  };
}"""


def jwk(private: int) -> dict[str, str]:
    """A private key as the browser takes it."""
    public = ec.derive_private_key(private, ec.SECP256R1()).public_key().public_numbers()
    parts = {"x": public.x, "y": public.y, "d": private}
    return {"kty": "EC", "crv": "P-256"} | {name: text(number.to_bytes(32, "big")) for name, number in parts.items()}


def text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


@pytest.fixture
def engine(phone: ContextFactory) -> Engine:
    return Engine(phone)


def test_hpke_as_published(engine: Engine) -> None:
    vector = VECTORS["hpke"]
    sealed = engine.blank().evaluate(HPKE, [engine.base(), vector, jwk(int(vector["skEm"], 16))])
    assert sealed == vector["pkEm"] + vector["ct"]


def test_ecdsa_as_published(engine: Engine) -> None:
    page = engine.blank()
    assert page.evaluate(ECDSA, [VECTORS["ecdsa"], 0]) is True
    assert page.evaluate(ECDSA, [VECTORS["ecdsa"], 1]) is False


def test_the_server_opens_what_a_phone_seals(engine: Engine) -> None:
    relay = jwk(int(VECTORS["hpke"]["skRm"], 16))
    public = {name: relay[name] for name in ("kty", "crv", "x", "y")}
    device_id = new_id()
    mutation: dict[str, Any] = {"id": str(new_id()), "type": "household.create", "args": {"head_name": "Rơ Châm Suệ"}}
    device, first, second = engine.blank().evaluate(SEAL, [engine.base(), public, str(device_id), mutation])
    assert first != second
    for entry in (first, second):
        octets = base64.urlsafe_b64decode(entry + "==")
        assert json.loads(unseal(octets, relay, device_id, PublicKey(**device))) == mutation
        with pytest.raises(Broken):
            unseal(octets, relay, UUID(int=device_id.int ^ 1), PublicKey(**device))


def test_only_the_pin_opens_the_key(engine: Engine) -> None:
    found = engine.blank().evaluate(VAULT, [engine.base(), "Rơ Châm Suệ"])
    assert found == {
        "shown": "Rơ Châm Suệ", "wrong": None, "canBeReadOut": False, "isPlain": False, "changed": "OperationError",
    }  # fmt: skip
