"""Rows of teams and people. Terms run from `started_at` until before `ended_at`."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id
from cdtteam.core.text import name_key

_DATES = "ended_at IS NULL OR started_at <= ended_at"


class Position(StrEnum):
    """A member's position in the team."""

    LEADER = "leader"
    DEPUTY = "deputy"
    MEMBER = "member"


def by_position(position: str, name: str) -> tuple[int, object]:
    """The key by which the people of a team are listed: who leads it first, then by name."""
    return list(Position).index(Position(position)), name_key(name)


class Organisation(StrEnum):
    """On whose behalf a member is in the team; unknown where nobody said."""

    YOUTH_UNION = "youth_union"
    WOMEN_UNION = "women_union"
    FARMERS_UNION = "farmers_union"
    VETERANS = "veterans"
    POLICE = "police"
    TEACHER = "teacher"
    HEALTH = "health"
    VILLAGE_HEAD = "village_head"
    FRONT = "front"
    POST_TELECOM = "post_telecom"
    OTHER = "other"


class Team(Base):
    """A community digital-technology team; it stands under its home village.

    `version` counts the changes of the team and of the villages that it serves, so that a form knows what it saw.
    """

    __tablename__ = "team"
    __table_args__ = (CheckConstraint(_DATES, name="dates"), Index(None, "home_village_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    home_village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


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
    """A person who is or was in a team; relatives may share a phone number.

    `version` counts the changes of the person and of their memberships.
    """

    __tablename__ = "member"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    phone: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)


class Membership(Base):
    """A person's time in a team, in one position; a guest's end is known beforehand."""

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint(_DATES, name="dates"), Index(None, "member_id"), Index(None, "team_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    position: Mapped[str]
    organisation: Mapped[str | None]
    is_guest: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MergedTerm(Base):
    """A term of a team, a service or a membership that a merger of villages began or ended at the instant `at`.

    `until` is the end of a new one, or the one that an ended one had before. `from_id` is the membership that a new one
    goes on from; for an ended team it is the team that took over.
    """

    __tablename__ = "merged_term"
    __table_args__ = (Index(None, "at"),)

    reorganisation_id: Mapped[UUID] = mapped_column(ForeignKey("reorganisation.id"), primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]  # the name of the row's table
    is_new: Mapped[bool]
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    from_id: Mapped[UUID | None]


class TeamDay(Base):
    """How many mutations of a team the server applied and refused on a civil day."""

    __tablename__ = "team_day"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    applied: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
