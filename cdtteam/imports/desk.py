"""What the page of an upload shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cdtteam.areas.queries import area_in_place_of
from cdtteam.core.clock import civil_date
from cdtteam.core.text import natural_key
from cdtteam.imports.columns import Column, missing_fields
from cdtteam.imports.fields import FIELDS, Field
from cdtteam.imports.lines import Judged, Line, Standing
from cdtteam.imports.models import KEPT, Kind, Upload
from cdtteam.imports.places import commune_names
from cdtteam.imports.queries import Made, columns_of, judge, what_stayed
from cdtteam.imports.remembered import recall
from cdtteam.imports.sheets import unpack_sheets

_PROBLEMS = 60  # rows shown
_FIRST = 12


@dataclass
class Page:
    """An upload before it is taken in, or what became of it.

    `sheets` are the names of all of the file where there are several; `remembered` is whether headings were met before.
    """

    upload: Upload
    commune: str
    fields: list[Field]
    columns: list[Column]
    sheets: list[str]
    remembered: bool
    missing: list[Field]
    judged: Judged[Any] | None
    stayed: list[Made]
    is_open: bool
    can_be_undone: bool
    until: datetime

    @property
    def figures(self) -> dict[str, int]:
        """Counts of rows: as it was taken in, or as it would be."""
        found: dict[str, int] = self.upload.figures or (self.judged.figures if self.judged else {})
        return found

    @property
    def left_out(self) -> list[Column]:
        """Columns that are never taken."""
        return [column for column in self.columns if column.never]

    @property
    def shown(self) -> list[Field]:
        """The fields that have a column."""
        return [field for field in self.fields if field.key in self.upload.chosen.values()]

    def problems(self) -> list[Line[Any]]:
        """The first rows that have a problem."""
        return self.judged.of(Standing.PROBLEM)[:_PROBLEMS] if self.judged else []

    def there(self) -> list[Line[Any]]:
        """The first rows that are there already."""
        return self.judged.of(Standing.THERE)[:_PROBLEMS] if self.judged else []

    def alike(self) -> tuple[int, list[Line[Any]]]:
        """How many new rows may mean a household that is there, and the first of them."""
        found = [line for line in self.judged.of(Standing.NEW) if line.note] if self.judged else []
        return len(found), found[:_PROBLEMS]

    def first(self) -> list[Line[Any]]:
        """The first rows that are new."""
        return self.judged.of(Standing.NEW)[:_FIRST] if self.judged else []


def make_page(session: Session, upload: Upload, now: datetime, secret: bytes) -> Page:
    """The page of an upload."""
    kind, is_open = Kind(upload.kind), upload.is_open(now)
    commune_id = area_in_place_of(session, upload.commune_id, civil_date(now))
    columns = columns_of(upload) if is_open else []
    others = unpack_sheets(upload.others) if is_open else []
    names = commune_names(session, {commune_id}, civil_date(now))
    return Page(
        upload=upload,
        commune=names.get(commune_id, ""),
        fields=[field for field in FIELDS[kind] if field.is_taken],
        columns=columns,
        sheets=sorted([upload.sheet, *(sheet.name for sheet in others)], key=natural_key) if others else [],
        remembered=any(recall(session, commune_id, kind, columns, secret).values()),
        missing=missing_fields(kind, upload.chosen) if is_open else [],
        judged=judge(session, upload, now, secret) if is_open else None,
        stayed=list(what_stayed(session, upload)) if upload.undone_at else [],
        is_open=is_open,
        can_be_undone=upload.can_be_undone(now),
        until=(upload.applied_at or upload.uploaded_at) + KEPT,
    )
