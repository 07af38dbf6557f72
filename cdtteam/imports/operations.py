"""Files are put up, their columns chosen, taken in whole, taken back, and dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.access.policy import require
from cdtteam.areas.queries import area_in_place_of
from cdtteam.core.clock import civil_date
from cdtteam.core.problems import Problem
from cdtteam.imports.columns import accept_columns, doubled_fields, missing_fields
from cdtteam.imports.lines import Standing
from cdtteam.imports.making import Progress, make_households, make_people, untold
from cdtteam.imports.models import Kind, Upload
from cdtteam.imports.places import villages_of
from cdtteam.imports.queries import columns_of, judge, rows_of
from cdtteam.imports.reader.wire import Sheet
from cdtteam.imports.reading import pack_rows
from cdtteam.imports.remembered import recall, remember
from cdtteam.imports.sheets import (
    Kept,
    columns_on,
    likelihood,
    look_at_sheet,
    pack_sheets,
    propose,
    spread,
    unpack_sheets,
)
from cdtteam.imports.undoing import unmake_households, unmake_people
from cdtteam.replica.work import Work

LONGEST_FILE_NAME = 80


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file that has been read: what it lists, for which commune, who brings it, what it is called."""

    id: UUID
    kind: Kind
    commune_id: UUID
    user_id: UUID
    file_name: str
    sheets: list[Sheet]


def put_up(actor: Actor, session: Session, new: NewUpload, *, now: datetime, secret: bytes) -> Upload:
    """Keeps the file's sheets for a week at most, proposes the likeliest with what its columns hold."""
    require(actor, new.kind.permission, new.commune_id, session=session, now=now)
    sheets = [look_at_sheet(new.kind, sheet) for sheet in new.sheets]
    villages = villages_of(session, new.commune_id, civil_date(now))
    for sheet in sheets:
        sheet.columns = _proposed(session, new.kind, new.commune_id, sheet, now, secret)
        spread(new.kind, sheet, lambda text: len(villages.named(text)) == 1)
    best = max(sheets, key=lambda sheet: likelihood(new.kind, sheet))
    upload = Upload(
        id=new.id, commune_id=new.commune_id, user_id=new.user_id, kind=new.kind, sheet=best.name, header=best.header,
        file_name=new.file_name[-LONGEST_FILE_NAME:], content=pack_rows(best.rows), columns=best.columns,
        others=pack_sheets([sheet for sheet in sheets if sheet is not best]), uploaded_at=now,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def choose_sheet(actor: Actor, session: Session, upload: Upload, name: str, *, now: datetime) -> None:
    """Looks at another sheet of the file; Problem `changed_meanwhile` where it has none of this name."""
    require(actor, Kind(upload.kind).permission, upload.commune_id, session=session, now=now)
    _refuse_closed(upload, now)
    if name == upload.sheet:
        return
    others = unpack_sheets(upload.others)
    wanted = next((sheet for sheet in others if sheet.name == name), None)
    if wanted is None:
        raise Problem("changed_meanwhile")
    before = Kept(upload.sheet, upload.header, upload.columns, rows_of(upload))
    upload.others = pack_sheets([before if sheet is wanted else sheet for sheet in others])
    upload.sheet, upload.header, upload.columns = wanted.name, wanted.header, wanted.columns
    upload.content = pack_rows(wanted.rows)
    upload.version += 1
    session.flush()


def _proposed(
    session: Session, kind: Kind, commune_id: UUID, sheet: Kept, now: datetime, secret: bytes
) -> dict[str, str]:
    standing = area_in_place_of(session, commune_id, civil_date(now))
    columns = columns_on(kind, sheet)
    return propose(kind, columns, recall(session, standing, kind, columns, secret))


def _remember(session: Session, upload: Upload, now: datetime, secret: bytes) -> None:
    """Keeps for the next list what the columns hold, once nothing that is needed is missing."""
    if not missing_fields(Kind(upload.kind), upload.chosen):
        standing = area_in_place_of(session, upload.commune_id, civil_date(now))
        columns = columns_of(upload)
        remember(session, standing, Kind(upload.kind), columns, upload.chosen, now=now, secret=secret)


def choose_columns(
    actor: Actor, session: Session, upload: Upload, wanted: Mapping[str, str], *, now: datetime, secret: bytes
) -> Mapping[str, str]:
    """Sets which column holds what; Problem `invalid_field` (columns) when a field has several."""
    require(actor, Kind(upload.kind).permission, upload.commune_id, session=session, now=now)
    _refuse_closed(upload, now)
    kind = Kind(upload.kind)
    chosen = accept_columns(kind, columns_of(upload), wanted)
    if doubled_fields(kind, chosen):
        raise Problem("invalid_field", field="columns")
    if chosen != upload.chosen:
        upload.columns = chosen | {index: f"-{why}" for index, why in upload.never.items()}
        upload.version += 1
    _remember(session, upload, now, secret)
    session.flush()
    return chosen


def take_in(
    actor: Actor, work: Work, upload: Upload, *, problems: int, secret: bytes, progress: Progress = untold
) -> None:
    """Makes all that the file's good rows say; `problems` is how many rows its reader agreed to leave out.

    `progress` is told how many rows are made, and of how many.
    Problem `changed_meanwhile` when it is another number now, `invalid_field` (columns) while a column is missing.
    """
    require(actor, Kind(upload.kind).permission, upload.commune_id, session=work.session, now=work.now)
    _refuse_closed(upload, work.now)
    # From here on nobody else adds to these villages: what is judged as new stays so.
    work.lock(villages_of(work.session, upload.commune_id, civil_date(work.now)).names)
    judged = judge(work.session, upload, work.now, secret)
    if judged is None:
        raise Problem("invalid_field", field="columns")
    if len(judged.of(Standing.PROBLEM)) != problems:
        raise Problem("changed_meanwhile")
    make = make_people if upload.kind == Kind.PEOPLE else make_households
    make(actor, work, upload, judged, progress)
    _remember(work.session, upload, work.now, secret)
    upload.figures = judged.figures
    upload.applied_at = work.now
    upload.content = upload.others = None  # it holds names, and is needed no more
    upload.version += 1


def undo(actor: Actor, work: Work, upload: Upload) -> None:
    """Takes back what the upload made, except what has been used since."""
    require(actor, Kind(upload.kind).permission, upload.commune_id, session=work.session, now=work.now)
    if not upload.can_be_undone(work.now):
        raise Problem("changed_meanwhile")
    work.lock(villages_of(work.session, upload.commune_id, civil_date(work.now)).names)
    unmake = unmake_people if upload.kind == Kind.PEOPLE else unmake_households
    unmake(actor, work, upload)
    upload.undone_at = work.now
    upload.version += 1


def drop(actor: Actor, session: Session, upload: Upload, *, now: datetime) -> None:
    """Forgets a file that has not been taken in."""
    require(actor, Kind(upload.kind).permission, upload.commune_id, session=session, now=now)
    _refuse_closed(upload, now)
    session.delete(upload)
    session.flush()


def _refuse_closed(upload: Upload, now: datetime) -> None:
    if not upload.is_open(now):
        raise Problem("changed_meanwhile")
