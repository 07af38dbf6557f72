"""What officers and teams are told of requests in their inboxes; never what was asked, which may name somebody."""

from collections.abc import Iterable

from cdtteam.access.models import Actor, Role
from cdtteam.areas.queries import commune_of
from cdtteam.core.clock import civil_date
from cdtteam.core.reasons import Reason, because
from cdtteam.notify.models import Topic
from cdtteam.notify.operations import Letter, Subject, notify, withdraw_notifications
from cdtteam.notify.queries import Recipient, members_of, officers_of, officers_of_province, people
from cdtteam.replica.work import Work
from cdtteam.requests.models import Request
from cdtteam.teams.models import Team
from cdtteam.teams.queries import teams_of_villages


def tell_raised(work: Work, request: Request) -> None:
    """Tells the coordinators of the commune in which the village lies."""
    title = because("%(team)s asks for help", team=_team(work, request))
    _tell_officers(work, request, _officers(work, request), title, because("Open the request to read and answer it."))


def tell_passed_on(work: Work, request: Request) -> None:
    """Tells the province's officers; the commune has seen to it."""
    withdraw_notifications(work, _subject(request))
    title = because("A commune passed on what %(team)s asks", team=_team(work, request))
    body = because("Open the request to read and answer it.")
    _tell_officers(work, request, officers_of_province(work.session), title, body)


def tell_answered(work: Work, request: Request, actor: Actor) -> None:
    """Tells who asked, who leads the teams of the village, and the commune what the province says of what it passed on.

    No officer need see to it any more.
    """
    withdraw_notifications(work, _subject(request))
    _tell_commune(work, request, actor, because("The province answered what %(team)s asks", team=_team(work, request)))
    title = because("Your request for help was answered")
    _tell_team(work, request, title, because("Open the request to read the answer."))


def tell_closed(work: Work, request: Request, actor: Actor) -> None:
    """Tells the same people that nothing more will be said."""
    withdraw_notifications(work, _subject(request))
    _tell_commune(work, request, actor, because("The province closed what %(team)s asks", team=_team(work, request)))
    title = because("Your request for help was closed")
    _tell_team(work, request, title, because("Open the request to read what was said."))


def _officers(work: Work, request: Request) -> list[Recipient]:
    commune_id = commune_of(work.session, request.village_id, civil_date(work.now))
    return officers_of(work.session, commune_id, work.now) if commune_id else []


def _tell_commune(work: Work, request: Request, actor: Actor, title: Reason) -> None:
    if request.passed_on_at and actor.role == Role.PROVINCE:
        body = because("Open the request to read what was said.")
        _tell_officers(work, request, _officers(work, request), title, body)


def _tell_officers(work: Work, request: Request, told: Iterable[Recipient], title: Reason, body: Reason) -> None:
    notify(work, list(told), _letter(request, title, body, f"/desk/requests/{request.id}"))


def _tell_team(work: Work, request: Request, title: Reason, body: Reason) -> None:
    teams = teams_of_villages(work.session, [request.village_id], work.now)
    members = members_of(work.session, teams, work.now)
    leaders = [one.recipient for team in members.values() for one in team if one.leads]
    author = people(work.session, [request.author_id], work.now)
    notify(work, [*author.values(), *leaders], _letter(request, title, body, "/requests"))


def _letter(request: Request, title: Reason, body: Reason, link: str) -> Letter:
    return Letter(Topic.REQUEST, title, body, link, _subject(request), collapse=f"request:{request.id}")


def _subject(request: Request) -> Subject:
    return Subject("request", request.id)


def _team(work: Work, request: Request) -> str:
    return work.session.get_one(Team, request.team_id).name
