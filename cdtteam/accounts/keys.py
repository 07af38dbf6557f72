"""Keys: the relay's, made once for this database, and each device's, set once by whoever signs in on it first."""

import base64
import binascii
from datetime import datetime
from typing import Literal
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct, to_builtins
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.accounts.models import Device, SignIn, User
from cdtteam.core.problems import Problem
from cdtteam.core.settings import Setting
from cdtteam.core.upsert import insert_missing

RELAY_KEY = "relay_key"
_COORDINATE = 32  # octets of a coordinate on P-256


class PublicKey(Struct, frozen=True):
    """A public key on P-256 as JWK (RFC 7517, RFC 7518 6.2.1)."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str


def make_relay_key(session: Session) -> None:
    """Makes the relay's key unless there is one; of two who make it at once, one stays."""
    if session.get(Setting, RELAY_KEY) is not None:
        return
    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    public = numbers.public_numbers
    jwk = {"kty": "EC", "crv": "P-256", "x": _text(public.x), "y": _text(public.y), "d": _text(numbers.private_value)}
    insert_missing(session.connection(), Setting, [{"key": RELAY_KEY, "value": jwk}])


def relay_key(session: Session) -> dict[str, str] | None:
    """The private JWK to which entries are sealed; None before anybody signed in."""
    found = session.scalar(select(Setting.value).where(Setting.key == RELAY_KEY))
    return dict(found) if found else None


def public_part(jwk: dict[str, str] | None) -> dict[str, str] | None:
    """A JWK as others may know it."""
    return {name: jwk[name] for name in ("kty", "crv", "x", "y")} if jwk else None


def set_device_key(actor: Actor, session: Session, device_id: UUID, key: PublicKey, *, now: datetime) -> None:
    """Keeps the key of a device on which `actor` has just signed in; it is set once.

    Only who is alone on the device may set it: ids of devices are seen by teammates and prove nothing, and with a key
    of theirs on it somebody else could sign for its owner. Problem `invalid_field` (device_key) when the key is no
    point of the curve.
    """
    require(actor, Permission.SYNC)
    octets_of(key)
    others = select(SignIn.id).where(SignIn.device_id == device_id, SignIn.user_id != actor.user_id).limit(1)
    device = session.get(Device, device_id)
    if (device is not None and device.key is not None) or session.scalar(others) is not None:
        return
    if device is None:
        device = Device(id=device_id, first_seen_at=now)
        session.add(device)
    device.key = to_builtins(key)
    session.flush()


def device_of(session: Session, device_id: UUID) -> tuple[PublicKey | None, bool]:
    """The key of a device, if it has one, and whether the device was revoked."""
    found = session.execute(select(Device.key, Device.revoked_at).where(Device.id == device_id)).one_or_none()
    if found is None:
        return None, False
    return (PublicKey(**found.key) if found.key else None), found.revoked_at is not None


def members_on(session: Session, device_id: UUID) -> frozenset[UUID]:
    """The members who ever signed in on a device."""
    statement = select(User.member_id).join(SignIn, SignIn.user_id == User.id).where(SignIn.device_id == device_id)
    return frozenset(member_id for member_id in session.scalars(statement.distinct()) if member_id is not None)


def octets_of(key: PublicKey) -> bytes:
    """The key as an uncompressed point (SEC 1, 2.3.3); Problem `invalid_field` (device_key) when it is none."""
    try:
        x, y = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in (key.x, key.y))
        if len(x) != _COORDINATE or len(y) != _COORDINATE:
            raise ValueError("not 32 octets")
        point = b"\x04" + x + y
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error) as error:
        raise Problem("invalid_field", field="device_key") from error
    return point


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(_COORDINATE, "big")).rstrip(b"=").decode()
