"""Uploads, what they hold, and what became of what they made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from cdtteam.access.models import Actor, Role
from cdtteam.access.policy import require
from cdtteam.areas.queries import with_forerunners
from cdtteam.core.clock import civil_date
from cdtteam.core.problems import Problem
from cdtteam.households.models import Household
from cdtteam.imports.body import read_body
from cdtteam.imports.columns import Column, look_at_columns, missing_fields
from cdtteam.imports.households import judge_households, known_households
from cdtteam.imports.lines import Judged
from cdtteam.imports.models import Kind, Upload, UploadMade
from cdtteam.imports.people import judge_people, known_mates
from cdtteam.imports.places import villages_of
from cdtteam.imports.reading import unpack_rows
from cdtteam.teams.models import Member, Membership, Team

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A row that an upload made and that undoing left: its number in the file, its name, and why it stays."""

    number: int
    name: str
    kept: str


def upload_with(session: Session, actor: Actor, upload_id: UUID, now: datetime, *, is_locked: bool = False) -> Upload:
    """An upload that the actor may see, locked until the commit for whoever changes it; else the Problem why not."""
    upload = session.get(Upload, upload_id, with_for_update=is_locked or None, populate_existing=True)
    if upload is None:
        raise Problem("not_found")
    require(actor, Kind(upload.kind).permission, upload.commune_id, session=session, now=now)
    return upload


def uploads_seen(session: Session, actor: Actor, now: datetime) -> list[Upload]:
    """The latest uploads that the actor may see, without their rows."""
    kinds = [kind for kind in Kind if actor.may(kind.permission)]
    latest = select(Upload).where(Upload.kind.in_(kinds)).order_by(Upload.uploaded_at.desc(), Upload.id).limit(_SHOWN)
    if actor.role not in (Role.PROVINCE, Role.ADMIN):
        if actor.area_id is None:
            return []
        became = with_forerunners(actor.area_id, civil_date(now))
        latest = latest.where(or_(Upload.commune_id == actor.area_id, Upload.commune_id.in_(became)))
    return [
        row
        for row in session.scalars(latest.options(defer(Upload.content), defer(Upload.others)))
        if row.is_open(now) or row.applied_at
    ]


def rows_of(upload: Upload) -> list[list[str]]:
    """The rows of a file that has not been taken in."""
    return unpack_rows(upload.content) if upload.content else []


def columns_of(upload: Upload) -> list[Column]:
    """The columns of a file that has not been taken in."""
    return look_at_columns(Kind(upload.kind), rows_of(upload), upload.header, upload.never)


def judge(session: Session, upload: Upload, now: datetime, secret: bytes) -> Judged[Any] | None:
    """What each row of an upload would make now; None while a column that is needed is not chosen."""
    if missing_fields(Kind(upload.kind), upload.chosen):
        return None
    body, today = read_body(Kind(upload.kind), rows_of(upload), upload.header, upload.chosen), civil_date(now)
    villages = villages_of(session, upload.commune_id, today)
    judged: Judged[Any]
    if upload.kind == Kind.PEOPLE:
        judged = judge_people(body.rows, villages, known_mates(session, villages, now), today, secret)
    else:
        judged = judge_households(body.rows, villages, known_households(session, villages), secret)
    judged.passed_over = body.left_out
    return judged


def what_stayed(session: Session, upload: Upload) -> Sequence[Made]:
    """What undoing left because it had been used, in the order of the file."""
    names = (
        select(UploadMade.number, Household.head_name, UploadMade.kept).join(
            Household, Household.id == UploadMade.row_id
        ),
        select(UploadMade.number, Member.name, UploadMade.kept)
        .join(Membership, Membership.id == UploadMade.row_id)
        .join(Member, Member.id == Membership.member_id),
        select(UploadMade.number, Team.name, UploadMade.kept).join(Team, Team.id == UploadMade.row_id),
    )
    left = (UploadMade.upload_id == upload.id, UploadMade.kept.is_not(None))
    rows = [row for query in names for row in session.execute(query.where(*left))]
    found = [Made(number, name or "", str(kept)) for number, name, kept in rows]
    return sorted(found, key=lambda made: made.number)
