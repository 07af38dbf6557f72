"""Rows of the catalogues; an entry is retired, never deleted."""

from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id


class Service(Base):
    """What teams help with; `is_focus` marks this month's."""

    __tablename__ = "service"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    pillar: Mapped[str]
    national_item: Mapped[str]
    short_vi: Mapped[str]
    name_vi: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]
    is_focus: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class Indicator(Base):
    """What is known of a household: yes or no, or a count of adults."""

    __tablename__ = "indicator"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    base: Mapped[str]
    name_vi: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)
