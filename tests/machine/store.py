"""Databases of the machine: one that is used, and copies of it to go back to, as from last night's backup."""

import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from flask import Flask

from cdtteam.core.db import db
from cdtteam.sync import daybreak
from tests.support.postgres import PostgresServer


class Store(Protocol):
    """A database that can be copied and put back."""

    @property
    def url(self) -> str:
        """Its address."""

    def keep(self, app: Flask, name: str) -> None:
        """Copies the database as it is."""

    def restore(self, app: Flask, name: str) -> None:
        """Puts a copy in the database's place."""


@dataclass
class SqliteStore:
    """An SQLite file; nobody is connected while it is copied."""

    path: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"sqlite:///{self.path}"

    def keep(self, app: Flask, name: str) -> None:
        """Copies the file."""
        disconnect(app)
        with sqlite3.connect(self.path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copy(self.path, self.path.with_suffix(f".{name}"))

    def restore(self, app: Flask, name: str) -> None:
        """Puts the copy back."""
        disconnect(app)
        for rest in ("-wal", "-shm"):
            Path(f"{self.path}{rest}").unlink(missing_ok=True)
        shutil.copy(self.path.with_suffix(f".{name}"), self.path)


@dataclass
class PostgresStore:
    """A database of a PostgreSQL server."""

    server: PostgresServer
    name: str
    _copies: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url(self.name)

    def keep(self, app: Flask, name: str) -> None:
        """Copies the database."""
        disconnect(app)
        self.server.drop(f"{self.name}_{name}")
        self.server.create(f"{self.name}_{name}", self.name)
        self._copies.add(name)

    def restore(self, app: Flask, name: str) -> None:
        """Puts the copy back."""
        disconnect(app)
        self.server.drop(self.name)
        self.server.create(self.name, f"{self.name}_{name}")

    def drop(self) -> None:
        """Removes the database and its copies."""
        for name in (self.name, *(f"{self.name}_{copy}" for copy in self._copies)):
            self.server.drop(name)


def disconnect(app: Flask) -> None:
    """Closes the application's connections."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        daybreak._told.pop(db.engine, None)
