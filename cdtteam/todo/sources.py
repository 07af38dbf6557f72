"""What there may be to do, one small function for each kind; a room with something new adds its own to `SOURCES`."""

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.access.policy import require
from cdtteam.areas.ground import pieces_below
from cdtteam.core.clock import civil_date
from cdtteam.core.periods import month_of
from cdtteam.participation.figures import Participation, Question, participation
from cdtteam.participation.todo import READER, Todo
from cdtteam.todo import papers, phones, province, teams, warnings, work
from cdtteam.todo.ground import Ground, Seen

SOURCES: tuple[Callable[[Ground], Iterator[Todo]], ...] = (
    warnings.warnings_not_seen,
    papers.reports_to_close,
    teams.teams_silent,
    teams.entries_sent_back,
    teams.invitations_unused,
    work.tasks_late,
    work.tasks_stuck,
    work.tasks_left_behind,
    work.requests_waiting,
    papers.lists_not_taken_in,
    work.visits_to_review,
    phones.phones_unheard,
    phones.clocks_wrong,
    phones.apps_old,
    teams.members_not_invited,
    teams.teams_without_leader,
    papers.households_waiting,
    papers.number_for_residents,
)

OF_THE_PROVINCE: tuple[Callable[[Seen], Iterator[Todo]], ...] = (
    warnings.warnings_not_seen,
    province.requests_passed_on,
    province.tasks_late,
    province.reports_not_closed,
    papers.lists_not_taken_in,
)


def init_todo(app: Flask) -> None:
    """Lets the first page of `app` read what there is to do."""
    app.extensions[READER] = read_todos


def read_todos(actor: Actor, session: Session, answer: Participation, now: datetime) -> list[Todo]:
    """All that there is to do in the area of a page, a commune or the province, in no order."""
    require(actor, Permission.TEAM_MANAGE, answer.area.id)
    if actor.role is Role.PROVINCE:
        seen = Seen(actor, session, answer.area, now)
        return [todo for source in OF_THE_PROVINCE for todo in source(seen)]
    # First, since reading figures begins transactions of its own, after which rows are asked for again.
    silent = _silent_this_month(actor, session, answer, now)
    villages = pieces_below(answer.tally.areas, answer.area.id)
    report_day = int(current_app.config["CDT_REPORT_DAY"])
    at = Ground(actor, session, answer.area, now, answer.tally.areas, villages, silent, report_day)
    return [todo for source in SOURCES for todo in source(at)]


def _silent_this_month(actor: Actor, session: Session, answer: Participation, now: datetime) -> int:
    month = month_of(civil_date(now))
    if (answer.period.from_on, answer.period.to_on) == (month.from_on, month.to_on):
        return answer.figures.silent
    question = Question(month, civil_date(now), "current", answer.area.code, None)
    return participation(actor, session, question, now).figures.silent
