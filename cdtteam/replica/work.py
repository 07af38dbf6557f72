"""One transaction's writes to villages: locks, versions, the log and the stale marks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cdtteam.core.clock import civil_date
from cdtteam.replica.models import LogEntry, StaleDay, VillageCounter

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
_MARK = {
    "sqlite": sqlite.insert(StaleDay).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(StaleDay).on_conflict_do_nothing(),
}


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
    _versions: dict[UUID, int] = field(default_factory=dict)
    _moved: set[UUID] = field(default_factory=set)
    _entries: dict[tuple[UUID, int], dict[str, Any]] = field(default_factory=dict)
    _outdated: list[tuple[UUID, int, UUID]] = field(default_factory=list)
    _stale: set[tuple[UUID, date]] = field(default_factory=set)

    def lock(self, village_ids: Iterable[UUID]) -> None:
        """Locks villages in ascending order, so that no two writers wait for each other; passes over unknown ones."""
        wanted = sorted(set(village_ids) - self._versions.keys())
        if wanted:
            rows = self.session.execute(_LOCK, {"ids": wanted})
            self._versions.update((village_id, version) for village_id, version in rows)

    def is_locked(self, village_id: UUID) -> bool:
        """Whether this transaction holds the village."""
        return village_id in self._versions

    def changed(
        self, kind: str, row: Versioned, village_id: UUID, *, gone: str | None = None, into: UUID | None = None
    ) -> None:
        """Logs a change of `row` and gives it its new version; NotLocked when the village is not held."""
        earlier = row.version
        row.version = self.log(kind, row.id, village_id, gone=gone, into=into, at_least=earlier or 0)
        if earlier:
            self._forget(village_id, earlier, row.id)  # of a row that has just moved here there is none: no harm

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
        """Adds an entry to the village's log; answers its version, which is above `at_least`."""
        if village_id not in self._versions:
            raise NotLocked(village_id)
        version = max(self._versions[village_id], at_least) + 1
        self._versions[village_id] = version
        self._moved.add(village_id)
        self._entries[village_id, version] = {
            "village_id": village_id, "version": version, "kind": kind, "row_id": row_id, "gone": gone, "into_id": into,
        }  # fmt: skip
        return version

    def figures_changed(self, village_id: UUID, *instants: datetime) -> None:
        """Marks the civil days of `instants` in a village as to be counted again."""
        self._stale.update((village_id, civil_date(instant)) for instant in instants)

    def flush(self) -> None:
        """Writes rows, log, counters and marks; the caller commits."""
        self.session.flush()
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
            connection.execute(_MARK[connection.dialect.name], marks)
        for written in (self._outdated, self._entries, self._moved, self._stale):
            written.clear()

    def _forget(self, village_id: UUID, version: int, row_id: UUID) -> None:
        # A row changed twice in one transaction has its first entry here and not yet in the table. The row is asked
        # for as well: one that has just moved here brings a version that is another row's in this village.
        entry = self._entries.get((village_id, version))
        if entry is None:
            self._outdated.append((village_id, version, row_id))
        elif entry["row_id"] == row_id:
            del self._entries[village_id, version]
