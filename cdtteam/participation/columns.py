"""Columns as the databases hold them: thousands of UUIDs and decoded texts would cost more than the query."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

Column = Any  # a mapped attribute of any type


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
