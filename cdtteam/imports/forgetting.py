"""Files that nobody took in are forgotten after a week, with the names in them; some of their rows at once."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdtteam.areas.queries import area_in_place_of
from cdtteam.core.text import fold
from cdtteam.imports.cells import without_title
from cdtteam.imports.models import KEPT, Kind, Upload
from cdtteam.imports.reading import pack_rows, unpack_rows
from cdtteam.imports.sheets import pack_sheets, unpack_sheets


def forget_old_uploads(session: Session, now: datetime) -> None:
    """Deletes uploads that have waited for too long."""
    session.execute(delete(Upload).where(Upload.applied_at.is_(None), Upload.uploaded_at < now - KEPT))


def forget_in_waiting(session: Session, commune_ids: Collection[UUID | None], names: Collection[str], on: date) -> None:
    """Empties the rows that hold one of the names (folded) in the communes' lists of households that are not taken in.

    Another household of that name is left out of such a list as well: a refusal weighs more.
    """
    wanted = (Upload.kind == Kind.HOUSEHOLDS, Upload.applied_at.is_(None), Upload.content.is_not(None))
    for upload in session.scalars(select(Upload).where(*wanted)):
        if area_in_place_of(session, upload.commune_id, on) not in commune_ids:
            continue
        rows, others = unpack_rows(upload.content or b""), unpack_sheets(upload.others)
        kept = _without(rows, names)
        kept_others = [replace(sheet, rows=_without(sheet.rows, names)) for sheet in others]
        if kept != rows or kept_others != others:
            upload.content, upload.others = pack_rows(kept), pack_sheets(kept_others)
            upload.version += 1


def _without(rows: list[list[str]], names: Collection[str]) -> list[list[str]]:
    return [[] if any(fold(without_title(cell)) in names for cell in row) else row for row in rows]
