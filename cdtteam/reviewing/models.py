"""Rows of what officers looked at and left as it was."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id


class Sign(StrEnum):
    """Why something deserves a look. None of them says that anything is wrong."""

    MANY_A_DAY = "many_a_day"
    SAME_NOTE = "same_note"
    SAME_HOME = "same_home"
    MANY_PEOPLE = "many_people"
    TIME = "time"
    CONFLICT = "conflict"
    SENT_BACK = "sent_back"


class Review(Base):
    """What an officer looked at in a village and left as it is: it is not shown again for this sign.

    `subjects` are the ids of visits or of changes of households as 32 hexadecimal digits, or the keys of refused
    entries; they are read and written whole, so they are no table. `on` is the day that the page named.
    """

    __tablename__ = "review"
    __table_args__ = (Index(None, "village_id", "decided_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    sign: Mapped[str]
    subjects: Mapped[list[Any]]
    on: Mapped[date]
    decided_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
