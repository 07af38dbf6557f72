"""The tables of a database that is still empty."""

from flask_migrate import upgrade
from sqlalchemy import inspect

from cdtteam.core.db import db


def make_tables() -> None:
    """Makes the tables where there are none, so that a new database is filled by one command.

    One that is there is brought up to date by `db upgrade` alone, when its operator decides.
    """
    if not inspect(db.engine).has_table("alembic_version"):
        upgrade()
