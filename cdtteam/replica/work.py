"""One transaction's writes to villages: locks, versions, the log and the stale marks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Insert, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from cdtteam.core.clock import civil_date
from cdtteam.core.db import Base
from cdtteam.core.upsert import insert_missing
from cdtteam.replica.models import LogEntry, StaleDay, VillageCounter
from cdtteam.replica.personal import write_personal

# Made once: putting a statement together costs more than running it.
_LOCK = (
    select(VillageCounter.village_id, VillageCounter.version)
    .where(VillageCounter.village_id.in_(bindparam("ids", expanding=True)))
    .order_by(VillageCounter.village_id)
    .with_for_update()
)
_FORGET = delete(LogEntry).where(
    LogEntry.village_id == bindparam("v"), LogEntry.version == bindparam("n"), LogEntry.row_id == bindparam("r")
)
_LOG = insert(LogEntry)
_COUNT = update(VillageCounter).where(VillageCounter.village_id == bindparam("v")).values(version=bindparam("n"))


@cache
def _insert(model: type[Base]) -> Insert:
    return insert(model)


class Versioned(Protocol):
    """A row that phones mirror."""

    id: Any
    version: Any


class NotLocked(Exception):
    """A row was found in a village that was not locked beforehand; the transaction must start again with it."""

    def __init__(self, village_id: UUID) -> None:
        super().__init__(str(village_id))
        self.village_id = village_id


@dataclass
class Work:
    """The writes of one transaction, made at the moment `now` (`received_at` of what arrives)."""

    session: Session
    now: datetime
    _rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)
    _versions: dict[UUID, int] = field(default_factory=dict)
    _moved: set[UUID] = field(default_factory=set)
    _entries: dict[tuple[UUID, int], dict[str, Any]] = field(default_factory=dict)
    _outdated: list[tuple[UUID, int, UUID]] = field(default_factory=list)
    _stale: set[tuple[UUID, date]] = field(default_factory=set)
    _told: dict[tuple[UUID, UUID], dict[str, Any]] = field(default_factory=dict)

    def lock(self, village_ids: Iterable[UUID]) -> None:
        """Locks villages in ascending order, so that no two writers wait for each other; passes over unknown ones."""
        wanted = sorted(set(village_ids) - self._versions.keys())
        if wanted:
            rows = self.session.connection().execute(_LOCK, {"ids": wanted})
            self._versions.update((village_id, version) for village_id, version in rows)

    def hold(self, village_id: UUID) -> None:
        """Goes on only if the village is locked; NotLocked otherwise."""
        if village_id not in self._versions:
            raise NotLocked(village_id)

    def is_locked(self, village_id: UUID) -> bool:
        """Whether this transaction holds the village."""
        return village_id in self._versions

    def insert(self, model: type[Base], row: dict[str, Any]) -> None:
        """Adds a row at the next write_rows, together with the others of its table; all bring the same columns.

        It is no object of the session until it is read, which spares most of what inserting many rows costs.
        """
        self._rows.setdefault(model, []).append(row)

    def changed(
        self, kind: str, row: Versioned, village_id: UUID, *, gone: str | None = None, into: UUID | None = None
    ) -> None:
        """Logs a change of `row` and gives it its new version; NotLocked when the village is not held."""
        earlier = row.version
        row.version = self.log(kind, row.id, village_id, gone=gone, into=into, at_least=earlier or 0)
        if earlier:
            self._forget(village_id, earlier, row.id)  # a row that has just moved here has none in this log: no harm

    def left(self, row: Versioned, kind: str, village_id: UUID) -> None:
        """Logs in the old village that `row` moves away; `changed` in the new one must follow."""
        earlier = row.version
        self.log(kind, row.id, village_id, gone="left_scope")
        self._forget(village_id, earlier, row.id)

    def log(
        self,
        kind: str,
        row_id: UUID,
        village_id: UUID,
        *,
        gone: str | None = None,
        into: UUID | None = None,
        at_least: int = 0,
    ) -> int:
        """Adds an entry to the village's log; answers its version, which is above `at_least`.

        `gone` is the protocol's word for why phones are to drop the row, `into` the household that it became one with.
        """
        self.hold(village_id)
        version = max(self._versions[village_id], at_least) + 1
        self._versions[village_id] = version
        self._moved.add(village_id)
        self._entries[village_id, version] = {
            "village_id": village_id, "version": version, "kind": kind, "row_id": row_id, "gone": gone, "into_id": into,
        }  # fmt: skip
        return version

    def tell(self, member_id: UUID, kind: str, row_id: UUID, *, gone: str | None = None, is_news: bool = False) -> None:
        """Logs a change in a member's own log, held and written at the end; a later one of the row replaces it.

        `is_news` says that the log knows nothing earlier of the row.
        """
        earlier = self._told.get((member_id, row_id))
        self._told[member_id, row_id] = {
            "village_id": member_id, "kind": kind, "row_id": row_id, "gone": gone, "into_id": None,
            "is_news": earlier["is_news"] if earlier else is_news,
        }  # fmt: skip

    def figures_changed(self, village_id: UUID, *instants: datetime) -> None:
        """Marks the civil days of `instants` in a village as to be counted again."""
        self._stale.update((village_id, civil_date(instant)) for instant in instants)

    def write_rows(self) -> None:
        """Writes the session's objects, and then what was inserted, to which objects belong that are added later."""
        self.session.flush()
        for model, rows in self._rows.items():
            self.session.connection().execute(_insert(model), rows)
        self._rows.clear()

    def flush(self) -> None:
        """Writes rows, logs, counters and marks; the caller commits."""
        self.write_rows()
        connection = self.session.connection()
        if self._outdated:
            outdated = [{"v": village, "n": version, "r": row} for village, version, row in self._outdated]
            connection.execute(_FORGET, outdated)
        if self._entries:
            connection.execute(_LOG, list(self._entries.values()))
        if self._moved:
            connection.execute(
                _COUNT, [{"v": village, "n": self._versions[village]} for village in sorted(self._moved)]
            )
        if self._stale:
            marks = [{"village_id": village, "on": on} for village, on in sorted(self._stale)]
            insert_missing(connection, StaleDay, marks)
        if self._told:
            write_personal(connection, self._told.values())
        for written in (self._outdated, self._entries, self._moved, self._stale, self._told):
            written.clear()

    def _forget(self, village_id: UUID, version: int, row_id: UUID) -> None:
        # The first entry of a row that is changed twice in one transaction is here, and not yet in the table. Version
        # and row must both fit: a row that has just moved here brings a version under which this log has another row.
        entry = self._entries.get((village_id, version))
        if entry is None:
            self._outdated.append((village_id, version, row_id))
        elif entry["row_id"] == row_id:
            del self._entries[village_id, version]
