"""Whose turn it is: each account once a day, from the hour that it chose until the quiet hours begin."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, literal, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Role
from cdtteam.accounts.models import User
from cdtteam.core.clock import CIVIL_ZONE, civil_date
from cdtteam.core.upsert import insert_into
from cdtteam.notify.hours import NIGHT
from cdtteam.notify.models import DIGEST_HOUR, Preference
from cdtteam.notify.queries import Recipient
from cdtteam.reminders.models import Digest

AT_ONCE = 500  # accounts in one transaction
_REMINDED = (Role.VOLUNTEER, Role.COORDINATOR, Role.PROVINCE)


@dataclass(frozen=True, slots=True)
class Reader:
    """An account whose turn it is."""

    account_id: UUID
    role: str
    member_id: UUID | None
    area_id: UUID | None
    locale: str

    @property
    def recipient(self) -> Recipient:
        """The same as somebody to tell."""
        return Recipient(self.account_id, self.member_id)


def take_turns(session: Session, now: datetime) -> list[Reader]:
    """Some accounts whose turn has come, which no other worker and no later run is given on this day.

    The statement that finds them puts the day on record, so that it holds with the commit of what they are told.
    """
    there = now.astimezone(CIVIL_ZONE)
    if there.time() >= NIGHT:  # what was not said by then is another day's
        return []
    today = civil_date(now)
    connection = session.connection()
    insert = insert_into(connection, Digest).from_select(["account_id", "on"], _waiting(today, there.hour))
    taken = insert.on_conflict_do_update(
        index_elements=["account_id"], set_={"on": insert.excluded.on}, where=Digest.on < insert.excluded.on
    )
    ids = connection.execute(taken.returning(Digest.account_id)).scalars().all()
    columns = (User.id, User.role, User.member_id, User.area_id, User.locale)
    return [Reader(*row) for row in session.execute(select(*columns).where(User.id.in_(ids)).order_by(User.id))]


def _waiting(today: date, hour: int) -> Any:
    """Account and day of those who were ever here, chose an hour that has come, and were not looked after today."""
    looked_after = exists().where(Digest.account_id == User.id, Digest.on >= today)
    known = (User.disabled_at.is_(None), User.first_signed_in_at.is_not(None), User.role.in_(_REMINDED))
    chosen = func.coalesce(Preference.digest_hour, DIGEST_HOUR)
    return (
        select(User.id, literal(today))
        .outerjoin(Preference, Preference.account_id == User.id)
        .where(and_(*known), chosen <= hour, ~looked_after)
        .order_by(User.id)
        .limit(AT_ONCE)
    )
