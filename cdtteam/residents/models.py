"""Rows of what residents are told beside teams and people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base


class CommuneContact(Base):
    """The number at which a commune's office is reached; never a member's own."""

    __tablename__ = "commune_contact"

    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), primary_key=True)
    phone: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]


class HiddenName(Base):
    """A person who is left out of the public page; the others are in it, as they serve the public."""

    __tablename__ = "hidden_name"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), primary_key=True)
    since_at: Mapped[datetime]
    hidden_by: Mapped[UUID | None]
