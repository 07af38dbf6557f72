"""Rows of digests: that of an account, by the civil day on which it was looked after last."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base


class Digest(Base):
    """On which civil day an account's digest was thought of last, whether or not there was anything to say."""

    __tablename__ = "digest"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    on: Mapped[date]
