"""Rows of accounts, sessions, devices and the sign-in throttle."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdtteam.core.db import Base
from cdtteam.core.ids import new_id


class User(Base):
    """Who can sign in; without a password hash only later means (an invitation) open the account."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"), unique=True)
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"))
    locale: Mapped[str] = mapped_column(default="vi")
    created_at: Mapped[datetime]
    first_signed_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class SignIn(Base):
    """A signed-in browser or client; revoked, not deleted."""

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    device_id: Mapped[UUID | None]
    browser_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SignInTry(Base):
    """A sign-in that failed or has not succeeded yet; what the throttle counts."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index(None, "key", "at"), Index(None, "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    at: Mapped[datetime]


class Device(Base):
    """A phone, as it named itself: its app, its key and its clock's error in milliseconds (positive: behind)."""

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[dict[str, Any] | None]
    app_version: Mapped[str] = mapped_column(default="")
    clock_error_ms: Mapped[int] = mapped_column(default=0)
    first_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class DeviceContact(Base):
    """A civil day on which a member's device reached the server."""

    __tablename__ = "device_contact"
    __table_args__ = (Index(None, "member_id", "on"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]


class Invitation(Base):
    """A way into a member's account, by a secret or by a short code; only what they hash to is kept."""

    __tablename__ = "invitation"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Redemption(Base):
    """A browser that signed in with an invitation."""

    __tablename__ = "redemption"
    __table_args__ = (Index(None, "invitation_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"))
    sign_in_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in.id"))
    browser_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    device_id: Mapped[UUID | None]
    at: Mapped[datetime]


class ApiToken(Base):
    """A key with which another system reads the province's figures; only its SHA-256 is kept."""

    __tablename__ = "api_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    note: Mapped[str]
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
