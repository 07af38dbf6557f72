"""Rows of a village put straight into the tables, with the ledger, log, counter and marks that syncing would leave."""

import hashlib
import random
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from cdtteam.core.clock import civil_date
from cdtteam.core.db import Base
from cdtteam.households.models import Household
from cdtteam.replica.models import LogEntry, StaleDay, VillageCounter
from cdtteam.sync.models import LedgerEntry
from cdtteam.visits.models import Visit

Row = dict[str, Any]


def id_at(moment: datetime, rng: random.Random) -> UUID:
    """A UUID version 7 as a phone mints it at a moment: milliseconds, eleven bits, and sixty-two more by chance."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80 | 0x7 << 76 | rng.getrandbits(11) << 64 | 0b10 << 62 | rng.getrandbits(62)
    )  # fmt: skip


def store_village(session: Session, village_id: UUID, households: list[Row], visits: list[Row]) -> None:
    """Adds households and visits without versions; each gets its own, in this order. The caller commits."""
    counter = VillageCounter.village_id == village_id
    before = session.scalars(select(VillageCounter.version).where(counter)).one()
    for version, row in enumerate((*households, *visits), before + 1):
        row["version"] = version
    for household in households:
        household["created_version"] = household["version"]
    _insert(session, Household, households)
    _insert(session, Visit, visits)
    _insert(session, LogEntry, [*_log("household", households), *_log("visit", visits)])
    _insert(session, LedgerEntry, [_ledger(row, row["entered_at"]) for row in (*households, *visits)])
    days = {civil_date(visit["occurred_at"]) for visit in visits}
    _insert(session, StaleDay, [{"village_id": village_id, "on": on} for on in sorted(days)])
    session.execute(update(VillageCounter).where(counter).values(version=before + len(households) + len(visits)))


def _log(kind: str, rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield {"village_id": row["village_id"], "version": row["version"], "kind": kind, "row_id": row["id"]}


def _ledger(row: Row, entered_at: datetime) -> Row:
    digest = hashlib.sha256(row["id"].bytes).digest()
    received_at = row.get("received_at", entered_at)
    return {"id": row["id"], "device_id": row["device_id"], "digest": digest, "received_at": received_at}


def _insert(session: Session, model: type[Base], rows: list[Row]) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    if rows:
        session.connection().execute(insert(table), rows)
