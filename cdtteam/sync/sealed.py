"""Sealed entries: one mutation, signed by the device's key, encrypted to the relay's (docs/sealed-entries.md)."""

import base64
import binascii
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey, PyHPKEError

from cdtteam.accounts.keys import PublicKey, octets_of

LABEL = b"cdtteam sealed entry 1"
SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
_ENC = 65  # octets of an encapsulated key: an uncompressed point of P-256
_SIGNATURE = 64  # r ‖ s


class Broken(Exception):
    """An entry that cannot be opened, or that the device's key did not sign."""


def octets(entry: str) -> bytes:
    """The octets of an entry; Broken when it is no base64url (RFC 4648, with or without padding)."""
    try:
        return base64.b64decode(entry + "=" * (-len(entry) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Broken from error


def unseal(sealed: bytes, relay_key: dict[str, str], device_id: UUID, device_key: PublicKey) -> bytes:
    """The mutation's JSON; Broken."""
    opened = _open(sealed, relay_key)
    signature, content = opened[:_SIGNATURE], opened[_SIGNATURE:]
    _verify(signature, LABEL + device_id.bytes + content, device_key)
    return content


def _open(sealed: bytes, relay_key: dict[str, str]) -> bytes:
    """HPKE in base mode (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM."""
    try:
        context = SUITE.create_recipient_context(sealed[:_ENC], KEMKey.from_jwk(dict(relay_key)), info=LABEL)
        return context.open(sealed[_ENC:])
    except (PyHPKEError, ValueError) as error:
        raise Broken from error


def _verify(signature: bytes, signed: bytes, device_key: PublicKey) -> None:
    """ECDSA on P-256 with SHA-256 (FIPS 186-5)."""
    if len(signature) != _SIGNATURE:
        raise Broken
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), octets_of(device_key))
    try:
        key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Broken from error
