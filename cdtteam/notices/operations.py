"""An officer writes to teams, and takes back what was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, or_, select

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaOnMap, area_map
from cdtteam.core.clock import civil_date
from cdtteam.core.problems import Problem
from cdtteam.core.reasons import because
from cdtteam.notices.models import LONGEST_SUBJECT, LONGEST_TEXT, Notice, NoticeTeam
from cdtteam.notices.queries import people_of_teams
from cdtteam.notify.models import Notification, Topic
from cdtteam.notify.operations import Letter, Subject, notify, notify_each, withdraw_notifications
from cdtteam.notify.queries import Recipient, officers_of
from cdtteam.notify.wording import Words
from cdtteam.push.models import Delivery
from cdtteam.replica.work import Work
from cdtteam.teams.models import Team

SEND = Permission.NOTICE_SEND
RINGS_FOR = {True: timedelta(hours=24), False: timedelta(days=7)}  # urgent or not; later no bell rings for it any more
KIND = "notice"
INBOX = "/inbox"  # of the phone, where the whole text stands


@dataclass(frozen=True, slots=True)
class Message:
    """What is written."""

    subject: str
    text: str
    is_urgent: bool


def send_notice(actor: Actor, work: Work, area: AreaOnMap, message: Message, teams: Sequence[Team]) -> Notice:
    """Writes to everybody who is in some teams of an area now; Problem `invalid_field` (subject, text, places).

    Officers of the communes to whose teams the province writes hear of it as well: it is they who can call.
    """
    require(actor, SEND, area.id, session=work.session, now=work.now)
    for team in teams:
        require(actor, SEND, Place(team.home_village_id, work.now), session=work.session, now=work.now)
    people = people_of_teams(work.session, [team.id for team in teams], work.now)
    _check(message, people)
    notice = Notice(
        area_id=area.id, is_urgent=message.is_urgent, subject=message.subject, text=message.text, people=len(people),
        version=1, made_at=work.now, made_by=actor.user_id,
    )  # fmt: skip
    work.session.add(notice)
    work.session.flush()
    for team in teams:
        work.insert(NoticeTeam, {"notice_id": notice.id, "team_id": team.id})
    work.write_rows()
    officers = _officers_below(work, area, teams)
    body = f"{message.text}\n– {area.name}"
    told = f"/desk/notices/sent/{notice.id}"
    notify_each(work, [(people, _letter(notice, body, INBOX)), (officers, _letter(notice, body, told))])
    return notice


def withdraw_notice(actor: Actor, work: Work, notice: Notice) -> None:
    """Takes a notice out of inboxes; Problem `withdrawn` the second time.

    Who has read it is told, and so is everybody whose phone may have shown it on its locked screen.
    """
    require(actor, SEND, notice.area_id, session=work.session, now=work.now)
    if notice.withdrawn_at is not None:
        raise Problem("withdrawn")
    notice.withdrawn_at, notice.withdrawn_by = work.now, actor.user_id
    notice.version += 1
    rung = exists().where(Delivery.notification_id == Notification.id, Delivery.sent_at.is_not(None))
    about = (Notification.subject_id == notice.id, or_(Notification.read_at.is_not(None), rung))
    readers = work.session.execute(select(Notification.account_id, Notification.member_id).where(*about)).all()
    withdraw_notifications(work, Subject(KIND, notice.id), read_too=True)
    title = because("Taken back: %(subject)s", subject=notice.subject)
    text = because("This no longer holds. Please pay no heed to it.")
    letter = Letter(Topic.WARNING, title, text, INBOX, urgent=notice.is_urgent)
    notify(work, [Recipient(*row) for row in readers], letter)


def _check(message: Message, people: Sequence[Recipient]) -> None:
    if not 0 < len(message.subject) <= LONGEST_SUBJECT:
        raise Problem("invalid_field", field="subject")
    if not 0 < len(message.text) <= LONGEST_TEXT:
        raise Problem("invalid_field", field="text")
    if not people:
        raise Problem("invalid_field", field="places")


def _letter(notice: Notice, body: str, link: str) -> Letter:
    title: Words = notice.subject
    if notice.is_urgent:
        title = because("Urgent: %(subject)s", subject=notice.subject)
    return Letter(
        Topic.WARNING, title, body, link, Subject(KIND, notice.id), urgent=notice.is_urgent,
        expires_at=notice.made_at + RINGS_FOR[notice.is_urgent],
    )  # fmt: skip


def _officers_below(work: Work, area: AreaOnMap, teams: Sequence[Team]) -> list[Recipient]:
    if area.level is Level.COMMUNE:
        return []
    areas = area_map(work.session, civil_date(work.now))
    above = (one for team in teams for one in areas.above(team.home_village_id) if one.level is Level.COMMUNE)
    communes = dict.fromkeys(commune.id for commune in above)
    return [one for commune_id in communes for one in officers_of(work.session, commune_id, work.now)]
