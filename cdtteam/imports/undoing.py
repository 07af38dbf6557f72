"""Taking back what an upload made, except what somebody has used or changed since."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask_babel import force_locale, gettext
from sqlalchemy import Row, Select, select

from cdtteam.access.models import Actor
from cdtteam.accounts.models import User
from cdtteam.attendance.models import Attendance
from cdtteam.core.i18n import LOCALES
from cdtteam.households.models import Household
from cdtteam.households.operations import Entry, withdraw_household
from cdtteam.imports.models import Upload, UploadMade
from cdtteam.replica.work import Work
from cdtteam.teams.models import Member, Membership, Team, TeamVillage
from cdtteam.teams.operations import end_membership, end_team
from cdtteam.visits.models import Visit

VISITED, CHANGED, USED = "visited", "changed", "used"


def unmake_households(actor: Actor, work: Work, upload: Upload) -> None:
    """Withdraws the households that nobody has visited or changed."""
    own = select(UploadMade, Household).join(Household, Household.id == UploadMade.row_id)
    rows = work.session.execute(own.where(UploadMade.upload_id == upload.id)).all()
    # One that was moved stands in another village by now, or its village in another commune: it counts as changed, and
    # is not written to.
    visited = _visited(work, upload, {household.village_id for _, household in rows})
    entry = Entry(None, None, work.now)
    with force_locale(LOCALES[0]):  # kept with the household
        reason = gettext("The list that brought it was taken back.")
    with work.session.no_autoflush:
        for made, household in rows:
            if household.gone == "withdrawn":
                continue
            if household.id in visited:
                made.kept = VISITED
            elif household.version != made.version or not work.is_locked(household.village_id):
                made.kept = CHANGED
            else:
                withdraw_household(actor, work, entry, household, reason=reason)


def unmake_people(actor: Actor, work: Work, upload: Upload) -> None:
    """Ends the memberships that nobody has used at their start, and then the teams that are empty again."""
    own = select(UploadMade, Membership, Member).join(Membership, Membership.id == UploadMade.row_id)
    rows = work.session.execute(
        own.join(Member, Member.id == Membership.member_id).where(UploadMade.upload_id == upload.id)
    ).all()
    why = _why_kept(work, upload, rows)
    for made, membership, _ in rows:
        made.kept = why.get(membership.id)
        if made.kept is None and membership.ended_at is None:
            end_membership(actor, work, membership, ended_at=membership.started_at)
    teams = select(UploadMade, Team).join(Team, Team.id == UploadMade.row_id)
    for made, team in work.session.execute(teams.where(UploadMade.upload_id == upload.id)).all():
        if team.ended_at is not None:
            continue
        if not work.is_locked(team.home_village_id) or team.version != made.version or _is_used(work, team):
            made.kept = USED
        else:
            end_team(actor, work, team, ended_at=team.started_at)


def _visited(work: Work, upload: Upload, village_ids: Iterable[UUID]) -> set[UUID]:
    visits = select(Visit.household_id).join(UploadMade, UploadMade.row_id == Visit.household_id)
    wanted = visits.where(UploadMade.upload_id == upload.id, Visit.village_id.in_(set(village_ids)))
    return {household_id for household_id in work.session.scalars(wanted) if household_id}


def _why_kept(work: Work, upload: Upload, rows: Sequence[Row[UploadMade, Membership, Member]]) -> dict[UUID, str]:
    """Why memberships stay: changed since, an account opened for the person, a part in a visit or a day's work."""
    members = {member.id for _, _, member in rows}
    teams = {membership.team_id for _, membership, _ in rows}
    opened = select(User.member_id).where(User.member_id.in_(members), User.created_at >= upload.applied_at)
    with_account = set(work.session.scalars(opened))
    villages = select(TeamVillage.village_id).where(TeamVillage.team_id.in_(teams))
    visits = select(Visit.author_id, Visit.member_ids).where(
        Visit.village_id.in_(villages), Visit.team_id.in_(teams), Visit.received_at >= upload.applied_at
    )
    days = select(Attendance.author_id, Attendance.member_ids).where(
        Attendance.team_id.in_(teams), Attendance.received_at >= upload.applied_at
    )
    visited, worked = _named(work, visits), _named(work, days)
    homes = select(Team.id, Team.home_village_id).where(Team.id.in_(teams))
    # A team whose village is in another commune by now is that one's; the villages of our own are locked.
    left = {team_id for team_id, home_id in work.session.execute(homes) if not work.is_locked(home_id)}
    why = {}
    for made, membership, member in rows:
        if str(member.id) in visited:
            why[membership.id] = VISITED
        elif member.id in with_account or str(member.id) in worked:
            why[membership.id] = USED
        elif membership.team_id in left or member.version != made.version or membership.ended_at is not None:
            why[membership.id] = CHANGED
    return why


def _named(work: Work, statement: Select[UUID, list[Any]]) -> set[str]:
    """The members whom rows name, as authors or as those who took part."""
    return {str(one) for author_id, others in work.session.execute(statement) for one in (author_id, *others)}


def _is_used(work: Work, team: Team) -> bool:
    """Whether anybody is or was in a team for any time, or it has visits or attendance."""
    lasting = (Membership.ended_at.is_(None)) | (Membership.ended_at > Membership.started_at)
    someone = select(Membership.id).where(Membership.team_id == team.id, lasting).limit(1)
    villages = select(TeamVillage.village_id).where(TeamVillage.team_id == team.id)
    visit = select(Visit.id).where(Visit.village_id.in_(villages), Visit.team_id == team.id).limit(1)
    day = select(Attendance.id).where(Attendance.team_id == team.id).limit(1)
    return any(work.session.scalar(statement) is not None for statement in (someone, visit, day))
