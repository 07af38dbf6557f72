"""Rows of uploads and of what was made from them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.access.models import Permission
from cdtteam.core.db import Base

KEPT = timedelta(days=7)  # how long rows of an upload wait, and how long it can be undone


class Kind(StrEnum):
    """What a file lists."""

    PEOPLE = "people"
    HOUSEHOLDS = "households"

    @property
    def permission(self) -> Permission:
        """What one must be allowed to do in the commune to take such a file in."""
        return Permission.TEAM_MANAGE if self is Kind.PEOPLE else Permission.HOUSEHOLD_WRITE


class Upload(Base):
    """A file that was uploaded for a commune: its rows until it is taken in, and what became of it.

    `content` are the rows of its sheet that is looked at, `others` the sheets that are not.

    `header` is the row of the headings, from 0; `columns` says which field a column holds, {"3": "village"}, or with a
    dash in front why it is never taken and was not even kept, {"4": "-identity"}.
    `figures` are the counts when it was taken in. `version` counts the changes, so that a form knows what it saw.
    """

    __tablename__ = "upload"
    __table_args__ = (Index(None, "commune_id", "uploaded_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    commune_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    user_id: Mapped[UUID]
    kind: Mapped[str]
    file_name: Mapped[str]
    sheet: Mapped[str]
    content: Mapped[bytes | None]
    others: Mapped[bytes | None]
    header: Mapped[int]
    columns: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any] | None]
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    @property
    def chosen(self) -> dict[str, str]:
        """The fields of the columns that are used."""
        return {index: key for index, key in self.columns.items() if not key.startswith("-")}

    @property
    def never(self) -> dict[str, str]:
        """Why columns are never taken."""
        return {index: key[1:] for index, key in self.columns.items() if key.startswith("-")}

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be taken in."""
        return self.applied_at is None and now < self.uploaded_at + KEPT

    def can_be_undone(self, now: datetime) -> bool:
        """Whether what it made can still be taken back."""
        return self.applied_at is not None and self.undone_at is None and now < self.applied_at + KEPT


class UploadMade(Base):
    """A household, membership or team that an upload made, as `version` of it (of its member, for a membership).

    `mark` is a keyed digest of the row: when the same file comes again, a household that was erased at its own wish is
    known by it, and what is called otherwise by now. `kept` is why undoing left it: visited, changed or used.
    """

    __tablename__ = "upload_made"

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    number: Mapped[int]
    what: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger)
    mark: Mapped[bytes | None] = mapped_column(index=True)
    kept: Mapped[str | None]


class UploadHeading(Base):
    """What a commune's columns of one heading hold, as a person chose; an empty `field` is a column that is not used.

    `mark` is a keyed digest of the heading and of what the list is of: a list without headings has a name there.
    """

    __tablename__ = "upload_heading"

    commune_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(primary_key=True)
    field: Mapped[str]
    chosen_at: Mapped[datetime]
