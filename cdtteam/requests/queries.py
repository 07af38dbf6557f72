"""Requests that an officer may see, and what was done about one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require, visible
from cdtteam.accounts.models import User
from cdtteam.requests.models import Request, RequestChange, RequestState

ANSWERED_BY = (
    select(User.role)
    .join(RequestChange, RequestChange.user_id == User.id)
    .where(RequestChange.request_id == Request.id, RequestChange.words.is_not(None))
    .where(RequestChange.state.in_((RequestState.ANSWERED, RequestState.CLOSED)))
    .order_by(RequestChange.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("answered_by")
)  # the role of the officer whose words are a request's answer


def requests_seen(
    actor: Actor, session: Session, now: datetime, *where: ColumnElement[bool], newest: int | None = None
) -> list[Request]:
    """The requests of an officer's villages, the oldest first; with `newest` only so many, and the newest first."""
    require(actor, Permission.REQUEST_ANSWER)
    wanted: Any = visible(select(Request).where(*where), actor, Request.village_id, now)
    if newest is not None:
        return list(session.scalars(wanted.order_by(Request.raised_at.desc(), Request.id.desc()).limit(newest)))
    return list(session.scalars(wanted.order_by(Request.raised_at, Request.id)))


def numbers_seen(actor: Actor, session: Session, now: datetime, *numbers: ColumnElement[bool]) -> Sequence[int]:
    """How many requests of an officer's villages fulfil each of some conditions."""
    require(actor, Permission.REQUEST_ANSWER)
    wanted: Any = select(*(func.count().filter(number) for number in numbers)).select_from(Request)
    return tuple(session.execute(visible(wanted, actor, Request.village_id, now)).one())


def changes_of(session: Session, request_id: UUID) -> Sequence[RequestChange]:
    """What was done about a request, in order."""
    order = (RequestChange.at, RequestChange.id)
    return session.scalars(select(RequestChange).where(RequestChange.request_id == request_id).order_by(*order)).all()
