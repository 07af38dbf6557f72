"""What a commune's headings mean: chosen once by a person, proposed from then on. Of the headings digests are kept."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.core.text import words
from cdtteam.core.upsert import insert_or_replace
from cdtteam.imports.columns import Column
from cdtteam.imports.marks import mark_of
from cdtteam.imports.models import Kind, UploadHeading


def recall(session: Session, commune_id: UUID, kind: Kind, columns: Iterable[Column], secret: bytes) -> dict[str, str]:
    """The fields that columns had in the lists before, an empty text for what was not used: {"3": "village"}."""
    marks = _marks(commune_id, kind, columns, secret)
    known = select(UploadHeading.mark, UploadHeading.field).where(
        UploadHeading.commune_id == commune_id, UploadHeading.mark.in_(marks.values())
    )
    fields = dict(session.execute(known).all())
    return {index: fields[mark] for index, mark in marks.items() if mark in fields}


def remember(
    session: Session, commune_id: UUID, kind: Kind, columns: Iterable[Column], chosen: dict[str, str],
    *, now: datetime, secret: bytes,
) -> None:  # fmt: skip
    """Keeps what each heading holds, or that it is not used, for the next list of the commune."""
    marks = _marks(commune_id, kind, columns, secret)
    by_mark = sorted(marks.items(), key=lambda one: one[1])  # in one order, so that two never wait in a ring
    rows = [
        {"commune_id": commune_id, "mark": mark, "field": chosen.get(index, ""), "chosen_at": now}
        for index, mark in by_mark
    ]
    if rows:
        insert_or_replace(session.connection(), UploadHeading, rows, "field", "chosen_at")


def _marks(commune_id: UUID, kind: Kind, columns: Iterable[Column], secret: bytes) -> dict[str, bytes]:
    """Digests of headings by column; of the same heading on several columns each has its own."""
    seen: Counter[str] = Counter()
    found = {}
    for column in columns:
        text = words(column.heading)
        if text and not column.never:
            seen[text] += 1
            found[str(column.index)] = mark_of(secret, str(commune_id), kind, text, str(seen[text]))
    return found
