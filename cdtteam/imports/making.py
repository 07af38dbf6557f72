"""What an upload's good rows become, by the operations that the rest of the desk and the phones call."""

from collections.abc import Callable
from uuid import UUID

from flask_babel import force_locale, gettext
from sqlalchemy import select

from cdtteam.access.models import Actor
from cdtteam.core.clock import civil_date
from cdtteam.core.i18n import LOCALES
from cdtteam.core.ids import new_id
from cdtteam.core.text import fold
from cdtteam.households.operations import Entry, create_household
from cdtteam.imports.households import NewHousehold
from cdtteam.imports.lines import Judged
from cdtteam.imports.models import Upload, UploadMade
from cdtteam.imports.people import NewMember, start_of
from cdtteam.imports.places import in_a_sentence, villages_of
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Team
from cdtteam.teams.operations import Capacity, add_member, found_team, serve_village

Made = list[tuple[UploadMade, Membership]]
Progress = Callable[[int, int], None]  # is told how many rows are made, and of how many


def untold(_done: int, _total: int) -> None:
    """Nobody asks how far it is."""


def make_households(
    actor: Actor, work: Work, upload: Upload, judged: Judged[NewHousehold], progress: Progress = untold
) -> None:
    """Creates the households, without consents: nobody has asked them yet."""
    entry = Entry(None, None, work.now)
    entries = list(judged.entries())
    with work.session.no_autoflush:  # each one asks the database whether it may: it need not be written for that
        for done, (number, new) in enumerate(entries, 1):
            household = create_household(
                actor, work, entry, household_id=new_id(), village_id=new.village_id, fields=new.fields
            )
            work.session.add(
                UploadMade(
                    upload_id=upload.id, row_id=household.id, number=number, what="household",
                    version=household.version, mark=new.mark,
                )
            )  # fmt: skip
            progress(done, len(entries))


def make_people(
    actor: Actor, work: Work, upload: Upload, judged: Judged[NewMember], progress: Progress = untold
) -> None:
    """Takes the people into their teams, founding teams in villages that have none."""
    teams = _found_teams(actor, work, upload, judged)
    persons: dict[tuple[str, str], Member] = {}
    made: Made = []
    entries = list(judged.entries())
    for done, (number, new) in enumerate(entries, 1):
        team = work.session.get_one(Team, new.team_id) if new.team_id else teams[new.village_id]
        member = _person(work, new, persons)
        capacity = Capacity(organisation=new.organisation)
        membership = add_member(
            actor, work, team, member, new.position, started_at=start_of(new, work.now), capacity=capacity
        )
        row = UploadMade(upload_id=upload.id, row_id=membership.id, number=number, what="membership", mark=new.mark)
        made.append((row, membership))
        progress(done, len(entries))
    for row, membership in made:  # a person may have come into several teams
        row.version = work.session.get_one(Member, membership.member_id).version
        work.session.add(row)


def _found_teams(actor: Actor, work: Work, upload: Upload, judged: Judged[NewMember]) -> dict[UUID, Team]:
    """The new teams by village; each begins with its first member."""
    first: dict[UUID, tuple[int, NewMember]] = {}
    for number, new in judged.entries():
        earlier = first.get(new.village_id)
        if new.team_id is None and (earlier is None or start_of(new, work.now) < start_of(earlier[1], work.now)):
            first[new.village_id] = (number, new)
    villages = villages_of(work.session, upload.commune_id, civil_date(work.now))
    teams = {}
    for village_id, (number, new) in first.items():
        with force_locale(LOCALES[0]):  # the team's own name, whatever language its coordinator reads
            name = gettext("Digital team of %(village)s", village=in_a_sentence(villages.names[village_id]))
        started_at = start_of(new, work.now)
        team = found_team(actor, work, village_id, name, started_at=started_at)
        for piece in villages.ground(village_id)[1:]:
            serve_village(actor, work, team, piece, started_at=started_at)
        work.session.add(
            UploadMade(upload_id=upload.id, row_id=team.id, number=number, what="team", version=team.version)
        )
        teams[village_id] = team
    return teams


def _person(work: Work, new: NewMember, persons: dict[tuple[str, str], Member]) -> Member:
    """The person whom a row means: known already, from a row above, or new."""
    key = (fold(new.name), new.phone or "")
    if new.member_id is not None:
        return work.session.scalars(select(Member).where(Member.id == new.member_id)).one()
    if new.phone and key in persons:
        return persons[key]
    member = Member(id=new_id(), name=new.name, phone=new.phone)
    persons[key] = member
    return member
