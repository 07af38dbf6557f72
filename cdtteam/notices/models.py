"""Rows of what officers wrote to teams, and for which teams."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id

LONGEST_SUBJECT, LONGEST_TEXT = 80, 600  # characters: what a phone shows of it, and what a push may carry


class Notice(Base):
    """A warning or message of a commune or the province (`area_id`); its notifications have it as their subject.

    `people` is to how many it was written: notifications are forgotten in time. `version` counts the changes.
    """

    __tablename__ = "notice"
    __table_args__ = (Index(None, "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    is_urgent: Mapped[bool]
    subject: Mapped[str]
    text: Mapped[str]
    people: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]


class NoticeTeam(Base):
    """A team for which a notice was written."""

    __tablename__ = "notice_team"
    __table_args__ = (Index(None, "team_id"),)

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
