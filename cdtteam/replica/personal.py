"""Logs of single persons: what a member's inbox is told, beside the villages' logs and under the same rules.

A person's log is held last, after all villages and in ascending order of persons: so writers that wait for each other
never do so in a circle, though one transaction tells thousands.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from cdtteam.core.upsert import insert_missing
from cdtteam.replica.models import LogEntry, VillageCounter

_IDS: Any = bindparam("ids", expanding=True)
_HOLD = (
    select(VillageCounter.village_id, VillageCounter.version)
    .where(VillageCounter.village_id.in_(_IDS))
    .order_by(VillageCounter.village_id)
    .with_for_update()
)
_RAISE = update(VillageCounter).where(VillageCounter.village_id.in_(_IDS))
_RAISE = _RAISE.values(version=VillageCounter.version + bindparam("by"))
_FORGET = delete(LogEntry).where(LogEntry.village_id == bindparam("log"), LogEntry.row_id == bindparam("row"))
_LOG = insert(LogEntry)
AT_ONCE = 10_000  # ids in one statement: both databases take more


def write_personal(connection: Connection, told: Iterable[dict[str, Any]]) -> None:
    """Writes entries (village_id, kind, row_id, gone) of persons' logs, each under its next version.

    `is_news` says of an entry that the log knows nothing earlier of the row.
    """
    entries = list(told)
    counts = Counter(entry["village_id"] for entry in entries)
    versions = _hold(connection, sorted(counts))
    outdated = [{"log": one["village_id"], "row": one["row_id"]} for one in entries if not one.pop("is_news")]
    if outdated:
        connection.execute(_FORGET, outdated)
    for entry in entries:
        log = entry["village_id"]
        versions[log] = entry["version"] = versions[log] + 1
    connection.execute(_LOG, entries)
    for by in set(counts.values()):
        raised = [log for log, number in counts.items() if number == by]
        for ids in _parts(raised):
            connection.execute(_RAISE, {"ids": ids, "by": by})


def _hold(connection: Connection, logs: list[UUID]) -> dict[UUID, int]:
    """The versions of logs, which nobody else writes to until the commit; a log begins when it is first written to."""
    held = _held(connection, logs)
    new = [log for log in logs if log not in held]
    if new:
        insert_missing(connection, VillageCounter, [{"village_id": log, "version": 0} for log in new])
        held |= _held(connection, new)
    return held


def _held(connection: Connection, logs: list[UUID]) -> dict[UUID, int]:
    return {log: version for ids in _parts(logs) for log, version in connection.execute(_HOLD, {"ids": ids})}


def _parts(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
