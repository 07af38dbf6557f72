"""Inboxes are not kept for good: what was read goes after 60 days, everything after 400, a household's name at once.

Our own texts hold none. What somebody at the desk wrote, or called a task, may.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from cdtteam.core.db import ERASED
from cdtteam.core.text import TAKEN_OUT
from cdtteam.notify.models import Notification
from cdtteam.notify.operations import KIND
from cdtteam.notify.wording import kept
from cdtteam.replica.models import LogEntry
from cdtteam.replica.work import Work
from cdtteam.teams.models import Membership
from cdtteam.teams.telling import teams_around

READ_KEPT, KEPT = timedelta(days=60), timedelta(days=400)
AT_ONCE = 500  # so that nobody waits for it


def forget_old_notifications(session: Session, now: datetime) -> bool:
    """Deletes notifications that are too old, with what the logs know of them; phones drop theirs by themselves.

    Answers whether there may be more than it deletes at once.
    """
    is_read = or_(Notification.read_at.is_not(None), Notification.withdrawn_at.is_not(None))
    old = or_(Notification.made_at < now - KEPT, (Notification.made_at < now - READ_KEPT) & is_read)
    rows = session.execute(select(Notification.id, Notification.member_id).where(old).limit(AT_ONCE)).all()
    ids, inboxes = [id_ for id_, _ in rows], {member_id for _, member_id in rows if member_id}
    session.execute(delete(LogEntry).where(LogEntry.village_id.in_(inboxes), LogEntry.row_id.in_(ids)))
    session.execute(delete(Notification).where(Notification.id.in_(ids)))
    return len(rows) == AT_ONCE


def forget_named(work: Work, village_ids: Collection[UUID], names_it: Callable[[str], bool]) -> None:
    """Takes out texts that call a household by name, of officers and of all who were ever in its villages."""
    teams = teams_around(work.session, village_ids)
    members = select(Membership.member_id).where(Membership.team_id.in_(teams))
    concerned = or_(Notification.member_id.is_(None), Notification.member_id.in_(members))
    for row in work.session.scalars(select(Notification).where(concerned)):
        if any(map(names_it, (*_written(row.title), *_written(row.body)))):
            work.session.info[ERASED] = True
            row.title = row.body = kept(TAKEN_OUT)
            if row.member_id:
                work.tell(row.member_id, KIND, row.id, gone="withdrawn" if row.withdrawn_at else None)


def _written(words: Mapping[str, Any]) -> list[str]:
    """What in a text is not our own."""
    if "text" in words:
        return [str(words["text"])]
    return [value for value in words["values"].values() if isinstance(value, str)]
