"""Rows of teams and people. Terms run from `started_at` until before `ended_at`."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id

_DATES = "ended_at IS NULL OR started_at <= ended_at"


class Position(StrEnum):
    """A member's position in the team."""

    LEADER = "leader"
    DEPUTY = "deputy"
    MEMBER = "member"


class Team(Base):
    """A community digital-technology team; it stands under its home village."""

    __tablename__ = "team"
    __table_args__ = (CheckConstraint(_DATES, name="dates"), Index(None, "home_village_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    home_village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TeamVillage(Base):
    """A village that a team serves, its home village included."""

    __tablename__ = "team_village"
    __table_args__ = (CheckConstraint(_DATES, name="dates"), Index(None, "village_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), index=True)
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Member(Base):
    """A person who is or was in a team."""

    __tablename__ = "member"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]


class Membership(Base):
    """A person's time in a team."""

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint(_DATES, name="dates"), Index(None, "member_id"), Index(None, "team_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    position: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TeamDay(Base):
    """How many mutations of a team the server applied and refused on a civil day."""

    __tablename__ = "team_day"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    applied: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
