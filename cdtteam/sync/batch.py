"""A batch of mutations is judged in one transaction: rows, log, ledger, marks and results commit together."""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.accounts.devices import Sighting, note_device
from cdtteam.accounts.queries import member_actors
from cdtteam.core.db import is_transient
from cdtteam.core.ids import is_uuid7
from cdtteam.core.problems import Problem
from cdtteam.core.wire import convert
from cdtteam.replica.work import NotLocked, Work
from cdtteam.sync.judge import Judge, Verdict
from cdtteam.sync.models import LedgerEntry
from cdtteam.sync.mutations import TYPES
from cdtteam.sync.quarantine import forget_numbers, forget_refused, keep_refused, settle
from cdtteam.sync.rows import Named, Rows
from cdtteam.sync.times import Clock
from cdtteam.sync.wire import Mutation
from cdtteam.teams.activity import count_mutations
from cdtteam.visits.models import NewVisit
from cdtteam.web.transactions import writing

log = logging.getLogger("cdtteam")

TRIES = 6
KINDS = ("household", "visit", "attendance", "task", "request")  # of rows that args name by `id`
_INSERT_ENTRIES = insert(LedgerEntry)
_LEDGER = select(LedgerEntry.id, LedgerEntry.digest, LedgerEntry.result).where(
    LedgerEntry.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a batch, from which device; `carried_by` is the member who brought it sealed."""

    actor: Actor
    device_id: UUID
    clock: Clock
    carried_by: UUID | None = None

    @property
    def signed_in(self) -> UUID | None:
        """The member who was signed in when it arrived."""
        return self.carried_by or self.actor.member_id


@dataclass(frozen=True, slots=True)
class Judged:
    """One result for each mutation of a batch, in order, and the visits that it recorded."""

    results: list[dict[str, Any]] = field(default_factory=list)
    made: dict[UUID, NewVisit] = field(default_factory=dict)


@dataclass
class _Attempt:
    """What one batch asks for, which villages earlier tries at it found missing, and what it has recorded."""

    sender: Sender
    mutations: list[Mutation]
    sighting: Sighting | None
    now: datetime
    villages: set[UUID] = field(default_factory=set)
    made: dict[UUID, NewVisit] = field(default_factory=dict)


def judge_mutations(
    session: Session, sender: Sender, mutations: list[Mutation], *, sighting: Sighting | None = None, now: datetime
) -> Judged:
    """What became of the mutations, after the commit.

    A row found in a village that is not locked, a deadlock or a unique clash rolls everything back and tries again; a
    mutation that we fail at is refused alone, and does not stop the others.
    """
    require(sender.actor, Permission.SYNC)
    for mutation in mutations:
        _parse(mutation)
    attempt = _Attempt(sender, mutations, sighting, now)
    try:
        verdicts = _judge_together(session, attempt)
    except (Problem, OperationalError):
        raise
    except Exception:
        log.exception("a batch failed and is judged one by one")
        verdicts = [_judge_alone(session, replace(attempt, mutations=[mutation])) for mutation in mutations]
    return Judged([verdict.result() for verdict in verdicts], attempt.made)


def _judge_alone(session: Session, attempt: _Attempt) -> Verdict:
    """The verdict on the one mutation of `attempt`; a fault of ours is its refusal, so that it stops no phone."""
    try:
        return _judge_together(session, attempt)[0]
    except (Problem, OperationalError):
        raise
    except Exception:
        log.exception("a mutation failed and is put into quarantine")
        verdict = Verdict(attempt.mutations[0], problem=Problem("server_fault"))
    with writing(session):
        keep_refused(session, attempt.sender.device_id, attempt.sender.signed_in, [verdict], attempt.now)
    return verdict


def _judge_together(session: Session, attempt: _Attempt) -> list[Verdict]:
    tries = 0
    while tries < TRIES:
        try:
            return _judge_all(session, attempt)
        except NotLocked as missing:
            # Each village is missed once at the most, so this comes to an end by itself.
            tries += missing.village_id in attempt.villages
            attempt.villages.add(missing.village_id)
        except DBAPIError as error:
            if not is_transient(error):
                raise
            tries += 1
    raise Problem("busy", retry_after=2)


def _judge_all(session: Session, attempt: _Attempt) -> list[Verdict]:
    sender, mutations, now = attempt.sender, attempt.mutations, attempt.now
    with writing(session):
        work = Work(session, now)
        rows = Rows.under_lock(work, _named(mutations), frozenset(attempt.villages))
        signed_in, authors = _serving_now(session, sender, mutations)
        judge = Judge(signed_in, sender.device_id, sender.clock, rows, authors, _known(session, mutations))
        with session.no_autoflush:  # everything named has been read: nothing is looked up among the new rows
            verdicts = [judge.judge(mutation) for mutation in mutations]
        work.flush()
        _write_ledger(session, sender, verdicts, now)
        settle(session, judge.settled, sender.device_id, now)
        keep_refused(session, sender.device_id, sender.signed_in, verdicts, now)
        for known in rows.forgotten:
            forget_refused(session, known, now)
        if rows.silent:
            forget_numbers(session, rows.silent)
        count_mutations(
            session,
            signed_in,
            now,
            applied=sum(v.is_new for v in verdicts),
            refused=sum(v.is_refused for v in verdicts),
        )
        if attempt.sighting is not None:
            note_device(session, attempt.sighting, now)
    attempt.made.update(rows.made)
    return verdicts


def _parse(mutation: Mutation) -> None:
    """Reads the args of a known type, once; what is wrong with them is said when its turn comes."""
    kind = TYPES.get(mutation.type) if isinstance(mutation.type, str) else None
    if kind is None or mutation.problem is not None:
        return
    try:
        args = convert(mutation.args, kind.args)
        if kind.makes and not is_uuid7(args.id):
            raise Problem("invalid_field", field="id")
        mutation.parsed = args
    except Problem as problem:
        mutation.problem = problem


def _named(mutations: list[Mutation]) -> Named:
    villages: set[UUID] = set()
    rows: dict[str, set[UUID]] = {kind: set() for kind in KINDS}
    homeless: set[UUID] = set()
    for mutation in mutations:
        args = mutation.parsed
        kind = TYPES.get(mutation.type) if isinstance(mutation.type, str) else None
        if kind is not None and kind.makes is not None and mutation.row_id is not None:
            rows[kind.makes].add(mutation.row_id)  # whatever is wrong with it: that the row exists is said first
        if args is None or kind is None:
            continue
        if kind.of is not None:
            rows[kind.of].add(args.id)
        if kind.needs in ("household", "visit"):
            homeless.add(args.id)
        if isinstance(getattr(args, "village_id", None), UUID):
            villages.add(args.village_id)
        if isinstance(getattr(args, "household_id", None), UUID):
            rows["household"].add(args.household_id)
    households, visits, attendances, tasks, requests = (frozenset(rows[kind]) for kind in KINDS)
    return Named(frozenset(villages), households, visits, attendances, tasks, requests, frozenset(homeless))


def _serving_now(session: Session, sender: Sender, mutations: list[Mutation]) -> tuple[Actor, dict[UUID, Actor]]:
    """Who sends, and who wrote the mutations, by what they serve now that the villages are held.

    What the sender served when the request came may have been taken back since: a merger of teams was undone.
    """
    actor = sender.actor
    assert actor.member_id is not None
    found = member_actors(session, {actor.member_id, *(one.header.member_id for one in mutations if one.header)})
    known = found.get(actor.member_id)
    found[actor.member_id] = replace(actor, duties=known.duties if known else ())
    return found[actor.member_id], found


def _known(session: Session, mutations: list[Mutation]) -> dict[UUID, tuple[bytes, dict[str, Any] | None]]:
    ids = {mutation.id for mutation in mutations if mutation.id}
    return {id_: (digest, result) for id_, digest, result in session.connection().execute(_LEDGER, {"ids": ids})}


def _write_ledger(session: Session, sender: Sender, verdicts: list[Verdict], now: datetime) -> None:
    entries = [
        {
            "id": verdict.mutation.id,
            "device_id": sender.device_id,
            "digest": verdict.mutation.digest,
            "result": verdict.extra,
            "sent_by": sender.signed_in,
            "received_at": now,
        }
        for verdict in verdicts
        if verdict.is_new
    ]
    if entries:
        session.connection().execute(_INSERT_ENTRIES, entries)
