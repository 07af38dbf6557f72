"""Columns as the databases hold them: thousands of UUIDs and decoded texts would cost more than the query."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, String, cast, func, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

Column = Any  # a mapped attribute of any type
PERIODS = 32  # whose statements are held: putting one together costs as much as running it


def plain_rows(session: Session, statement: Executable) -> Sequence[Sequence[Any]]:
    """The rows of columns like these, past the mapper, which has no part in them."""
    return session.connection().execute(statement).all()


def streamed_rows(session: Session, statement: Executable, at_once: int) -> Iterable[Sequence[Any]]:
    """The same where they may be too many to be held: so many of them at once."""
    return session.connection().execute(statement, execution_options={"yield_per": at_once})


def pairs(session: Session, statement: Executable) -> dict[str, Any]:
    """Rows of two columns: the second by the first."""
    return {first: second for first, second in plain_rows(session, statement)}  # noqa: C416 — rows are no pairs to mypy


class hex_id(FunctionElement[str]):  # noqa: N801 — used like a function
    """An id as 32 hexadecimal digits."""

    type = String()
    inherit_cache = True


@compiles(hex_id)
def _compile(element: hex_id, compiler: Any, **options: Any) -> str:
    (column,) = element.clauses
    return str(compiler.process(func.replace(cast(column, String), "-", ""), **options))


@compiles(hex_id, "sqlite")
def _compile_for_sqlite(element: hex_id, compiler: Any, **options: Any) -> str:
    (column,) = element.clauses  # it is kept in this form
    return str(compiler.process(column, **options))


def json_text(column: Column) -> ColumnElement[str]:
    """A JSON column as text."""
    return cast(column, String)


def raw_instant(column: Column) -> ColumnElement[Any]:
    """An instant in the database's own form, to be compared with `raw_instants`."""
    return type_coerce(column, String)


def raw_instants(session: Session, instants: list[datetime]) -> list[Any]:
    """Instants in the form in which `raw_instant` reads them."""
    if session.get_bind().dialect.name == "sqlite":
        return [f"{instant:%Y-%m-%d %H:%M:%S.%f}" for instant in instants]
    return list(instants)
