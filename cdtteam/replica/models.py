"""Rows of the village log (sync protocol, "Cursor and epoch")."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base

# The catalogues (services, indicators) have a log of their own, under the nil UUID.
CATALOGUE = UUID(int=0)


class VillageCounter(Base):
    """The last version given out in a village; its row lock orders the village's writers.

    The catalogues have one too, and each member who was ever told something: an inbox is a log under the member's id.
    """

    __tablename__ = "village_counter"

    village_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class LogEntry(Base):
    """The latest change of one row of a village; a row's earlier entry goes when it changes again."""

    __tablename__ = "village_log"

    village_id: Mapped[UUID] = mapped_column(ForeignKey("village_counter.village_id"), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str]
    row_id: Mapped[UUID]
    gone: Mapped[str | None]
    into_id: Mapped[UUID | None]


class StaleDay(Base):
    """A civil day of a village whose summaries must be made again."""

    __tablename__ = "stale_day"
    __table_args__ = (Index(None, "on"),)

    village_id: Mapped[UUID] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)


class Told(Base):
    """The last civil day of which the phones have been told what begins or ends with it; one row."""

    __tablename__ = "told"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date]


class Epoch(Base):
    """A line of history of this database; the one begun last is in force."""

    __tablename__ = "epoch"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
