"""Rows of reports: drafts that are written on, editions that are closed, and templates."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id


class ReportDraft(Base):
    """What the desk has typed for an area's report of a period; `version` grows with each saving.

    `texts` is a `texts.Texts` as JSON.
    """

    __tablename__ = "report_draft"
    __table_args__ = (UniqueConstraint("area_id", "period", "calendar"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    period: Mapped[str]
    calendar: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    texts: Mapped[dict[str, Any]]
    saved_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    saved_by_name: Mapped[str]
    saved_at: Mapped[datetime]


class ReportEdition(Base):
    """A closed report, which never changes; what closes the period again is the next `number`.

    `facts` is a `facts.Facts` as JSON, `texts` a `texts.Texts`; `versions` says of each village, by its id as 32
    hexadecimal digits, up to which version of its log the facts count. The files are as they were handed out.
    """

    __tablename__ = "report_edition"
    __table_args__ = (UniqueConstraint("area_id", "period", "calendar", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    period: Mapped[str]
    calendar: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date]
    number: Mapped[int]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    closed_by_name: Mapped[str]
    closed_at: Mapped[datetime]
    texts: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    versions: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    word: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sheet: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ReportTemplate(Base):
    """An uploaded Word file or workbook with placeholders; the province's are everybody's, a commune's its own."""

    __tablename__ = "report_template"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_by_name: Mapped[str]
    uploaded_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
