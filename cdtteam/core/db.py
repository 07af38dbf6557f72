"""The database: types, base class, transactions; SQLite and PostgreSQL behave alike to what stands above."""

from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, Uuid, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from cdtteam.core.uselock import UseLock
from cdtteam.core.writelock import WriteLock

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


IDLE = 5.0  # seconds in which a connection is taken to be alive
# What is deleted is overwritten: some builds of SQLite would leave the name of a household that refused in the file.
ERASED = "cdt_erased"  # in a session's info: what its transaction erased is to be found nowhere
_PATIENCE = "busy_timeout=10000"
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", _PATIENCE, "secure_delete=ON")
FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        try:
            value = value.astimezone(UTC)
        except OverflowError:  # a device's own clock, at an end of the calendar and in another zone
            value = LAST if value.year > 5000 else FIRST
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every row of every room inherits."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UtcDateTime(),
            UUID: Uuid(),
            dict[str, Any]: JSON(none_as_null=True),
            list[Any]: JSON(none_as_null=True),
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def init_db(app: Flask, url: str) -> None:
    """Connects `app` to the database at `url` (sqlite:/// or postgresql://)."""
    app.config["SQLALCHEMY_DATABASE_URI"] = _driver_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(make_url(url))
    db.init_app(app)
    with app.app_context():
        _tame(db.engine)
        if db.engine.dialect.name == "sqlite":
            app.extensions["cdt_write_lock"] = WriteLock(f"{db.engine.url.database}.lock")


def engine_at(url: URL | str) -> Engine:
    """An engine for another database than the application's, to be disposed of by the caller."""
    wanted = make_url(url)
    engine = create_engine(_driver_url(wanted), **_engine_options(wanted))
    _tame(engine)
    return engine


def empty_journal(engine: Engine) -> bool:
    """Empties SQLite's write-ahead log, in which what was deleted can be read on; False when a reader still needs it.

    No transaction may be open on the caller's side.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=300")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute(f"PRAGMA {_PATIENCE}")
    finally:
        connection.close()
    return not busy


def is_transient(error: DBAPIError) -> bool:
    """Whether trying the whole transaction again may help: deadlock, serialisation failure, unique clash."""
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01", "23505") or "UNIQUE constraint failed" in str(error.orig)


def _driver_url(url: URL | str) -> URL:
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine_options(url: URL) -> dict[str, Any]:
    common = {
        "json_serializer": lambda value: msgspec.json.encode(value).decode(),
        "json_deserializer": msgspec.json.decode,
        "hide_parameters": True,  # what a statement was given may be names, and its error goes into the log
    }
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 10, "check_same_thread": False}, **common}
    # In UTC whatever the server's zone: an instant at an end of the calendar may not exist in another.
    return {
        "pool_size": 16,
        "max_overflow": 8,
        "connect_args": {"options": "-c timezone=UTC"},
        **common,
    }


def _tame(engine: Engine) -> None:
    (_tame_sqlite if engine.dialect.name == "sqlite" else _tame_postgres)(engine)


def _tame_postgres(engine: Engine) -> None:
    """Connections that lay idle are tried before they are used: the server may have gone since.

    Trying all of them (`pool_pre_ping`) would cost each transaction a round trip.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: object, record: Any) -> None:
        record.info["cdt_used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: Any, _proxy: object) -> None:
        if monotonic() - record.info.get("cdt_used", monotonic()) < IDLE:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _tame_sqlite(engine: Engine) -> None:
    """Our pragmas on every connection, and transactions begun by us and not by the driver.

    As long as a connection is open the database's file is in use, so that a restore does not take it away.
    """
    in_use = UseLock(str(engine.url.database))

    @event.listens_for(engine, "do_connect")
    def on_open(_dialect: object, record: Any, _args: object, _options: object) -> None:
        in_use.release(record.info.pop("cdt_use", None))
        record.info["cdt_use"] = in_use.share()

    @event.listens_for(engine, "close")
    def on_close(_connection: object, record: Any) -> None:
        in_use.release(record.info.pop("cdt_use", None) if record else None)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("cdt_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")
