"""A phone's side of sealed entries (docs/sealed-entries.md): a device with a key, and how it seals."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

_SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
_LABEL = b"cdtteam sealed entry 1"


@dataclass
class SealingDevice:
    """A device's key pair; `relay_key` is what signing in answered."""

    id: UUID
    relay_key: dict[str, str] = field(default_factory=dict)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def jwk(self) -> dict[str, str]:
        """The public key, as it goes with signing in."""
        numbers = self.key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _octets(numbers.x), "y": _octets(numbers.y)}

    def seal(self, mutation: Any, device_id: UUID | None = None) -> str:
        """A mutation (or its bytes), signed and sealed; `device_id` other than its own is a forger's."""
        content = mutation if isinstance(mutation, bytes) else json.dumps(mutation, ensure_ascii=False).encode()
        signed = _LABEL + (device_id or self.id).bytes + content
        r, s = utils.decode_dss_signature(self.key.sign(signed, ec.ECDSA(SHA256())))
        enc, context = _SUITE.create_sender_context(KEMKey.from_jwk(dict(self.relay_key)), info=_LABEL)
        return _text(enc + context.seal(r.to_bytes(32, "big") + s.to_bytes(32, "big") + content))


def _octets(number: int) -> str:
    return _text(number.to_bytes(32, "big"))


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
