"""INSERT … ON CONFLICT: SQLAlchemy has a construct of its own for each database, and here it is chosen.

A row is there already when one of its primary key is. Rows are written in the order in which they are given.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy.dialects import postgresql, sqlite

from cdtteam.core.db import Base

Insert = sqlite.Insert | postgresql.Insert
Row = Mapping[str, Any]

_INSERT: dict[str, type[Insert]] = {"sqlite": sqlite.Insert, "postgresql": postgresql.Insert}


def insert_into(connection: Connection, model: type[Base]) -> Insert:
    """An insert that can be told what to do on a conflict, where none of the functions below says it."""
    return _insert(connection.dialect.name, model)


def insert_missing(connection: Connection, model: type[Base], rows: Sequence[Row]) -> None:
    """Adds rows and leaves those that are there as they are."""
    connection.execute(_missing(connection.dialect.name, model), rows)


def insert_or_replace(connection: Connection, model: type[Base], rows: Sequence[Row], *columns: str) -> None:
    """Adds rows; where one is there already, `columns` take the new values."""
    connection.execute(_replacing(connection.dialect.name, model, columns), rows)


def insert_or_add(connection: Connection, model: type[Base], rows: Sequence[Row], *columns: str) -> None:
    """Adds rows; where one is there already, the numbers in `columns` are added to its own."""
    connection.execute(_adding(connection.dialect.name, model, columns), rows)


def _insert(dialect: str, model: type[Base]) -> Insert:
    return _INSERT[dialect](model)


# Made once: putting a statement together costs more than running it.
@cache
def _missing(dialect: str, model: type[Base]) -> Insert:
    return _insert(dialect, model).on_conflict_do_nothing()


@cache
def _replacing(dialect: str, model: type[Base], columns: Sequence[str]) -> Insert:
    insert = _insert(dialect, model)
    new = {name: insert.excluded[name] for name in columns}
    return insert.on_conflict_do_update(index_elements=_key(model), set_=new)


@cache
def _adding(dialect: str, model: type[Base], columns: Sequence[str]) -> Insert:
    insert = _insert(dialect, model)
    sums = {name: getattr(model, name) + insert.excluded[name] for name in columns}
    return insert.on_conflict_do_update(index_elements=_key(model), set_=sums)


def _key(model: type[Base]) -> list[str]:
    return [column.name for column in inspect(model).primary_key]
