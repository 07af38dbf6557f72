"""The chore that looks after digests, every few minutes."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.areas.queries import AreaMap, area_in_place_of, area_map
from cdtteam.core.clock import civil_date, day_after, day_start
from cdtteam.core.db import db
from cdtteam.jobs.chores import Chore
from cdtteam.monthly.deadlines import Owed, reports_owed
from cdtteam.notify.models import Topic
from cdtteam.notify.operations import Letter, notify_each
from cdtteam.notify.queries import Recipient
from cdtteam.reminders.facts import Due, due_for
from cdtteam.reminders.turns import AT_ONCE, Reader, take_turns
from cdtteam.reminders.words import member_digest, officer_digest
from cdtteam.replica.work import Work
from cdtteam.teams.models import Team
from cdtteam.web.transactions import writing

log = logging.getLogger("cdtteam")

BEFORE = timedelta(days=2)  # so early an officer hears of a report's last day
DAILY = timedelta(days=7)  # and so long after it every day; later on Mondays


class Said(NamedTuple):
    """What is told, whose screen it leads to, and in which language: one letter for all who are told the same."""

    text: str
    link: str
    locale: str


def remind(now: datetime) -> None:
    """Tells everybody whose turn has come what is due for them, in transactions of some hundreds."""
    while True:
        with writing(db.session()):
            taken = _remind_some(db.session(), now)
        if taken < AT_ONCE:
            return


def _remind_some(session: Session, now: datetime) -> int:
    readers = take_turns(session, now)
    told: dict[Said, list[Recipient]] = {}
    for reader, said in (*_to_members(session, readers, now), *_to_officers(session, readers, now)):
        told.setdefault(said, []).append(reader.recipient)
    work = Work(session, now)
    notify_each(work, [(recipients, _letter(said, now)) for said, recipients in told.items()])
    work.flush()
    return len(readers)


def _letter(said: Said, now: datetime) -> Letter:
    with force_locale(said.locale):
        title = _("For today")
    ends = day_start(day_after(civil_date(now)))
    return Letter(Topic.REMINDER, title, said.text, said.link, collapse="digest", expires_at=ends)


def _to_members(session: Session, readers: Sequence[Reader], now: datetime) -> Iterator[tuple[Reader, Said]]:
    members = {reader.member_id: reader for reader in readers if reader.member_id and reader.role == Role.VOLUNTEER}
    due = _due(session, list(members), now)

    def say(reader: Reader) -> Said:
        with force_locale(reader.locale):
            return Said(*member_digest(due[reader.member_id]), reader.locale)  # type: ignore[index]

    return _said([members[member_id] for member_id in due], say)


def _due(session: Session, member_ids: list[UUID], now: datetime) -> dict[UUID, Due]:
    """What is due for members, asked one by one where it cannot be said of all together."""
    try:
        return due_for(session, member_ids, now)
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 — one member's data are no reason to leave out the others
        if len(member_ids) == 1:
            log.error("member %s is not reminded: %s", member_ids[0], type(error).__name__)  # noqa: TRY400 — it may hold names
            return {}
        return {id_: due for one in member_ids for id_, due in _due(session, [one], now).items()}


def _said(readers: Iterable[Reader], say: Callable[[Reader], Said | None]) -> Iterator[tuple[Reader, Said]]:
    """What there is to say to each; a reader of whom that fails is logged, and the next one is told all the same."""
    for reader in readers:
        try:
            said = say(reader)
        except DBAPIError:  # of no single reader: the whole turn is taken again
            raise
        except Exception as error:  # noqa: BLE001 — as above
            log.error("account %s is not reminded: %s", reader.account_id, type(error).__name__)  # noqa: TRY400
        else:
            if said:
                yield reader, said


def _to_officers(session: Session, readers: Iterable[Reader], now: datetime) -> Iterator[tuple[Reader, Said]]:
    officers = [reader for reader in readers if reader.role != Role.VOLUNTEER and reader.area_id]
    if not officers:
        return iter(())
    areas = area_map(session, civil_date(now))

    def say(reader: Reader) -> Said | None:
        owed = _owed(session, areas, reader, now)
        with force_locale(reader.locale):
            return Said(*officer_digest(owed), reader.locale) if owed else None

    return _said(officers, say)


def _owed(session: Session, areas: AreaMap, reader: Reader, now: datetime) -> list[Owed]:
    """The reports of which an officer is to hear on this day."""
    today = civil_date(now)
    assert reader.area_id
    area_id = area_in_place_of(session, reader.area_id, today)
    actor = Actor(Role(reader.role), reader.account_id, None, area_id)
    if area_id not in areas.by_id or not actor.may(Permission.REPORT_CLOSE):
        return []
    first = session.scalar(
        select(func.min(Team.started_at)).where(Team.home_village_id.in_(areas.ground_below(area_id)))
    )
    if first is None:
        return []
    report_day = int(current_app.config["CDT_REPORT_DAY"])
    owed = reports_owed(actor, session, area_id, civil_date(first), today, report_day)
    return [report for report in owed if _is_said(report.due_on, today)]


def _is_said(due_on: date, today: date) -> bool:
    return due_on - BEFORE <= today and (today <= due_on + DAILY or today.weekday() == 0)


CHORES = [Chore("reminders", remind, timedelta(minutes=10))]
