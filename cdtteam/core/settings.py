"""What is true of this database as a whole."""

from typing import Any

from sqlalchemy.orm import Mapped, Session, mapped_column

from cdtteam.core.db import Base

SYNTHETIC = "synthetic"


class Setting(Base):
    """A named value."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


def is_synthetic(session: Session) -> bool:
    """Whether the database holds the demonstration, whose villages and people do not exist."""
    return session.get(Setting, SYNTHETIC) is not None
