"""Of teams and their people: who has not reported, what was sent back to phones, who is not in the app."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from cdtteam.admin.queries import InApp
from cdtteam.core.clock import civil_date
from cdtteam.participation.todo import Todo
from cdtteam.participation.words import count
from cdtteam.sync.models import Quarantined
from cdtteam.todo.ground import Ground, team_url, teams_url

REMIND_FROM = 10  # the month's day: earlier nearly every team is silent, and nobody is late


def teams_silent(at: Ground) -> Iterator[Todo]:
    """Teams that have not reported this month."""
    if not at.silent or at.today.day < REMIND_FROM:
        return
    text = ngettext(
        "%(teams)s team has not reported this month.", "%(teams)s teams have not reported this month.", at.silent,
        teams=count(at.silent),
    )  # fmt: skip
    url = url_for("participation.home_page", _anchor="silent")
    yield Todo(text, url, _("Copy the reminder"), at.month.to_on)


def entries_sent_back(at: Ground) -> Iterator[Todo]:
    """Entries that were refused and wait on phones to be put right: by the month's end, to count in its report."""
    waiting = (Quarantined.member_id.in_({line.member_id for line in at.people}), Quarantined.settled_at.is_(None))
    by_member = select(Quarantined.member_id, func.count()).where(*waiting).group_by(Quarantined.member_id)
    rows = at.session.execute(by_member)
    found = {member_id: entries for member_id, entries in rows}  # noqa: C416 — rows are no pairs to mypy
    teams = [team for team in at.teams if any(line.member_id in found for line in team.people)]
    if not teams:
        return
    text = ngettext(
        "%(entries)s entry was sent back to a phone: remind the team to open “Needs attention”.",
        "%(entries)s entries were sent back to phones: remind the teams to open “Needs attention”.",
        sum(found.values()), entries=count(sum(found.values())),
    )  # fmt: skip
    if len(teams) == 1:
        yield Todo(text, team_url(teams[0].team.id), teams[0].team.name, at.month.to_on)
    else:
        yield Todo(text, teams_url(at), _("Open the teams"), at.month.to_on)


def invitations_unused(at: Ground) -> Iterator[Todo]:
    """Members who hold an invitation and have not come in; the first that ends says by when."""
    invited = at.people_who_are(InApp.INVITED)
    if not invited:
        return
    text = ngettext(
        "%(people)s person has not used their invitation yet.", "%(people)s people have not used their invitation yet.",
        len(invited), people=count(len(invited)),
    )  # fmt: skip
    ends = min(line.invited_until for line in invited if line.invited_until)
    yield Todo(text, url_for("admin.people_page", commune=at.area.code), _("Open the people"), civil_date(ends))


def members_not_invited(at: Ground) -> Iterator[Todo]:
    """Members who were never in the app and hold no invitation."""
    outside = len(at.people_who_are(InApp.OUT))
    if not outside:
        return
    text = ngettext(
        "%(people)s person is not in the app yet.", "%(people)s people are not in the app yet.", outside,
        people=count(outside),
    )  # fmt: skip
    yield Todo(text, url_for("admin.sheet_form_page", commune=at.area.code), _("Print invitations"))


def teams_without_leader(at: Ground) -> Iterator[Todo]:
    """Teams of which nobody is the leader."""
    teams = [team for team in at.teams if not team.leaders]
    if len(teams) == 1:
        text = _("%(team)s has no leader yet.", team=teams[0].team.name)
        yield Todo(text, team_url(teams[0].team.id), _("Open the team"))
    elif teams:
        yield Todo(
            _("%(teams)s teams have no leader yet.", teams=count(len(teams))), teams_url(at), _("Open the teams")
        )
