"""Entries that come sealed: from a locked phone, from a carrier, from a backup file (docs/sealed-entries.md).

They are judged as those of the device that made them, for members who signed in on it; who carries them reads nothing
and counts for nothing. Whatever cannot be opened is kept as it came.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.accounts.keys import PublicKey, device_of, members_on, relay_key
from cdtteam.accounts.queries import member_actors
from cdtteam.core.problems import Problem
from cdtteam.sync.batch import Sender, judge_mutations
from cdtteam.sync.judge import Verdict
from cdtteam.sync.quarantine import keep_refused
from cdtteam.sync.sealed import Broken, octets, unseal
from cdtteam.sync.times import Clock
from cdtteam.sync.wire import MAX_MUTATION_BYTES, MAX_MUTATIONS, PROTOCOL, Mutation, read_alone, refuse_protocol
from cdtteam.web.transactions import writing

MAX_ENTRY = (MAX_MUTATION_BYTES + 256) * 4 // 3  # characters: a mutation, its signature, tag and encapsulated key


class Parcel(Struct):
    """The body of POST /api/v1/relay: sealed entries of the one device that made them."""

    device_id: UUID
    entries: list[str]


@dataclass(frozen=True, slots=True)
class _Device:
    id: UUID
    key: PublicKey | None
    is_revoked: bool
    members: frozenset[UUID]


def read_parcel(body: bytes) -> Parcel:
    """The entries of a request; Problem `malformed`, `unsupported_protocol` or `too_large`."""
    try:
        given = msgspec.json.decode(body, type=dict[str, Any])
        if given.get("protocol") != PROTOCOL or isinstance(given["protocol"], bool):
            refuse_protocol(given)
        parcel = msgspec.convert(given, Parcel)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        field = next(
            (name for name in Parcel.__struct_fields__ if f"`{name}`" in str(error) or f"$.{name}" in str(error)), ""
        )
        raise Problem("malformed", field=field) from error
    if len(parcel.entries) > MAX_MUTATIONS or any(len(entry) > MAX_ENTRY for entry in parcel.entries):
        raise Problem("too_large")
    return parcel


def take_entries(session: Session, carrier: Actor, parcel: Parcel, *, now: datetime) -> list[dict[str, Any]]:
    """What became of each entry, applied or in quarantine, in no order; the device that made them asks later."""
    require(carrier, Permission.SYNC)
    key, is_revoked = device_of(session, parcel.device_id)
    device = _Device(parcel.device_id, key, is_revoked, members_on(session, parcel.device_id))
    lock = relay_key(session)
    opened = [_open(entry, device, lock) for entry in parcel.entries]
    results = _keep(session, device, carrier, [verdict for verdict in opened if isinstance(verdict, Verdict)], now)
    # In runs of one author, so that the order in which they were entered is kept.
    sound = [mutation for mutation in opened if isinstance(mutation, Mutation)]
    for member_id, run in groupby(sound, lambda mutation: mutation.header.member_id if mutation.header else None):
        results += _judge(session, device, carrier, member_id, list(run), now)
    return results


def _open(entry: str, device: _Device, lock: dict[str, str] | None) -> Mutation | Verdict:
    try:
        sealed = octets(entry)
    except Broken:
        return _unreadable(entry, entry.encode("utf-8", "surrogatepass"))
    try:
        if lock is None or device.key is None:
            raise Broken
        mutation = read_alone(unseal(sealed, lock, device.id, device.key))
    except (Broken, Problem):
        return _unreadable(entry, sealed)
    return Verdict(mutation, problem=Problem("device_revoked")) if device.is_revoked else mutation


def _unreadable(entry: str, content: bytes) -> Verdict:
    mutation = Mutation(entry, content, sha256(content).digest(), None, {})
    return Verdict(mutation, problem=Problem("unreadable_seal"))


def _judge(
    session: Session,
    device: _Device,
    carrier: Actor,
    member_id: UUID | None,
    mutations: list[Mutation],
    now: datetime,
) -> list[dict[str, Any]]:
    author = member_actors(session, {member_id}).get(member_id) if member_id in device.members and member_id else None
    if author is None:
        wrong = [Verdict(mutation, problem=mutation.problem or Problem("wrong_author")) for mutation in mutations]
        return _keep(session, device, carrier, wrong, now)
    # The clock that wrote `at` is elsewhere: only `after` corrects it.
    sender = Sender(author, device.id, Clock(now, timedelta()), carried_by=carrier.member_id)
    return judge_mutations(session, sender, mutations, now=now).results


def _keep(
    session: Session, device: _Device, carrier: Actor, refused: list[Verdict], now: datetime
) -> list[dict[str, Any]]:
    if refused:
        with writing(session):
            keep_refused(session, device.id, carrier.member_id, refused, now)
    return [verdict.result() for verdict in refused]
