"""Keys by which push services know this server (RFC 8292): those of the environment, then those of the database.

The first is the one that phones are given. A subscription takes messages under the key alone with which it was made, so
a key that was rotated out signs for its subscriptions until their phones have renewed them.
"""

import base64
import binascii
import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.core.problems import Problem
from cdtteam.push.models import Subscription, VapidKey

OCTETS, AUTH_OCTETS = 32, 16
CURVE = ec.SECP256R1()
# Who answers for the server, for push services to write to; Apple's refuses whatever else stands there.
_SUBJECT = re.compile(r"mailto:[^@\s]+@[^@\s]+\.[^@\s.]+|https://[^/@\s]+\.[^/@\s]+(/\S*)?")


class KeyPair(NamedTuple):
    """A point and its number on P-256, both as base64url without padding."""

    public: str
    private: str


def check_configured(subject: str, keys: str) -> None:
    """ValueError when what the environment says of VAPID cannot be used."""
    if subject and not _SUBJECT.fullmatch(subject):
        raise ValueError("CDT_VAPID_SUBJECT must be mailto: with an address, or https: with a host.")
    _given(keys)


def is_configured() -> bool:
    """Whether push services may be told whom to write to, without which nothing is sent."""
    return bool(current_app.config["CDT_VAPID_SUBJECT"])


def key_pairs(session: Session) -> list[KeyPair]:
    """All keys, the one that phones are given first."""
    kept = session.execute(select(VapidKey.public, VapidKey.private).order_by(VapidKey.made_at.desc()))
    return [*_given(current_app.config["CDT_VAPID_PRIVATE_KEY"]), *(KeyPair(*row) for row in kept)]


def public_key(session: Session) -> str | None:
    """The key that a phone subscribes with; None while nothing is sent here."""
    return next((pair.public for pair in key_pairs(session)), None) if is_configured() else None


def make_key(session: Session, *, now: datetime) -> KeyPair:
    """Makes a key, which is the newest; only the command line offers it."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    pair = _pair_of(_text(number.to_bytes(OCTETS, "big")))
    session.add(VapidKey(public=pair.public, private=pair.private, made_at=now))
    session.flush()
    return pair


def in_use(session: Session) -> dict[str, int]:
    """How many living subscriptions there are under each key that has any."""
    living = select(Subscription.vapid_key, func.count()).where(Subscription.ended_at.is_(None))
    return {key: number for key, number in session.execute(living.group_by(Subscription.vapid_key))}  # noqa: C416 — rows


def octets_of(text: str, length: int, field: str) -> bytes:
    """Base64url with or without padding; Problem `invalid_field` when it is none, or of another length."""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise Problem("invalid_field", field=field) from error
    if len(found) != length:
        raise Problem("invalid_field", field=field)
    return found


def point_text(text: str, field: str) -> str:
    """An uncompressed point of P-256, written without padding; Problem `invalid_field` when it is none."""
    octets = octets_of(text, 1 + 2 * OCTETS, field)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, octets)
    except ValueError as error:
        raise Problem("invalid_field", field=field) from error
    return _text(octets)


def auth_text(text: str, field: str) -> str:
    """A subscription's shared secret, written without padding."""
    return _text(octets_of(text, AUTH_OCTETS, field))


@lru_cache(maxsize=4)
def _given(keys: str) -> tuple[KeyPair, ...]:
    try:
        return tuple(_pair_of(key) for key in re.split(r"[\s,]+", keys) if key)
    except (Problem, ValueError) as error:
        raise ValueError(
            "CDT_VAPID_PRIVATE_KEY must be 32 octets as base64url; several are parted by commas."
        ) from error


def _pair_of(private: str) -> KeyPair:
    octets = octets_of(private, OCTETS, "key")
    point = ec.derive_private_key(int.from_bytes(octets), CURVE).public_key()
    return KeyPair(_text(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)), _text(octets))


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
