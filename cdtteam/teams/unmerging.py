"""What a merger of villages did to teams is looked over when its day has come, and undone while nothing rests on it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.models import Reorganisation
from cdtteam.core.db import Base
from cdtteam.core.reasons import Fault, Reason, Refusal, because
from cdtteam.replica.work import Work
from cdtteam.teams.merging import Merger, TakeOver, Term, raise_versions
from cdtteam.teams.models import Membership, MergedTerm, Team, TeamVillage
from cdtteam.teams.queries import members_of_teams
from cdtteam.teams.telling import reach_around, reach_of, tell

_MODELS: tuple[type[Term], ...] = (Team, TeamVillage, Membership)
_ENTRY = {"team_id", "village_id", "author_id", "received_at"}  # what the rows have that a team writes


def merged_teams(session: Session, record: Reorganisation) -> Sequence[str]:
    """The names of the teams that a merger of villages ended because others took over, in their order."""
    ended = (MergedTerm.kind == Team.__tablename__, MergedTerm.is_new.is_(False))
    wanted = select(Team.name).join(MergedTerm, MergedTerm.row_id == Team.id).order_by(Team.name)
    return session.scalars(wanted.where(MergedTerm.reorganisation_id == record.id, *ended)).all()


class _Terms:
    """The terms of one merger, with the rows that they are about where those are still there."""

    def __init__(self, session: Session, record_id: UUID) -> None:
        self.session = session
        wanted = select(MergedTerm).where(MergedTerm.reorganisation_id == record_id).order_by(MergedTerm.row_id)
        self.all: Sequence[MergedTerm] = session.scalars(wanted).all()
        self.rows: dict[UUID, Term] = {}
        for model in _MODELS:
            ids = [term.row_id for term in self.all if term.kind == model.__tablename__]
            found: Iterable[Any] = session.scalars(select(model).where(model.id.in_(ids)))
            self.rows |= {row.id: row for row in found}

    @property
    def at(self) -> datetime:
        """When they begin and end."""
        return self.all[0].at

    def changed(self) -> list[MergedTerm]:
        """Those of which somebody has changed the row since."""
        return [term for term in self.all if not self._is_as_it_was_left(term)]

    def begun(self, model: type[Term]) -> list[Term]:
        """The new rows of a kind."""
        kind = model.__tablename__
        return [
            self.rows[one.row_id] for one in self.all if one.is_new and one.kind == kind and one.row_id in self.rows
        ]

    def team_of(self, term: MergedTerm) -> UUID | None:
        """The team that a term is about."""
        row = self.rows.get(term.row_id)
        return row.id if isinstance(row, Team) else row.team_id if row else None

    def _is_as_it_was_left(self, term: MergedTerm) -> bool:
        row = self.rows.get(term.row_id)
        return row is not None and row.ended_at == (term.until if term.is_new else term.at)


def settle_mergers(session: Session, instants: Collection[datetime]) -> None:
    """Takes up what has changed in teams and people before the day on which they were to merge.

    Who has left by then does not come along, who has come does, and of a guest the end counts that is known now.
    """
    due = (
        select(MergedTerm.reorganisation_id)
        .join(Reorganisation, Reorganisation.id == MergedTerm.reorganisation_id)
        .where(MergedTerm.at.in_(instants), Reorganisation.undone_at.is_(None))
    )
    for record_id in sorted(session.scalars(due.distinct())):
        _settle(_Terms(session, record_id), record_id)


def _settle(terms: _Terms, record_id: UUID) -> None:
    session = terms.session
    known = {term.row_id: term for term in terms.all}
    for term in terms.all:
        origin, row = (terms.rows.get(id_) if id_ else None for id_ in (term.from_id, term.row_id))
        if not (isinstance(origin, Membership) and isinstance(row, Membership)) or row.ended_at != term.until:
            continue
        if origin.ended_at is not None and origin.ended_at < terms.at:
            for gone in (row, term, known[origin.id]):
                session.delete(gone)
        elif origin.ended_at != terms.at:
            row.organisation, row.is_guest, row.ended_at = origin.organisation, origin.is_guest, origin.ended_at
            known[origin.id].until = term.until = origin.ended_at
            origin.ended_at = terms.at
    session.flush()
    merger = Merger(session, record_id, terms.at)
    for take_over in _take_overs(terms):
        merger.take_over(take_over)
    merger.reach()


def _take_overs(terms: _Terms) -> Iterable[TakeOver]:
    """Who takes over from whom, by what was recorded."""
    ending: dict[UUID, list[Team]] = {}
    for term in terms.all:
        team = terms.rows.get(term.row_id)
        if isinstance(team, Team) and term.from_id:
            ending.setdefault(term.from_id, []).append(team)
    for team_id, teams in ending.items():
        yield TakeOver(terms.session.get_one(Team, team_id), teams, [])


def claims(session: Session, record: Reorganisation, now: datetime) -> list[Reason]:
    """What rests on the teams as a merger left them, so that it cannot be undone any more; nothing before its day."""
    terms = _Terms(session, record.id)
    if not terms.all or terms.at > now:
        return []
    changed = {terms.team_of(term) for term in terms.changed()}
    names = select(Team.name).where(Team.id.in_(changed - {None})).order_by(Team.name)
    found = [
        because("who is in “%(team)s”, or what it serves, has changed since.", team=name)
        for name in session.scalars(names)
    ]
    for team_id in sorted({row.team_id for row in terms.begun(TeamVillage) if isinstance(row, TeamVillage)}):
        if count := _entries(terms, team_id):
            name = session.get_one(Team, team_id).name
            found.append(because("“%(team)s” has %(count)s entries for what it took over.", team=name, count=count))
    return found


def _entries(terms: _Terms, team_id: UUID) -> int:
    """How many rows a team wrote since on ground, or by people, that came to it with the merger."""
    session = terms.session
    villages = [
        row.village_id for row in terms.begun(TeamVillage) if isinstance(row, TeamVillage) and row.team_id == team_id
    ]
    members = [
        row.member_id for row in terms.begun(Membership) if isinstance(row, Membership) and row.team_id == team_id
    ]
    served = select(TeamVillage.village_id).where(TeamVillage.team_id == team_id)
    found = 0
    for table in Base.metadata.sorted_tables:
        if not set(table.columns.keys()) >= _ENTRY:
            continue
        own = (table.c.village_id.in_(served), table.c.team_id == team_id, table.c.received_at >= terms.at)
        count = select(func.count()).select_from(table).where(*own)
        count = count.where(or_(table.c.village_id.in_(villages), table.c.author_id.in_(members)))
        if "withdrawn_at" in table.columns:
            count = count.where(table.c.withdrawn_at.is_(None))
        found += session.scalar(count) or 0
    return found


def give_back(actor: Actor, work: Work, record: Reorganisation, concerned: Iterable[UUID]) -> None:
    """Puts the terms of teams back as they were before a merger; `concerned` are its villages. Refusal with `claims`.

    What somebody has changed before the day had come stays as they left it.
    """
    require(actor, Permission.AREA_MANAGE)
    if not work.session.scalar(select(exists().where(MergedTerm.reorganisation_id == record.id))):
        return
    # Held before anything is looked at: an entry may be on its way.
    work.lock(reach_around(work.session, concerned).villages)
    terms = _Terms(work.session, record.id)
    if found := claims(work.session, record, work.now):
        raise Refusal([Fault(reason) for reason in found], because("it cannot be undone any more:"))
    teams = {team_id for term in terms.all if (team_id := terms.team_of(term))}
    members = {row.member_id for row in terms.rows.values() if isinstance(row, Membership)}
    mates = {mate.id for mate in members_of_teams(work.session, teams, work.now)}  # of whom some phones know no longer
    reach = reach_of(work.session, teams, members | mates)
    for term in terms.all:
        row = terms.rows.get(term.row_id)
        if term.is_new and row is not None:
            work.session.delete(row)
        elif row is not None and row.ended_at == term.at:
            row.ended_at = term.until
    work.session.flush()
    raise_versions(work.session, teams, members)
    if terms.at <= work.now:
        tell(work, reach)
