"""What the sources ask about a commune, each thing read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.accounts.models import Device, DeviceContact
from cdtteam.admin.queries import InApp, Line, TeamLine, teams_of
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import Period, month_of
from cdtteam.requests.models import Request, RequestState
from cdtteam.tasks.models import Task
from cdtteam.tasks.queries import is_left_behind

HEARD = timedelta(days=60)  # whoever was not heard of for longer is silent, and not somebody whose phone is in trouble


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody's phone as it showed itself last; `clock_error_ms` is positive where its clock is behind."""

    owner: Line
    last_at: datetime
    app_version: str
    clock_error_ms: int


@dataclass
class Seen:
    """An area today, as one of its officers sees it."""

    actor: Actor
    session: Session
    area: AreaOnMap
    now: datetime

    @property
    def today(self) -> date:
        """The civil day."""
        return civil_date(self.now)


@dataclass
class Ground(Seen):
    """A commune today: `villages` are its pieces of ground, `silent` is how many teams have not reported this month."""

    areas: AreaMap
    villages: list[AreaOnMap]
    silent: int
    report_day: int

    @property
    def month(self) -> Period:
        """The civil month."""
        return month_of(self.today)

    @cached_property
    def teams(self) -> list[TeamLine]:
        """The teams in force with their people."""
        return teams_of(self.session, self.villages, self.now)

    @cached_property
    def open_tasks(self) -> list[Task]:
        """The tasks that are neither done nor taken back."""
        here = (Task.village_id.in_([village.id for village in self.villages]), Task.ended_at.is_(None))
        return list(self.session.scalars(select(Task).where(*here)))

    @cached_property
    def tasks_left_behind(self) -> list[Task]:
        """The open tasks whose team has ended; nothing is asked where all of them have a team of here."""
        here = {line.team.id for line in self.teams}
        others = [task.id for task in self.open_tasks if task.team_id not in here]
        if not others:
            return []
        return list(self.session.scalars(select(Task).where(Task.id.in_(others), is_left_behind(self.now))))

    @cached_property
    def open_requests(self) -> list[Request]:
        """What teams ask that the commune has neither answered nor passed on."""
        here = (Request.village_id.in_([village.id for village in self.villages]), Request.state == RequestState.OPEN)
        return list(self.session.scalars(select(Request).where(*here)))

    @cached_property
    def people(self) -> list[Line]:
        """Their people, each once."""
        return list({line.member_id: line for team in self.teams for line in team.people}.values())

    @cached_property
    def phones(self) -> list[Phone]:
        """Their phones, of each the one that reached the server last."""
        return phones_of(self.session, {line.member_id: line for line in self.people}, self.today)

    def people_who_are(self, in_app: InApp) -> list[Line]:
        """Those who came so far into the app."""
        return [line for line in self.people if line.in_app is in_app]


def phones_of(session: Session, people: Mapping[UUID, Line], today: date) -> list[Phone]:
    """The phone from which each of some people was heard of last."""
    contact, at = DeviceContact, func.max(DeviceContact.last_at).label("at")
    of_each = (contact.member_id, contact.device_id)
    lately = (contact.member_id.in_(people), contact.on > today - HEARD)
    last = select(*of_each, at).where(*lately).group_by(*of_each).subquery()
    columns: Any = (last.c.member_id, last.c.at, Device.app_version, Device.clock_error_ms)
    rows = session.execute(select(*columns).join(Device, Device.id == last.c.device_id).order_by(last.c.at)).all()
    return list({row[0]: Phone(people[row[0]], *row[1:]) for row in rows}.values())


def team_url(team_id: UUID) -> str:
    """The page of a team."""
    return url_for("admin.team_page", team_id=team_id)


def teams_url(at: Ground) -> str:
    """The commune's teams."""
    return url_for("admin.teams_page", commune=at.area.code)
