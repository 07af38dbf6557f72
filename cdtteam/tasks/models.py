"""Rows of tasks, how they move, and what was said and done about them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cdtteam.campaigns.models import Asked
from cdtteam.core.clock import civil_date
from cdtteam.core.db import Base
from cdtteam.core.ids import new_id

_ON_ITS_WAY = "delivered_at IS NULL AND withdrawn_at IS NULL"


class State(StrEnum):
    """How far a team has come with a task."""

    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    BLOCKED = "blocked"
    DONE = "done"


_AHEAD = {  # sync protocol, "Conflicts": states only move forward, and a coordinator reopens
    State.SENT: {State.SEEN, State.ACCEPTED, State.DECLINED, State.BLOCKED, State.DONE},
    State.SEEN: {State.ACCEPTED, State.DECLINED, State.BLOCKED, State.DONE},
    State.ACCEPTED: {State.DECLINED, State.BLOCKED, State.DONE},
    State.DECLINED: set[State](),
    State.BLOCKED: set[State](),
    State.DONE: set[State](),
}
WITH_REASON = (State.DECLINED, State.BLOCKED)


class Deed(StrEnum):
    """What the desk does with a task that it has given out."""

    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    REASSIGNED = "reassigned"
    CLOSED = "closed"


def leads_on(state: str, said: str) -> bool:
    """Whether what a team says moves a task forward from its state; what is older or equal changes nothing."""
    return State(said) in _AHEAD[State(state)]


class Task(Asked, Base):
    """An assignment of a team in a village, perhaps meant for one member, for all households or those of a list.

    `note` is the last word about it, in `declined` and `blocked` the reason. `ended_at` is when it was done or
    withdrawn, or when its campaign was closed before it was done. `delivered_at` is when a phone of the team was first
    known to hold it as it now stands.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index(None, "village_id"),
        Index(None, "campaign_id"),
        Index(None, "team_id", sqlite_where=text(_ON_ITS_WAY), postgresql_where=text(_ON_ITS_WAY)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    village_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign.id"))
    target: Mapped[int | None]
    household_ids: Mapped[list[Any] | None]
    state: Mapped[str]
    note: Mapped[str | None]
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    delivered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def ended_on(self) -> date | None:
        """The day on which it was done or withdrawn, or ended with its campaign."""
        return civil_date(self.ended_at) if self.ended_at else None

    @property
    def is_closed(self) -> bool:
        """Whether its campaign was closed before its team had done it: what they did stays and counts."""
        return self.ended_at is not None and self.withdrawn_at is None and self.state != State.DONE


class TaskChange(Base):
    """What was said or done about a task: a State by a member, a Deed by an officer; kept for good.

    `took_effect` is false for a word that came late. `before` holds what a deed replaced.
    """

    __tablename__ = "task_change"
    __table_args__ = (Index(None, "task_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"))
    what: Mapped[str]
    note: Mapped[str | None]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    member_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    took_effect: Mapped[bool] = mapped_column(default=True)
    before: Mapped[dict[str, Any] | None]
    extra: Mapped[dict[str, Any] | None]
