"""The measure of sync: the rows that it left behind, inserted again by nothing but SQL, as durably."""

import sqlite3
import threading
import time
from itertools import islice
from typing import Any

import psycopg
from psycopg.types.json import Json
from sqlalchemy.engine import make_url

CONNECTIONS = 8
TABLES = ("visit", "ledger", "village_log")


def bare_rate(kind: str, url: str, count: int, batch: int) -> float:
    """Visits per second when the last `count` visits with their ledger and log are deleted and inserted again.

    In transactions of `batch` visits, each with a village's counter moved and a stale day marked; SQLite on one
    connection, which is its fastest, PostgreSQL on eight.
    """
    return _on_sqlite(url, count, batch) if kind == "sqlite" else _on_postgres(url, count, batch)


def _on_sqlite(url: str, count: int, batch: int) -> float:
    link = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        link.execute(f"PRAGMA {pragma}")
    rows, columns = _take(link.execute, count)
    for table in TABLES:
        link.execute(f"DELETE FROM {table} WHERE {_key(table)} IN (SELECT id FROM temp_ids)")
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    inserts = {table: _insert(table, columns[table], "?") for table in TABLES}
    start = time.perf_counter()
    for part in _parts(rows, batch):
        link.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            link.executemany(inserts[table], part[table])
        village, version = part["village_log"][-1][:2]
        link.execute("UPDATE village_counter SET version = max(version, ?) WHERE village_id = ?", (version, village))
        link.execute("INSERT OR IGNORE INTO stale_day VALUES (?, date('now'))", (village,))
        link.execute("COMMIT")
    seconds = time.perf_counter() - start
    link.close()
    return count / seconds


def _on_postgres(url: str, count: int, batch: int) -> float:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as link:
        rows, columns = _take(link.execute, count)
        for table in TABLES:
            link.execute(f"DELETE FROM {table} WHERE {_key(table)} IN (SELECT id FROM temp_ids)".encode())
    inserts = {table: _insert(table, columns[table], "%s").encode() for table in TABLES}
    parts = list(_parts(rows, batch))

    def work(mine: list[dict[str, list[Any]]]) -> None:
        with psycopg.connect(plain) as link:
            for part in mine:
                village, version = part["village_log"][-1][:2]
                link.execute(
                    "UPDATE village_counter SET version = greatest(version, %s) WHERE village_id = %s",
                    (version, village),
                )
                for table in TABLES:
                    link.cursor().executemany(inserts[table], part[table])
                link.execute("INSERT INTO stale_day VALUES (%s, current_date) ON CONFLICT DO NOTHING", (village,))
                link.commit()

    threads = [threading.Thread(target=work, args=(parts[n::CONNECTIONS],)) for n in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - start)


def _take(execute: Any, count: int) -> tuple[dict[str, list[Any]], dict[str, list[str]]]:
    """The last `count` visits with their ledger and log, a village's together, and the columns of each table."""
    execute(f"CREATE TEMP TABLE temp_ids AS SELECT id FROM visit ORDER BY received_at DESC LIMIT {int(count)}")
    rows, columns = {}, {}
    for table in TABLES:
        order = "village_id, version" if table == "village_log" else "id"
        if table != "village_log":
            # The order of the log, so that a part holds the same visits in each table.
            query = (
                f"SELECT t.* FROM {table} t JOIN village_log l ON l.row_id = t.id AND l.kind = 'visit' "
                f"WHERE t.id IN (SELECT id FROM temp_ids) ORDER BY l.village_id, l.version"
            )
        else:
            query = f"SELECT * FROM {table} WHERE row_id IN (SELECT id FROM temp_ids) ORDER BY {order}"
        found = execute(query)
        columns[table] = [column[0] for column in found.description]
        rows[table] = [_plain(row) for row in found.fetchall()]
    return rows, columns


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(Json(value) if isinstance(value, dict | list) else value for value in row)


def _parts(rows: dict[str, list[Any]], batch: int) -> Any:
    streams = {table: iter(rows[table]) for table in TABLES}
    while part := {table: list(islice(stream, batch)) for table, stream in streams.items()}:
        if not part["visit"]:
            return
        yield part


def _key(table: str) -> str:
    return "row_id" if table == "village_log" else "id"


def _insert(table: str, columns: list[str], mark: str) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join([mark] * len(columns))})"
