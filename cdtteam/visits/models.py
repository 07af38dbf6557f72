"""Rows of visits and of their earlier texts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id

_NAMES_ONE = "task_id IS NOT NULL"
_ENTERED_FOR = "entered_by IS NOT NULL"


class Act(StrEnum):
    """What the desk did about a visit."""

    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


class Visit(Base):
    """Support given in a village by a team, at home, at a public place, by phone or to a group.

    `services` is [{code, people, outcome}] and `member_ids` a list: read and written whole with the visit, never
    alone, so they are no tables. `entered_by` is the account of an officer who entered it for the team from paper;
    `*_raw_at` hold the device's own times where they were corrected. `review` is the desk's last word on it, as phones
    are told: {act, by, at, reason, fields}, `by` being the office.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index(None, "village_id", "occurred_at"),
        Index(None, "task_id", sqlite_where=text(_NAMES_ONE), postgresql_where=text(_NAMES_ONE)),
        Index(None, "team_id", "occurred_at", sqlite_where=text(_ENTERED_FOR), postgresql_where=text(_ENTERED_FOR)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    entered_by: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("household.id"))
    task_id: Mapped[UUID | None]
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    occurred_raw_at: Mapped[datetime | None]
    entered_at: Mapped[datetime]
    entered_raw_at: Mapped[datetime | None]
    time_uncertain: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    participants: Mapped[int]
    member_ids: Mapped[list[Any]]
    services: Mapped[list[Any]]
    follow_up_on: Mapped[date | None]
    note: Mapped[str | None]
    photo_ids: Mapped[list[Any] | None]
    extra: Mapped[dict[str, Any] | None]
    amended_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
    review: Mapped[dict[str, Any] | None]


class NewVisit(Struct, kw_only=True):
    """A visit as it is recorded, by the names of its columns: no object of the session, so many cost little."""

    withdrawn_at: ClassVar[None] = None  # nobody has had a word on it yet
    withdrawn_reason: ClassVar[None] = None
    review: ClassVar[None] = None

    id: UUID
    village_id: UUID
    version: int = 0
    team_id: UUID | None
    author_id: UUID
    device_id: UUID | None
    household_id: UUID | None
    task_id: UUID | None
    kind: str
    occurred_at: datetime
    occurred_raw_at: datetime | None
    entered_at: datetime
    entered_raw_at: datetime | None
    time_uncertain: bool
    received_at: datetime
    participants: int
    member_ids: list[Any]
    services: list[Any]
    follow_up_on: date | None
    note: str | None
    photo_ids: list[Any] | None
    extra: dict[str, Any] | None
    amended_at: datetime | None = None
    entered_by: UUID | None = None


def was_withdrawn_at_desk(visit: Any) -> bool:
    """Whether a visit (a row, or its columns) is out of the figures by the desk's word and not by its author's."""
    return visit.withdrawn_at is not None and visit.review is not None and visit.review["act"] == Act.WITHDRAWN


class VisitChange(Base):
    """An amendment or withdrawal: its reason, and the fields as they were before.

    `entered_by` is the account of an officer who made it at the desk, `author_id` the member who made it on a phone.
    """

    __tablename__ = "visit_change"
    __table_args__ = (Index(None, "visit_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    author_id: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
