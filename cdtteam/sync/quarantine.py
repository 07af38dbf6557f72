"""Refused mutations are kept as they came, with the reason."""

from collections.abc import Iterable, Iterator, Set
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from cdtteam.core.problems import Problem
from cdtteam.core.text import fold, texts_in
from cdtteam.core.upsert import insert_or_replace
from cdtteam.core.wire import convert
from cdtteam.households.erasing import Forgotten, refuses_contact
from cdtteam.households.fields import CONTACT
from cdtteam.households.models import Household
from cdtteam.sync.judge import Verdict
from cdtteam.sync.models import Quarantined
from cdtteam.sync.mutations import TYPES
from cdtteam.sync.wire import Mutation, content_of, content_taken_out, content_without, read_alone
from cdtteam.visits.wire import ServiceGiven


def keep_refused(
    session: Session, device_id: UUID, member_id: UUID | None, verdicts: Iterable[Verdict], now: datetime
) -> None:
    """Writes the refused ones of `verdicts`; one refused again keeps its row, with the newer reason.

    What residents refused is not kept here either: of a mutation about a household that is not to be named only that
    it came, of a visit to such a household no notes, and of a household that is not to be called no number.
    """
    refused = {(_key(verdict), verdict.mutation.digest): verdict for verdict in verdicts if verdict.problem}
    if not refused:
        return
    rows = [_row(key, verdict, device_id, member_id, now) for (key, _), verdict in refused.items()]
    homes = _homes(session, [verdict.mutation for verdict in refused.values()])
    for row, verdict in zip(rows, refused.values(), strict=True):
        if _is_about(verdict.mutation, homes.erased):
            row["content"] = _emptied(verdict.mutation)
        elif _has_number_of(verdict.mutation, homes.silent):
            row["content"] = content_without(verdict.mutation, _NUMBER)
        elif _home_named(verdict.mutation) in homes.erased:
            row["content"] = content_without(verdict.mutation, _NOTES | _unknown_to(verdict.mutation))
    insert_or_replace(session.connection(), Quarantined, rows, "code", "field", "judged_at", "settled_at")


def forget_refused(session: Session, known: Forgotten, now: datetime) -> None:
    """Empties what was refused of a household that refuses to be named, tries to enter it under another id included.

    Nobody needs to look at it any more, so it counts as settled.
    """
    found = [
        {"key": key, "sum": digest, "emptied": _emptied(mutation), "now": now}
        for key, digest, mutation in _kept(session, _HOUSEHOLD)
        if _is_about(mutation, known.ids) or _is_called(mutation, known)
    ]
    if found:
        session.connection().execute(_EMPTY, found)


def forget_numbers(session: Session, household_ids: Set[UUID]) -> None:
    """Takes the numbers of households that refuse to be contacted out of what was refused of them."""
    found = [
        {"key": key, "sum": digest, "rest": content_without(mutation, _NUMBER)}
        for key, digest, mutation in _kept(session, _HOUSEHOLD)
        if _has_number_of(mutation, household_ids)
    ]
    if found:
        session.connection().execute(_SHORTEN, found)


def forget_notes(session: Session, known: Forgotten) -> None:
    """Takes notes out of what was refused of visits to a household that is to be forgotten, or of what names it.

    With them goes each field in which it is named, and of visits to it each that we do not know. The entries still
    need to be looked at: they count, without what was written about the household.
    """
    found = [
        {"key": key, "sum": digest, "rest": content_without(mutation, _NOTES | told)}
        for kind in _TOLD
        for key, digest, mutation in _kept(session, kind)
        if (told := _told_in(mutation, known)) is not None
    ]
    if found:
        session.connection().execute(_SHORTEN, found)


def forget_named_in_refused(session: Session, known: Forgotten) -> None:
    """Takes a household's names out of all else that was refused: other households' entries, types of later apps."""
    found = [
        {"key": key, "sum": digest, "rest": content_taken_out(mutation, known.is_named_in)}
        for key, digest, mutation in _kept(session)
        if any(map(known.is_named_in, texts_in(content_of(mutation))))
    ]
    if found:
        session.connection().execute(_SHORTEN, found)


def settle(session: Session, settled: set[tuple[UUID, UUID]], device_id: UUID, now: datetime) -> None:
    """Counts refused mutations, given with their authors or sent by the same device, as settled; they stay here."""
    if not settled:
        return
    pairs = [(str(mutation_id), author_id) for mutation_id, author_id in settled]
    connection = session.connection()
    # Hardly anything that is applied was refused before: asking costs less than the statement for what was.
    waiting = set(connection.scalars(_WAITING, {"ids": {mutation_id for mutation_id, _ in pairs}}))
    if waiting:
        known = {"pairs": pairs, "ids": waiting, "device": device_id, "now": now}
        connection.execute(_SETTLE, known)


_THESE = (Quarantined.mutation_id.in_(bindparam("ids", expanding=True)), Quarantined.settled_at.is_(None))
_WAITING = select(Quarantined.mutation_id).where(*_THESE)
_SETTLE = (
    update(Quarantined)
    .where(
        *_THESE,
        or_(
            tuple_(Quarantined.mutation_id, Quarantined.member_id).in_(bindparam("pairs", expanding=True)),
            Quarantined.device_id == bindparam("device"),
        ),
    )
    .values(settled_at=bindparam("now"))
)


