"""Somebody at the command line, who loads areas and changes them."""

from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from cdtteam.areas.models import Area, AreaTerm
from cdtteam.areas.queries import AreaMap, area_map
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.replica.models import VillageCounter

NAME = "Tỉnh Bình Định"


class Operator:
    """Somebody at the command line, with a folder of files."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.folder = folder
        self._made = 0

    def file(self, content: str | bytes) -> str:
        """A new file with the content."""
        self._made += 1
        path = self.folder / f"file{self._made}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def areas(self, *words: str) -> Result:
        """Runs `flask areas …`."""
        return self.app.test_cli_runner().invoke(args=["areas", *words])

    def load(self, communes: str | bytes, districts: str | bytes | None = None, name: str = NAME) -> Result:
        """Imports communes and districts."""
        files = [self.file(content) for content in (communes, districts) if content is not None]
        return self.areas("import", *files, "--province-name", name)

    def load_villages(self, content: str | bytes) -> Result:
        """Imports villages."""
        return self.areas("villages", self.file(content))

    def map(self) -> AreaMap:
        """Today's map."""
        with self.app.app_context():
            return area_map(db.session(), clock.civil_date(clock.now()))

    def count(self) -> tuple[int, int, int]:
        """How many areas, terms and counters there are."""
        with self.app.app_context():
            tables = (Area.id, AreaTerm.area_id, VillageCounter.village_id)
            areas, terms, counters = (db.session().scalar(select(func.count(column))) or 0 for column in tables)
            return areas, terms, counters
