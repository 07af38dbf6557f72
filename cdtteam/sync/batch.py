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
from cdtteam.sync.quarantine import keep_refused, settle
from cdtteam.sync.rows import Named, Rows
from cdtteam.sync.times import Clock
from cdtteam.sync.wire import Mutation
from cdtteam.teams.activity import count_mutations
from cdtteam.web.transactions import writing

log = logging.getLogger("cdtteam")

TRIES = 6
_INSERT_ENTRIES = insert(LedgerEntry)
_LEDGER = select(LedgerEntry.id, LedgerEntry.digest, LedgerEntry.result).where(
    LedgerEntry.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a batch, from which device."""

    actor: Actor
    device_id: UUID
    clock: Clock


@dataclass
class _Attempt:
    """What one batch asks for, and which villages earlier tries at it found missing."""

    sender: Sender
    mutations: list[Mutation]
    sighting: Sighting
    now: datetime
    villages: set[UUID] = field(default_factory=set)


def judge_mutations(
    session: Session, sender: Sender, mutations: list[Mutation], *, sighting: Sighting, now: datetime
) -> list[dict[str, Any]]:
    """One result for each mutation, in order, after the commit.

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
    return [verdict.result() for verdict in verdicts]


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
        keep_refused(session, attempt.sender.device_id, attempt.sender.actor.member_id, [verdict], attempt.now)
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
        judge = Judge(
            sender.actor,
            sender.device_id,
            sender.clock,
            rows,
            _authors(session, sender, mutations),
            _known(session, mutations),
        )
        with session.no_autoflush:  # everything named has been read: nothing is looked up among the new rows
            verdicts = [judge.judge(mutation) for mutation in mutations]
        work.flush()
        _write_ledger(session, sender, verdicts, now)
        settle(session, judge.settled, sender.device_id, now)
        keep_refused(session, sender.device_id, sender.actor.member_id, verdicts, now)
        count_mutations(
            session,
            sender.actor,
            now,
            applied=sum(v.is_new for v in verdicts),
            refused=sum(v.is_refused for v in verdicts),
        )
        note_device(session, attempt.sighting, now)
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
    rows: dict[str, set[UUID]] = {"household": set(), "visit": set()}
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
        if kind.needs is not None:
            homeless.add(args.id)
        if isinstance(getattr(args, "village_id", None), UUID):
            villages.add(args.village_id)
        if isinstance(getattr(args, "household_id", None), UUID):
            rows["household"].add(args.household_id)
    return Named(frozenset(villages), frozenset(rows["household"]), frozenset(rows["visit"]), frozenset(homeless))


def _authors(session: Session, sender: Sender, mutations: list[Mutation]) -> dict[UUID, Actor]:
    others = {mutation.header.member_id for mutation in mutations if mutation.header} - {sender.actor.member_id}
    found = member_actors(session, others) if others else {}
    return found | ({sender.actor.member_id: sender.actor} if sender.actor.member_id else {})


def _known(session: Session, mutations: list[Mutation]) -> dict[UUID, tuple[bytes, dict[str, Any] | None]]:
    ids = {mutation.id for mutation in mutations if mutation.id}
    return {id_: (digest, result) for id_, digest, result in session.execute(_LEDGER, {"ids": ids})}


def _write_ledger(session: Session, sender: Sender, verdicts: list[Verdict], now: datetime) -> None:
    entries = [
        {
            "id": verdict.mutation.id,
            "device_id": sender.device_id,
            "digest": verdict.mutation.digest,
            "result": verdict.extra,
            "sent_by": sender.actor.member_id,
            "received_at": now,
        }
        for verdict in verdicts
        if verdict.is_new
    ]
    if entries:
        session.connection().execute(_INSERT_ENTRIES, entries)
