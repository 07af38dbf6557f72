"""Refused mutations are kept as they came, with the reason."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, bindparam, or_, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cdtteam.sync.judge import Verdict
from cdtteam.sync.models import Quarantined


def keep_refused(
    session: Session, device_id: UUID, member_id: UUID | None, verdicts: Iterable[Verdict], now: datetime
) -> None:
    """Writes the refused ones of `verdicts`; one refused again keeps its row, with the newer reason."""
    refused = {(_key(verdict), verdict.mutation.digest): verdict for verdict in verdicts if verdict.problem}
    if not refused:
        return
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Quarantined)
    again = {name: statement.excluded[name] for name in ("code", "field", "judged_at")} | {"settled_at": None}
    upsert: Insert = statement.on_conflict_do_update(index_elements=["mutation_id", "digest"], set_=again)
    rows = [_row(key, verdict, device_id, member_id, now) for (key, _), verdict in refused.items()]
    session.connection().execute(upsert, rows)


def settle(session: Session, settled: set[tuple[UUID, UUID]], device_id: UUID, now: datetime) -> None:
    """Counts refused mutations, given with their authors or sent by the same device, as settled; they stay here."""
    if not settled:
        return
    pairs = [(str(mutation_id), author_id) for mutation_id, author_id in settled]
    known = {"pairs": pairs, "ids": {mutation_id for mutation_id, _ in pairs}, "device": device_id, "now": now}
    session.connection().execute(_SETTLE, known)


_SETTLE = (
    update(Quarantined)
    .where(
        Quarantined.mutation_id.in_(bindparam("ids", expanding=True)),
        or_(
            tuple_(Quarantined.mutation_id, Quarantined.member_id).in_(bindparam("pairs", expanding=True)),
            Quarantined.device_id == bindparam("device"),
        ),
        Quarantined.settled_at.is_(None),
    )
    .values(settled_at=bindparam("now"))
)


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