_HOUSEHOLD = "household."
_VISIT = "visit."
_TOLD = (_VISIT, "request.", "task.", "attendance.")  # of which people write in their own words
_NUMBER, _NOTES = {"phone"}, {"note", "reason", "text", "topic"}
_ONE = update(Quarantined).where(Quarantined.mutation_id == bindparam("key"), Quarantined.digest == bindparam("sum"))
_EMPTY = _ONE.values(content=bindparam("emptied"), settled_at=func.coalesce(Quarantined.settled_at, bindparam("now")))
_SHORTEN = _ONE.values(content=bindparam("rest"))


class _Homes(NamedTuple):
    """Of the households that mutations name: those of which nothing is kept, and those that may not be called."""

    erased: set[UUID]
    silent: set[UUID]


def _kept(session: Session, text: str | None = None) -> Iterator[tuple[str, bytes, Mutation]]:
    """Key, digest and mutation of everything that was refused and has `text`, if any, somewhere in its content."""
    wanted = select(Quarantined.mutation_id, Quarantined.digest, Quarantined.content)
    for key, digest, content in session.connection().execute(wanted.where(_holds(session, text)) if text else wanted):
        try:
            yield key, digest, read_alone(content)
        except Problem:
            continue  # what cannot be read names nobody


def _holds(session: Session, text: str) -> ColumnElement[bool]:
    """Whether the content has the text: a quick look that spares most of the reading."""
    sought = literal(text.encode(), LargeBinary)
    if session.get_bind().dialect.name == "postgresql":
        return func.position(sought.op("IN")(Quarantined.content)) > 0
    return func.instr(Quarantined.content, sought) > 0


def _homes(session: Session, mutations: Iterable[Mutation]) -> _Homes:
    ids = {_home_named(one) for one in mutations} - {None}
    found = _Homes(set(), set())
    wanted = select(Household.id, Household.erased_at, Household.consents).where(Household.id.in_(ids))
    for id_, erased_at, consents in session.connection().execute(wanted) if ids else ():
        if erased_at is not None:
            found.erased.add(id_)
        elif refuses_contact({CONTACT: consents.get("contact")}):
            found.silent.add(id_)
    return found


def _home_named(mutation: Mutation) -> UUID | None:
    """The household that a mutation is about, or to which it says that a visit was."""
    if str(mutation.type).startswith(_HOUSEHOLD):
        return mutation.row_id
    try:
        return convert(mutation.args.get("household_id"), UUID) if str(mutation.type).startswith(_VISIT) else None
    except Problem:
        return None


def _is_about(mutation: Mutation, ids: Set[UUID]) -> bool:
    return str(mutation.type).startswith(_HOUSEHOLD) and mutation.row_id in ids


def _has_number_of(mutation: Mutation, ids: Set[UUID]) -> bool:
    """Whether it gives the number of one of the households, or of one that itself says not to be called."""
    if not str(mutation.type).startswith(_HOUSEHOLD) or mutation.args.get("phone") is None:
        return False
    consents = mutation.args.get("consents")
    said = consents.get("contact") if isinstance(consents, dict) else None
    return mutation.row_id in ids or (isinstance(said, dict) and said.get("given") is False)


def _is_called(mutation: Mutation, known: Forgotten) -> bool:
    """Whether it would have made a household of that name in that village.

    Another household of the same name loses its copy here and keeps the phone's: a refusal weighs more.
    """
    name, village_id = mutation.args.get("head_name"), str(mutation.args.get("village_id")).lower()
    is_there = village_id in {str(one) for one in known.village_ids}
    return mutation.type == "household.create" and is_there and isinstance(name, str) and fold(name) in known.names


def _told_in(mutation: Mutation, known: Forgotten) -> set[str] | None:
    """The fields in which a household is told of beside notes; None where the mutation does not speak of it."""
    if not str(mutation.type).startswith(_TOLD):
        return None
    named = {name for name, value in mutation.args.items() if any(map(known.is_named_in, texts_in({name: value})))}
    is_to_it = str(mutation.args.get("household_id")).lower() in {str(one) for one in known.ids}
    return named | _unknown_to(mutation) if is_to_it else named or None


def _unknown_to(mutation: Mutation) -> set[str]:
    """The fields of a mutation that we do not know, services with such fields of their own among them."""
    kind = TYPES.get(str(mutation.type))
    unknown = mutation.args.keys() - set(kind.args.__struct_fields__) if kind else set(mutation.args)
    services = mutation.args.get("services")
    is_known = isinstance(services, list) and all(
        isinstance(one, dict) and one.keys() <= set(ServiceGiven.__struct_fields__) for one in services
    )
    return unknown if is_known or services is None else unknown | {"services"}


def _emptied(mutation: Mutation) -> bytes:
    """What is kept of a mutation without what it said."""
    args = {"id": mutation.row_id}
    return msgspec.json.encode({"id": mutation.id, "type": mutation.type, "args": args, "erased": True})


def _row(key: str, verdict: Verdict, device_id: UUID, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    assert verdict.problem is not None
    header = verdict.mutation.header
    return {
        "mutation_id": key,
        "digest": verdict.mutation.digest,
        "device_id": device_id,
        "member_id": header.member_id if header else member_id,
        "content": verdict.mutation.content,
        "code": verdict.problem.code,
        "field": verdict.problem.field,
        "received_at": now,
        "judged_at": now,
        "settled_at": None,
    }


def _key(verdict: Verdict) -> str:
    """The mutation's id; of one that is no UUID, which the database's text may not be able to hold, a digest."""
    if verdict.mutation.id is not None:
        return str(verdict.mutation.id)
    return "sha256:" + sha256(verdict.mutation.sent_id.encode("utf-8", "surrogatepass")).hexdigest()
