"""What officers wrote is kept; the words of a notice go where they call a household by name that is to be forgotten."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import select

from cdtteam.core.db import ERASED
from cdtteam.core.text import TAKEN_OUT
from cdtteam.notices.models import Notice, NoticeTeam
from cdtteam.replica.work import Work
from cdtteam.teams.telling import teams_around


def forget_in_notices(work: Work, village_ids: Collection[UUID], names_it: Callable[[str], bool]) -> None:
    """Takes out what was written to teams that ever served one of the villages, as it goes from their inboxes.

    There is no actor: it belongs to an erasure, which has required its own.
    """
    work.write_rows()
    teams = teams_around(work.session, village_ids)
    written = select(NoticeTeam.notice_id).where(NoticeTeam.team_id.in_(teams))
    for notice in work.session.scalars(select(Notice).where(Notice.id.in_(written))):
        if names_it(notice.subject) or names_it(notice.text):
            work.session.info[ERASED] = True
            notice.subject = notice.text = TAKEN_OUT
            notice.version += 1
