"""The database: types, base class, transactions; SQLite and PostgreSQL behave alike to what stands above."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, Uuid, event, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from cdtteam.core.writelock import WriteLock

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


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
        if db.engine.dialect.name == "sqlite":
            _tame_sqlite(db.engine)
            app.extensions["cdt_write_lock"] = WriteLock(f"{db.engine.url.database}.lock")


def is_transient(error: DBAPIError) -> bool:
    """Whether trying the whole transaction again may help: deadlock, serialisation failure, unique clash."""
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01", "23505") or "UNIQUE constraint failed" in str(error.orig)


def _driver_url(url: str) -> URL:
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine_options(url: URL) -> dict[str, Any]:
    json = {
        "json_serializer": lambda value: msgspec.json.encode(value).decode(),
        "json_deserializer": msgspec.json.decode,
    }
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 10, "check_same_thread": False}, **json}
    # In UTC whatever the server's zone: an instant at an end of the calendar may not exist in another.
    return {
        "pool_size": 16,
        "max_overflow": 8,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c timezone=UTC"},
        **json,
    }


def _tame_sqlite(engine: Engine) -> None:
    """WAL, durable commits, foreign keys, and transactions begun by us and not by the driver."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("cdt_begin", "DEFERRED")
        connection.execute(text(f"BEGIN {mode}"))
